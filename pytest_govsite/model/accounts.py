"""Where visitors log in and register, and what a test account sees."""
from dataclasses import dataclass
from typing import Literal

from pytest_govsite.model.missing import Missing, Reason

GONE = ("HTTP 404", "HTTP 410")
LoginForm = Literal["password", "scan", "sms", "unknown", "none"]


@dataclass(frozen=True)
class Login:
    """One entrance to an account of the site's users.

    page      the page that leads there; section: its functional block (功能板块), the name of a column; category: that column's.
    text      what the visitor reads on it; kind: login or register.
    url       as linked; final_url: where it led, redirects and scripts included.
    system    name of the account system: host of the login page (plus its first folder where that names an application);
              the same for all that hand over to one unified identity.
    form      what stands there: password fields, scan, sms; none: no form was seen.
    registers address of the registration that the login page offers itself, empty when none.
    unified   words or addresses by which it says that it is, or hands over to, a unified identity (统一身份认证), empty else.
    identity  it is that identity itself, not merely a login that takes it as well.
    special   网上信访、纪检举报 and the like, which the tables leave out.
    own       it led to a host of the site's own body.
    gate      the link does not speak of logging in (我要写信、用户中心), but who follows it is asked to.
    unread    why it could not be opened; None when it was.
    """

    page: str
    section: str
    category: str
    text: str
    kind: Literal["login", "register"]
    url: str
    final_url: str = ""
    system: str = ""
    form: LoginForm = "none"
    registers: str = ""
    unified: str = ""
    identity: bool = False
    special: bool = False
    own: bool = True
    gate: bool = False
    unread: Missing | None = None
    shot: str | None = None


@dataclass(frozen=True)
class System:
    """One account system, with all entrances that lead to it, in the order in which they were found."""

    name: str
    logins: tuple[Login, ...]

    @property
    def unified(self) -> str:
        """By what it says that it is a unified identity; empty when it does not."""
        return next((login.unified for login in self.logins if login.unified), "")

    @property
    def form(self) -> Login | None:
        """The entrance that showed its login form; one with password fields before others."""
        forms = [login for login in self.logins if login.kind == "login" and login.form != "none"]
        return min(forms, key=lambda login: login.form != "password", default=None)

    @property
    def registration(self) -> Login | None:
        """The registration that it has itself, opened and seen with its form."""
        return next((login for login in self.logins if login.kind == "register" and login.form != "none"), None)

    @property
    def stands_alone(self) -> bool:
        """It is the site's own, with a password form and a registration, and says nothing of a unified identity."""
        form = self.form
        whole = form is not None and form.form == "password" and self.registration is not None
        return whole and not self.unified and all(login.own for login in self.logins)


@dataclass(frozen=True)
class BlockVisit:
    """What the test account met at one block after it had logged in once.

    known   the block knew the visitor; None: it could not be told.
    """

    section: str
    url: str
    known: bool | None = None
    why: Missing | None = None


@dataclass(frozen=True)
class History:
    """What the user's own page lists: names of the lists (我的咨询、我的办件), and how many entries there are in all."""

    url: str
    lists: tuple[str, ...] = ()
    entries: int = 0


@dataclass(frozen=True)
class Accounts:
    """Logins of the home page and of the interactive and service columns.

    logins        each address once per section.
    stopped       why there may be more that nobody saw; None: all columns in question were seen.
    configured    a test account is in the environment.
    refused       why the test account could not log in; None: it did, or there is none.
    visits        the blocks after one login; history: the user's page, None when there is none or nobody looked.
    Holds no name, no password and no picture of what belongs to the account.
    """

    logins: tuple[Login, ...] = ()
    stopped: Missing | None = None
    configured: bool = False
    refused: Missing | None = None
    visits: tuple[BlockVisit, ...] = ()
    history: History | None = None

    @property
    def counted(self) -> tuple[Login, ...]:
        """Those that the tables speak of: special channels left out."""
        return tuple(login for login in self.logins if not login.special)

    def systems(self, categories: tuple[str, ...] = ()) -> tuple[System, ...]:
        """The account systems behind the entrances in columns of these categories (all without any), as far as opened."""
        asked = [login for login in self.counted if not categories or login.category in categories]
        names = dict.fromkeys(login.system for login in asked if login.system and not login.unread)
        opened = [login for login in self.counted if not login.unread]
        return tuple(System(name, tuple(login for login in opened if login.system == name)) for name in names)

    def apart(self, categories: tuple[str, ...]) -> tuple[System, ...]:
        """Systems in columns of these categories that are firmly not one: several that stand alone, or such a one beside
        a unified identity. Empty when that is not certain, and when the test account showed that they know each other.
        """
        known = {visit.section for visit in self.visits if visit.known}
        systems = [one for one in self.systems(categories) if not known & {login.section for login in one.logins}]
        unified = [one for one in systems if one.form and one.form.identity][:1]
        alone = [one for one in systems if one.stands_alone]
        return (*unified, *alone) if alone and len(unified) + len(alone) > 1 else ()

    def gaps(self, categories: tuple[str, ...] = ()) -> tuple[Missing, ...]:
        """Why there may be another system in columns of these categories: what was not opened, what nobody saw.

        What leads from the home page to other bodies is none of the site's.
        """
        asked = (login for login in self.counted if not categories or login.category in categories)
        asked = (login for login in asked if login.category or login.own)
        unread = [login.unread for login in asked if login.unread and not is_gone(login.unread)]
        return (*unread, *([self.stopped] if self.stopped else []))


def is_gone(missing: Missing) -> bool:
    """Nothing is behind the address, for anybody: whoever follows it cannot log in there."""
    return missing.reason is Reason.NO_NAME or (missing.reason is Reason.HTTP_ERROR and missing.detail in GONE)
