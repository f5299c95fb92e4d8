"""Logs in once with the test account and looks which blocks know it, and what its own page lists.

Nothing is written down of what belongs to the account: no picture, no document; addresses and words are masked, and errors
of the browser go by their kind alone, for their texts hold what was typed.
"""
import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal

from playwright.async_api import BrowserContext, Frame, Route
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.gather.accounts_opening import View, form_in, race, views_of
from pytest_govsite.gather.accounts_secret import Credentials
from pytest_govsite.gather.accounts_sections import INTERACTIVE
from pytest_govsite.gather.browser import BrowserGone
from pytest_govsite.gather.opening import browser_fault
from pytest_govsite.gather.rendering import render, settle
from pytest_govsite.gather.session import Session
from pytest_govsite.model.accounts import Accounts, BlockVisit, History, Login
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.reading.addresses import bare_host, family, host_of
from pytest_govsite.reading.login_page import asks_for_captcha, knows_visitor, refusal_in
from pytest_govsite.reading.text import visible_text
from pytest_govsite.reading.user_page import Listed, centres, lists_of, read_entries

SECONDS = 120.0
REACTION_SECONDS = 10
TYPE_SECONDS = 5
BLOCKS, ENTRANCES = 12, 2
LISTS = 6
BARE, LONGEST_ERROR = 10, 300  # characters of a page that says nothing, of a notice that something went wrong
WENT_WRONG = re.compile(r"错误|异常|失败|出错|无权|没有权限|已过期|不存在|error|exception", re.IGNORECASE)
Meeting = Literal["known", "form", ""] | Missing
# marks the fields of the login form for the hands: the password, the name before it, the button, a box to agree with
MARK = """() => {
  const seen = (one) => one.getClientRects().length > 0;
  const password = [...document.querySelectorAll("input[type=password]")].filter(seen)[0];
  if (!password) return false;
  const box = password.form || password.closest("div:has(button), div:has(a), section, body");
  const names = [...document.querySelectorAll("input:not([type]), input[type=text], input[type=tel], input[type=email], input[type=number]")];
  const before = names.filter((one) => seen(one) && (one.compareDocumentPosition(password) & 4)).pop();
  const says = (one) => (one.innerText || one.value || one.title || "").replace(/\\s+/g, "");
  const buttons = [...box.querySelectorAll("button, input[type=submit], input[type=button], input[type=image], a, div, span")];
  const send = buttons.find((one) => seen(one) && /^(?:立即|安全|马上|用户)?(?:登录|登陆|登入|login|signin)$/i.test(says(one)))
    || buttons.find((one) => seen(one) && /submit|image/.test(one.type || ""));
  for (const one of box.querySelectorAll("input[type=checkbox]")) {
    if (/同意|阅读|协议|隐私|条款/.test((one.parentElement || one).innerText || "")) one.setAttribute("data-govsite", "agree");
  }
  password.setAttribute("data-govsite", "password");
  if (before) before.setAttribute("data-govsite", "name");
  if (send) send.setAttribute("data-govsite", "send");
  return Boolean(before);
}"""
TEXT = "() => document.body ? document.body.innerText : ''"
TEXT_CHANGES = f"(before) => ({TEXT})() !== before"


async def visit_as(session: Session, account: Credentials, accounts: Accounts, sections: Mapping[str, str]) -> Accounts:
    """The accounts with what the test account met; `sections`: addresses of the blocks by name."""
    login = choose(accounts, bare_host(host_of(session.home.final_url)))
    if login is None:
        return replace(accounts, refused=Missing(Reason.UNCLEAR, "没有找到可填账号密码的登录页", "", Blame.ACCOUNT))
    if not _may_know(session, login.final_url):
        says = f"登录页在 {host_of(login.final_url)}，不是政府网站的域名，没有提交测试账号"
        return replace(accounts, refused=Missing(Reason.UNCLEAR, says, login.final_url, Blame.ACCOUNT))
    try:
        async with asyncio.timeout(SECONDS):
            return await _visit(session, account, accounts, login, sections)
    except BrowserGone as gone:
        return replace(accounts, refused=gone.missing)
    except TimeoutError:
        return replace(accounts, refused=Missing(Reason.DEADLINE, "测试账号登录", login.final_url))
    except Exception as error:  # its text may hold what was typed
        return replace(accounts, refused=Missing(Reason.CRASH, f"测试账号登录：{type(error).__name__}", login.final_url))


async def _visit(
    session: Session, account: Credentials, accounts: Accounts, login: Login, sections: Mapping[str, str],
) -> Accounts:
    proxy = await session.proxy()
    async with session.browsers.context("chromium", proxy, session.settings) as context:
        guest = Guest(session, account, context, login)
        await context.route("**/*", guest.guard)
        refused = await guest.log_in()
        if refused:
            return replace(accounts, refused=refused)
        visits = await guest.call(_blocks(accounts), sections)
        return replace(accounts, visits=visits, history=await guest.read_history())


def choose(accounts: Accounts, host: str) -> Login | None:
    """The login with a password form for which the account was most likely made: that of the unified identity, that of the
    site itself, that of its body; an address of its own before a layer. host: the site's, without www.
    """
    fitting = [login for login in accounts.counted if login.kind == "login" and login.form == "password" and not login.unread]
    order = (lambda login: (not login.unified, bare_host(host_of(login.final_url)) != host, not login.own, login.gate))
    return min(fitting, key=order, default=None)


def _blocks(accounts: Accounts) -> list[tuple[str, list[Login]]]:
    """The blocks that ask for an account, with their entrances; single services, of which there are many, last."""
    blocks: dict[str, list[Login]] = {}
    for login in accounts.counted:
        ours = login.own or login.unified or login.category in INTERACTIVE
        if login.kind == "login" and not login.unread and ours:
            blocks.setdefault(login.section, []).append(login)
    chosen = sorted(blocks.items(), key=lambda block: block[1][0].category == "办事服务")[:BLOCKS]
    return [(name, sorted(logins, key=lambda one: not one.gate)[:ENTRANCES]) for name, logins in chosen]


def _may_know(session: Session, url: str) -> bool:
    """The password is given to the site's own body and to other government hosts, to nobody else."""
    host = host_of(url)
    return family(host) == family(session.site.host) or host.endswith((".gov.cn", ".政务", ".xn--zfr164b"))


@dataclass
class Guest:
    """The test account in a browser of its own. landed: the documents that it came to after logging in."""

    session: Session
    account: Credentials
    context: BrowserContext
    login: Login
    landed: tuple[View, ...] = field(default=(), repr=False)

    async def guard(self, route: Route) -> None:
        """Nobody but government hosts is sent anything, or told the name or the password in an address."""
        request = route.request
        told = self.account.masked(request.url) != request.url
        sends = told or request.method not in ("GET", "HEAD", "OPTIONS")
        with suppress(PlaywrightError):  # its page is gone
            await (route.abort() if sends and not _may_know(self.session, request.url) else route.continue_())

    async def log_in(self) -> Missing | None:
        """Fills the form and sends it, once; why that did not lead in, else None."""
        tab = await self.context.new_page()
        try:
            views = await self._open(tab, self.login.url)
            if isinstance(views, Missing):
                return views
            found = form_in(views)
            if not found or found[1].purpose != "login" or found[1].form != "password":
                return self._refused("登录页上没有看到账号密码表单")
            if found[1].captcha:
                return Missing(Reason.WALL, f"登录要求{found[1].captcha}，不代为识别", self.login.final_url)
            return await self._fill_in(tab)
        finally:
            await tab.close()

    async def _fill_in(self, tab: Tab) -> Missing | None:
        frame = await _frame_with_form(tab)
        if frame is None:
            return self._refused("登录页上没有找到账号和密码的输入框")
        heard: list[str] = []

        async def hear(dialog) -> None:
            heard.append(dialog.message)
            with suppress(PlaywrightError):
                await dialog.dismiss()

        tab.on("dialog", hear)
        await frame.fill("[data-govsite=name]", self.account.user, timeout=TYPE_SECONDS * 1000)
        await frame.fill("[data-govsite=password]", self.account.password, timeout=TYPE_SECONDS * 1000)
        await _send(tab, frame)
        self.landed = await views_of(tab)
        return self._judge(self.landed, "，".join(heard)) or await self._doubt()

    async def _doubt(self) -> Missing | None:
        """No form stands there any more: that may be a fault of the server. Somebody who is logged in is greeted, or let through."""
        if any(knows_visitor(view.html) or self.account.user in view.html for view in self.landed):
            return None
        again = await self._look(self.login.url)
        let_in = not isinstance(again, Missing) and (any(knows_visitor(view.html) for view in again) or not _asks(again))
        return None if let_in else self._refused("提交后看不出是否登录成功")

    def _judge(self, views: tuple[View, ...], heard: str) -> Missing | None:
        """Still at a login form: the account was not let in."""
        found = form_in(views)
        if any(knows_visitor(view.html) for view in views) or not found or found[1].purpose != "login":
            return None
        if found[1].captcha or any(asks_for_captcha(view.html) for view in views):
            return Missing(Reason.WALL, "提交后要求验证码，不代为识别", self.login.final_url)
        said = heard or next(filter(None, (refusal_in(view.html) for view in views)), "")
        return self._refused(f"提交后仍停在登录页{f'：{self.account.masked(said)[:60]}' if said else ''}")

    def _refused(self, says: str) -> Missing:
        return Missing(Reason.UNCLEAR, says, self.login.final_url, Blame.ACCOUNT)

    async def call(self, blocks: list[tuple[str, list[Login]]], sections: Mapping[str, str]) -> tuple[BlockVisit, ...]:
        """Does each block know the visitor? Its login form says firmly no only where it is not shown to everybody: behind
        a link that does not speak of logging in, in another account system, or where other entrances of that system let
        the visitor through.
        """
        asked = {login.url: login for _, logins in blocks for login in logins}
        met = {url: await self._meet(url) for url in asked}
        through = {login.system for url, login in asked.items() if met[url] == "known"}
        return tuple([await self._call_at(name, logins, sections, met, through) for name, logins in blocks])

    async def _call_at(
        self, name: str, logins: list[Login], sections: Mapping[str, str], met: Mapping[str, Meeting], through: set[str],
    ) -> BlockVisit:
        page = sections.get(name, logins[0].page)
        for login in logins:
            if met[login.url] == "form" and self._is_firm(login, through) and await self._meet(login.url) == "form":
                return BlockVisit(name, login.page, False)
        if any(met[login.url] == "known" for login in logins):
            return BlockVisit(name, page, True)
        views = await self._look(page)
        if not isinstance(views, Missing) and any(knows_visitor(view.html) for view in views):
            return BlockVisit(name, page, True)
        gap = next((met[login.url] for login in logins if isinstance(met[login.url], Missing)), None)
        return BlockVisit(name, page, None, gap or Missing(Reason.UNCLEAR, "登录后看不出该板块是否认得用户", page))

    def _is_firm(self, login: Login, through: set[str]) -> bool:
        """The form stands where somebody who is logged in should not meet it. Other systems of services may be anybody's."""
        if login.system == self.login.system:
            return login.gate or login.system in through
        return login.category in INTERACTIVE and (login.own or bool(login.unified))

    async def _meet(self, url: str) -> Meeting:
        """What an entrance shows to somebody who is logged in."""
        views = await self._look(url)
        if isinstance(views, Missing):
            return views
        if any(knows_visitor(view.html) for view in views):
            return "known"
        if _asks(views):
            return "form"
        return "known" if _is_page(views) else ""

    async def read_history(self) -> History | None:
        """The user's own page with its lists, and what these hold."""
        seen = (*self.landed, *await self._views(self.session.home.final_url))
        ways = dict.fromkeys(way for view in seen for way in centres(view.html, view.url))
        own = [view for way in list(ways)[:ENTRANCES] for view in await self._views(way)]
        listed = [one for view in (*own, *self.landed) for one in lists_of(view.html, view.url)]
        if not listed:
            return History(self.account.place(own[-1].url)) if own else None
        return History(
            self.account.place(listed[0].page), tuple(dict.fromkeys(self.account.masked(one.name) for one in listed)),
            await self._count(listed),
        )

    async def _count(self, listed: list[Listed]) -> int:
        """Entries of all lists, each once; what every visitor of the home page reads is none."""
        entries = {entry for one in listed for entry in one.entries}
        for url in list(dict.fromkeys(one.url for one in listed if one.url))[:LISTS]:
            entries |= {entry for view in await self._views(url) for entry in read_entries(view.html)}
        return len(entries - set(read_entries(self.session.home.dom)))

    async def _views(self, url: str) -> tuple[View, ...]:
        """What stands there for somebody who is logged in; nothing where it did not open, or asks to log in."""
        views = await self._look(url)
        return () if isinstance(views, Missing) or _asks(views) else views

    async def _look(self, url: str) -> tuple[View, ...] | Missing:
        tab = await self.context.new_page()
        try:
            return await self._open(tab, url)
        finally:
            await tab.close()

    async def _open(self, tab: Tab, url: str) -> tuple[View, ...] | Missing:
        seen = await render(tab, url, self.session.exit, self.session.settings.page_deadline)
        if fault := await browser_fault(self.session, seen, url):
            return Missing(fault.reason, self.account.masked(fault.detail), self.account.place(url), fault.blamed)
        return await views_of(tab, seen)


def _asks(views: tuple[View, ...]) -> bool:
    found = form_in(views)
    return found is not None and found[1].purpose == "login"


def _is_page(views: tuple[View, ...]) -> bool:
    """It says something, and not that something went wrong."""
    said = "".join(visible_text(view.html) for view in views)
    return len(said) >= BARE and not (len(said) < LONGEST_ERROR and WENT_WRONG.search(said))


async def _frame_with_form(tab: Tab) -> Frame | None:
    """The frame whose login form can be filled in, its fields marked."""
    for frame in tab.frames:
        try:
            if await frame.evaluate(MARK):
                return frame
        except PlaywrightError:
            continue  # it went away
    return None


async def _send(tab: Tab, frame: Frame) -> None:
    """Agrees, presses the button, and waits for what comes of it."""
    for box in await frame.query_selector_all("[data-govsite=agree]"):
        await box.check(timeout=TYPE_SECONDS * 1000, force=True)
    before, text = tab.url, await frame.evaluate(TEXT)
    waits = (
        tab.wait_for_event("domcontentloaded", timeout=REACTION_SECONDS * 1000),
        tab.wait_for_url(lambda url: url != before, timeout=REACTION_SECONDS * 1000, wait_until="commit"),
        frame.wait_for_function(TEXT_CHANGES, arg=text, timeout=REACTION_SECONDS * 1000),
        tab.wait_for_event("dialog", timeout=REACTION_SECONDS * 1000),
    )
    button = await frame.query_selector("[data-govsite=send]")
    sending = button.click(timeout=TYPE_SECONDS * 1000, no_wait_after=True) if button else frame.press("[data-govsite=password]", "Enter")
    _, sent = await asyncio.gather(race(*waits, seconds=REACTION_SECONDS), sending, return_exceptions=True)
    if isinstance(sent, Exception):
        raise sent
    await settle(tab)
