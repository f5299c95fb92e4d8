"""The parts of `govsite report` that need neither Allure nor a browser."""
import base64
import gzip
import json
from pathlib import Path

import pytest
import reported
from PIL import Image

from pytest_govsite.model.edition import Edition
from pytest_govsite.model.finding import Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.report.allure3 import config, front, pictures, program, results, sealing, surroundings, telling, trend
from pytest_govsite.report.allure3.judged import Judged, by_id
from pytest_govsite.rows import NOT_REACHED, Row
from pytest_govsite.scoring import score

KEY, OTHER = "page-labels.1", "page-labels.2"
BAD = '<script>alert(1)</script>"onerror="x\u202e\x1b[31m'
NO_PICTURES = pictures.Album(Path("nowhere"), Path("nowhere"), 0)


def judged(*rows: Row, editions: tuple[Edition, ...] = (reported.EDITION,), **more) -> Judged:
    cards = [score(reported.EDITION, reported.SITE, rows).to_json()]
    return Judged(Path("results"), rows, cards, by_id([reported.SITE]), by_id(editions), **more)


WHOLE = judged(*reported.ROWS)
EXEMPT = (reported.fault(exempt="栏目已停用（张某，至 2026-12-31）"),)
MESSAGES = {
    "a veto": (reported.ROWS[0], "单项否决\n1. 首页最新一条信息的日期是 2026-10-28"),
    "a deduction, the first faults": (
        reported.ROWS[2], "扣分 0.4 分\n" + "".join(f"{n}. 内容页缺少站点标签 SiteIDCode\n" for n in range(1, 6)) + "另有 2 处",
    ),
    "exempted faults are no reason": (reported.row(KEY, "deduct", "-0.1", findings=(*EXEMPT, reported.fault())), "扣分 0.1 分\n1. 内容页缺少站点标签 SiteIDCode"),
    "nothing to say": (reported.row(KEY, "pass"), ""),
    "earned": (reported.ROWS[6], ""),
    "never reached": (reported.waiting(KEY, Blame.TOOL, NOT_REACHED.reason), "工具原因：未轮到，检查提前结束"),
    "said once": (reported.waiting(KEY, Blame.PERSON, "待检查人员核定"), "待检查人员核定"),
    "exempt by the table": (reported.row(KEY, "not-applicable", reason="按账号评定"), "不适用：按账号评定"),
}


@pytest.mark.parametrize("row, message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_says_what_is_wrong(row, message):
    assert telling.message(row) == message


DESCRIBED = {
    "nothing but the rule": (reported.row(KEY, "pass"), [], ["<"]),
    "the rule and where it stands": (reported.ROWS[0], ["监测2周，首页无信息更新", "《某省政府网站检查指标（2026年）》单项否决 / 首页不更新"], []),
    "exempted ones, too": (reported.row(KEY, "pass", findings=EXEMPT), ["已豁免，不扣分：栏目已停用（张某，至 2026-12-31）"], []),
    "what could not be seen": (reported.ROWS[2], ["另有 1 处未能查看，只计入最低分"], []),
    "more than a page holds": (reported.row(KEY, "deduct", "-1", findings=tuple(map(reported.fault, range(300)))), ["另有 100 处，见台账"], []),
    "notes": (reported.row(KEY, "pass", notes=(Note("站名拼音不在域名中", "http://a.gov.cn/"),)), ["提示（不扣分）：站名拼音不在域名中", 'href="http://a.gov.cn/"'], []),
    "hostile": (
        reported.row(KEY, "deduct", "-1", findings=(Finding(f"javascript:{BAD}", BAD, BAD, exempt=BAD),), notes=(Note(BAD, BAD),)),
        ["&lt;script&gt;"], ["<script", "href=", '"onerror', "\u202e", "\x1b"],
    ),
}


@pytest.mark.parametrize("row, there, not_there", DESCRIBED.values(), ids=DESCRIBED)
def test_a_description_holds_every_fact_and_no_markup_of_a_site(row, there, not_there):
    told = telling.description(row, judged(row))
    assert [each for each in there if each not in told] == []
    assert [each for each in not_there if each in told] == []


def test_a_result_joins_the_history_that_pytest_began():
    value = results.result(reported.ROWS[2], WHOLE, NO_PICTURES)
    assert value["fullName"] == "xuanhan/table2026/page-labels.1" and value["status"] == "failed"
    assert value["historyId"] == value["testCaseId"] == results.md5("xuanhan/table2026/page-labels.1")
    told = {label["name"]: label["value"] for label in value["labels"]}
    assert told == {
        "epic": "功能设计", "feature": "页面标签", "severity": "minor", "subSuite": "某省政府网站检查指标（2026年）",
        "parentSuite": "达州市", "suite": "宣汉县人民政府（不合格）", "tag": "扣分",
    }
    assert [link["url"] for link in value["links"]] == [reported.SITE.url, "rules.html#table2026/page-labels.1"]
    assert value["stop"] - value["start"] == 0


LISTS = {
    "vetoed": (front.vetoed, 1, "宣汉县人民政府", "首页不更新（home-stale.1）：首页最新一条信息的日期是 2026-10-28"),
    "losing": (front.losing, 1, "宣汉县人民政府", "−1 分（最多 −7 分）　最多的一条：页面标签（page-labels.2）−0.9 分"),
    "failing": (front.failing, 3, "home-stale.1 监测2周，首页无信息更新", "1 个网站"),
    "waiting": (front.waiting, 2, "待检查人员核定", "1 条，涉及 1 个网站：搜索服务"),
}


@pytest.mark.parametrize("make, total, name, says", LISTS.values(), ids=LISTS)
def test_the_lists_of_the_front_page(make, total, name, says):
    found = make(WHOLE)
    assert (found.total, found.lines[0].name, found.lines[0].says) == (total, name, says)


def test_a_long_list_says_what_it_leaves_out():
    rows = [reported.row("home-stale.1", "veto", site=f"site{number}") for number in range(25)]
    found = front.vetoed(judged(reported.ROWS[0], *rows))
    assert (found.total, len(found.lines), found.left) == (26, front.SHOWN, 26 - front.SHOWN)


def test_a_site_without_faults_has_a_front_page_of_good_news():
    told = front.page(judged(*(reported.row(row.rule, "pass") for row in reported.ROWS)), "")
    for words in ("没有网站被单项否决", "没有网站失分", "没有规则出错", "全部已经判定"):
        assert words in told
    assert "总览页" not in told


def test_several_editions_are_told_apart():
    other = Row.from_json(reported.ROWS[0].to_json() | {"edition": "gb2019"})
    both = judged(*reported.ROWS, other)
    assert config.of(both, Path("out"), None)["plugins"]["awesome"]["options"]["groupBy"] == ["parentSuite", "suite", "subSuite"]
    assert results.suite(reported.ROWS[0], both) == "宣汉县人民政府", "it has a verdict under each"


def test_a_large_sweep_tells_together_what_needs_no_word(tmp_path, monkeypatch):
    calm = [reported.row(KEY, "pass"), reported.row(OTHER, "pass"), reported.waiting("site-search.1", Blame.PERSON, "待检查人员核定")]
    rows = [*calm, reported.ROWS[0], reported.ROWS[1], reported.waiting("site-search.2", Blame.TOOL, "本工具出错")]
    large = judged(*rows)
    monkeypatch.setattr(results, "ONE_BY_ONE", 5)
    results.write(tmp_path, large, NO_PICTURES)
    written = [json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()]
    told = {value["fullName"].rpartition("/")[2]: value for value in written}
    assert told.keys() == {"pass", "person", "home-stale.1", "column-stale.1", "site-search.2"}
    assert told["pass"]["name"] == "未发现问题：2 条规则" and told["pass"]["descriptionHtml"].count("<li>") == 2
    assert told["person"]["status"] == "skipped" and {"name": "tag", "value": "待人工"} in told["person"]["labels"]
    assert {results.place_of(row, large) for row in rows} == {value["historyId"] for value in written}, "links lead somewhere"


def test_the_run_as_a_whole(tmp_path):
    surroundings.write(tmp_path, WHOLE)
    told = (tmp_path / "environment.properties").read_text(encoding="utf-8").splitlines()
    assert {"检查日期=2026-11-20", "网站=1", "结论=不合格 1", "指标=某省政府网站检查指标（2026年）"} <= set(told)
    assert json.loads((tmp_path / "executor.json").read_text(encoding="utf-8"))["name"]


@pytest.fixture
def shots(tmp_path) -> Path:
    """A results folder with two pictures, a drawing, what is no picture, and a file outside."""
    folder = tmp_path / "results"
    folder.mkdir()
    for name in ("one.png", "two.png"):
        Image.effect_noise((1200, 900), 90).save(folder / name)
    (folder / "week.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "cut.png").write_bytes((folder / "one.png").read_bytes()[:9000])
    (folder / "no.png").write_text("no picture", encoding="utf-8")
    Image.new("RGB", (9, 9)).save(tmp_path / "outside.png")
    (tmp_path / "work").mkdir()
    return folder


TAKEN = {
    "smaller": ("one.png", 10**7, ["截图 1 image/webp"], 0),
    "a drawing as it is": ("week.svg", 10**7, ["图示 1 image/svg+xml"], 0),
    "beyond the budget": ("one.png", 1000, [], 1),
    "gone": ("gone.png", 10**7, [], 0),
    "no picture": ("no.png", 10**7, [], 0),
    "cut off": ("cut.png", 10**7, [], 0),
    "no path": ("a\0.png", 10**7, [], 0),
    "outside the results folder": ("../outside.png", 10**7, [], 0),
}


@pytest.mark.parametrize("shot, budget, names, skipped", TAKEN.values(), ids=TAKEN)
def test_pictures_are_taken_in(shots, shot, budget, names, skipped):
    album = pictures.Album(shots, shots.parent / "work", budget)
    row = reported.row(KEY, "deduct", "-1", findings=(reported.fault(shot=shot), reported.fault(2, shot=shot)))
    album.take([row])
    assert [f"{each['name']} {each['type']}" for each in album.attachments(row)] == names
    assert len(list((shots.parent / "work").iterdir())) == len(names) and album.skipped == skipped
    for path in (shots.parent / "work").glob("*.webp"):
        with Image.open(path) as picture:
            assert picture.size == (pictures.WIDTH, 720)


def test_pictures_of_vetoes_come_first(shots):
    vetoed = reported.row("home-stale.1", "veto", findings=(reported.fault(shot="one.png"),))
    rows = [reported.row(KEY, "deduct", "-1", findings=(reported.fault(shot="two.png"),)), vetoed]
    album = pictures.Album(shots, shots.parent / "work", len(pictures.smaller(shots / "one.png")))
    album.take(rows)
    assert [len(list(album.attachments(row))) for row in rows] == [0, 1] and album.skipped == 1


def point(number: int, size: int = 1) -> dict:
    found = {str(n): {"id": str(n), "status": "passed", "historyId": str(n), "trace": "x" * 99, "labels": [1]} for n in range(size)}
    return {"uuid": f"run{number}", "name": "x", "timestamp": number, "testResults": found, "knownTestCaseIds": []}


def reports(path: Path, tmp_path: Path, runs: list[tuple[str, int]]) -> list[dict]:
    """What the file holds after a report of each of these ledgers, (its name, its size)."""
    for number, (run, size) in enumerate(runs):
        lent = tmp_path / "lent.jsonl"
        trend.lend(trend.read(path), run, lent)
        with lent.open("a", encoding="utf-8") as file:
            file.write(json.dumps(point(number, size)) + "\n")  # as Allure does
        trend.write(path, trend.take_back(trend.read(path), run, lent, 1000 + number))
    return trend.read(path)


HISTORIES = {
    "one": ([("a", 1)], ["a"]),
    "each ledger once, the newest report of it": ([("a", 1), ("b", 1), ("a", 2)], ["b", "a"]),
    "as many as there is room for": ([(f"run{n}", 1) for n in range(13)], [f"run{n}" for n in range(3, 13)]),
    "large ones are fewer": ([("a", 90), ("b", 90), ("c", 90)], ["b", "c"]),
    "the last in any case": ([("a", 90), ("b", 300)], ["b"]),
}


@pytest.mark.parametrize("runs, left", HISTORIES.values(), ids=HISTORIES)
def test_the_history_has_a_point_for_each_ledger(tmp_path, monkeypatch, runs, left):
    monkeypatch.setattr(trend, "ROWS", 200)
    lines = reports(tmp_path / trend.FILE, tmp_path, runs)
    assert [line["run"] for line in lines] == left
    kept = lines[-1]["point"]
    assert kept["timestamp"] == 999 + len(runs) and "x" * 9 not in json.dumps(kept) and kept["testResults"]["0"]["labels"] == []


UNCHANGED = {"nothing came back": ([("a", 1)], False), "what was lent": ([("a", 1)], True), "which was nothing": ([], True)}


@pytest.mark.parametrize("runs, lent", UNCHANGED.values(), ids=UNCHANGED)
def test_without_a_new_point_the_history_stays(tmp_path, runs, lent):
    lines = reports(tmp_path / trend.FILE, tmp_path, runs)
    (tmp_path / "lent.jsonl").unlink(missing_ok=True)
    if lent:
        trend.lend(lines, "b", tmp_path / "lent.jsonl")
    assert trend.take_back(lines, "b", tmp_path / "lent.jsonl", 0) == lines


DAMAGED = {"cut off": gzip.compress(b"{}\n" * 9999)[:30], "no gzip": b"{}", "other things": gzip.compress(b'[]\n{"run": 1}\n'), "no JSON": gzip.compress(b"{")}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_history_begins_anew(tmp_path, content):
    (tmp_path / trend.FILE).write_bytes(content)
    assert trend.read(tmp_path / trend.FILE) == []
    assert [line["run"] for line in reports(tmp_path / trend.FILE, tmp_path, [("a", 1)])] == ["a"]


FOUND = {
    "given": (["--allure", "own"], {"own": "3.18.0"}, "own"),
    "by the environment": (["GOVSITE_ALLURE", "own"], {"own": "3.2.0", "allure": "3.18.0"}, "own"),
    "the folder of npm's prefix": (["--allure", "."], {"node_modules/.bin/allure": "3.18.0"}, "node_modules/.bin/allure"),
    "on the path": ([], {"allure": "3.18.0", "node_modules/.bin/allure": "3.18.0"}, "allure"),
    "not Allure 2 on the path": ([], {"allure": "2.30.0", "node_modules/.bin/allure": "3.18.0"}, "node_modules/.bin/allure"),
    "none": ([], {"allure": "2.30.0"}, None),
    "given, and not what it should be": (["--allure", "own"], {"own": "2.30.0", "allure": "3.18.0"}, None),
}


@pytest.mark.parametrize("told, programs, found", FOUND.values(), ids=FOUND)
def test_the_program_is_found(tmp_path, monkeypatch, told, programs, found):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.delenv("GOVSITE_ALLURE", raising=False)
    for name, version in programs.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
        path.chmod(0o755)
    if told[:1] == ["GOVSITE_ALLURE"]:
        monkeypatch.setenv(*told)
    given = told[1] if told[:1] == ["--allure"] else None
    if found is None:
        with pytest.raises(program.ReportError, match="Allure 3"):
            program.find(given)
    else:
        assert program.find(given) == str(tmp_path / found)


def allure_page(files: dict[str, str], more: str = "", scripts: str = "") -> str:
    """A page as Allure 3.18 builds it."""
    def coded(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    data = ",".join(f'd("{name}","{coded(content)}")' for name, content in files.items())
    return (
        '<!DOCTYPE html>\n<html dir="ltr" lang="en">\n<head>\n    <meta charset="utf-8">\n</head>\n<body>\n'
        f'<div id="app"></div>\n{more}<script   src="data:text/javascript;base64,{coded("main()")}"></script>\n{scripts}\n'
        '    <script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>\n'
        "    <script>\n gtag('config', 'G-1'); </script>\n"
        f"<script async>\n  window.allureReportDataReady = false;\n</script>\n<script defer>Promise.allSettled([{data}])</script>\n</body>\n</html>\n"
    )


def unpacked(page: str) -> dict[str, bytes]:
    packed = page.partition('id="govsite-data">')[2].partition("<")[0]
    content = gzip.decompress(base64.b64decode(packed))
    head = 4 + int.from_bytes(content[:4], "big")
    return {name: content[head + start : head + end] for name, (start, end) in json.loads(content[4:head]).items()}


def test_sealing_keeps_every_file_and_no_call():
    files = {"widgets/nav.json": '["乙"]', "data/a.json": "same", "data/b.json": "same", "data/x\\u003C.json": "{}"}
    page = sealing.seal(allure_page(files), "<main>front</main>")
    kept = unpacked(page)
    assert kept["widgets/nav.json"].decode() == '["乙"]' and kept["data/a.json"] == kept["data/b.json"] == b"same"
    assert kept["data/x<.json"] == b"{}" and kept["main.js"] == b"main()"
    assert "googletagmanager" not in page and 'lang="zh-CN"' in page and page.index("<main>front</main>") < page.index('id="app"')
    assert "default-src 'none'" in page.partition("</head>")[0]


REFUSED = {
    "another page": "<html></html>",
    "no place for the report": allure_page({}).replace('id="app"', 'id="root"'),
    "a script from outside": allure_page({}, scripts='<script src="https://cdn.example/x.js"></script>'),
    "a picture from outside": allure_page({}, more="<img src=//cdn.example/x.png>"),
    "a counter in another form": allure_page({}).replace('<script async src="https://www.goo', '<script defer src="https://www.goo'),
}


@pytest.mark.parametrize("page", REFUSED.values(), ids=REFUSED)
def test_a_page_that_may_call_somebody_is_not_handed_out(page):
    with pytest.raises(program.ReportError, match="allure@3.18"):
        sealing.seal(page, "")


def tree(sites: int, each: int) -> dict:
    """A tree of Allure's: one group of so many sites with so many results each."""
    groups = {f"site{site}": {"leaves": [f"{site}.{number}" for number in range(each)]} for site in range(sites)}
    leaves = {leaf: {} for group in groups.values() for leaf in group["leaves"]}
    return {"leavesById": leaves, "groupsById": {"city": {"groups": list(groups)}} | groups}


FOLDED = {"few results": (3, 99, 0), "many": (4, 99, 4), "of many sites": (101, 3, 102)}


@pytest.mark.parametrize("sites, each, folded", FOLDED.values(), ids=FOLDED)
def test_many_results_wait_until_their_site_is_opened(sites, each, folded):
    kept = unpacked(sealing.seal(allure_page({sealing.TREE: json.dumps(tree(sites, each))}), ""))
    assert len(json.loads(kept[sealing.FOLDED])) == folded


RINGS = {"of what was judged": ({"passed": 3, "failed": 1, "skipped": 6, "broken": 2}, 75), "nothing judged": ({"skipped": 6}, 0)}


@pytest.mark.parametrize("counts, percentage", RINGS.values(), ids=RINGS)
def test_the_ring_counts_nothing_as_good_that_nobody_judged(counts, percentage):
    ring = {"percentage": 99, "slices": [{"status": status, "count": count} for status, count in counts.items()]}
    kept = unpacked(sealing.seal(allure_page({"widgets/pie_chart.json": json.dumps(ring)}), ""))
    assert json.loads(kept["widgets/pie_chart.json"])["percentage"] == percentage
