"""Columns into a sites file: every other line of it stays as its author wrote it."""
import codecs
import os
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import tomlkit

from pytest_govsite import sites
from pytest_govsite.model.site import Registered, Site
from pytest_govsite.register.cells import RegisterError
from pytest_govsite.tomlfile import Document, read, similar

HEADER = "[[site.column]]\n"

Entry = dict[str, str]


@dataclass(frozen=True)
class Change:
    """What an import does to a sites file, not yet written.

    text     the whole file as it will be; added, updated: the entries as they will be; same: how many need nothing.
    """

    path: Path
    text: str
    added: tuple[Entry, ...]
    updated: tuple[Entry, ...]
    same: int

    @property
    def entries(self) -> str:
        """What would be written, as it will stand in the file."""
        return "\n".join(_block(entry) for entry in (*self.updated, *self.added))


def site_in(path: Path, site_id: str) -> Site:
    """The site of this id. Raises ValueError when the file is wrong, or has no such site."""
    file = sites.load(path)
    if found := next((site for site in file.sites if site.id == site_id), None):
        return found
    if any(account.id == site_id for account in file.accounts):
        raise RegisterError(f"{path}：{site_id} 是政务新媒体账号，没有栏目；请写一个网站的 id")
    hint = similar(site_id, [site.id for site in file.sites])
    raise RegisterError(f"{path}：没有网站 {site_id}{hint or '；请先写好它的 [[site]]'}")


def enter(path: Path, site_id: str, columns: Sequence[Registered]) -> Change:
    """Adds columns to a site of the file, or completes its entries of the same path or address.

    Raises ValueError, with the file untouched, when it is wrong before or would be wrong after.
    """
    site_in(path, site_id)
    document = read(path, RegisterError)
    number = next(n for n, site in enumerate(document.data["site"]) if site["id"] == site_id)
    known = document.data["site"][number].get("column", [])
    _refuse_inline(document, number, known)
    wanted = [{key: value for key, value in asdict(column).items() if value} for column in columns]
    pairs = dict(_paired(known, wanted))
    merged = {at: known[at] | _news(known[at], wanted[place]) for place, at in pairs.items()}
    updated = {at: entry for at, entry in merged.items() if entry != known[at]}
    added = [entry for place, entry in enumerate(wanted) if place not in pairs]
    text = _written(document, number, updated, added)
    change = Change(path, text, tuple(added), tuple(updated.values()), len(merged) - len(updated))
    _verify(document, number, change, [*(merged.get(at, entry) for at, entry in enumerate(known)), *added])
    return change


def save(change: Change) -> None:
    """Replaces the file, in one step. Raises ValueError when the new one would be wrong; then the old one stays."""
    path = change.path.resolve()
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(_bytes(path.read_bytes(), change.text))
        shutil.copymode(path, fresh)
        sites.load(fresh)
        os.replace(fresh, path)
    except sites.SitesError as error:
        raise RegisterError(str(error).replace(fresh.name, path.name)) from None
    except OSError as error:
        raise RegisterError(f"{change.path}：文件写不了（{error.strerror or error}），请核对权限") from None
    finally:
        fresh.unlink(missing_ok=True)


def _refuse_inline(document: Document, number: int, known: list) -> None:
    places = [("site", number), *(("site", number, "column", at) for at in range(len(known)))]
    if any(place not in document.headers for place in places):
        place = ("site", number, "column") if known else ("site", number)
        raise RegisterError(document.complain(place, "栏目应当一个一个写成 [[site.column]]，这样才能导入"))


def _paired(known: Sequence[Entry], wanted: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Which wanted entry is which known one: first by path, then by address; nothing is paired twice."""
    free, left = dict(enumerate(known)), dict(enumerate(wanted))
    for alike in (_same_path, _same_url):
        for place, entry in list(left.items()):
            at = next((at for at, other in free.items() if alike(entry, other)), None)
            if at is not None:
                del free[at], left[place]
                yield place, at


def _same_path(one: Entry, other: Entry) -> bool:
    return Registered(one["name"]).path == Registered(other["name"]).path


def _same_url(one: Entry, other: Entry) -> bool:
    return bool(one.get("url")) and _bare(one["url"]) == _bare(other.get("url", ""))


def _bare(url: str) -> str:
    return url.partition("://")[2].rstrip("/")


def _news(known: Entry, wanted: Entry) -> Entry:
    """What the register knows better; a path that is only spelt in another way is no news."""
    return {key: value for key, value in wanted.items() if key != "name" or not _same_path(known, wanted)}


def _written(document: Document, number: int, updated: dict[int, Entry], added: Sequence[Entry]) -> str:
    lines = [f"{line}\n" for line in document.lines]
    places = sorted((line, place) for place, line in document.headers.items() if place[:2] == ("site", number))
    end = _end(document, places[-1][0])
    lines[end:end] = [f"\n{_block(entry)}" for entry in added]
    for at, entry in sorted(updated.items(), reverse=True):  # from below, so that the numbers above stay right
        start = document.headers["site", number, "column", at]
        stop = _end(document, start)
        lines[start:stop] = [_changed("".join(lines[start:stop]), document.data["site"][number]["column"][at], entry)]
    return "".join(lines)


def _end(document: Document, header: int) -> int:
    """Where the table under a header ends: after its last key, and a comment directly below that.

    A comment above the next header, or after a blank line, is about what follows.
    """
    following = min((line for line in document.headers.values() if line > header), default=len(document.lines) + 1)
    lines = document.lines[:following - 1]
    end = max(number for number, line in enumerate(lines, 1) if line.strip() and not _is_comment(line))
    below = end
    while below < len(lines) and _is_comment(lines[below]):
        below += 1
    return end if below == len(lines) and following <= len(document.lines) else below


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _changed(text: str, known: Entry, entry: Entry) -> str:
    """The keys of a table with new values; comments and order stay."""
    table = tomlkit.parse(text)
    for key, value in entry.items():
        if known.get(key) != value:
            table[key] = value
    return tomlkit.dumps(table)


def _block(entry: Entry) -> str:
    return HEADER + tomlkit.dumps(entry)


def _verify(document: Document, number: int, change: Change, columns: Iterable[Entry]) -> None:
    """The new text must say just what was meant: whatever a file looks like, nothing else in it may change."""
    wanted = [dict(site) for site in document.data["site"]]
    wanted[number]["column"] = list(columns)
    try:
        right = tomllib.loads(change.text) == document.data | {"site": wanted}
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        raise RegisterError(f"{document.path}：照这个文件的写法没法稳妥地加进去；请让 [[site]]、[[site.column]] 和每个键各占一行，再导入")


def _bytes(old: bytes, text: str) -> bytes:
    """With the mark at its beginning and the ends of lines that the file had."""
    mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
    return mark + text.replace("\n", "\r\n" if b"\r\n" in old else "\n").encode()
