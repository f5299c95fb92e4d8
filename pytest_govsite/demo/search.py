"""The site's own search: exact titles first, then words, then similar titles; results in classes, services above them."""
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import unquote

from markupsafe import Markup, escape

from pytest_govsite.demo import below
from pytest_govsite.demo.county import County
from pytest_govsite.demo.pages import render
from pytest_govsite.demo.resource import JSON, NO_CHARSET, Resource

HOST = "so.demo.gov.cn"  # another name for the same search, where the box leads to another host

TABS = ("全部", "新闻资讯", "政策文件", "办事服务", "互动交流", "通知公告", "数据发布")
HOT_WORDS = ("公积金", "社保卡", "营业执照", "不动产登记")
PER_PAGE = 15
LONGEST = 24  # characters of a title that are shown
SIMILAR = 0.45
_TAB_OF = {
    "政策文件": "政策文件",
    "政策解读": "政策文件",
    "通知公告": "通知公告",
    "公示信息": "通知公告",
    "人事信息": "通知公告",
    "财政信息": "通知公告",
    "招考录用": "通知公告",
    "规范性文件": "政策文件",
    "意见征集": "互动交流",
    "结果反馈": "互动交流",
    "数据发布": "数据发布",
    "网站工作年度报表": "通知公告",
}


@dataclass(frozen=True)
class Hit:
    """One entry of the index."""

    tab: str
    title: str
    url: str
    text: str
    day: str
    marked: Markup = Markup()


def pages(county: County) -> Iterator[tuple[str, Resource]]:
    """Everything below /search/, by path."""
    index, arrives = index_of(county), county.content.engine.results

    def page(template: str):
        return lambda query: render(template, county=county, arrives=arrives, **answer(county, index, query))

    def data(query: Mapping[str, str]) -> str:
        return json.dumps({"status": "0000", "result": page("search/results.html")(query)}, ensure_ascii=False)

    yield "/search/s", Resource("search", page("hanweb/search.html"), NO_CHARSET)
    yield "/search/inner.html", Resource("search/part", page("search/inner.html"))
    yield "/search/info", Resource("search/part", data, JSON)
    yield "/search/box.html", Resource("search/box", render("search/framed_box.html", host=HOST))
    yield "/search/link.do", Resource("search/link", status=302, location=lambda query: _target(county, query))


def _target(county: County, query: Mapping[str, str]) -> str:
    """Where a result leads: to this site or to the one below, to nobody else's."""
    url = query.get("url", "")
    return url if url.startswith((f"{county.base}/", below.URL)) else f"{county.base}/"


def index_of(county: County) -> tuple[Hit, ...]:
    """Everything that can be found."""
    engine, base = county.content.engine, county.base
    until = county.as_of - timedelta(days=engine.age)
    news = [
        Hit(_TAB_OF.get(a.column.name, "新闻资讯"), a.title, base + a.path, a.body[1], str(a.in_list))
        for a in county.articles if a.day <= until or not engine.age
    ]
    letters = [Hit("互动交流", row["title"], base + row["path"], row["asks"], str(row["asked"])) for row in county.letters]
    services = [Hit("办事服务", g["name"], base + g["path"], g["conditions"], str(county.as_of)) for g in county.guides]
    lower = [Hit("通知公告", one.title, one.url, f"来源：{below.NAME}", str(one.day)) for one in below.items(county.as_of)]
    known = {"news": [*news, *letters], "services": services, "below": lower}
    return tuple(hit for kind, hits in known.items() if kind in engine.indexes for hit in hits)


def answer(county: County, index: tuple[Hit, ...], query: Mapping[str, str]) -> dict:
    """What the result page shows for a query."""
    word = unquote(query.get("searchWord", "")).strip()[:60]
    chosen = query.get("column") if query.get("column") in TABS else TABS[0]
    ranked = _ranked(index, word, county.content.engine.fuzzy) if _plain(word) else []
    hits = [hit for hit in ranked if chosen in (TABS[0], hit.tab)]
    return {
        "title": "搜索结果",
        "trail": [("站内搜索", "/search/s")],
        "word": word,
        "tabs": TABS,
        "classes": county.content.engine.classes,
        "chosen": chosen,
        "total": len(hits),
        "hits": [_marked(hit, word) for hit in hits[:PER_PAGE]],
        "card": _card(county, word),
        "hot_words": HOT_WORDS,
        "latest": county.items("政务要闻", 3),
    }


def _card(county: County, word: str) -> dict | None:
    """The service that a word asks for."""
    offers = word and county.content.engine.cards and "services" in county.content.engine.indexes
    return next((guide for guide in county.guides if _plain(word) in _plain(guide["name"])), None) if offers else None


def _ranked(index: tuple[Hit, ...], word: str, fuzzy: bool) -> list[Hit]:
    scored = [(_score(hit, _plain(word), fuzzy), hit) for hit in index]
    return [hit for score, hit in sorted(scored, key=lambda pair: -pair[0]) if score > 0]


def _score(hit: Hit, word: str, fuzzy: bool) -> float:
    title = _plain(hit.title)
    if word == title:
        return 4
    if not fuzzy:
        return 0
    if word in title:
        return 3
    if word in _plain(hit.text):
        return 2
    alike = _similarity(word, title)
    return alike if alike >= SIMILAR else 0


def _similarity(word: str, title: str) -> float:
    pairs = {word[at:at + 2] for at in range(len(word) - 1)}
    return len([pair for pair in pairs if pair in title]) / len(pairs) if pairs else 0.0


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _marked(hit: Hit, word: str) -> Hit:
    title = hit.title if len(hit.title) <= LONGEST else f"{hit.title[:LONGEST]}…"
    parts = re.split(f"({re.escape(word)})", title)
    if len(parts) == 1:
        parts = re.split(f"({'|'.join(map(re.escape, dict.fromkeys(word)))})", title)
    marked = Markup("").join(
        Markup(f"<em>{escape(part)}</em>") if at % 2 else escape(part) for at, part in enumerate(parts)
    )
    return replace(hit, marked=marked)
