"""A folder of saved pages with labels, and what the readers make of each page."""
import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from replay import Replay, SavedPage, content_type

from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.charset import decode
from pytest_govsite.gather.rendering import Rendered, render
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import Entry, Label, Marks, ShownDate
from pytest_govsite.reading.dates import read_shown_date, read_source
from pytest_govsite.reading.find_error import read_entry
from pytest_govsite.reading.labels import read_labels
from pytest_govsite.reading.lists import Row, main_rows, read_blocks
from pytest_govsite.reading.marks import read_marks
from pytest_govsite.reading.navigation import read_navigation

PAGE_SECONDS = 30.0
# with an authority of the user's own the browser does not look at certificates: those of the replay server are invented
SETTINGS = Settings(as_of=date.today(), ca_file="replay")


class CorpusError(ValueError):
    """The folder is none of this form; says what is wrong."""


@dataclass(frozen=True)
class LabelledPage:
    """One page and what a person found on it (see the folder's own LABELS.md)."""

    name: str
    kind: str
    label: dict
    saved: SavedPage


@dataclass(frozen=True)
class Read:
    """What the readers found in one version of a page. rows: of all lists; main: of the list that a column page is for;
    places: name and address of the links to columns.
    """

    labels: tuple[Label, ...]
    marks: Marks
    entry: Entry | None
    shown_date: ShownDate | None
    source: str
    rows: tuple[Row, ...]
    main: tuple[Row, ...]
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """A page read as sent and as rendered; `fault` says why it could not be rendered, then both are as sent."""

    sent: Read
    rendered: Read
    fault: str = ""


@dataclass
class NoWayOut:
    """Stands for the inspection's way out: here the replay server is the proxy, and it knows no reasons."""

    failures: dict[str, Reason] = field(default_factory=dict)


def load(folder: Path) -> list[LabelledPage]:
    """The labelled pages of a folder. Raises CorpusError for an unreadable labels.jsonl or a missing page."""
    file = folder / "labels.jsonl"
    try:
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise CorpusError(f"{file}: cannot be read ({error.strerror}); the folder needs labels.jsonl") from error
    pages: list[LabelledPage] = []
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            saved = SavedPage(record["host"].lower(), _path(record), folder / record["file"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorpusError(f"{file}, line {number}: not a label with file, host and kind ({error})") from error
        if not saved.file.is_file():
            raise CorpusError(f"{file}, line {number}: no such page {record['file']}")
        if any(saved.url == page.saved.url for page in pages):
            saved = replace(saved, path="/" + record["file"])
        pages.append(LabelledPage(record["file"], record.get("kind", ""), record, saved))
    return pages


def _path(record: dict) -> str:
    """The path that the label's address gives, else the file's own: relative addresses of assets work in both."""
    words = (record.get("url") or "").split()
    path = urlsplit(words[0]).path if words else ""
    return path if path.startswith("/") else "/" + record["file"]


async def read_all(pages: list[LabelledPage], at_once: int) -> list[tuple[LabelledPage, Reading]]:
    """Every page, served, rendered and read, in the order of the labels."""
    browsers, slots = Browsers(), asyncio.Semaphore(at_once)
    try:
        async with Replay([page.saved for page in pages]) as replay:
            async def one(page: LabelledPage) -> tuple[LabelledPage, Reading]:
                async with slots:
                    return page, await _read_page(page, browsers, replay)
            return await asyncio.gather(*(one(page) for page in pages))
    finally:
        await browsers.close()


async def _read_page(page: LabelledPage, browsers: Browsers, replay: Replay) -> Reading:
    body = page.saved.file.read_bytes()
    html = decode(body, content_type(body))
    sent = _read(html, html, page.saved.url)
    async with browsers.context("chromium", replay.address, SETTINGS) as context:
        tab = await context.new_page()
        seen = await render(tab, page.saved.url, NoWayOut(), PAGE_SECONDS)
    if isinstance(seen, Missing):
        return Reading(sent, sent, f"{page.name}: {seen.says}")
    return Reading(sent, _read_rendered(seen))


def _read_rendered(seen: Rendered) -> Read:
    return _read(seen.sent, seen.dom, seen.final_url, seen.mixed, tuple(seen.failed))


def _read(sent: str, dom: str, url: str, blocked: tuple[str, ...] = (), failed: tuple[str, ...] = ()) -> Read:
    return Read(
        labels=read_labels(sent, dom),
        marks=read_marks(dom, base_url=url, blocked=blocked, failed=failed),
        entry=read_entry(dom, base_url=url, sent_html=sent, blocked=blocked, failed=failed),
        shown_date=read_shown_date(dom),
        source=read_source(dom),
        rows=tuple(row for block in read_blocks(dom, url) for row in block.rows),
        main=main_rows(dom, url),
        places=tuple((place.name, place.url) for place in read_navigation(dom, url)),
    )
