"""Listens to one tab while a page loads in it."""
from playwright.async_api import Page as Tab
from playwright.async_api import Request
from playwright.async_api import Response as TabResponse

from pytest_govsite.gather.browser_words import read_error
from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.way import place_of
from pytest_govsite.model.missing import Reason

MANY = 50  # of errors, failures: more convince nobody
NOT_FOR_US = (401, 403, 412, 429, 521)  # what a page needs may exist, and be kept from robots


class Listener:
    """Listens to one tab while a page loads. What a page before may still get or fail to get does not count.

    documents      answers for the page itself, redirects before the last; failed: other addresses that did not load.
    errors, mixed  what scripts threw; addresses blocked as mixed content.
    crashed        the tab has died.
    """

    def __init__(self, tab: Tab, exit: Exit) -> None:
        self.exit = exit
        self.crashed = False
        self.documents: list[TabResponse] = []
        self.errors: list[str] = []
        self.mixed: list[str] = []
        self.failed: dict[str, Reason] = {}
        self._main = tab.main_frame
        self._was_used = tab.url.startswith("http")
        self._tab = tab
        self._heard = {
            "response": self._on_response, "requestfailed": self._on_failed, "pageerror": self._on_error, "crash": self._on_crash,
        }
        for name, listener in self._heard.items():
            tab.on(name, listener)

    def leave(self) -> None:
        """Listens no longer: the tab may show other pages."""
        for name, listener in self._heard.items():
            self._tab.remove_listener(name, listener)

    def _on_response(self, response: TabResponse) -> None:
        if self._is_main(response.request):
            self.documents.append(response)
        elif self._has_begun and (response.status >= 500 or response.status in NOT_FOR_US) and len(self.failed) < MANY:
            self.failed[response.url] = Reason.WALL if response.status in NOT_FOR_US else Reason.HTTP_ERROR

    @property
    def _has_begun(self) -> bool:
        """The page's own document has answered, or there was no page before."""
        return bool(self.documents) or not self._was_used

    def _is_main(self, request: Request) -> bool:
        return request.is_navigation_request() and request.frame == self._main

    def _on_failed(self, request: Request) -> None:
        if not self._has_begun and not self._is_main(request):
            return
        failure = request.failure or ""
        if failure == "mixed-content":
            self.mixed.append(request.url)
        elif failure not in ("net::ERR_ABORTED", "NS_BINDING_ABORTED") and len(self.failed) < MANY:
            self.failed[request.url] = self.reason(request.url, failure)

    def _on_error(self, error) -> None:
        if not self._has_begun:
            return
        text = str(error).splitlines()[0][:300] if str(error) else ""
        if "mixed active content" in text:
            self.mixed.append(text.split("“")[-1].rstrip("”"))
        elif len(self.errors) < MANY:
            self.errors.append(text)

    def _on_crash(self, _: Tab) -> None:
        self.crashed = True

    def reason(self, url: str, failure: str) -> Reason:
        """Why an address did not load: the way out knows better than the browser behind it, unless that has gone."""
        read = Reason.BROWSER_DIED if self.crashed else read_error(failure)
        return read if read is Reason.BROWSER_DIED else self.exit.failures.get(host_port(url)) or read


def host_port(url: str) -> str:
    """The place of an address as the way out names it: "host:port"."""
    host, port = place_of(url)
    return f"{host}:{port}"
