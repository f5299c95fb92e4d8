"""The site over IPv4 alone and over IPv6 alone: the home page again and again, then links inside the site."""
import asyncio
import time

from pytest_govsite.gather.http import Response
from pytest_govsite.gather.reaches import gather_reaches
from pytest_govsite.gather.session import Session
from pytest_govsite.model.evidence import Addresses, Families, Visit
from pytest_govsite.model.missing import NETWORK_FAULTS, Blame, Missing, Reason
from pytest_govsite.reading.text import fingerprint, title_of, visible_text
from pytest_govsite.reading.walls import similar

TRIES = 5
LEAST = 3  # tries that are made however long they take
LONGEST_SECONDS = 40.0  # no further try begins after that
PAUSE_SECONDS = 2.0  # between two tries: a passing fault is not the site's guilt
AFRESH = {"Connection": "close"}  # a kept connection would tell nothing of the next try

Tried = Response | Missing


async def gather(session: Session) -> Families | Missing:
    """Spaced visits over both families, Host and SNI always the site's name; then how far the site itself is reached."""
    await session.evidence("home")  # the browser says whether the certificate can be believed
    pairs = await _tries(session)
    ipv4, *again = [_visit(four) for four, _ in pairs]
    ipv6 = tuple([await _weighed(session, _visit(six)) for _, six in pairs])
    both = [(four, six) for four, six in pairs if _is_open(four) and _is_open(six)]
    alike = await asyncio.to_thread(_alike, *both[-1]) if both else None
    return Families(ipv4, ipv6, tuple(again), await gather_reaches(session) if both else (), alike)


async def _tries(session: Session) -> list[tuple[Tried, Tried]]:
    """One over each family, beside each other, TRIES times; once only where IPv6 cannot be had from the start."""
    until = time.monotonic() + LONGEST_SECONDS
    pairs = [await _pair(session)]
    if await _is_hopeless(session, pairs[0][1]):
        return pairs
    while len(pairs) < TRIES and (len(pairs) < LEAST or time.monotonic() < until):
        await asyncio.sleep(PAUSE_SECONDS)  # the spacing is the point: there is no event to wait for
        pairs.append(await _pair(session))
    return pairs


async def _pair(session: Session) -> tuple[Tried, Tried]:
    return tuple(await asyncio.gather(*(session.fetcher.fetch(session.site.url, family=family, headers=AFRESH) for family in (4, 6))))


async def _is_hopeless(session: Session, six: Tried) -> bool:
    """No way to IPv6 from here, or no address to try."""
    if not isinstance(six, Missing):
        return False
    addresses = await session.evidence("addresses")
    return six.blame is Blame.VANTAGE or (isinstance(addresses, Addresses) and not addresses.ipv6)


async def _weighed(session: Session, visit: Visit | Missing) -> Visit | Missing:
    """Before IPv6 of a site is blamed: does anything answer us over IPv6?"""
    if not isinstance(visit, Missing) or visit.reason not in NETWORK_FAULTS or session.way.is_named(session.site.url):
        return visit
    if await session.control.network_works(session.way, family=6):
        return visit
    return Missing(Reason.NO_IPV6_ROUTE, f"{visit.says}；对照站点用 IPv6 也打不开", visit.url)


def _visit(answer: Tried) -> Visit | Missing:
    if isinstance(answer, Missing):
        return answer
    return Visit(
        url=answer.url, final_url=answer.final_url, status=answer.status, title=title_of(answer.text), address=answer.address,
        bytes=len(answer.body), fingerprint=fingerprint(answer.text), seconds=dict(answer.seconds),
    )


def _is_open(answer: Tried) -> bool:
    return isinstance(answer, Response) and answer.status < 400


def _alike(four: Response, six: Response) -> float:
    return round(similar(visible_text(four.text), visible_text(six.text)), 2)
