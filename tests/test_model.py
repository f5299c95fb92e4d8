"""Small laws of the nouns."""
import pytest

from pytest_govsite.model.evidence import Draw, Sampled, inner_pages
from pytest_govsite.model.finding import Drawn, Finding, NotApplicable, Undetermined, Unseen, normalised
from pytest_govsite.model.missing import BLAME, WORDS, Blame, Missing, Reason


@pytest.mark.parametrize("one, other", [
    ("http://a.gov.cn/", "https://a.gov.cn:443/"), ("http://a.gov.cn", "http://A.gov.cn:80/#top"),
    ("http://a.gov.cn/?b=2&a=1", "http://a.gov.cn/?a=1&b=2"), ("ICP备案编号 ", "ICP备案编号"),
], ids=["scheme", "default port, case and fragment", "order of parameters", "blanks"])
def test_what_may_change_between_two_runs_does_not_change_the_key(one, other):
    assert Finding(one, one, "fact").key("links.1") == Finding(other, other, "other words", "shot.png").key("links.1")


@pytest.mark.parametrize("one, other", [
    ("http://a.gov.cn/", "http://b.gov.cn/"), ("http://a.gov.cn/x", "http://a.gov.cn/X"),
    ("http://a.gov.cn/?a=1", "http://a.gov.cn/?a="), ("http://a.gov.cn/", "http://a.gov.cn:8080/"),
])
def test_another_address_is_another_fault(one, other):
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize("text", ["http://[abc", "http://a.gov.cn:port/", "javascript:void(0)", ""])
def test_a_malformed_address_is_taken_as_text(text):
    assert normalised(text) == text


def test_every_reason_has_words_and_a_blame():
    assert set(WORDS) == set(BLAME) == set(Reason)


@pytest.mark.parametrize("make", [
    lambda: NotApplicable(""), lambda: Undetermined(""), lambda: Unseen("http://a.gov.cn/", "", Blame.SITE),
], ids=["not-applicable", "undetermined", "unseen"])
def test_nothing_stays_unjudged_without_a_reason(make):
    with pytest.raises(ValueError):
        make()


def test_a_draw_is_cut_and_mixed_in_its_order():
    pages = {name: Missing(Reason.TIMEOUT, url=name) for name in "abcde"}
    articles, columns = Draw(7, 30, (pages["a"], pages["b"], pages["c"])), Draw(7, 9, (pages["d"], pages["e"]))
    mixed = Sampled(articles, columns).mixed
    assert mixed.drawn == (Drawn(7, ("a", "d", "b", "e", "c"), 39),)
    assert mixed.cut(2).drawn == (Drawn(7, ("a", "d"), 39),)


@pytest.mark.parametrize("sampled, reason", [
    (Missing(Reason.CRASH), Reason.CRASH), (Sampled(Draw(7, 0, ()), Draw(7, 0, ())), Reason.NO_PAGES),
], ids=["sampling failed", "nothing to draw from"])
def test_inner_pages_that_cannot_be_had_say_why(sampled, reason):
    draw = inner_pages(sampled, 5)
    assert ([missing.reason for missing in draw.unopened], draw.opened, draw.drawn) == ([reason], (), ())
