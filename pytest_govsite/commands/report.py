"""`govsite report`: a results folder as one Allure report, and as the overview page."""
import argparse
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from pytest_govsite import checking, editions
from pytest_govsite.commands.printing import WrongUse, print_line, say
from pytest_govsite.dossier import Dossier
from pytest_govsite.ledger import read_rows, read_scorecards
from pytest_govsite.model.edition import Edition
from pytest_govsite.report.allure3 import program, trend
from pytest_govsite.report.allure3.judged import Judged, by_id
from pytest_govsite.report.wording import sized

HELP = "Build the report of a results folder: Allure 3 in one file, and the overview page."
RESULTS = Path("govsite-results")
PLACE = "report"


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    command.add_argument(
        "folder", nargs="?", metavar="DIR", type=Path, default=RESULTS, help=f"Results folder (default: {RESULTS}).",
    )
    command.add_argument("--out", metavar="DIR", type=Path, help=f"Where the report goes (default: {PLACE}/ in the results folder).")
    command.add_argument(
        "--edition", metavar="FILE", action="append", default=[],
        help="TOML file of an edition of your own that the ledger speaks of; repeatable.",
    )
    command.add_argument(
        "--history", metavar="FILE", type=Path,
        help=f"Where the points of earlier reports lie (default: {trend.FILE} in the results folder).",
    )
    command.add_argument(
        "--allure", metavar="PATH",
        help=f"Program of the npm package {program.PACKAGE} (default: ${program.VARIABLE}, then PATH, then ./node_modules).",
    )


def run(console: Console, options: argparse.Namespace) -> int:
    """Status 0 when the report is there, 1 when Allure is not: the overview page is written all the same."""
    from pytest_govsite.report.allure3 import report  # brings templates and pictures: not for everybody who asks for help

    judged = read(options.folder, options.edition)
    page = _overview(judged)
    print_line(console, f"总览页 {page}")
    try:
        allure = program.find(options.allure)
    except program.ReportError as error:
        if options.allure:
            raise
        say(console, f"{error}；总览页不需要它。")
        return 1
    history = options.history or judged.folder / trend.FILE
    try:
        built = report.build(judged, options.out or judged.folder / PLACE, allure, history, page)
    except OSError as error:
        raise WrongUse(f"报告没有写成：{error.strerror or error}（{error.filename or judged.folder}）") from error
    print_line(console, f"报告 {built.path}（{built.rows} 条结果，{sized(built.size)}）")
    for remark in built.remarks:
        say(console, remark)
    return 0


def read(folder: Path, own: list[str]) -> Judged:
    """What there is to tell of a results folder; `own`: files of editions that are not ours."""
    if not folder.is_dir():
        raise WrongUse(f"没有结果目录 {folder}：应写 pytest --results 所指的文件夹")
    rows = read_rows(folder)
    tables = {each.id: each for each in map(editions.load, own)}
    tables |= {id: editions.load(id) for id in {row.edition for row in rows} - tables.keys() if id in editions.ids()}
    subjects = by_id(meta.subject for meta in Dossier(folder).metas())
    used = {id: tables[id] for id in sorted({row.edition for row in rows}) if id in tables}
    return Judged(folder, rows, read_scorecards(folder), subjects, used, _docs(used.values()))


def _docs(tables: Iterable[Edition]) -> dict[str, str]:
    found = checking.discover(checking.folder())
    wanted = {rule.check for table in tables for item in table.items for rule in item.rules}
    return {id: check.doc for id, check in found.items() if id in wanted}


def _overview(judged: Judged) -> Path:
    from pytest_govsite.report import overview  # likewise

    try:
        return overview.write(judged.folder, judged.subjects.values(), judged.editions.values())
    except OSError as error:
        raise WrongUse(f"无法写入总览页 {judged.folder}：{error.strerror or error}") from error
