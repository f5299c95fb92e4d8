"""Lists, days in addresses and pagers against their tables: tests/cases/reading/lists*.toml, url_days.toml, paging.toml."""
import time
import tomllib
from pathlib import Path

import pytest

from pytest_govsite.reading.lists import day_in_url, main_rows, read_blocks
from pytest_govsite.reading.paging import read_paging

FOLDER = Path(__file__).parent / "cases" / "reading"
HOST = "http://www.yunshan.gov.cn"
PAGE = f"{HOST}/xw/tzgg/"


def cases(*files: str):
    """The cases of some tables, by name."""
    tables = [tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))["case"] for file in files]
    table = [case for one in tables for case in one]
    assert len({case["name"] for case in table}) == len(table), f"{files}: two cases of one name"
    return pytest.mark.parametrize("case", table, ids=[case["name"] for case in table])


def told(row) -> list[str]:
    """A row as the tables write it: title, address, day, and what is special of it."""
    marks = [name for name in ("hidden", "yearless", "own") if getattr(row, name)]
    marks += [] if row.written or not row.listed else ["told"]
    return [row.title, row.url.removeprefix(HOST), row.listed or "", *marks]


@cases("lists_rows", "lists_vendors", "lists_pages")
def test_lists(case):
    html, url = case["html"], HOST + case.get("url", "/xw/tzgg/")
    blocks, main = read_blocks(html, url), main_rows(html, url)
    rows = [told(row) for block in blocks for row in block.rows]
    if "rows" in case:
        assert rows == case["rows"]
    if "blocks" in case:
        assert [[block.heading, block.more.removeprefix(HOST), len(block.rows)] for block in blocks] == case["blocks"]
    if "main" in case:
        assert [row.title for row in main] == (case["main"] if case["main"] != "all" else [row[0] for row in rows])
    if "written" in case:
        assert [row.written for block in blocks for row in block.rows] == case["written"]


@cases("url_days")
def test_days_in_addresses(case):
    assert [day_in_url(HOST + address) or "" for address in case["addresses"]] == case["days"]


@cases("paging")
def test_paging(case):
    found = read_paging(case["html"], HOST + case.get("url", "/xw/tzgg/"))
    assert [address.removeprefix(HOST) for address in found.next][:len(case["next"]) or 1] == case["next"]
    assert len(found.next) == case.get("addresses", len(case["next"]))
    assert found.pages == case.get("pages", 0)


ROW = '<li><a href="/a/t20240101_1.html">云山县召开会议</a><span>2024-01-01</span></li>'
HOSTILE = {
    "long list": "<ul>" + ROW * 8_000,
    "nested lists": "<ul>" + ROW[:-5] * 8_000,
    "one row of many links": "<ul><li>" + '<a href="/a/t20240101_1.html">云山县召开会议</a>' * 8_000 + "<span>2024-01-01</span>",
    "different links in one row": "<ul><li>" + "".join(f'<a href="/a/t20240101_{n}.html">云山县会议</a>' for n in range(8_000)),
    "many tables": "<table>" + "<tr><td><a href='/a/b.html'>云山县召开会议</a><td>2024-01-01" * 8_000,
    "deep": "<div>" * 8_000 + ROW,
    "days": "<ul><li><a href='/a/t20240101_1.html'>云山县召开会议</a>" + "<b>15</b><i>2024-01</i>" * 8_000,
    "digits": "<ul><li><a href='/a/t20240101_1.html'>云山县召开会议</a>" + "1" * 80_000,
    "long title": "<ul><li><a href='/a/t20240101_1.html'>" + "云山" * 80_000 + "</a><span>2024-01-01</span>",
    "records": "<record><![CDATA[" * 20_000,
    "stores": "<datastore><record><![CDATA[" * 8_000 + "]]></record></datastore>",
    "scripts": "<datastore>" * 20 + "<script " * 20_000 + "<record><![CDATA[",
    "pagers": "<div>" + '<a href="index_2.html">2</a><a href="index_3.html">下一页</a>' * 8_000,
    "more links": "<div>" + '<a href="/a/">更多</a>' * 8_000 + ROW,
    "calls": "<script>" + "createPageHTML(" * 20_000 + "</script>",
    "sibling boxes": "<div>" + f"<ul>{ROW}</ul><h3>要闻</h3>" * 3_000,
    "nothing": "", "no markup": "云山", "attributes": "<a href='" * 8_000,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(120)
def test_hostile_pages_take_no_time(hostile):
    """A page may be made to hold up its reader; time grows with its length and not with the square."""
    began = time.process_time()
    for block in read_blocks(hostile, PAGE):
        assert all(len(row.title) <= 200 for row in block.rows)
    main_rows(hostile, PAGE), read_paging(hostile, PAGE), day_in_url(hostile)
    assert time.process_time() - began < 20
