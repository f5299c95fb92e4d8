"""The readers against labelled pages: precision and recall per field, every disagreement named.

usage: python bench/accuracy.py FOLDER [--out FILE.json] [--pages N]

FOLDER holds labels.jsonl and the saved pages it names. A replay server gives every page its own host name, real
Chromium renders it as an inspection would, and the readers that the checks use read the result. The pages are labelled
as they were sent, without scripts: so each page is also read as sent, and what only a script wrote is counted apart
("by script").

Lists and menus are counted value by value: the first dozen rows with a day in page order (title and address), their
days, the newest day of the page, the labelled links to columns (labels name not all of them: only recall says much).
"main list" is what main_rows finds on a column page, held against the same labels.
"""
import argparse
import asyncio
import json
import sys
from pathlib import Path

import labelled
import scorebook
from rich.console import Console
from rich.table import Table


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when the measurement was made, whatever it found; 2 for a folder that is none of this form."""
    options = _parse(arguments)
    try:
        corpus = labelled.load(Path(options.folder))
    except labelled.CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    readings = asyncio.run(labelled.read_all(corpus, at_once=options.pages))
    book = scorebook.Scorebook(scorebook.load_reasons(Path(__file__).with_name("accuracy_reasons.toml")))
    for page, reading in readings:
        book.add(page, reading)
    _print(book, Console(width=200 if not sys.stdout.isatty() else None), len(readings))
    if options.out:
        Path(options.out).write_text(json.dumps(book.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="accuracy", description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="folder with labels.jsonl and the pages it names")
    parser.add_argument("--out", help="also write the figures and every disagreement to this JSON file")
    parser.add_argument("--pages", type=int, default=3, help="pages rendered at once (default 3)")
    return parser.parse_args(arguments)


def _print(book: scorebook.Scorebook, console: Console, pages: int) -> None:
    table = Table(title=f"{pages} pages: precision and recall of the readers", title_justify="left")
    table.add_column("field")
    for name in ("labelled", "found", "precision", "recall", "by script", "as sent: found", "precision", "recall"):
        table.add_column(name, justify="right")
    for field, rendered, sent in book.rows():
        table.add_row(
            field, str(rendered.labelled), str(rendered.found), _percent(rendered.precision), _percent(rendered.recall),
            str(rendered.by_script or ""), str(sent.found), _percent(sent.precision), _percent(sent.recall),
        )
    console.print(table)
    for fault in book.unrendered:
        console.print(f"not rendered, read as sent: {fault}", markup=False, soft_wrap=True)
    console.print(f"disagreements: {len(book.disagreements)}", highlight=False)
    for one in book.disagreements:
        console.print(one.line, markup=False, highlight=False, soft_wrap=True)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


if __name__ == "__main__":
    sys.exit(main())
