"""Personal data of citizens is masked in texts, pages, evidence and pictures; official contacts stay, and no judgement changes."""
import asyncio
import gzip
import tomllib
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import evidence
import pytest
import towns
from hypothesis import given
from hypothesis import strategies as st

from pytest_govsite import checking
from pytest_govsite.dossier import Archive, Dossier
from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.installed import find_webkit_gtk
from pytest_govsite.gather.masks import masked_tab
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.shots import Album
from pytest_govsite.gather.webkitgtk import GtkView, running
from pytest_govsite.model.evidence import KINDS, Home
from pytest_govsite.model.finding import Drawn, Finding, NotApplicable, Note, Undetermined, Unseen
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.masking import is_suspect, masked
from pytest_govsite.reading.masking_evidence import masked_evidence
from pytest_govsite.reading.masking_pages import masked_page

TEXTS = {
    # name: the text, masked
    "a mobile number": ("联系电话：13812345678，欢迎来电", "联系电话：138****5678，欢迎来电"),
    "in groups": ("138 1234 5678 或 138-1234-5678", "138****5678 或 138****5678"),
    "with its country": ("+86 13812345678、8613812345678", "+86 138****5678、86138****5678"),
    "two of them": ("13812345678/13987654321", "138****5678/139****4321"),
    "at the end of a sentence": ("请拨13812345678.", "请拨138****5678."),
    "in wide digits": ("电话１３８１２３４５６７８", "电话１３８****５６７８"),
    "to be called": ("tel:13812345678", "tel:138****5678"),
    "an identity number": ("证件 11010519491231002X 的", "证件 110105************ 的"),
    "an old identity number, labelled": ("身份证号码 130503670401001", "身份证号码 130503*********"),
    "a wrong identity number, labelled": ("身份证：511722199001011230", "身份证：511722************"),
    "who wrote": ("写信人：张三丰 写信时间：2026-11-01", "写信人：张** 写信时间：2026-11-01"),
    "glued to the next label": ("来信人：张三写信时间：2026", "来信人：张*写信时间：2026"),
    "a name of a minority": ("留言人：买买提·吐尔逊", "留言人：买**"),
    "a surname that is none": ("投诉人：阿依古丽", "投诉人：阿***"),
    "a double surname": ("咨询人姓名：欧阳锋，男", "咨询人姓名：欧**，男"),
    "a name on a letter": ("姓名：李四 来信内容：家住城东", "姓名：李* 来信内容：家住城东"),
    "spread": ("姓　名：李四　来信内容：家住城东", "姓　名：李*　来信内容：家住城东"),
    "addressed": ("来信内容 尊敬的张三丰先生：您好", "来信内容 尊敬的张**先生：您好"),
    "introduced": ("来信内容：我叫李四光，今年60岁", "来信内容：我叫李**，今年60岁"),
    "where somebody lives": ("家庭住址：四川省达州市宣汉县东乡镇解放路12号", "家庭住址：四川省达州市宣汉县****"),
    "a flat": ("住址：幸福小区3栋2单元", "住址：****"),
    "the address on a letter": ("来信内容 联系地址：宣汉县东乡镇1栋2单元", "来信内容 联系地址：宣汉县****"),
    "beside an address of the web": ("http://a.gov.cn/13812345678/x.html 电话13812345678", "http://a.gov.cn/13812345678/x.html 电话138****5678"),
}
STAYS = {
    "a landline": "联系电话：0818-5223300、12345、010-63096114",
    "a site code": "网站标识码：5117220001　蜀ICP备13812345号　川公网安备 51172202000101号",
    "numbers as long": "138123456789、1381234567、a13812345678、0.13812345678、12812345678",
    "an address of the web": "http://www.a.gov.cn/13812345678/11010519491231002X.html",
    "the name of a file": "/a/13812345678.html",
    "eighteen digits that are nobody's": "11010519491231002X".replace("X", "1"),
    "fifteen digits without label": "130503670401001",
    "a leader": "县长 张三丰　姓名：张三 职务：副县长",
    "a leader beside letters": "信件标题 姓名：张三　性别：男　职务：副县长",
    "a reporter": "来源：县融媒体中心　记者 张三　编辑：李四",
    "an office": "联系人：李四　联系地址：宣汉县解放中路1号",
    "nobody": "写信人：匿名　留言人：王先生　投诉人：网友",
    "a company": "投诉人：达州市某某商贸有限公司",
    "masked before": "写信人：张** 电话138****5678 住址：宣汉县****",
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_texts(text, expected):
    assert masked(text) == expected and masked(expected) == expected
    assert is_suspect(text), "what is not suspected is not looked at"


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_what_stays(text):
    assert masked(text) is text and masked(f"信件标题 {text}", letters=True).endswith(text[-4:])


@given(st.text(alphabet="写信人姓名：张三丰1389-x/:。 住址县", max_size=40))
def test_any_text_is_masked_once_for_all(text):
    assert masked(masked(text, True), True) == masked(text, True)


LETTER = "<table><tr><td>写信人</td><td>{name}</td><td>写信时间</td><td>2026-11-01</td></tr><tr><td>住址</td><td>{home}</td><td>电话</td><td><b>{phone}</b></td></tr></table>"
HEADED = "<table><tr><th>序号</th><th{span}>信件标题</th><th>写信人</th><th>状态</th></tr><tr><td>1</td><td{span}>路灯坏了</td><td>{name}</td><td>已办理</td></tr></table>"
LINED = "<p><b>标题</b> <b>留言人</b> <b>留言时间</b></p><ul><li><a>修路</a><i>{name}</i><i>2026-11-03</i></li><li><a>种树<em>新</em></a><i>{other}</i><i>2026-11-02</i></li></ul>"
RAW = {"name": "张三丰", "other": "李四", "home": "宣汉县东乡镇1号", "phone": "13812345678", "span": " colspan='2'", "paper": "130503670401001"}
SAFE = RAW | {"name": "张**", "other": "李*", "home": "宣汉县****", "phone": "138****5678", "paper": "130503*********"}
PAGES = {
    # name: what is written with the particulars in place
    "a letter in cells": LETTER,
    "a list under headings": HEADED,
    "a table after another": HEADED + "<table><tr><td>咨询人</td><td>{other}</td><td>联系电话</td><td>0818-5223300</td></tr></table>",
    "a table in a table": "<table><tr><td>信件</td><td>" + HEADED + "</td></tr><tr><td>回复</td><td>{phone}</td></tr></table>",
    "no table": LINED,
    "a label and its value in elements": "<p><span>写信人：</span> <span>{name}</span></p><p>投诉人：<b>{other}</b></p>",
    "blanks as entities": "<p>写信人：&nbsp;</p><p>&emsp;{name}</p>",
    "a letter's papers": "<table><tr><td>信件编号</td><td>1</td><td>姓&nbsp;名</td><td>{name}</td><td>身份证</td><td>{paper}</td></tr></table>",
    "fields of a form": "信件编号 <label>姓名</label><input name='n' value=\"{name}\"><textarea>{phone}</textarea>",
    "attributes": "<a href='tel:{phone}' title='{phone}' data-x=\"{phone}\">拨打</a><a href='/13812345678.html'>详情</a>",
    "scripts and comments": "<script>var mine = {{p: '{phone}'}}; if (a<b) x()</script><!-- {phone} --><style>.a{{}}</style>",
    "broken markup": "a < b <b <td>{phone}<td <i>{phone}",
}


@pytest.mark.parametrize("written", PAGES.values(), ids=PAGES)
def test_pages(written):
    fresh = masked_page(written.format(**RAW))
    assert fresh.replace("\u2003", "&emsp;") == written.format(**SAFE) and masked_page(fresh) == fresh


QUIET = {
    "a leader's page": "<table><tr><td>姓名</td><td>张三</td></tr><tr><td>职务</td><td>县长</td></tr></table><a>县长信箱</a>",
    "a leader beside letters": "<p>信件标题</p><table><tr><td>姓名</td><td>张三</td></tr><tr><td>职务</td><td>县长</td></tr></table>",
    "an office": "<table><tr><td>联系人</td><td>张三</td></tr><tr><td>联系地址</td><td>解放路1号3楼302室</td></tr></table>",
    "headings alone": "<table><tr><th>信件编号</th><th>写信人</th><th>写信时间</th></tr></table>",
    "nothing written": "<form>写信人 <input name=a> 标题 <input name=b></form>",
}


@pytest.mark.parametrize("written", QUIET.values(), ids=QUIET)
def test_pages_that_stay(written):
    assert masked_page(written) == written


HOSTILE = {
    "quotes that never close": '<a title="',
    "comments that never end": "<!-- ",
    "scripts that never end": "<script>",
    "tags in tags": "<td <table ",
    "tables in tables": "<table><tr><td>",
    "labels": "写信人：",
    "headings": "<b>标题</b><b>留言人</b><b>留言时间</b>",
    "blanks": "身份证            ",
    "digits": "1381234567 138",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_takes_no_time(piece):
    fresh = masked_page(f"{piece * (200_000 // len(piece))}<p>电话 13812345678")
    assert fresh.endswith("<p>电话 138****5678")


@pytest.mark.parametrize("kind", KINDS)
def test_evidence_without_citizens_is_the_same(kind):
    value = evidence.build(kind, None)
    assert masked_evidence(value) is value


FREE = frozenset({"title", "text", "opening", "credit", "detail", "why", "summary", "resume", "duty", "hint", "words", "name", "says"})
PLANTED = "　写信人：张三丰 13812345678"


def planted(value, name=""):
    """The value with personal data in all its free texts."""
    if isinstance(value, str):
        return value + PLANTED if name in FREE and type(value) is str and value else value
    if isinstance(value, tuple):
        return tuple(planted(one, name) for one in value)
    if isinstance(value, dict):
        return {key: planted(one, name) for key, one in value.items()}
    if is_dataclass(value):
        return replace(value, **{each.name: planted(getattr(value, each.name), each.name) for each in fields(value)})
    return value


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))


CHECKS = checking.discover(checking.folder())
FILES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_judgement_changes(path):
    """Every case of every check, with a citizen in every text, is judged alike before and after masking."""
    check = CHECKS[path.stem.replace("_", "-")]
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        context = {name: evidence.build(name, case.get(name)) for name in (*check.context, *check.evidence)}
        values = {name: planted(context.pop(name)) for name in check.evidence if name != "week"}  # which holds no texts of pages
        safe = {name: masked_evidence(value) for name, value in values.items()}
        assert not [text for value in safe.values() for text in texts(value) if "张三丰" in text or "13812345678" in text]
        assert observed(check, safe | context, case) == observed(check, values | context, case), case["name"]


def observed(check, values, case) -> list:
    if missing := check.stopped_by(values):
        return ["undetermined", missing.blame]
    try:
        seen = check.function(**values, **evidence.thresholds(case.get("with", {})))
    except (Undetermined, NotApplicable) as stop:
        return [type(stop), getattr(stop, "blame", None)]
    return [told(one) for one in seen]


def told(one: Finding | Note | Unseen | Drawn) -> tuple:
    """What of an observation decides, and how it is known again next time; the thing itself masked, as it then would be."""
    if isinstance(one, Finding):
        return Finding, replace(one, what=masked(one.what), at=one.at, says="").key("a.1"), one.amount, one.class_
    return (Note, one.at) if isinstance(one, Note) else (one,) if isinstance(one, Drawn) else (Unseen, one.at, one.blame, one.class_)


def test_evidence_keeps_its_addresses():
    home = evidence.home({"url": "http://www.xuanhan.gov.cn/13812345678/"})
    changed = masked_evidence(replace(home, closed="请致电13812345678", redirects=("http://a/13812345678",)))
    assert changed == replace(home, closed="请致电138****5678", redirects=("http://a/13812345678",))


def test_what_an_earlier_version_stored_is_masked_when_it_is_judged(tmp_path):
    Dossier(tmp_path).store("xuanhan", "home", Missing(Reason.TIMEOUT, "13812345678"))
    site = evidence.site()
    assert Archive(tmp_path).want(site, "home").result(0) == Missing(Reason.TIMEOUT, "138****5678")


def test_what_leaves_the_collector_is_masked(inspect):
    """Title of the home page, its document, its pictures' names: one border for all."""
    page = towns.page(f"<p>咨询热线</p>{LETTER.format(**RAW)}", title="县政府 13812345678")
    home, _ = inspect({"/": page}, "home", {"id": "letters"})
    assert isinstance(home, Home) and home.page.title == "县政府 138****5678"
    kept = [gzip.decompress(path.read_bytes()).decode() for path in (inspect.folder / "sites" / "letters" / "dom").iterdir()]
    assert len(kept) == 1 and "138****5678" in kept[0] and "张**" in kept[0]
    assert not [word for word in ("张三丰", "13812345678", "东乡镇") if word in kept[0]]


SHOWN = """<!doctype html><meta charset="utf-8"><style>*{{font:16px monospace;border:0}}</style>{letter}{lined}
<input value="{phone}"><textarea>{phone}</textarea><x-card></x-card><iframe srcdoc="<p>投诉人：<b>{name}</b> {phone}</p>"></iframe>
<iframe id="far" src="http://far.test/"></iframe>
<script>customElements.define("x-card", class extends HTMLElement {{ connectedCallback() {{
  this.attachShadow({{mode: "open"}}).innerHTML = "<p>投诉人：{name} {phone}</p>" }} }})</script>"""
FAR = "<!doctype html><meta charset='utf-8'><p>留言人：{name}，{phone}</p>"
PERSONAL = ("张三丰", "李四", "13812345678", "东乡镇")
READ = """() => [document.documentElement.innerText, ...[...document.querySelectorAll("input,textarea")].map((one) => one.value),
  document.querySelector("x-card")?.shadowRoot.textContent].join(" ")"""


def shown(particulars: dict) -> dict[str, str]:
    """The two documents of a page that shows them in every way."""
    written = {"letter": LETTER.format(**particulars), "lined": LINED.format(**particulars)}
    return {"http://near.test/": SHOWN.format(**particulars, **written), "http://far.test/": FAR.format(**particulars)}


async def opened(context, pages):
    tab = await context.new_page()
    await tab.route("**/*", lambda route: route.fulfill(body=pages.get(route.request.url, ""), content_type="text/html"))
    await tab.goto("http://near.test/")
    return tab


async def seen(tab) -> str:
    return " ".join([await frame.evaluate(READ) for frame in tab.frames])


def in_chromium(look, tmp_path):
    async def run():
        browsers = Browsers()
        try:
            async with browsers.context("chromium", "socks5://127.0.0.1:9", Settings(as_of=towns.AS_OF)) as context:
                return await look(context, Album(tmp_path, "site"))
        finally:
            await browsers.close()

    return asyncio.run(run())


def test_pictures_show_nothing_personal(tmp_path):
    """The picture is the very one of a page that was written without; frames, shadows and fields too. The page itself is as before."""
    async def look(context, album):
        raw, safe = await opened(context, shown(RAW)), await opened(context, shown(SAFE))
        before = await seen(raw)
        async with masked_tab(raw):
            meanwhile = await seen(raw)
        paths = [await album.take(tab, "page", name) for tab, name in ((raw, "raw"), (safe, "safe"))]
        return before, meanwhile, await seen(raw), [(tmp_path / path).read_bytes() for path in paths]

    before, meanwhile, after, pictures = in_chromium(look, tmp_path)
    assert all(word in before for word in PERSONAL) and not [word for word in PERSONAL if word in meanwhile]
    assert after == before and pictures[0] == pictures[1]


def test_webkit_shows_nothing_personal(tmp_path):
    programs = find_webkit_gtk()
    if programs is None:
        pytest.skip("no WebKitGTK with its driver on this machine")
    pictures = []
    with running(programs, "socks5://127.0.0.1:9", trust_all=False, deadline=30) as browser:
        for name, particulars in (("raw", RAW), ("safe", SAFE)):
            folder = tmp_path / name
            folder.mkdir()
            near, far = shown(particulars).values()
            (folder / "far.html").write_text(far, encoding="utf-8")
            (folder / "near.html").write_text(near.replace("http://far.test/", "far.html"), encoding="utf-8")
            view = browser.look((folder / "near.html").as_uri(), folder / "shot.png")
            assert isinstance(view, GtkView), view
            pictures.append((folder / "shot.png").read_bytes())
    assert pictures[0] == pictures[1]
