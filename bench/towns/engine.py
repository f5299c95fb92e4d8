"""What a site's search finds: the truth about its results, for the pages and for the judgement alike."""
import re
from dataclasses import dataclass

from towns import addresses
from towns.plan import Story, Town

PAGE = 10  # results a page
LOWER = ("秋季学期中小学作息时间调整通知", "全县教师公开招聘面试成绩公示", "乡镇寄宿制学校食堂检查情况通报", "幼儿园普惠性认定结果公布", "青少年科技创新大赛获奖名单",
         "农村义务教育营养餐供应商遴选公告")


@dataclass(frozen=True)
class Entry:
    """One thing that may be found. day is text, empty for guides."""

    title: str
    url: str
    day: str
    kind: str


def lower_story(town: Town, number: int) -> tuple[str, str, str]:
    """(title, path, day) of an article of the lower site."""
    day = f"2026-{9 - number:02d}-1{number}"
    return f"{town.place}{LOWER[number]}", f"/jyxx/{day[:7].replace('-', '')}/t{day.replace('-', '')}_{number + 400}.html", day


def index(town: Town) -> list[Entry]:
    """All that the search knows, newest first, guides last."""
    if town.search.dead == "empty-index":
        return []
    own = [_entry(town, story) for story in town.stories if story.indexed]
    lower = [
        Entry(title, f"http://{town.lower}{path}", day, "新闻资讯")
        for title, path, day in (lower_story(town, n) for n in range(len(LOWER))) if town.search.below
    ]
    return sorted((*own, *lower), key=lambda entry: entry.day, reverse=True)


def _entry(town: Town, story: Story) -> Entry:
    return Entry(story.title, addresses.absolute(town, addresses.article(town, story)), str(story.day or ""), story.kind)


def found(town: Town, query: str, kind: str = "") -> list[Entry]:
    """The results in order; `kind` keeps one class."""
    known = [entry for entry in index(town) if kind in ("", entry.kind)]
    wanted = bare(query)
    if not wanted:
        return []
    if town.search.mode == "everything":
        return known
    if town.search.mode == "equal":
        return [entry for entry in known if bare(entry.title) == wanted]
    if town.search.mode == "phrase":
        return [entry for entry in known if wanted in bare(entry.title)]
    least = 0.08 if town.search.poor == "buried" else 0.55
    scored = [(_score(wanted, entry.title), entry) for entry in known]
    close = [(score, entry) for score, entry in scored if score >= least]
    if town.search.poor != "buried":
        close.sort(key=lambda pair: -pair[0])
    return [entry for _, entry in close]


def is_findable(town: Town, title: str, url: str) -> bool:
    """The page stands on the first page of results for its title, or is the service that is offered above them."""
    return bool(card(town, title) == title and found(town, title)) or any(entry.url == url for entry in found(town, title)[:PAGE])


def card(town: Town, query: str) -> str:
    """The service that is offered at the head of the results, empty when none is."""
    if not town.search.card or len(query) > 20:
        return ""
    guides = [story for story in town.stories if story.kind == "办事服务" and story.indexed]
    return next((story.title for story in guides if bare(query) and bare(query) in bare(story.title)), "")


def bare(text: str) -> str:
    """Without punctuation and blanks."""
    return re.sub(r"[\W_]+", "", text).lower()


def _score(wanted: str, title: str) -> float:
    pairs, theirs = _pairs(wanted), _pairs(bare(title))
    return len(pairs & theirs) / len(pairs) if pairs else float(wanted in title)


def _pairs(text: str) -> set[str]:
    return {text[at:at + 2] for at in range(len(text) - 1)}
