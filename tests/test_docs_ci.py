"""The pipelines in docs/ci: right by their servers' schemas, and every step that needs no server does what it says.

The inspection step runs as the runner would run it, in bash, with --resolve to a site that is not in the world.
"""
import json
import os
import shlex
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import faked
import pytest
from demo_runs import AS_OF, DRAW, SOME, whole
from ruamel.yaml import YAML

from pytest_govsite import cli
from pytest_govsite.demo import World

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).parents[1]
GITHUB, GITLAB = (ROOT / "docs" / "ci" / name for name in ("github-actions.yml", "gitlab-ci.yml"))
SCHEMAS = {GITHUB: ("vendor.github-workflows",), GITLAB: ("vendor.gitlab-ci", "--data-transform", "gitlab-ci")}
BINARIES = Path(sys.executable).parent
BASELINE = "baseline/ledger.jsonl"

each_file = pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)


def load(path: Path) -> dict:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def scripts(path: Path) -> dict[str, str]:
    """Everything that a shell runs, by the name of its step."""
    job = load(path)["jobs" if path == GITHUB else "govsite"]
    if path == GITHUB:
        return {step["name"]: step["run"] for step in job["govsite"]["steps"] if "run" in step}
    return {f"{part} {n}": text for part in ("before_script", "script", "after_script") for n, text in enumerate(job[part])}


INSPECT = {GITHUB: "检查", GITLAB: "script 0"}
COMPARE = {GITHUB: "和基线相比", GITLAB: "after_script 0"}


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    """Runs a step as both servers do: bash, which ends at the first command that fails."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("GOVSITE_", "CI_"))}
    known |= {"PATH": f"{folder / 'bin'}{os.pathsep}{BINARIES}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    known["GOVSITE_HISTORY"] = str(folder / "history.sqlite3")
    command = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=known | environment, capture_output=True, text=True, timeout=240)


@each_file
def test_the_file_is_what_its_server_expects(path):
    schema, *more = SCHEMAS[path]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@each_file
def test_every_script_is_right_for_a_shell(path):
    for name, script in scripts(path).items():
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, f"{name}: {done.stderr}"


@each_file
def test_every_govsite_command_exists(path):
    lines = [line.strip().partition("govsite ")[2].partition(" ||")[0] for text in scripts(path).values()
             for line in text.splitlines() if "govsite " in line and "apt-get" not in line]
    commands = [shlex.split(line, comments=True) for line in lines]
    assert {words[0] for words in commands} == {"doctor", "diff", "report"}
    for words in commands:
        cli.parser().parse_args(words)


def test_both_servers_inspect_alike():
    assert scripts(GITHUB)[INSPECT[GITHUB]] == scripts(GITLAB)[INSPECT[GITLAB]]


@pytest.fixture(scope="module")
def known_faults(tmp_path_factory) -> dict[str, str]:
    """Lines of a ledger of the faked project by rule, as an earlier run of the pipeline left them."""
    rows = {}
    for name, count in (("faulty", 2), ("barred", 1)):
        findings = [{"at": "http://alpha.gov.cn/", "what": f"fault {n}", "says": "不对", "shot": None} for n in range(count)]
        rows[name] = json.dumps({
            "site": "alpha.gov.cn", "edition": "every", "rule": f"{name}.1", "part": "deduction", "level1": "一级", "level2": "二级",
            "outcome": "deduct", "points": "-1", "blame": None, "reason": None, "findings": findings, "notes": [], "open": 0,
            "sample": None, "as_of": faked.AS_OF, "found_at": f"{faked.AS_OF}T09:30:00+08:00", "tool": "1.0.0", "schema": 1, "took": 0.1,
        })
    return rows


def put_baseline(folder: Path, lines) -> None:
    (folder / "baseline").mkdir(exist_ok=True)
    (folder / BASELINE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


# rules that are inspected, rules whose faults the baseline knows (None: there is no baseline), settings, exit status
RELEASES = {
    "the first one, without a veto": ("faulty or fine", None, {}, 0),
    "the first one, with a veto": ("barred", None, {}, 1),
    "the first one, with a gate of one's own": ("faulty", None, {"GOVSITE_GATE": "clean"}, 1),
    "nothing new": ("faulty or barred", ("faulty", "barred"), {}, 0),
    "something new": ("faulty or barred", ("barred",), {}, 1),
    "a wrong setting": ("fine", None, {"GOVSITE_RESOLVE": "nonsense"}, 4),
}


@pytest.mark.parametrize("rules, known, settings, status", RELEASES.values(), ids=RELEASES)
def test_a_release_meets_the_gate_or_does_not(project, known_faults, rules, known, settings, status):
    if known is not None:
        put_baseline(project.path, (known_faults[name] for name in known))
    usual = {"GOVSITE_SITE": "alpha.gov.cn", "GOVSITE_RESOLVE": "alpha.gov.cn:80:10.0.0.5 alpha.gov.cn:80:[fd00::5]"}
    options = shlex.join(["-p", "no:cacheprovider", *faked.SPARE, *faked.INSPECT, "-k", rules])
    done = run(scripts(GITHUB)[INSPECT[GITHUB]], project.path, **usual | settings, PYTEST_ADDOPTS=options)
    assert done.returncode == status, done.stdout + done.stderr
    if status < 2:
        assert (project.path / "junit.xml").exists() and (project.path / "govsite-results" / "ledger.jsonl").exists()


@pytest.mark.timeout(480)
def test_a_staging_address_is_judged_under_its_future_name(tmp_path):
    """Real browsers and TLS: the clean demo site at an address that no name server knows, and a baseline without a fault.

    --resolve names the site alone: platforms and links of others, which nothing here resolves, cost nothing.
    """
    put_baseline(tmp_path, [""])
    with World(date.fromisoformat(AS_OF), clean=True) as clean:
        host, port = "www.demo.gov.cn", clean.nat[443]
        done = run(
            scripts(GITHUB)[INSPECT[GITHUB]], tmp_path, GOVSITE_SITE=f"https://{host}/", GOVSITE_NAMESERVER="127.0.0.1:9",
            GOVSITE_RESOLVE=f"{host}:443:127.0.0.1:{port} {host}:443:[::1]:{port}", GOVSITE_CA_FILE=str(clean.ca_file),
            GOVSITE_CONTROL="127.0.0.1:9",
            PYTEST_ADDOPTS=shlex.join(["-p", "no:cacheprovider", *faked.SPARE, *DRAW, *SOME, "--edition=sichuan2021"]),
        )
    assert done.returncode == 0, done.stdout + done.stderr
    by_rule = whole(tmp_path / "govsite-results", host)
    assert [(row["rule"], row["findings"]) for row in by_rule.values() if row["outcome"] in ("deduct", "veto")] == []
    outcome = {rule: row["outcome"] for rule, row in by_rule.items()}
    assert outcome["ipv6.1"] == outcome["page-labels.1"] == outcome["find-error-entry.1"] == "pass"
    assert outcome["links.1"] == outcome["find-error-entry.2"] == "undetermined"


GH = """#!/bin/sh
echo "$@" >> gh.log
case "$1 $2" in
    "run list") echo $FAKE_RUN ;;
    "run download") [ -n "$FAKE_ARTIFACT" ] || { echo "no artifact" >&2; exit 1; }; mkdir -p baseline; echo '{}' > baseline/ledger.jsonl ;;
esac
"""
EARLIER = {
    "a run that passed": ({"FAKE_RUN": "77", "FAKE_ARTIFACT": "yes"}, True),
    "one whose artifact has expired": ({"FAKE_RUN": "77"}, False),
    "none": ({}, False),
}


@pytest.mark.parametrize("settings, found", EARLIER.values(), ids=EARLIER)
def test_the_baseline_is_that_of_the_last_run_that_passed(tmp_path, settings, found):
    tool = tmp_path / "bin" / "gh"
    tool.parent.mkdir()
    tool.write_text(GH, encoding="utf-8")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    done = run(scripts(GITHUB)["取基线台账"], tmp_path, GITHUB_WORKFLOW="网站上线前检查", DEFAULT_BRANCH="main", **settings)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / BASELINE).exists() is found and ("没有基线台账" in done.stdout) is not found
    assert "--branch=main --status=success" in (tmp_path / "gh.log").read_text(encoding="utf-8")


@each_file
def test_what_changed_is_told(tmp_path, known_faults, path):
    put_baseline(tmp_path, known_faults.values())
    (tmp_path / "govsite-results").mkdir()
    (tmp_path / "govsite-results" / "ledger.jsonl").write_text(known_faults["barred"] + "\n", encoding="utf-8")
    done = run(scripts(path)[COMPARE[path]], tmp_path, GITHUB_STEP_SUMMARY="summary.md")
    assert done.returncode == 0, done.stderr
    told = tmp_path / ("summary.md" if path == GITHUB else "changes.md")
    assert "## 仍然存在" in told.read_text(encoding="utf-8")


BRANCHES = {
    "passed on the default branch": ("success", "main", True),
    "passed elsewhere": ("success", "feature", False),
    "failed on the default branch": ("failed", "main", False),
}


@pytest.mark.parametrize("status, branch, kept", BRANCHES.values(), ids=BRANCHES)
def test_gitlab_keeps_the_baseline_of_what_passed(tmp_path, known_faults, status, branch, kept):
    (tmp_path / "govsite-results").mkdir()
    (tmp_path / "govsite-results" / "ledger.jsonl").write_text(known_faults["barred"] + "\n", encoding="utf-8")
    done = run(scripts(GITLAB)["after_script 2"], tmp_path, CI_JOB_STATUS=status, CI_COMMIT_BRANCH=branch, CI_DEFAULT_BRANCH="main")
    assert done.returncode == 0 and (tmp_path / BASELINE).exists() is kept
