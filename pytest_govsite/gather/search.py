"""The site's own search, tried as a visitor would."""
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.search import Search


async def gather(session: Session) -> Search | Missing:
    """Not there yet."""
    return Missing(Reason.NOT_REACHED, "search")
