"""The measurement of the readers, on a folder of two invented pages."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "bench" / "accuracy.py"
TITLE = "云山县召开春耕会议"
ARTICLE = f"""<html><head><meta name="SiteName" content="云山县人民政府"><meta name="ArticleTitle" content="{TITLE}"></head>
<body><h1>{TITLE}</h1><div>发布时间：2024-01-03 来源：云山网</div><div class="TRS_Editor"><p>春耕开始了。</p></div>
<p>网站标识码：5100990001</p><script src="static/foot.js"></script></body></html>"""
FOOTER = 'document.write("<p>蜀ICP备09005132号</p><p>主办：云山县人民政府</p>");'
HOME = '<html><body><p>版权所有</p><a href="/lxwm/">联系我们</a></body></html>'
COLUMN = """<html><body><div class="nav"><ul><li><a href="/zwgk/">政务公开</a></li><li><a href="/xw/tzgg/">通知公告</a></li></ul></div>
<ul><li><a href="t20240103_1.html" title="云山县人民政府关于做好春耕工作的通知">云山县人民政府关于做好…</a><span>2024-01-03</span></li>
<li><a href="t20240102_2.html">云山县公开招聘教师公告</a><span>2024-01-02</span></li></ul></body></html>"""
NOTHING = {"party_mark": None, "site_code": None, "icp": None, "police": None, "sponsor": None, "contact": None}
LABELS = [
    {
        "file": "sites/www.yunshan.gov.cn/article-1/index.html", "host": "www.yunshan.gov.cn", "kind": "article",
        "url": "https://www.yunshan.gov.cn/xw/t20240103_1.html", "site_tags": {"SiteName": "云山县人民政府"},
        "content_tags": {"ArticleTitle": TITLE}, "shown_date": "2024-01-03", "shown_date_iso": "2024-01-03",
        "shown_format_ok": True, "shown_source": "云山日报", "marks_static": NOTHING | {"site_code": "网站标识码：5100990001"},
        "find_error_entry": None,
    },
    {
        "file": "pages/www.heshan.gov.cn/home-1.html", "host": "www.heshan.gov.cn", "kind": "home", "url": "",
        "marks_static": NOTHING | {"contact": "联系我们 || /lxwm/"}, "find_error_entry": None,
    },
    {
        "file": "pages/www.heshan.gov.cn/column-1.html", "host": "www.heshan.gov.cn", "kind": "column", "find_error_entry": None,
        "url": "https://www.heshan.gov.cn/xw/tzgg/", "marks_static": NOTHING, "newest_date_iso": "2024-01-03",
        "items": [
            {"title": "云山县人民政府关于做好…", "href": "t20240103_1.html", "date_iso": "2024-01-03"},
            {"title": "云山县公开招聘教师公告", "href": "t20240102_2.html", "date_iso": "2024-01-01"},
        ],
    },
    {
        "file": "pages/www.lishan.gov.cn/home-1.html", "host": "www.lishan.gov.cn", "kind": "home", "find_error_entry": None,
        "url": "", "marks_static": NOTHING, "columns": [{"name": "政务公开", "href": "/zwgk/"}, {"name": "互动交流", "href": "/hdjl/"}],
        "newest_date_iso": "2024-01-03", "items": [{"title": "云山县公开招聘教师公告", "href": "t20240102_2.html", "date_iso": None}],
    },
]


def measure(*arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    paths = os.pathsep.join(filter(None, (str(SCRIPT.parents[1]), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, env=environment)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    files = {
        LABELS[0]["file"]: ARTICLE, "sites/www.yunshan.gov.cn/article-1/static/foot.js": FOOTER, LABELS[1]["file"]: HOME,
        LABELS[2]["file"]: COLUMN, LABELS[3]["file"]: COLUMN,
        "labels.jsonl": "\n".join(json.dumps(label, ensure_ascii=False) for label in LABELS),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def measured(corpus) -> tuple[dict, str]:
    """What was written and what was said, of one measurement."""
    done = measure(corpus, "--out", corpus / "out.json")
    assert done.returncode == 0, done.stderr
    return json.loads((corpus / "out.json").read_text(encoding="utf-8")), done.stdout


def test_a_folder_is_measured(measured):
    """Pages without a declared charset, an asset under the page's own name, a mark by script, a label that differs."""
    out, said = measured
    figures = {name: one["rendered"] for name, one in out["fields"].items()}
    assert out["unrendered"] == []
    for name in ("SiteName", "ArticleTitle", "shown_date", "shown_date_iso", "mark site_code", "mark contact"):
        assert (figures[name]["precision"], figures[name]["recall"]) == (1, 1), name
    assert figures["mark icp"]["by_script"] == figures["mark sponsor"]["by_script"] == 1
    [rendered, sent] = [one for one in out["disagreements"] if one["field"] == "shown_source"]
    assert (rendered["field"], rendered["expected"], rendered["got"]) == ("shown_source", "云山日报", "云山网")
    assert (rendered["version"], sent["version"]) == ("rendered", "sent")
    assert "labelled '云山日报', got '云山网'" in said


def test_lists_and_menus_are_measured_value_by_value(measured):
    """A cut title agrees with the whole one; a wrong day is missed and found wrongly; a column that is not found is missed."""
    out, _ = measured
    figures = {name: one["sent"] for name, one in out["fields"].items()}
    share = {name: (figures[name]["labelled"], figures[name]["found"], figures[name]["right"]) for name in figures}
    assert share["main list"] == (2, 2, 2)
    assert share["list items"] == (3, 4, 3)
    assert share["list dates"] == (2, 3, 1)
    assert share["newest date"] == (2, 2, 2)
    assert share["column links"] == (2, 1, 1)
    named = [(one["field"], one["expected"], one["got"]) for one in out["disagreements"] if one["version"] == "sent"]
    assert ("list dates", "www.heshan.gov.cn/xw/tzgg/t20240102_2.html 2024-01-01", None) in named
    assert ("column links", "互动交流 www.lishan.gov.cn/hdjl", None) in named


@pytest.mark.parametrize("labels, says", [
    (None, "labels.jsonl"), ('{"file": "a.html"}', "line 1"), ("{", "line 1"),
    ('{"file": "a.html", "host": "x", "kind": "home"}', "no such page a.html"),
], ids=["no labels", "no host", "no JSON", "no page"])
def test_a_wrong_folder_is_named(tmp_path, labels, says):
    if labels is not None:
        (tmp_path / "labels.jsonl").write_text(labels, encoding="utf-8")
    done = measure(tmp_path)
    assert done.returncode == 2 and says in done.stderr and "Traceback" not in done.stderr
