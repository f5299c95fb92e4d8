"""What became of one address, and what an answer says of it."""
from dataclasses import dataclass

from pytest_govsite.gather.http import Response
from pytest_govsite.gather.softness import Softness
from pytest_govsite.model.evidence import LinkState
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.reading.addresses import host_of
from pytest_govsite.reading.strays import is_astray
from pytest_govsite.reading.walls import is_refusal, is_wall

# a host that is not the site's own may be out of our reach only: these faults are firm wherever one stands
FIRM_ABROAD = frozenset({Reason.NO_NAME})
FIRM_AT_HOME = FIRM_ABROAD | {Reason.REFUSED, Reason.TIMEOUT, Reason.RESET, Reason.REDIRECT_LOOP, Reason.UNREACHABLE}
LONGEST_ADDRESS = 500  # a site may send visitors to an address without end
SOFT = "软404：返回的是“页面不存在”，状态码却是 200"


@dataclass(frozen=True)
class Tried:
    """What became of an address, as in model.evidence.Link.

    browser_may_pass  Chromium may get it: it completes certificate chains and keeps the cookies that detours want.
    """

    state: LinkState
    why: str = ""
    final_url: str = ""
    odd: str = ""
    confirmed: bool = False
    browser_may_pass: bool = False


def judge(answer: Response | Missing, url: str, own: bool, soft: Softness | None) -> Tried:
    """The verdict on one answer. `own`: the address lives on the inspected site."""
    state, why = judge_answer(answer, own and is_still_at(answer, url), soft)
    if isinstance(answer, Missing):
        return Tried(state, why, browser_may_pass=answer.reason in (Reason.TLS, Reason.REDIRECT_LOOP))
    led = answer.final_url[:LONGEST_ADDRESS] if answer.redirects else ""
    odd = f"打开后跳到了另一家网站的首页 {led[:120]}" if state == "ok" and is_astray(url, led) else ""
    return Tried(state, why, led, odd)


def judge_answer(answer: Response | Missing, own: bool, soft: Softness | None) -> tuple[LinkState, str]:
    """(state, why) of one answer. `own`: the host is the inspected site's; `soft`: how its host hides errors.

    401, 403, 412, 521 and challenges: the page exists, we may not read it. 5xx and network faults of other hosts may be
    between us and them; other 4xx are what walls answer to what they take for a robot: both stay unknown.
    """
    if isinstance(answer, Missing):
        return _judge_missing(answer, own)
    if is_wall(answer.status, answer.headers, answer.text if answer.is_html else "") or is_refusal(answer.status):
        return "wall", f"HTTP {answer.status}"
    if answer.status in (404, 410):
        return "dead", f"HTTP {answer.status}"
    if answer.status >= 400:
        return ("dead" if own and answer.status in (500, 502, 504) else "unknown"), f"HTTP {answer.status}"
    if soft and soft.is_soft_error(answer):
        return "dead", SOFT
    return "ok", ""


def _judge_missing(missing: Missing, own: bool) -> tuple[LinkState, str]:
    if missing.blame is Blame.WALL:
        return "wall", missing.says
    firm = missing.reason in (FIRM_AT_HOME if own else FIRM_ABROAD)
    return ("dead" if firm and missing.blame is Blame.SITE else "unknown"), missing.says


def is_still_at(answer: Response | Missing, url: str) -> bool:
    """The answer is of the host that was asked, not of one that it redirects to."""
    reached = answer.url if isinstance(answer, Missing) else answer.final_url
    return host_of(reached or url) == host_of(url)
