"""Results folders for the overview page: invented sites under the table of reported.py, with pictures."""
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import reported
from PIL import Image

from pytest_govsite.ledger import MARKER, Ledger, write_scorecards
from pytest_govsite.model.finding import Drawn, Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.rows import Row
from pytest_govsite.scoring import score

EDITION = reported.EDITION
WEEK = "sites/xuanhan/shots/week.svg"
PRUNED = "sites/xuanhan/shots/pruned.png"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="#a00"/></svg>'
SAMPLE = Drawn(7, ("http://www.xuanhan.gov.cn/a/1.html", "http://www.xuanhan.gov.cn/a/2.html"), 31)


def site(id: str, name: str, group: str = "达州市", **more) -> Site:
    return Site(id, f"http://www.{id}.gov.cn/", name, "county-portal", group=group, **more)


def rows_of(subject: Site, rows: Sequence[Row] = reported.ROWS) -> list[Row]:
    """The rows as if they were of this site."""
    return [replace(row, site=subject.id) for row in rows]


def write(folder: Path, found: Mapping[Site, Sequence[Row]], edition=EDITION) -> Path:
    """A results folder as a run leaves it; what is in it already counts as ours."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
    with Ledger(folder) as ledger:
        ledger.plan([row for rows in found.values() for row in rows])
        write_scorecards(folder, [score(edition, subject, rows) for subject, rows in found.items()], [])
    return folder


def photograph(path: Path, colour: str = "navy", size=(1366, 768)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


FULL = replace(
    reported.ROWS[0], findings=(
        *reported.ROWS[0].findings, Finding(reported.SITE.url, "一周", "打不开的次数达到 5%", WEEK),
        Finding(f"{reported.SITE.url}old/", "旧图", "截图已不在", PRUNED),
    ),
)
NOTED = replace(reported.ROWS[1], drawn=SAMPLE, notes=(Note("栏目名称与登记的不同", "http://www.xuanhan.gov.cn/tzgg/", reported.SHOT),))
RICH = (FULL, NOTED, *reported.ROWS[2:])
FINE = (
    *(reported.row(row.rule, "pass", None if row.part == "veto" else "0") for row in reported.ROWS[:5]),
    reported.row("site-search.2", "not-applicable", reason="不涉及本站"), reported.row("innovation.1", "unearned", "0"),
)
XUANHAN, QUXIAN, KAIJIANG = reported.SITE, site("quxian", "渠县人民政府"), site("kaijiang", "开江县人民政府", "外地")


def county(folder: Path) -> Path:
    """Three sites: one with something of everything, one without a fault, one where nobody could see anything."""
    photograph(folder / reported.SHOT)
    (folder / WEEK).write_text(DRAWING)
    (folder / WEEK).with_suffix(".txt").write_text("11月13日 打不开")
    shut = [reported.waiting(row.rule, Blame.SITE, "服务器拒绝连接") for row in reported.ROWS]
    return write(folder, {XUANHAN: RICH, QUXIAN: rows_of(QUXIAN, FINE), KAIJIANG: rows_of(KAIJIANG, shut)})
