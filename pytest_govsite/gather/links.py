"""Tries every link of the home page: HEAD, then GET, then again, before anything is called dead."""
import asyncio
import dataclasses
import random
from urllib.parse import urlsplit

from pytest_govsite.gather.http import Response
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.softness import Softness, probe
from pytest_govsite.model.evidence import Link, Links
from pytest_govsite.model.finding import normalised
from pytest_govsite.model.missing import RETRYABLE, WORDS, Blame, Missing, Reason
from pytest_govsite.reading.links import Anchor, read_links
from pytest_govsite.reading.walls import is_refusal, is_wall

TRIED_FORMS = frozenset({"link", "image", "attachment", "frame"})
MOST = 800  # of one page: beyond that the rest is said to be untried
AT_ONCE = 24  # over all hosts; the fetcher keeps each host to a few
PICTURES = 20  # of dead links: more convince nobody
PAUSE_SECONDS = 1.5  # before the second look: a passing fault is not the site's guilt

# a host that is not the site's own may be out of our reach only: these faults are firm wherever one stands
FIRM_ABROAD = frozenset({Reason.NO_NAME})
FIRM_AT_HOME = FIRM_ABROAD | {Reason.REFUSED, Reason.TIMEOUT, Reason.RESET, Reason.REDIRECT_LOOP, Reason.UNREACHABLE}


async def gather(session: Session) -> Links | Missing:
    """Every distinct address of the home page with what became of it."""
    home = await session.evidence("home")
    if isinstance(home, Missing):
        return home
    page = home.page.final_url
    anchors = distinct(read_links(session.home.dom, page), page)
    softness = await _softness(session, anchors, page)
    slots = asyncio.Semaphore(AT_ONCE)
    tried = await asyncio.gather(*(_try(session, anchor, page, softness, slots) for anchor in anchors[:MOST]))
    untried = [_link(anchor, page, "unknown", f"超出每页 {MOST} 个链接的上限，未试") for anchor in anchors[MOST:]]
    links = await _photographed(session, await _spared(session, (*tried, *untried)))
    return Links(tuple(sorted(links, key=lambda link: normalised(link.url))))


async def _softness(session: Session, anchors: list[Anchor], page: str) -> dict[str, Softness]:
    front = await session.fetcher.fetch(page)
    if isinstance(front, Missing):
        return {}
    return {origin: await probe(session.fetcher, origin, session.seed, front) for origin in _own_origins(anchors, page)}


def distinct(anchors: list[Anchor], page: str) -> list[Anchor]:
    """Each address once, the first that has a text; the page itself left out."""
    by_key: dict[str, Anchor] = {}
    for anchor in anchors:
        key = normalised(anchor.url)
        if anchor.form in TRIED_FORMS and (key not in by_key or not by_key[key].text):
            by_key[key] = anchor
    by_key.pop(normalised(page), None)
    return list(by_key.values())


async def _try(session: Session, anchor: Anchor, page: str, softness: dict[str, Softness], slots) -> Link:
    own = urlsplit(anchor.url).hostname == urlsplit(page).hostname
    soft = softness.get(_origin(anchor.url)) if anchor.form in ("link", "attachment", "frame") else None
    async with slots:
        answer = await _ask(session, anchor.url, whole=bool(soft and soft.hides_errors))
    state, why = judge_answer(answer, own and _still_at(answer, anchor.url), soft)
    if state == "dead":
        await asyncio.sleep(PAUSE_SECONDS * (0.5 + random.random()))  # spacing is the point, there is no event
        async with slots:
            answer = await session.fetcher.fetch(anchor.url)
        state, why = judge_answer(answer, own and _still_at(answer, anchor.url), soft)
    return _link(anchor, page, state, why)


def _still_at(answer: Response | Missing, url: str) -> bool:
    """The answer is of the host that was asked, not of one that it redirects to."""
    reached = answer.url if isinstance(answer, Missing) else answer.final_url
    return urlsplit(reached or url).hostname == urlsplit(url).hostname


async def _ask(session: Session, url: str, whole: bool) -> Response | Missing:
    """HEAD first; GET where HEAD is refused, fails, or where the page itself must be read."""
    if not whole:
        answer = await session.fetcher.fetch(url, method="HEAD")
        if isinstance(answer, Response) and answer.status < 400:
            return answer
        if isinstance(answer, Missing) and answer.reason not in RETRYABLE:
            return answer
    return await session.fetcher.fetch(url)


def judge_answer(answer: Response | Missing, own: bool, soft: Softness | None) -> tuple[str, str]:
    """(state, why) of one answer. `own`: the host is the inspected site's; `soft`: how its host hides errors.

    401, 403, 412, 521 and challenges: the page exists, we may not read it. 5xx and network faults of other hosts may be
    between us and them; other 4xx are what walls answer to what they take for a robot: both stay unknown.
    """
    if isinstance(answer, Missing):
        return _judge_missing(answer, own)
    if is_wall(answer.status, answer.headers, answer.text) or is_refusal(answer.status):
        return "wall", f"HTTP {answer.status}"
    if answer.status in (404, 410):
        return "dead", f"HTTP {answer.status}"
    if answer.status >= 400:
        return ("dead" if own and answer.status in (500, 502, 504) else "unknown"), f"HTTP {answer.status}"
    if soft and soft.is_soft_error(answer):
        return "dead", "软404：返回的是“页面不存在”，状态码却是 200"
    return "ok", ""


def _judge_missing(missing: Missing, own: bool) -> tuple[str, str]:
    if missing.blame is Blame.WALL:
        return "wall", missing.says
    firm = missing.reason in (FIRM_AT_HOME if own else FIRM_ABROAD)
    return ("dead" if firm and missing.blame is Blame.SITE else "unknown"), missing.says


async def _spared(session: Session, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Where even well-known hosts are out of reach, links to hosts of others are not what is broken."""
    home = urlsplit(session.home.final_url).hostname
    spared = {
        link.url for link in links
        if link.state == "dead" and (urlsplit(link.url).hostname != home or link.why.startswith(WORDS[Reason.NO_NAME]))
    }
    if not spared or await session.sees_world():
        return links
    return tuple(
        dataclasses.replace(link, state="unknown", why="外部网站从本机都打不开") if link.url in spared else link for link in links
    )


async def _photographed(session: Session, links: tuple[Link, ...]) -> list[Link]:
    pictured = []
    for link in links:
        dead = link.state == "dead" and session.home_tab and sum(bool(done.shot) for done in pictured) < PICTURES
        shot = await session.album.take(session.home_tab, f"link:{link.url}", link.page) if dead else None
        pictured.append(dataclasses.replace(link, shot=shot))
    return pictured


def _link(anchor: Anchor, page: str, state: str, why: str) -> Link:
    return Link(url=anchor.url, page=page, text=anchor.text[:80], form=anchor.form, depth=1, state=state, why=why)


def _own_origins(anchors: list[Anchor], page: str) -> list[str]:
    host = urlsplit(page).hostname
    return sorted({_origin(anchor.url) for anchor in anchors if urlsplit(anchor.url).hostname == host})


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
