"""Which site code is printed, and which is firmly the site's own."""
import pytest

from pytest_govsite.reading import codes


@pytest.mark.parametrize("text, code", [
    ("网站标识码：5109000015", "5109000015"), ("政府网站标识码5100000062", "5100000062"), ("BM07000001", "bm07000001"),
    ("4500000068\n", "4500000068"), ("ycsrmzf", ""), ("川公网安备 51172202000101号", ""), ("0818-52233001", ""), ("", ""),
])
def test_printed(text, code):
    assert codes.printed(text) == code


@pytest.mark.parametrize("known, witnesses, code", [
    ("5109000015", (), "5109000015"), ("5109000015", ("5100000062", "5100000062"), "5109000015"),
    (None, ("网站标识码：5100000062", "5100000062"), "5100000062"), (None, ("5100000062", "5109000015"), ""),
    (None, ("5100000062", ""), ""), (None, ("5100000062",), ""), (None, ("", ""), ""),
], ids=[
    "the sites file says it", "the sites file outweighs the page", "two places agree", "two places differ",
    "one place is silent", "a single place", "nobody says it",
])
def test_firm(known, witnesses, code):
    assert codes.firm(known, *witnesses) == code
