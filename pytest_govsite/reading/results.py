"""The result page of a site's search, as a visitor reads it."""
from functools import lru_cache

from pytest_govsite.model.search import Hit, Results
from pytest_govsite.reading.results_card import read_card
from pytest_govsite.reading.results_classes import headed_classes, read_classes
from pytest_govsite.reading.results_hits import MOST_HITS, Group, links_outside, read_groups, to_hit
from pytest_govsite.reading.results_match import same_address, same_title, unwrap
from pytest_govsite.reading.results_page import Line, ResultsPage, is_within, merged
from pytest_govsite.reading.results_words import (
    captcha_line, error_line, is_plain_refusal, none_words, read_total, says_searched, trouble_line, waiting_line,
)

__all__ = ["error_words", "find", "is_captcha", "read_results", "trouble_words", "unwrap", "waiting_words"]

FULL = 5  # results that a first page with more of them shows at least


def read_results(html: str, url: str, query: str) -> Results:
    """What the page at `url` shows for `query`: results, words for none, classes, a card.

    `html` is the rendered page, with `hidden` on what CSS hides and its frames in place.
    """
    page = _grown(html)
    groups = read_groups(page, url, query)
    outside = _outside(page, groups)
    total, none = read_total(outside), none_words(outside, query)
    firm = _firm(groups, outside, total, none, query)
    empty = "" if firm or total else none or ("0" if total == 0 else "")
    if empty and total is None and any(_lists(group) for group in groups) and not is_plain_refusal(empty, query):
        empty = ""  # one of several lists is empty
    shown = firm or ([] if empty else groups)
    hits = tuple(to_hit(one) for group in shown for one in group.members)[:MOST_HITS]
    facets = read_classes(page, url, query, _spans(shown)) or headed_classes([page.heading(one.begin) for group in firm for one in group.members])
    return Results(hits, total, empty, facets, read_card(page, query), readable=bool(firm or empty))


@lru_cache(maxsize=1)
def _grown(html: str) -> ResultsPage:
    """The page is asked several things in a row."""
    return ResultsPage(html)


def _firm(groups: list[Group], outside: list[Line], total: int | None, none: str, query: str) -> list[Group]:
    """Those that are results for sure.

    What a page that found nothing shows besides must be marked as such. What nothing marks counts where the page says how
    many there are, or, as the only list, what was searched for.
    """
    if none and not total or total == 0:
        return [group for group in groups if group.marked or group.wrapped and group.strong]
    strong = [group for group in groups if group.strong]
    if strong:
        return strong
    lists = [group for group in groups if _lists(group) or total == 1]
    if total:
        return [group for group in lists if len(group.members) >= min(total, FULL)]
    return lists if len(lists) == 1 and says_searched(outside, query) else []


def _lists(group: Group) -> bool:
    return group.rich and not group.beside and len(group.members) >= 2


def _outside(page: ResultsPage, groups: list[Group]) -> list[Line]:
    """The lines that stand in no result."""
    return _less(page.lines, _spans([group for group in groups if group.strong]))


def _less(lines: list[Line], spans: list[tuple[int, int]]) -> list[Line]:
    return [line for line in lines if not is_within(spans, line.first.place)]


def _spans(groups: list[Group]) -> list[tuple[int, int]]:
    return merged((one.begin, one.end) for group in groups for one in group.members)


def find(results: Results, wanted: str, target: str, html: str = "") -> str:
    """How the first page shows the wanted page: "title", "address", or "" when it does not.

    `html` of the same page, where given, is looked through for links that were not recognised as results.
    """
    shown = [*results.hits, *(links_outside(html, wanted) if html else ())]
    if any(same_title(hit.title, wanted) for hit in shown):
        return "title"
    return "address" if any(same_address(hit.url, target) for hit in shown) else ""


def error_words(html: str) -> str:
    """The words by which a page without results says that it failed; empty when it says no such thing."""
    page = _grown(html)
    groups = read_groups(page, "", "")
    return "" if any(group.strong for group in groups) else error_line(_less(page.lines, _spans(groups)))


def is_captcha(html: str) -> bool:
    """The page asks its visitor to prove that he is none before it shows results."""
    page = _grown(html)
    return bool(captcha_line(page.lines)) and not any(group.strong for group in read_groups(page, "", ""))


def waiting_words(html: str) -> str:
    """The words by which the page says that its results are still on their way; empty when it says no such thing."""
    return waiting_line(_grown(html).lines)


def trouble_words(html: str) -> str:
    """The words by which a script of the page says that its server gave it nothing; empty when it says no such thing."""
    return trouble_line(_grown(html).lines)
