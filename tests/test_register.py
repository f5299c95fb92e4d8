"""Registers of columns: what is read from spreadsheets of many kinds, and what becomes of the sites file."""
import csv
import io

import pytest
from openpyxl import Workbook

from pytest_govsite.model.site import Registered
from pytest_govsite.register.cells import Grid, RegisterError, read_grids
from pytest_govsite.register.entries import read_register
from pytest_govsite.register.periods import read_legend, read_period

SITE = "http://www.jiashi.gov.cn/"
HEAD = ["一级栏目", "二级栏目", "三级栏目", "更新标记", "责任处室"]
ROWS = [
    ["本局概况", "局情简介", "", "", "办公室"],
    ["", "局领导", "", "", "人事科"],
    ["新闻中心", "局内要闻", "", "*", "宣传科"],
    ["", "公告栏", "", "★", "办公室"],
    ["法定公开", "决策", "本局文件", "★", "法制科"],
    ["", "", "征求意见", "", "法制科"],
    ["", "年报", "", "", "办公室"],
    ["来信须知", "", "", "", ""],
]
LEGEND = ["注：标“*”的栏目更新周期最长为2周，标“★”的最长为6个月。"]
READ = [
    ("本局概况/局情简介", None, "办公室"), ("本局概况/局领导", None, "人事科"), ("新闻中心/局内要闻", "2w", "宣传科"),
    ("新闻中心/公告栏", "6mo", "办公室"), ("法定公开/决策/本局文件", "6mo", "法制科"), ("法定公开/决策/征求意见", None, "法制科"),
    ("法定公开/年报", None, "办公室"), ("来信须知", None, None),
]


def grid(*rows) -> tuple[Grid]:
    return (Grid(tuple(tuple(row) for row in rows)),)


def read(*rows):
    return read_register(grid(*rows), SITE)


def csv_text(rows) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def book(path, rows, merged=(), sheets=()):
    made = Workbook()
    for title, state in sheets:
        made.create_sheet(title, 0).sheet_state = state
    page = made["Sheet"]
    for row in rows:
        page.append([cell or None for cell in row])
    for cells in merged:
        page.merge_cells(cells)
    made.save(path)
    return path


def said(register):
    return [(column.name, column.period, column.owner) for column in register.columns]


ENCODINGS = {
    "as Excel saves it in China": "gbk", "UTF-8": "utf-8", "UTF-8 with its mark": "utf-8-sig", "Unicode text": "utf-16",
}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_csv_in_every_usual_encoding(tmp_path, encoding):
    path = tmp_path / "登记.csv"
    path.write_bytes(csv_text([["栏目任务分解表"], HEAD, *ROWS, [], LEGEND]).encode(encoding))
    register = read_register(read_grids(path), SITE)
    assert said(register) == READ and register.notes == ()


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_with_other_delimiters(tmp_path, delimiter):
    path = tmp_path / "a.CSV"
    path.write_text("\n".join(delimiter.join(row) for row in [HEAD, *ROWS]), encoding="utf-8")
    assert said(read_register(read_grids(path), SITE)) == READ


def test_a_workbook_with_merged_cells_and_marks_beside_the_names(tmp_path):
    rows = [["", "", "", "", ""], ["栏目任务分解表"], ["一级", "二级", "三级", "", "牵头单位"]]
    rows += [[*row[:4], row[4]] for row in ROWS] + [LEGEND]
    for row in rows[3:-1]:
        deepest = max(place for place in range(3) if row[place])
        row[deepest], row[3] = row[deepest] + row[3], ""
    path = book(tmp_path / "a.xlsx", rows, ["A2:E2", "A4:A5", "A6:A7", "A8:A10", "B8:B9", "A11:C11", "A12:E12"])
    register = read_register(read_grids(path), SITE)
    assert said(register) == READ and register.notes == ()


def test_hidden_sheets_and_sheets_without_a_header_are_passed_over(tmp_path):
    path = book(tmp_path / "a.xlsx", [HEAD, *ROWS], sheets=[("封面", "visible"), ("旧", "hidden")])
    assert said(read_register(read_grids(path), SITE)) == READ


def test_the_address_may_be_behind_the_name(tmp_path):
    path = book(tmp_path / "a.xlsx", [["栏目名称", "周期"], ["要闻", "2周"]])
    made = Workbook()
    made.active.append(["栏目名称", "周期"])
    made.active.append(["要闻", "2周"])
    made.active["A2"].hyperlink = "http://www.jiashi.gov.cn/yw/"
    made.save(path)
    column, = read_register(read_grids(path), SITE).columns
    assert column == Registered("要闻", "http://www.jiashi.gov.cn/yw/", period="2w")


HEADERS = {
    "one path": (["栏目路径", "更新频率"], ["首页 > 新闻 > 要闻", "每周"], Registered("新闻/要闻", period="1w")),
    "levels and a name": (
        ["序号", "一级栏目", "二级栏目", "栏目名称", "维护单位"], ["1", "公开", "政策", "文件", "法规处"],
        Registered("公开/政策/文件", owner="法规处"),
    ),
    "a name that repeats the level": (["一级栏目", "栏目名称", "网址"], ["要闻", "要闻", ""], Registered("要闻")),
    "two owners": (
        ["栏目", "责任处室", "牵头单位"], ["要闻", "宣传科", "办公室"], Registered("要闻", owner="宣传科、办公室"),
    ),
    "notes in brackets": (["栏目名称（全称）", "更新期限 (最长)"], ["要闻", "两周"], Registered("要闻", period="2w")),
    "an address without scheme": (
        ["栏目", "网址"], ["要闻", "www.jiashi.gov.cn/yw/"], Registered("要闻", "http://www.jiashi.gov.cn/yw/"),
    ),
    "an address on the site": (["栏目", "链接"], ["要闻", "/yw/"], Registered("要闻", "http://www.jiashi.gov.cn/yw/")),
    "a category": (["栏目", "类别"], ["要闻", "动态要闻类"], Registered("要闻", category="动态要闻")),
    "a category in other words": (["栏目", "栏目类型"], ["市情", "工作动态"], Registered("市情", category="动态要闻")),
    "a slash in a name": (["一级栏目", "二级栏目"], ["公开", "通知/公告"], Registered("公开/通知／公告")),
    "nothing but names": (["栏目名称"], ["要闻"], Registered("要闻")),
}


@pytest.mark.parametrize("header, row, column", HEADERS.values(), ids=HEADERS)
def test_headings_in_many_words(header, row, column):
    assert read(header, row).columns == (column,)


PERIODS = {
    "2周": "2w", "两周": "2w", "每两周": "2w", "半年": "6mo", "6个月": "6mo", "六个月": "6mo", "10个工作日": "10wd", "十五天": "15d",
    "每月": "1mo", "至少每月更新一次": "1mo", "1年": "1y", "每季度": "3mo", "半个月": "15d", "1次/周": "1w", "每日": "1d", "2w": "2w",
    "*": "2w", "★": "6mo", "＊": "2w", "更新周期最长为2周": "2w", "及时更新，最长不超过2周": "2w", "二十个工作日内": "20wd", "": None,
    "—": None,
}
NONE = {
    "实时": "没有期限", "不定期更新": "没有期限", "随时": "没有期限", "视情况": "看不懂", "2周或6个月": "看不懂", "每年1月31日前": "看不懂", "7": "看不懂",
    "1月": "看不懂",
}


@pytest.mark.parametrize("words, span", PERIODS.items())
def test_periods_in_words(words, span):
    assert read_period(words) == (span, "")


@pytest.mark.parametrize("words, why", NONE.items())
def test_words_that_name_no_period_are_told(words, why):
    span, note = read_period(words)
    assert span is None and why in note
    register = read(["栏目", "更新周期"], ["要闻", words])
    assert register.columns[0].period is None and register.notes[0].startswith("第2行“要闻”：")


def test_several_times_in_a_span_are_told():
    span, note = read_period("每周2次")
    assert span == "1w" and "至少一次" in note


def test_the_legend_says_what_a_mark_means():
    assert read_legend("▲每季度更新，带*的每周更新") == {"▲": "3mo", "*": "1w"}
    rows = [HEAD, ["新闻", "要闻", "", "*", ""], ["说明：*为每月更新"]]
    assert read(*rows).columns[0].period == "1mo"


def test_words_come_before_marks_and_the_difference_is_told():
    register = read(["栏目", "更新周期", "标记"], ["要闻", "1周", "*"])
    assert register.columns[0].period == "1w" and "标记却是 2w" in register.notes[0]


NOTED = {
    "an address that is none": (["栏目", "网址"], ["要闻", "见首页"], "网址“见首页”没有写入"),
    "a category that is none": (["栏目", "类别"], ["要闻", "甲类"], "类别“甲类”不认识"),
    "a row without a name": (["栏目", "类别", "责任处室"], ["", "", "办公室"], "第2行没有写栏目名称"),
}


@pytest.mark.parametrize("header, row, words", NOTED.values(), ids=NOTED)
def test_what_was_left_out_is_told(header, row, words):
    register = read(header, row, ["规划", "", ""])
    assert register.columns[-1] == Registered("规划") and words in register.notes[0]


def test_a_column_twice_is_one_and_all_its_owners_count():
    register = read(["栏目", "更新周期", "责任处室"], ["要闻", "2周", "宣传科"], ["要闻", "", "办公室"], ["要闻", "两周", "宣传科"])
    assert register.columns == (Registered("要闻", period="2w", owner="宣传科、办公室"),)


REFUSED = {
    "no header": ([["甲", "乙"], ["丙", "丁"]], "没有认出表头"),
    "a header that names no column": ([["类别", "更新周期"], ["新闻", "2周"]], "没有认出表头"),
    "nothing under the header": ([HEAD], "一个栏目也没有"),
    "only notes under the header": ([HEAD, LEGEND], "一个栏目也没有"),
    "two periods for one column": (
        [["栏目", "更新周期"], ["要闻", "2周"], ["规划", ""], ["要闻", "半年"]], "第2行和第4行都是栏目“要闻”，更新周期却不同：2w、6mo",
    ),
    "two addresses for one column": (
        [["栏目", "网址"], ["要闻", "/a/"], ["要闻", "/b/"]], "网址却不同",
    ),
}


@pytest.mark.parametrize("rows, words", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_imported_is_refused(rows, words):
    with pytest.raises(RegisterError, match=words):
        read(*rows)


FILES = {
    "missing": ("a.csv", None, "没有这个文件"),
    "another kind": ("a.docx", b"", "另存为 .xlsx"),
    "an old workbook": ("a.xls", b"", "另存为 .xlsx"),
    "empty": ("a.csv", b"", "文件是空的"),
    "an empty workbook": ("a.xlsx", "empty", "文件是空的"),
    "no workbook": ("a.xlsx", b"PK\x03\x04nonsense", "不是完好的 .xlsx"),
    "a folder": ("folder.csv", "folder", "文件读不了"),
}


@pytest.mark.parametrize("name, body, words", FILES.values(), ids=FILES)
def test_files_that_cannot_be_read_are_refused(tmp_path, name, body, words):
    path = tmp_path / name
    if body == "empty":
        book(path, [])
    elif body == "folder":
        path.mkdir()
    elif body is not None:
        path.write_bytes(body)
    with pytest.raises(RegisterError, match=words):
        read_grids(path)
