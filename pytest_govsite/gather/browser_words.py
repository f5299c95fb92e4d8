"""What the words of a browser mean when it could not have an address."""
import re

from pytest_govsite.model.missing import Reason

_ERRORS = {
    "ERR_NAME_NOT_RESOLVED": Reason.NO_NAME, "ERR_CONNECTION_REFUSED": Reason.REFUSED, "ERR_CONNECTION_RESET": Reason.RESET,
    "ERR_EMPTY_RESPONSE": Reason.RESET, "ERR_CONNECTION_CLOSED": Reason.RESET, "ERR_TIMED_OUT": Reason.TIMEOUT,
    "ERR_CONNECTION_TIMED_OUT": Reason.TIMEOUT, "ERR_TOO_MANY_REDIRECTS": Reason.REDIRECT_LOOP, "ERR_CERT": Reason.TLS,
    "ERR_SSL": Reason.TLS, "NS_ERROR_UNKNOWN_HOST": Reason.NO_NAME, "NS_ERROR_REDIRECT_LOOP": Reason.REDIRECT_LOOP,
    "NS_ERROR_NET_RESET": Reason.RESET, "NS_ERROR_NET_EMPTY_RESPONSE": Reason.RESET, "NS_ERROR_NET_INTERRUPT": Reason.RESET,
    "NS_ERROR_CONNECTION_REFUSED": Reason.REFUSED, "NS_ERROR_NET_TIMEOUT": Reason.TIMEOUT,
    "SEC_ERROR": Reason.TLS, "SSL_ERROR": Reason.TLS, "MOZILLA_PKIX": Reason.TLS,
    "ERR_INSUFFICIENT_RESOURCES": Reason.BROWSER_DIED, "ERR_OUT_OF_MEMORY": Reason.BROWSER_DIED,
    "ERR_NETWORK_CHANGED": Reason.NO_NETWORK, "ERR_INTERNET_DISCONNECTED": Reason.NO_NETWORK,
    "closed": Reason.BROWSER_DIED, "crash": Reason.BROWSER_DIED,
}
_ADDRESS = re.compile(r"https?://\S*")
# the browser gave a page up, which no server can make it do before it has answered
_GIVEN_UP = ("ERR_ABORTED", "NS_BINDING_ABORTED", "interrupted by another navigation", "Download is starting")


def read_error(text: str) -> Reason:
    """UNREACHABLE where the words are not known."""
    said = _without_addresses(text)
    return next((reason for sign, reason in _ERRORS.items() if sign in said), Reason.UNREACHABLE)


def was_given_up(text: str) -> bool:
    """The browser ended it by itself: of the site that says nothing."""
    return any(sign in _without_addresses(text) for sign in _GIVEN_UP)


def _without_addresses(text: str) -> str:
    """What a browser says, without the pages that it names: one may be called closed.html."""
    return _ADDRESS.sub("", text)
