"""The leaders' column, all its pages, and the own pages of those of whom it does not say enough."""
import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pytest_govsite.gather.allowance import Allowance
from pytest_govsite.gather.opening import Opened, open_page
from pytest_govsite.gather.scope import Scope, key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.columns import Column, Columns
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.publications import Leader, Leaders
from pytest_govsite.model.site import DEPARTMENTS, Site
from pytest_govsite.reading.leaders import Entry, Roster, merged, read_leaders
from pytest_govsite.reading.links import ATTACHMENT
from pytest_govsite.reading.profiles import Profile, Words, read_profile, read_words_about

CATEGORY = "领导信息"
OTHERS = re.compile(r"历任|历届|往届|前任|乡镇|镇街|街道|科室|股室|直属|下属|村[级社委两干]")  # whose lives nobody has to publish
DEPARTMENT = re.compile(r"部门")
PAGES = 24  # of the column: groups, posts, papers on the division of work
PEOPLE = 80
BROWSED = 24
AT_ONCE = 4
MORE = 2  # further pages of one person: tabs of their own


@dataclass
class _Visit:
    """What is known while the pages of one site are read. gap: the first page of the column that could not be."""

    session: Session
    scope: Scope
    allowance: Allowance = field(default_factory=lambda: Allowance(BROWSED))
    htmls: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    gap: Missing | None = None


async def gather(session: Session) -> Leaders | Missing:
    """Everybody whom the leaders' column names."""
    columns = await session.evidence("columns")
    if isinstance(columns, Missing):
        return columns
    if columns.closed:
        return Leaders("", closed=columns.closed)
    found = _columns(columns, session.site)
    own = [column for column in found if column.kind != "outside"]
    if not own:
        return Leaders("", doubt=_nowhere(columns, found))
    visit = _Visit(session, Scope.of(session.site, session.home.final_url))
    await _read_column(visit, [column.url for column in own])
    entries = merged(visit.entries)[:PEOPLE]
    slots = asyncio.Semaphore(AT_ONCE)
    people = await asyncio.gather(*(_complete(visit, entry, slots) for entry in entries))
    return Leaders(own[0].url, _certain(people, entries), visit.gap or (None if entries else columns.stopped))


def _columns(columns: Columns, site: Site) -> list[Column]:
    """The columns of the category, its parts, and what hangs under them without a category of its own; topmost first."""
    heads = [
        column for column in columns.columns
        if column.category == CATEGORY and not column.blank and (column.registered or _is_ours(column.name, site))
    ]
    places = [column.path for column in heads]
    below = [
        column for column in columns.columns if not column.category and column.kind in ("text", "list", "channel", "unknown")
        and any(column.path[:len(place)] == place for place in places) and _is_ours(column.name, site)
    ]
    return sorted({column.url: column for column in (*heads, *below)}.values(), key=lambda column: column.level)


def _is_ours(name: str, site: Site) -> bool:
    """A list of those who lead this body now."""
    return not OTHERS.search(name) and (site.kind in DEPARTMENTS or not DEPARTMENT.search(name))


def _nowhere(columns: Columns, found: list[Column]) -> Missing:
    if found:
        return Missing(Reason.UNCLEAR, "领导信息栏目在其他网站", found[0].url)
    return columns.stopped or Missing(Reason.UNCLEAR, "没有找到领导信息类栏目", "")


async def _read_column(visit: _Visit, urls: list[str]) -> None:
    """Page by page: one page may name further lists (县政府领导) and papers (领导分工)."""
    known = {key_of(url) for url in urls}
    waiting = list(urls)
    for _ in range(PAGES):
        if not waiting:
            return
        roster = await _read_page(visit, waiting.pop(0))
        own = {key_of(url) for entry in visit.entries for url in entry.pages}
        for name, url in roster.groups if roster else ():
            if visit.scope.owns(url) and _is_ours(name, visit.session.site) and key_of(url) not in known | own and not ATTACHMENT.search(url):
                known.add(key_of(url))
                waiting.append(url)


async def _read_page(visit: _Visit, url: str) -> Roster | None:
    page = await open_page(visit.session, url, lambda html, at: read_leaders(html, at).settled, visit.allowance)
    if isinstance(page, Missing):
        visit.gap = visit.gap or (None if _is_gone(page) else page)
        return None
    roster = read_leaders(page.html, page.final_url)
    if not roster.settled:
        visit.gap = visit.gap or _hindrance(page)
    visit.htmls.append(page.html)
    visit.entries += roster.entries
    visit.session.keep_dom(url, page.html)
    return roster


def _is_gone(page: Missing) -> bool:
    """Nothing is behind the address, for anybody; or a file, which lists nobody that could be judged."""
    return page.reason in (Reason.HTTP_ERROR, Reason.NOT_HTML)


def _hindrance(page: Opened) -> Missing | None:
    """Why the page may show a visitor more than it showed us."""
    if page.unsettled:
        return page.unsettled
    return Missing(Reason.HTTP_ERROR, f"页面所需的文件没有加载：{page.failed[0]}"[:200], page.url) if page.failed else None


async def _complete(visit: _Visit, entry: Entry, slots: asyncio.Semaphore) -> Leader:
    """The leader with what the other pages of the column and the own pages add, where the list does not say enough."""
    words, post, gap = entry.words, entry.post, None
    if not words:
        for html in visit.htmls:
            words |= read_words_about(html, entry.name)
    if not (words and post):
        async with slots:
            profile, gap = await _read_own(visit, entry)
        words, post = words | profile.words, post or profile.post
    lacking = not (words and post)
    return Leader(
        entry.name, post, words.resume, words.duty, entry.photo, next(iter(entry.pages), ""),
        (gap or visit.gap) if lacking else None,
    )


async def _read_own(visit: _Visit, entry: Entry) -> tuple[Profile, Missing | None]:
    """What the own pages say, and why they may say more to a visitor."""
    total, gap, waiting, seen = Profile(Words()), None, list(entry.pages), set()
    while waiting and not (total.words and total.post) and len(seen) < len(entry.pages) + MORE:
        url = waiting.pop(0)
        if key_of(url) in seen:
            continue
        seen.add(key_of(url))
        profile = await _read_profile(visit, url, entry.name)
        if isinstance(profile, Missing):
            gap = gap or profile
            continue
        total = replace(total, words=total.words | profile.words, post=total.post or profile.post)
        waiting += [more for more in profile.more if visit.scope.owns(more)][:MORE]
        if profile.silent:
            gap = gap or Missing(Reason.UNCLEAR, "个人页面以图片或附件介绍", url)
    if not entry.pages and entry.moving:
        gap = Missing(Reason.UNCLEAR, "点击姓名后由脚本显示", visit.session.site.url)
    return total, gap


async def _read_profile(visit: _Visit, url: str, name: str) -> Profile | Missing:
    if not visit.scope.owns(url):
        return Missing(Reason.UNCLEAR, "个人页面在其他网站", url)
    page = await open_page(visit.session, url, lambda html, at: bool(read_profile(html, at, name).words), visit.allowance)
    if isinstance(page, Missing):
        return Missing(Reason.UNCLEAR, "个人页面是文件", url) if page.reason is Reason.NOT_HTML else page
    profile = read_profile(page.html, page.final_url, name)
    visit.session.keep_dom(url, page.html)
    return profile if profile.words else _hindrance(page) or profile


def _doubted(people: Iterable[Leader]) -> list[Leader]:
    """Where the site seems to say nothing of anybody, it may say it in a way that we do not see."""
    people = list(people)
    if len(people) < 2 or any(leader.resume or leader.duty or leader.url for leader in people):
        return people
    unclear = Missing(Reason.UNCLEAR, "所有领导都只有姓名和职务，简历可能由脚本、图片或附件展示")
    return [replace(leader, unread=leader.unread or unclear) for leader in people]


def _certain(people: Iterable[Leader], entries: Iterable[Entry]) -> tuple[Leader, ...]:
    """Those who are leaders for certain; who stands in another form than all that are complete is left to a person."""
    pairs = list(zip(_doubted(people), entries, strict=True))
    known = {entry.form for leader, entry in pairs if leader.post or leader.resume or leader.duty}
    complete = [entry.form for leader, entry in pairs if leader.post and (leader.resume or leader.duty)]
    certain = []
    for leader, entry in pairs:
        told = leader.post or leader.resume or leader.duty
        if not told and entry.form not in known:
            continue
        faulty = not (leader.post and (leader.resume or leader.duty))
        if faulty and not leader.unread and len(complete) >= 2 and entry.form not in complete:
            leader = replace(leader, unread=Missing(Reason.UNCLEAR, "与其他领导的展示形式不同", leader.url))
        certain.append(leader)
    return tuple(certain)
