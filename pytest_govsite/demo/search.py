"""The site's own search: exact titles first, then words, then similar titles; results in classes."""
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from pytest_govsite.demo.county import County

TABS = ("全部", "新闻资讯", "政策文件", "办事服务", "互动交流", "通知公告", "数据发布")
PER_PAGE = 15
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
    path: str
    text: str
    day: str
    marked: Markup = Markup()


def index_of(county: County) -> tuple[Hit, ...]:
    """Everything that can be found."""
    articles = [
        Hit(_TAB_OF.get(a.column.name, "新闻资讯"), a.title, a.path, a.body[1], str(a.in_list)) for a in county.articles
    ]
    guides = [Hit("办事服务", g["name"], g["path"], g["conditions"], str(county.as_of)) for g in county.guides]
    letters = [Hit("互动交流", row["title"], row["path"], row["asks"], str(row["asked"])) for row in county.letters]
    return (*articles, *guides, *letters)


def answer(county: County, index: tuple[Hit, ...], query: Mapping[str, str]) -> dict:
    """What the result page shows for a query."""
    word = query.get("searchWord", "").strip()[:60]
    chosen = query.get("column") if query.get("column") in TABS else TABS[0]
    hits = [hit for hit in _ranked(index, word) if chosen in (TABS[0], hit.tab)] if word else []
    guide = next((guide for guide in county.guides if word and _plain(word) in _plain(guide["name"])), None)
    return {
        "title": "搜索结果",
        "trail": [("站内搜索", "/search/s")],
        "word": word,
        "tabs": TABS,
        "chosen": chosen,
        "total": len(hits),
        "hits": [_marked(hit, word) for hit in hits[:PER_PAGE]],
        "card": guide,
    }


def _ranked(index: tuple[Hit, ...], word: str) -> list[Hit]:
    scored = [(_score(hit, _plain(word)), hit) for hit in index]
    return [hit for score, hit in sorted(scored, key=lambda pair: -pair[0]) if score > 0]


def _score(hit: Hit, word: str) -> float:
    title = _plain(hit.title)
    if word == title:
        return 4
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
    parts = re.split(f"({re.escape(word)})", hit.title)
    if len(parts) == 1:
        parts = re.split(f"({'|'.join(map(re.escape, dict.fromkeys(word)))})", hit.title)
    marked = Markup("").join(
        Markup(f"<em>{escape(part)}</em>") if at % 2 else escape(part) for at, part in enumerate(parts)
    )
    return replace(hit, marked=marked)
