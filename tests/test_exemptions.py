"""Exemptions: whose signature takes which finding off the bill, and which files are refused."""
from datetime import date

import pytest

from pytest_govsite import editions, exemptions
from pytest_govsite.exemptions import Exemption
from pytest_govsite.model.finding import Finding
from pytest_govsite.model.site import Account, Site

AS_OF = date(2026, 11, 20)
SUBJECTS = [Site(id="xuanhan", url="http://www.xuanhan.gov.cn/"), Account("weibo", "新浪微博", "中国宣汉", "县融媒体中心")]
STALE = Finding(at="http://www.xuanhan.gov.cn/rsxx/", what="人事信息", says="栏目“人事信息”长期未更新")
SIGNED = {"reason": "无人事变动", "by": "张某，县府办", "until": date(2026, 12, 31)}

SOUND = """\
[[exempt]]
site = "xuanhan"
rule = "column-stale.1"
what = "人事信息"
reason = "无人事变动"
by = "张某，县府办"
until = "2026-12-31"

[[exempt]]
site = "weibo"
key = "0123456789abcdef"
reason = "误报"
by = "李某"
until = 2026-11-20
"""


def load(tmp_path, text):
    path = tmp_path / "exemptions.toml"
    path.write_text(text, encoding="utf-8")
    return exemptions.load(path, SUBJECTS, [editions.load("gb2019")], AS_OF)


def test_a_sound_file_is_read_whole(tmp_path):
    assert load(tmp_path, SOUND) == (
        Exemption(site="xuanhan", rule="column-stale.1", what="人事信息", **SIGNED),
        Exemption(site="weibo", key="0123456789abcdef", reason="误报", by="李某", until=AS_OF),
    )


def test_an_empty_file_exempts_nothing(tmp_path):
    assert load(tmp_path, "") == ()


WRONG = {
    "no signer": ('by = "李某"\n', "", ["第9行", "[[exempt]] weibo", "缺少 by", "签字人"]),
    "empty signer": ('by = "李某"', 'by = " "', ["第13行", "by", "不能为空"]),
    "no reason": ('reason = "误报"\n', "", ["缺少 reason"]),
    "no last day": ("until = 2026-11-20\n", "", ["缺少 until", "2026-12-31"]),
    "unknown rule": ('"column-stale.1"', '"column-stale.11"', ["第3行", "column-stale.11", "是不是想写 column-stale.1"]),
    "unknown site": ('"xuanhan"', '"xuanhann"', ["第2行", "xuanhann", "是不是想写 xuanhan"]),
    "last day past": ("2026-11-20", "2026-11-19", ["第14行", "2026-11-19 已经过了", "2026-11-20"]),
    "no date": ('"2026-12-31"', '"2026-13-31"', ["第7行", "不是日期"]),
    "date as a number": ('"2026-12-31"', "20261231", ["第7行", "until"]),
    "neither rule nor key": ('key = "0123456789abcdef"\n', "", ["没有写明豁免什么"]),
    "unknown key": ("what =", "waht =", ["第4行", "是不是想写 what"]),
    "no TOML": ('site = "xuanhan"', "site = xuanhan", ["第2行", "双引号"]),
}


@pytest.mark.parametrize(("old", "new", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused(tmp_path, old, new, words):
    assert old in SOUND
    with pytest.raises(exemptions.ExemptionError) as refusal:
        load(tmp_path, SOUND.replace(old, new, 1))
    assert not [word for word in ["exemptions.toml", *words] if word not in str(refusal.value)], str(refusal.value)


@pytest.mark.parametrize("rule", ["page-content.1", "county-timeliness.1"])
def test_rules_of_editions_that_are_not_in_use_today_are_known(tmp_path, rule):
    assert load(tmp_path, SOUND.replace("column-stale.1", rule))[0].rule == rule


COVERED = {
    "the thing of the rule": ({"rule": "column-stale.1", "what": "人事信息"}, True),
    "the whole rule": ({"rule": "column-stale.1"}, True),
    "the key": ({"key": STALE.key("column-stale.1")}, True),
    "the key and its rule": ({"key": STALE.key("column-stale.1"), "rule": "column-stale.1"}, True),
    "another thing": ({"rule": "column-stale.1", "what": "财政信息"}, False),
    "another rule": ({"rule": "column-stale.2", "what": "人事信息"}, False),
    "the key under another rule": ({"key": STALE.key("column-stale.2")}, False),
    "another site": ({"site": "dazhou", "rule": "column-stale.1"}, False),
}


@pytest.mark.parametrize(("words", "covered"), COVERED.values(), ids=COVERED)
def test_apply(words, covered):
    signed = [Exemption(**{"site": "xuanhan"} | SIGNED | words)]
    other = Finding(at="http://www.xuanhan.gov.cn/x/", what="另一件事", says="…")
    found = exemptions.apply(signed, "xuanhan", "column-stale.1", [STALE])
    assert [finding.exempt for finding in found] == ["无人事变动（张某，县府办，至 2026-12-31）" if covered else None]
    assert exemptions.apply(signed, "dazhou2", "column-stale.1", [STALE, other]) == (STALE, other)


PATHS = {
    "its name": ("人事信息", True),
    "the end of its path": ("政务公开 > 人事信息", True),
    "as the sites file writes a path": ("政务公开/人事信息", True),
    "another column of that name": ("教育局/人事信息", False),
    "a part of the name": ("信息", False),
    "the column above": ("政务公开", False),
}


@pytest.mark.parametrize(("what", "covered"), PATHS.values(), ids=PATHS)
def test_a_column_may_be_called_by_its_name_alone(what, covered):
    stale = Finding(at="http://www.xuanhan.gov.cn/rsxx/", what="政府信息公开 > 政务公开 > 人事信息", says="…")
    signed = [Exemption(site="xuanhan", rule="column-stale.1", what=what, **SIGNED)]
    assert bool(exemptions.apply(signed, "xuanhan", "column-stale.1", [stale])[0].exempt) is covered


def test_an_address_is_the_same_thing_with_and_without_tls():
    dead = Finding(at="http://www.xuanhan.gov.cn/", what="https://a.gov.cn/x?b=2&a=1", says="…")
    signed = [Exemption(site="xuanhan", rule="links.1", what="http://a.gov.cn/x?a=1&b=2", **SIGNED)]
    assert exemptions.apply(signed, "xuanhan", "links.1", [dead])[0].exempt
