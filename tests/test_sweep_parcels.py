"""What travels to an inspection: it must make the same plan there, and know the same past."""
import argparse
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import faked
import pytest
import remembered

from pytest_govsite import cli, collecting, options, planning
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.week import _remember
from pytest_govsite.history import HistoryError, open_history
from pytest_govsite.model.site import Site
from pytest_govsite.options import OPTIONS
from pytest_govsite.sweeping import inspecting
from pytest_govsite.sweeping.parcels import OURS, Parcels
from pytest_govsite.sweeping.pasts import NAME, Pasts
from pytest_govsite.sweeping.units import units_of

EXEMPT = '[[exempt]]\nsite = "beta"\nrule = "faulty.1"\nreason = "误报"\nby = "张某"\nuntil = 2026-12-31\n'
CALENDAR = '[years.2031]\nholidays = ["2031-01-01"]\nworkdays = []\n'
ACCOUNTS = '\n[[account]]\nid = "wx"\nplatform = "微信"\nname = "甲"\nowner = "乙"\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Everything that a sites file may name, in different places."""
    here = tmp_path / "here"
    (here / "tables").mkdir(parents=True)
    (here / "own_checks").mkdir()
    (here / "own_checks" / "answer.py").write_text(faked.CHECK, encoding="utf-8")
    (here / "tables" / "own.toml").write_text(faked.edition("own", faked.EVERY), encoding="utf-8")
    (here / "every.toml").write_text(faked.edition("every", faked.EVERY), encoding="utf-8")
    entries = [faked.site("alpha").replace("\nkind", '\neditions = ["tables/own.toml", "gb2019"]\nkind'), faked.site("beta", platform="p")]
    (here / "sites.toml").write_text("".join(entries) + ACCOUNTS, encoding="utf-8")
    (here / "exemptions.toml").write_text(EXEMPT, encoding="utf-8")
    (here / "ca.pem").write_text("authority", encoding="utf-8")
    monkeypatch.chdir(here)
    return here


def parse(*arguments: str) -> argparse.Namespace:
    return cli.parser().parse_args(["sweep", *arguments])


def plan_of(typed: argparse.Namespace, checks: Path) -> planning.Plan:
    files = (*collecting.own_files(), *sorted(collecting.check_files(checks)))
    return planning.draw_plan(options.read_arguments(typed), files)


def there(parcel: inspecting.Parcel, folder: Path, monkeypatch) -> planning.Plan:
    """The plan that the inspection makes of its parcel."""
    folder.mkdir(parents=True)
    inspecting._lay_out(parcel["files"], folder)
    monkeypatch.chdir(folder)
    return plan_of(parse(*parcel["arguments"]), folder / "checks")


WAYS = {
    "as little as possible": ["--sites=sites.toml"],
    "with a table of its own": ["--sites=sites.toml", "--edition=every.toml", "--edition=sichuan2021"],
    "with everything": [
        "--sites=sites.toml", "--edition=every.toml", "--as-of=2026-11-20", "--sample-seed=7", "--govsite-contact=a@b.cn",
        "--resolve=alpha.gov.cn:80:10.0.0.1", "--resolve=beta.gov.cn:80:10.0.0.2", "--nameserver=10.0.0.9",
        "--govsite-ca-file=ca.pem", "--govsite-crawl-pages=9", "--govsite-crawl-seconds=99", "--site-seconds=300",
        "--vantage=省机房", "--gate=veto", "--resume", "--results=elsewhere",
    ],
    "sites by name": ["--site=www.delta.gov.cn", "--site=alpha", "--site=demo", "--sites=sites.toml", "--edition=every.toml"],
}


@pytest.mark.parametrize("arguments", WAYS.values(), ids=WAYS)
def test_the_plan_there_is_the_plan_here(folder, tmp_path, monkeypatch, arguments):
    typed = parse(*arguments, "own_checks")
    plan = plan_of(typed, folder / "own_checks")
    parcels = Parcels(plan, typed, [folder / "own_checks" / "answer.py"], "run", 100.0, 2**30)
    for number, unit in enumerate(units_of(plan)):
        other = there(parcels.pack(unit, b"past"), tmp_path / "there" / str(number), monkeypatch)
        assert {**other.tasks}.keys() == unit.by_name.keys()
        for name, task in other.tasks.items():
            mine = unit.by_name[name]
            at_home = replace(mine.subject, editions=()), mine.edition, mine.rule, mine.as_of, mine.check.id, mine.needs
            assert (replace(task.subject, editions=()), task.edition, task.rule, task.as_of, task.check.id, task.needs) == at_home
        assert other.seeds == {id: plan.seeds[id] for id in unit.sites}
        rules = {task.rule.key for task in unit.tasks}
        assert set(other.exemptions) == {each for each in plan.exemptions if each.site in unit.sites and each.rule in rules}
        settled = {"ca_file": None, "history": None, "seed": None}
        assert replace(other.settings, **settled) == replace(plan.settings, **settled)
        assert (other.request.results, other.request.history) == (Path.cwd() / "results", str(Path.cwd() / NAME))
        assert not (other.request.resume or other.request.baseline), "these are the sweep's own business"
        assert bool(other.request.ca_file) == bool(plan.request.ca_file)
        monkeypatch.chdir(folder)


def test_every_option_is_passed_on_or_is_ours():
    """A new option needs a thought: what is passed on as typed must not name a file."""
    assert OURS <= {option.name for option in OPTIONS}
    passed = [option for option in OPTIONS if option.name not in OURS]
    assert not [option.name for option in passed if option.metavar in ("FILE", "DIR", "PATH|URL")]


def test_finished_tables_are_not_asked_for(folder):
    typed = parse("--sites=sites.toml", "--site=alpha", "own_checks")
    plan = plan_of(typed, folder / "own_checks")
    rest = replace(plan, tasks={name: task for name, task in plan.tasks.items() if task.edition.id == "gb2019"})
    unit, = units_of(rest)
    arguments = Parcels(rest, typed, [], "run", 100.0, 2**30).pack(unit, None)["arguments"]
    assert [argument for argument in arguments if "edition" in argument] == ["--govsite-edition=gb2019"]


def test_secrets_of_the_history_stay_here(folder):
    """A URL may hold a password; every inspection has a small history of its own."""
    typed = parse("--sites=sites.toml", "--history=postgresql://user:secret@db/x", "own_checks")
    plan = plan_of(typed, folder / "own_checks")
    parcel = Parcels(plan, typed, [], "run", 100.0, 2**30).pack(units_of(plan)[0], b"past")
    assert "secret" not in str(parcel)


# the past


AS_OF = remembered.AS_OF
SITE = Site("xuanhan", "http://www.xuanhan.gov.cn/")
WEEKS = {
    "a faultless week": {"weeks": {"xuanhan": remembered.WHOLE, "other": remembered.FAILING}},
    "a failing week over both families": {"weeks": {"xuanhan": remembered.FAILING}, "ipv6": remembered.WHOLE},
    "rounds that are void": {"weeks": {"xuanhan": remembered.WHOLE}, "void": "断网", "failing": 3},
}


@pytest.mark.parametrize("week", WEEKS.values(), ids=WEEKS)
def test_the_past_there_is_the_past_here(tmp_path, week):
    remembered.visit(tmp_path / "all.sqlite3", **week)
    remembered.visit(tmp_path / "all.sqlite3", {"xuanhan": ("10o",)}, "第二个采样点")
    pasts = Pasts(str(tmp_path / "all.sqlite3"), AS_OF)
    (tmp_path / "one.sqlite3").write_bytes(pasts.of("xuanhan"))
    pasts.close()
    here, there = (_remember(SITE, Settings(as_of=AS_OF, history=str(tmp_path / name))) for name in ("all.sqlite3", "one.sqlite3"))
    assert here.samples and replace(there, kept="") == replace(here, kept="")
    with open_history(tmp_path / "one.sqlite3", read_only=True) as history:
        assert history.survey().sites == ("xuanhan",), "what concerns others stays here"


def test_a_usual_home_page_of_long_ago_is_known_there(tmp_path):
    visit = partial(remembered.visit, tmp_path / "all.sqlite3")
    visit({"xuanhan": ("24o",)}, title="老首页")
    pasts = Pasts(str(tmp_path / "all.sqlite3"), date(2027, 1, 20))
    (tmp_path / "one.sqlite3").write_bytes(pasts.of("xuanhan"))
    settings = Settings(as_of=date(2027, 1, 20), history=str(tmp_path / "one.sqlite3"))
    past = _remember(SITE, settings)
    assert past.samples == () and past.usual["xuanhan", 4].title == "老首页"


def test_a_site_without_a_past_has_an_empty_one(tmp_path):
    pasts = Pasts(str(tmp_path / "none.sqlite3"), AS_OF)
    (tmp_path / "one.sqlite3").write_bytes(pasts.of("xuanhan"))
    with open_history(tmp_path / "one.sqlite3", read_only=True) as history:
        assert history.survey().version and not history.survey().sites
    assert len(pasts.of("xuanhan")) < 200_000 and not (tmp_path / "none.sqlite3").exists()


def test_a_history_out_of_reach_is_told_at_once(tmp_path):
    (tmp_path / "no.sqlite3").write_text("no database at all, and long enough to be taken for one" * 20)
    with pytest.raises(HistoryError):
        Pasts(str(tmp_path / "no.sqlite3"), AS_OF)
