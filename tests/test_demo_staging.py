"""An inspection of what is not yet in the world: a site at a staging address, with nothing else to be reached."""
from datetime import date

import pytest
from demo_runs import AS_OF, DRAW, SOME, run, whole

from pytest_govsite.demo import World

pytestmark = pytest.mark.timeout(480)


def test_a_staging_address_under_its_future_name_is_not_blamed_for_a_world_out_of_reach(tmp_path, monkeypatch):
    """--resolve names the site alone: platforms and links of others, which nothing here resolves, cost nothing."""
    monkeypatch.setenv("GOVSITE_CONTROL", "127.0.0.1:9")
    with World(date.fromisoformat(AS_OF), clean=True) as clean:
        host, port = "www.demo.gov.cn", clean.nat[443]
        done = run(
            tmp_path / "results", *DRAW, f"--site=https://{host}/", "--edition=sichuan2021", f"--govsite-ca-file={clean.ca_file}",
            f"--resolve={host}:443:127.0.0.1:{port}", f"--resolve={host}:443:[::1]:{port}", "--nameserver=127.0.0.1:9", *SOME,
        )
    by_rule = whole(tmp_path / "results", host)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert [(row["rule"], row["findings"]) for row in by_rule.values() if row["outcome"] in ("deduct", "veto")] == []
    outcome = {rule: row["outcome"] for rule, row in by_rule.items()}
    assert outcome["ipv6.1"] == outcome["page-labels.1"] == outcome["find-error-entry.1"] == "pass"
    assert outcome["links.1"] == outcome["find-error-entry.2"] == "undetermined"
