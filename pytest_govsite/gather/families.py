"""The home page over IPv4 alone and over IPv6 alone."""
import asyncio

from pytest_govsite.gather.http import Response
from pytest_govsite.gather.session import Session
from pytest_govsite.model.evidence import Families, Visit
from pytest_govsite.model.missing import NETWORK_FAULTS, RETRYABLE, Missing, Reason
from pytest_govsite.reading.text import fingerprint, title_of

TRIES = 3
PAUSE_SECONDS = 2.0  # between two tries over IPv6: a passing fault is not the site's guilt


async def gather(session: Session) -> Families | Missing:
    """One visit over IPv4, up to three spaced ones over IPv6, Host and SNI always the site's name."""
    await session.evidence("home")  # the browser says whether the certificate can be believed
    ipv4, ipv6 = await asyncio.gather(_visit(session, 4), _tries(session))
    return Families(ipv4, tuple([await _weighed(session, visit) for visit in ipv6]))


async def _weighed(session: Session, visit: Visit | Missing) -> Visit | Missing:
    """Before IPv6 of a site is blamed: does anything answer us over IPv6?"""
    if not isinstance(visit, Missing) or visit.reason not in NETWORK_FAULTS or session.way.is_named(session.site.url):
        return visit
    if await session.control.network_works(session.way, family=6):
        return visit
    return Missing(Reason.NO_IPV6_ROUTE, f"{visit.says}；对照站点用 IPv6 也打不开", visit.url)


async def _tries(session: Session) -> tuple[Visit | Missing, ...]:
    tries = [await _visit(session, 6)]
    while len(tries) < TRIES and _worth_another(tries[-1]):
        await asyncio.sleep(PAUSE_SECONDS)  # the spacing is the point: there is no event to wait for
        tries.append(await _visit(session, 6))
    return tuple(tries)


def _worth_another(visit: Visit | Missing) -> bool:
    return visit.reason in RETRYABLE if isinstance(visit, Missing) else visit.status >= 500


async def _visit(session: Session, family: int) -> Visit | Missing:
    answer = await session.fetcher.fetch(session.site.url, family=family)
    return answer if isinstance(answer, Missing) else _read(answer)


def _read(answer: Response) -> Visit:
    return Visit(
        url=answer.url, final_url=answer.final_url, status=answer.status, title=title_of(answer.text), address=answer.address,
        bytes=len(answer.body), fingerprint=fingerprint(answer.text), seconds=dict(answer.seconds),
    )
