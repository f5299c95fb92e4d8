"""Name and password of the test account: taken from the environment, and kept out of everything that is written."""
import html
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, urlsplit

from pytest_govsite.model.missing import Blame, Missing, Reason

MASK = "***"


@dataclass(frozen=True)
class Credentials:
    """A test account. Neither word shows in its repr."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    def masked(self, text: str) -> str:
        """The text without name and password, however they are written in it."""
        for form in sorted(_forms(self.user) | _forms(self.password), key=len, reverse=True):
            text = re.sub(re.escape(form), MASK, text, flags=re.IGNORECASE)
        return text

    def place(self, url: str) -> str:
        """An address met after logging in, as it may be written down: without parameters, and masked."""
        parts = urlsplit(url)
        return self.masked(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:300])


def variables(site_id: str) -> tuple[str, str]:
    """The names of the environment variables for a site: capitals, everything else than letters and digits an underline."""
    name = re.sub(r"[^A-Z0-9]", "_", site_id.upper())
    return f"GOVSITE_USER_{name}", f"GOVSITE_PASSWORD_{name}"


def credentials_of(site_id: str, environment: Mapping[str, str] = os.environ) -> Credentials | Missing | None:
    """The test account of a site; None when there is none, a Missing when half of it is there."""
    names = variables(site_id)
    user, password = (environment.get(name, "").strip("\r\n") for name in names)
    if user and password:
        return Credentials(user, password)
    if user or password:
        return Missing(Reason.UNCLEAR, f"测试账号不完整，缺环境变量 {names[bool(user)]}", "", Blame.ACCOUNT)
    return None


def _forms(secret: str) -> set[str]:
    """The ways in which pages and addresses write a word."""
    written = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), html.escape(secret)}
    try:
        written.add(quote(secret.encode("gb18030")))
    except UnicodeEncodeError:
        pass  # half surrogates: no page writes them
    return {form for form in written if form}
