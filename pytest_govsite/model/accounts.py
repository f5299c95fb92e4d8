"""Where visitors log in and register, and what a test account sees."""
from dataclasses import dataclass
from typing import Literal

from pytest_govsite.model.missing import Missing

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
    special   网上信访、纪检举报 and the like, which the tables leave out.
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
    special: bool = False
    unread: Missing | None = None
    shot: str | None = None


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
