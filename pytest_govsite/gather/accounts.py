"""Logins of the site and where they lead, and what a test account sees."""
import asyncio
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pytest_govsite.gather.accounts_opening import Stand, follow, press
from pytest_govsite.gather.accounts_secret import Credentials, credentials_of
from pytest_govsite.gather.accounts_sections import INTERACTIVE, Block, Lead, Places, beyond, distinct, find_places, leads_of
from pytest_govsite.gather.accounts_visit import visit_as
from pytest_govsite.gather.crawl import walk
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.session import TABS, Session
from pytest_govsite.model.accounts import Accounts, Login, is_gone
from pytest_govsite.model.missing import RETRYABLE, Missing, Reason
from pytest_govsite.reading.addresses import bare_host, family, host_of
from pytest_govsite.reading.login_page import system_of
from pytest_govsite.reading.logins import Entrance

OPENED = 24  # addresses behind entrances
SECONDS = 75.0
STEPS = 2  # pages between a column and the form: a notice to log in, a choice of persons and companies
MOST_LOGINS = 80
NOWHERE = Stand()  # not opened, or not yet
AGAIN = RETRYABLE | {Reason.HTTP_ERROR}


async def gather(session: Session) -> Accounts | Missing:
    """All entrances of the home page and of the columns in question, followed; then the blocks as the test account."""
    walked = await walk(session)
    if isinstance(walked, Missing):
        return walked
    places = await find_places(session, walked)
    tour = Tour(session, places)
    await tour.run()
    accounts = Accounts(tuple(tour.logins())[:MOST_LOGINS], places.gap or tour.stopped)
    return await _as_user(session, accounts, places.blocks)


async def _as_user(session: Session, accounts: Accounts, blocks: list[Block]) -> Accounts:
    account = credentials_of(session.site.id)
    if account is None:
        return accounts
    accounts = replace(accounts, configured=True)
    if not isinstance(account, Credentials):
        return replace(accounts, refused=account)
    return await visit_as(session, account, accounts, {block.name: block.url for block in reversed(blocks) if not block.gate})


@dataclass
class Tour:
    """Follows the entrances, those of interactive columns first, each address once.

    passed   pages that show no form, and lead on to others; offered: (login system, key of the registration it offers).
    stopped  why some were left out.
    """

    session: Session
    places: Places
    stands: dict[str, Stand] = field(default_factory=dict)
    taken: list[Lead] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    offered: list[tuple[str, str]] = field(default_factory=list)
    stopped: Missing | None = None

    async def run(self) -> None:
        """Level by level: what an opened page leads on to comes after all that stands in columns."""
        until = time.monotonic() + SECONDS
        level = sorted(self.places.leads, key=_rank)
        while level:
            await self._follow([lead for lead in level if not lead.special], until)
            self.taken += level
            known = {(lead.section, lead.key) for lead in self.taken}
            level = [lead for lead in distinct(self._onward(level)) if (lead.section, lead.key) not in known]

    def logins(self) -> Iterator[Login]:
        """What was found behind the entrances; those that need no account are none."""
        names = self._names()
        for lead in self.taken:
            login = self._login(lead)
            if login:
                yield replace(login, system=names.get(login.system, login.system))

    async def _follow(self, leads: list[Lead], until: float) -> None:
        waiting = deque({lead.key: lead for lead in leads if lead.key not in self.stands}.values())

        async def work() -> None:
            while waiting:
                lead = waiting.popleft()
                if len(self.stands) >= OPENED or time.monotonic() > until:
                    self.stopped = self.stopped or Missing(Reason.DEADLINE, f"登录入口只打开了 {len(self.stands)} 个", lead.page)
                    return
                self.stands[lead.key] = NOWHERE
                self.stands[lead.key] = await self._open(lead)

        await asyncio.gather(*(work() for _ in range(TABS)))

    async def _open(self, lead: Lead) -> Stand:
        """A fault that may pass, or that would count, is met twice before it is believed."""
        stand = await self._open_once(lead)
        return await self._open_once(lead) if stand.unread and stand.unread.reason in AGAIN else stand

    async def _open_once(self, lead: Lead) -> Stand:
        if lead.entrance.url:
            return await follow(self.session, lead.entrance.url)
        return await press(self.session, lead.page, lead.entrance)

    def _onward(self, leads: Iterable[Lead]) -> Iterator[Lead]:
        """Registrations that login pages offer; entrances on pages that show no form."""
        for lead in leads:
            stand = self.stands.get(lead.key, NOWHERE)
            if lead.special or stand.unread:
                continue
            if stand.page.registers:
                onward = replace(lead, page=stand.url, entrance=Entrance("注册", "register", stand.page.registers), steps=lead.steps + 1)
                self.offered.append((_system(lead, stand), onward.key))
                yield onward
            elif not stand.page.purpose and lead.steps < STEPS:
                block = Block(lead.section, lead.category, lead.page)
                more = list(beyond(self.places.frame, leads_of(block, stand.views, lead.steps + 1)))
                self.passed |= {lead.key} if more else set()
                yield from more

    def _login(self, lead: Lead) -> Login | None:
        """The entrance with what stands behind it; None where it was not opened, or leads to no form and promised none."""
        register, gate = lead.entrance.kind == "register", lead.entrance.kind == "gate"
        plain = Login(
            lead.page, lead.section, lead.category, lead.entrance.text, "register" if register else "login", lead.entrance.url,
            special=lead.special, gate=gate,
        )
        stand = self.stands.get(lead.key, NOWHERE)
        if lead.special:
            return None if gate else plain
        own = family(host_of(stand.url)) == family(self.session.site.host)
        if stand.page.purpose:
            return replace(_standing(plain, stand), own=own, system=_system(lead, stand))
        if gate and (not stand.unread or is_gone(stand.unread)):
            return None
        if stand is NOWHERE or lead.key in self.passed:
            return None
        why = stand.unread or Missing(Reason.UNCLEAR, f"“{lead.entrance.text}”打开后没有看到登录或注册表单", stand.url)
        return replace(plain, final_url=stand.url, own=own, unread=why)

    def _names(self) -> dict[str, str]:
        """The system by whose name each goes: a registration belongs to the login that offers it, wherever it lives."""
        opened = ((lead, self.stands.get(lead.key, NOWHERE)) for lead in self.taken)
        forms = {_system(lead, stand) for lead, stand in opened if stand.page.purpose == "login"}
        names: dict[str, str] = {}
        for system, key in self.offered:
            stand = self.stands.get(key, NOWHERE)
            other = system_of(stand.url, _identity(stand)) if stand.page.purpose else system
            one, two = _final(names, system), _final(names, other)
            if one != two:
                names.update({one: two} if other in forms else {two: one})
        return {name: _final(names, name) for name in names}


def _rank(lead: Lead) -> tuple[bool, bool]:
    return lead.entrance.kind == "gate", lead.category not in INTERACTIVE


def _system(lead: Lead, stand: Stand) -> str:
    """A form on the page of a column is the site's, whatever folder the column has."""
    on_page = key_of(stand.url) == key_of(lead.page)
    return bare_host(host_of(stand.url)) if on_page else system_of(stand.url, _identity(stand))


def _identity(stand: Stand) -> str:
    return stand.page.unified if stand.page.identity else ""


def _standing(login: Login, stand: Stand) -> Login:
    page = stand.page
    registers = page.purpose == "register" or (login.kind == "register" and page.form != "password")
    return replace(
        login, kind="register" if registers else "login", url=login.url or stand.url, final_url=stand.url,
        form=page.form, registers=page.registers, unified=page.unified, identity=page.identity, shot=stand.shot,
    )


def _final(names: dict[str, str], name: str) -> str:
    while name in names:
        name = names[name]
    return name
