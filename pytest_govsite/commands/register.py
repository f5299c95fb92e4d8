"""`govsite register`: imports a department's own list of columns into the sites file."""
import argparse
import sys
from pathlib import Path

from rich.console import Console

from pytest_govsite.commands.printing import table
from pytest_govsite.register.cells import RegisterError, read_grids
from pytest_govsite.register.entering import Change, enter, save, site_in
from pytest_govsite.register.entries import Register, read_register
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.wording import plain

HELP = "Import a register of columns (.csv, .xlsx) into a site of a sites file."


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    command.add_argument("file", type=Path, help="the register: .csv or .xlsx")
    command.add_argument("--site", required=True, metavar="ID", help="id of the site in the sites file")
    command.add_argument("--sites", required=True, metavar="FILE", type=Path, help="the sites file")
    command.add_argument("--print", dest="only_print", action="store_true", help="Print what would be written.")


def run(console: Console, options: argparse.Namespace) -> int:
    """Writes the columns, or prints them."""
    site = site_in(options.sites, options.site)
    grids = read_grids(options.file)
    try:
        register = read_register(grids, site.url)
    except RegisterError as error:
        raise RegisterError("\n".join(f"{options.file}：{line}" for line in str(error).splitlines())) from None
    change = enter(options.sites, options.site, register.columns)
    if options.only_print:
        print(change.entries or "# 没有要写入的", end="\n" * (not change.entries))
    else:
        save(change)
        _report(console, options.sites, register, change)
    for note in register.notes:
        print(f"注意：{plain(note, 400)}", file=sys.stderr)
    return 0


def _report(console: Console, path: Path, register: Register, change: Change) -> None:
    marked = [("新增", entry) for entry in change.added] + [("更新", entry) for entry in change.updated]
    keys = ("name", "period", "owner", "category", "url")
    if marked:
        console.print(table(
            ("", "栏目", "更新期限", "负责", "类别", "网址"),
            ([word, *(Chinese(plain(entry.get(key, ""))) for key in keys)] for word, entry in marked),
        ))
    counts = f"新增 {len(change.added)} 个，更新 {len(change.updated)} 个，不变 {change.same} 个"
    console.print(f"{path}：登记栏目 {len(register.columns)} 个，{counts}", soft_wrap=True)
