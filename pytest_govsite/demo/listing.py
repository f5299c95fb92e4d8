"""The pages of a list, in the ways that lists reach a visitor: pages, frames, data, calendars, pages without end."""
import calendar
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pytest_govsite.demo.columns import Article, Column
from pytest_govsite.demo.county import County
from pytest_govsite.demo.pages import render
from pytest_govsite.demo.resource import HTML, JSON, NO_CHARSET, Resource

# header of pages by style: one content system names no charset there and leaves it to the page
HEADERS = {"hanweb": NO_CHARSET}
PER_PAGE = {"trs": 20, "boda": 8}

Entry = tuple[str, Resource]


def lists(county: County) -> Iterator[Entry]:
    """Everything that belongs to a list, its articles left out."""
    for column in county.columns:
        rows = county.lists[column.name]
        size = PER_PAGE.get(column.style, len(rows) or 1)
        parts = [rows[first:first + size] for first in range(0, len(rows), size)] or [()]
        for number, part in enumerate(parts, 1):
            path = column.path if number == 1 else column.page_path(number)
            yield path, _page(county, column, part, number=number, pages=len(parts))
        if column.arrives == "frame":
            yield f"{column.path}list.html", Resource("frame", lambda query, c=column: render(
                "trs/inner.html", county=county, column=c, items=county.lists[c.name],
            ))
        if column.style == "gkmlpt":
            yield f"/gkmlpt/api/all/{column.id}", _data(rows)


def _page(county: County, column: Column, rows: tuple[Article, ...], **place: int) -> Resource:
    def body(query: Mapping[str, str]) -> str:
        return render(
            f"{column.style}/column.html", county=county, title=column.name, column=column, items=rows,
            trail=county.trail(column.name, column.under), month=_month(query, county.as_of),
            turn=_turn(column, query), charset=column.charset.upper() or "UTF-8", **place,
        )

    kind, type = f"column/{column.style}", HEADERS.get(column.style, NO_CHARSET if column.charset else HTML)
    return Resource(kind, body, type, "gbk" if column.charset else "utf-8", once=column.once)


def _data(rows: tuple[Article, ...]) -> Resource:
    articles = [{"id": row.number, "title": row.title, "url": row.path, "date": str(row.in_list)} for row in rows]
    return Resource("data", json.dumps({"articles": articles}, ensure_ascii=False), JSON)


def _month(query: Mapping[str, str], as_of: date) -> dict:
    """One leaf of the calendar, and its neighbours: there is always another."""
    asked = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", query.get("month", ""))
    first = date(int(asked[1]), int(asked[2]), 1) if asked else as_of.replace(day=1)
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    weeks = calendar.monthcalendar(first.year, first.month)
    return {"name": f"{first:%Y-%m}", "before": f"{before:%Y-%m}", "after": f"{after:%Y-%m}", "weeks": weeks}


def _turn(column: Column, query: Mapping[str, str]) -> dict:
    """A page without end: whatever number is asked for has a next one."""
    asked = query.get("page", "")
    number = min(int(asked), 10**6) if asked.isdecimal() and asked != "0" else 1
    before = _numbered(column, number - 1) if number > 1 else ""
    return {"number": number, "before": before, "after": _numbered(column, number + 1)}


def _numbered(column: Column, number: int) -> str:
    session = hashlib.sha256(f"{column.id}:{number}".encode()).hexdigest()[:24].upper()
    return f"{column.path};jsessionid={session}?page={number}"
