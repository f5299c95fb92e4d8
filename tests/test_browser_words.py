"""What browsers say when they cannot have an address, and the names of places that the way out goes by."""
import pytest

from pytest_govsite.gather.browser_words import read_error, was_given_up
from pytest_govsite.gather.listening import host_port
from pytest_govsite.model.missing import Reason

WORDS = {
    "Chromium finds no name": ("Page.goto: net::ERR_NAME_NOT_RESOLVED at https://www.a.gov.cn/", Reason.NO_NAME),
    "Firefox is refused": ("Page.goto: NS_ERROR_CONNECTION_REFUSED", Reason.REFUSED),
    "an invalid certificate": ("Page.goto: net::ERR_CERT_DATE_INVALID at https://www.a.gov.cn/", Reason.TLS),
    "the tab has gone": ("Page.goto: Target page, context or browser has been closed", Reason.BROWSER_DIED),
    "a page that is only called so": ("Page.goto: net::ERR_CONNECTION_RESET at https://www.a.gov.cn/closed/crash.html", Reason.RESET),
    "words of which the address holds some": ("Page.goto: net::ERR_FAILED at https://www.a.gov.cn/ERR_CERT", Reason.UNREACHABLE),
}
GIVEN_UP = {
    "by Chromium": ("Page.goto: net::ERR_ABORTED at https://www.a.gov.cn/a.doc", True),
    "for another page": ("Page.goto: Navigation to \"https://a.gov.cn/\" is interrupted by another navigation to \"https://b.gov.cn/\"", True),
    "only called so": ("Page.goto: net::ERR_CONNECTION_RESET at https://www.a.gov.cn/?ERR_ABORTED", False),
}
PLACES = {
    "https": ("https://www.a.gov.cn/x?y#z", "www.a.gov.cn:443"),
    "http with a port": ("http://www.a.gov.cn:8080/", "www.a.gov.cn:8080"),
    "a Chinese name, as it goes over the wire": ("http://四川.政务/", "xn--wbsy6n.xn--zfr164b:80"),
}


@pytest.mark.parametrize("words, reason", WORDS.values(), ids=WORDS)
def test_why_an_address_did_not_load(words, reason):
    assert read_error(words) is reason


@pytest.mark.parametrize("words, given_up", GIVEN_UP.values(), ids=GIVEN_UP)
def test_what_the_browser_ended_by_itself(words, given_up):
    assert was_given_up(words) is given_up


@pytest.mark.parametrize("url, place", PLACES.values(), ids=PLACES)
def test_the_place_of_an_address(url, place):
    assert host_port(url) == place
