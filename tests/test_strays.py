"""Links that open and lead elsewhere, against their table: tests/cases/reading/strays.toml."""
import pytest
from test_reading import cases

from pytest_govsite.reading.strays import is_astray, is_for_sale, is_worth_a_look, registrable


@cases("strays")
def test_strays(case):
    if "astray" in case:
        assert is_astray(case["from"], case["to"]) is case["astray"]
    else:
        html = case["html"].replace("LONG", "有关部门就域名管理工作作出部署，要求各单位认真落实。" * 80)
        assert is_for_sale(html, case.get("url", "http://www.a.com/")) is case["sale"]


@pytest.mark.parametrize(("host", "domain"), [
    ("www.a.com.cn", "a.com.cn"), ("bm.x.gov.cn", "x.gov.cn"), ("a.b.sc.cn", "b.sc.cn"), ("www.a.cn", "a.cn"), ("a.com", "a.com"), ("localhost", "localhost"),
])
def test_what_somebody_registered(host, domain):
    assert registrable(host) == domain


@pytest.mark.parametrize(("url", "worth"), [
    ("http://www.a.com/", True), ("http://www.a.gov.cn/", False), ("http://www.gov.cn/x", False), ("http://bm.a.edu.cn/", False), ("http://a.cn/", True),
])
def test_whose_domain_may_lapse(url, worth):
    assert is_worth_a_look(url) is worth
