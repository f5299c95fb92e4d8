"""Tables that people take away: what a site wrote must stay text, whatever program opens them."""
import csv
import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from pytest_govsite.report.tables import Sheet, TableError, as_csv, as_markdown, as_xlsx, check_place, write

HEADINGS = ("栏目", "剩余天数", "最新日期")
PLAIN = Sheet("栏目清单", HEADINGS, (("部门动态", -3, date(2026, 11, 17)), ("规划", None, None)))


def sheet(text: str) -> Sheet:
    return Sheet("栏目清单", ("栏目",), ((text,),))


def read_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def page_of(body: bytes):
    return load_workbook(io.BytesIO(body)).active


def test_csv_opens_in_excel():
    body = as_csv(PLAIN)
    assert body.startswith(b"\xef\xbb\xbf") and b"\r\n" in body
    assert read_csv(body) == [list(HEADINGS), ["部门动态", "-3", "2026-11-17"], ["规划", "", ""]]


def test_a_workbook_has_dates_numbers_and_headings_that_stay():
    page = page_of(as_xlsx(PLAIN))
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        list(HEADINGS), ["部门动态", -3, datetime(2026, 11, 17)], ["规划", None, None],
    ]
    assert (page.title, page.freeze_panes, page.auto_filter.ref) == ("栏目清单", "A2", "A1:C3")
    assert 10 < page.column_dimensions["A"].width < 20


HOSTILE = {
    "a formula": ("=HYPERLINK(\"http://x\")", "=HYPERLINK(\"http://x\")"),
    "plus": ("+1", "+1"),
    "minus": ("-1+1", "-1+1"),
    "at": ("@SUM(A1)", "@SUM(A1)"),
    "full width": ("＝1+1", "＝1+1"),
    "after a tab and a line break": ("\t\r\n=1", "=1"),
    "behind an invisible character": ("\u200b=1", "=1"),
    "control characters": ("部\x00门\x0b动\x1b[31m态", "部门 动态"),
    "half a surrogate": ("部\ud83d门", "部门"),
    "no character at all": ("部\ufffe门\uffff", "部门"),
    "text that runs backwards": ("\u202e态动", "态动"),
    "endless": ("长" * 5000, "长" * 999 + "…"),
}


@pytest.mark.parametrize("text, kept", HOSTILE.values(), ids=HOSTILE)
def test_no_cell_becomes_a_formula_or_breaks_the_file(text, kept):
    cell = page_of(as_xlsx(sheet(text)))["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (kept, "s", True)
    dangerous = kept[0] in "=+-@＝"
    assert read_csv(as_csv(sheet(text)))[1] == [f"'{kept}" if dangerous else kept]


def test_a_negative_number_of_ours_stays_a_number():
    assert read_csv(as_csv(PLAIN))[1][1] == "-3"


def test_markdown_says_nothing_that_a_site_wants_it_to():
    text = as_markdown("栏目", (sheet("a|b<script>[x](javascript:1)*_`\\"),))
    assert text.splitlines()[-1] == "| a\\|b\\<script\\>\\[x\\](javascript:1)\\*\\_\\`\\\\ |"


def test_an_address_in_markdown_is_a_link():
    assert "| <https://a.gov.cn/a_b%7Cc> |" in as_markdown("栏目", (sheet("https://a.gov.cn/a_b|c"),))


def test_sections_stand_under_headings_of_their_own():
    both = Sheet("提醒", ("负责", "栏目"), (("综合处", "甲"), (None, "乙"), ("法规处", "丙"), ("综合处", "丁")))
    sections = both.parted("负责", "（没有）")
    assert [(each.title, len(each.rows)) for each in sections] == [("综合处", 2), ("法规处", 1), ("（没有）", 1)]
    lines = as_markdown("提醒", [each.only("栏目") for each in sections]).splitlines()
    assert [line for line in lines if line.startswith("#")] == ["# 提醒", "## 综合处", "## 法规处", "## （没有）"]


def test_a_file_is_replaced_in_one_step(tmp_path):
    for ending in ("csv", "xlsx", "md"):
        path = tmp_path / f"表.{ending}"
        path.write_text("old")
        write(path, PLAIN)
        assert path.read_bytes() != b"old" and [each.name for each in tmp_path.iterdir()] == [path.name]
        path.unlink()


WRONG = {
    "an ending nobody knows": ("out.pdf", ".csv、.xlsx、.md"),
    "no ending": ("out", "扩展名"),
    "a folder that is not there": ("nowhere/out.csv", "没有文件夹"),
    "a folder": ("there.csv", "那是一个文件夹"),
}


@pytest.mark.parametrize("name, words", WRONG.values(), ids=WRONG)
def test_a_wrong_place_is_refused_before_any_work(tmp_path, name, words):
    (tmp_path / "there.csv").mkdir()
    with pytest.raises(TableError, match=words):
        check_place(tmp_path / name, (".csv", ".xlsx", ".md"))
