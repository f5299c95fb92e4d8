"""Logins of the site, and what a test account sees."""
from pytest_govsite.gather.session import Session
from pytest_govsite.model.accounts import Accounts
from pytest_govsite.model.missing import Missing, Reason


async def gather(session: Session) -> Accounts | Missing:
    """Not there yet."""
    return Missing(Reason.NOT_REACHED, "accounts")
