"""Every edition file, by discovery: sound in itself, fit for the checks, and true to the official tables.

The comparison with the official tables needs a transcription of them: in the folder GOVSITE_STANDARDS, else in
../shared/standards beside the clone. Where there is none, those tests are not there either.
"""
import os
import re
import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from pytest_govsite import checking, editions

OFFICIAL = Path(os.environ.get("GOVSITE_STANDARDS") or Path(__file__).parents[2] / "shared" / "standards")


@pytest.fixture(params=editions.ids())
def edition(request):
    """Each edition that comes with the package."""
    return editions.load(request.param)


def test_ids_are_unique(edition):
    assert not [id for id, times in Counter(item.id for item in edition.items).items() if times > 1]
    assert not [key for key, times in Counter(r.key for item in edition.items for r in item.rules).items() if times > 1]


@pytest.mark.parametrize(("part", "total"), [("deduction", "full"), ("bonus", "bonus_full")])
def test_caps_add_up_to_the_full_mark(edition, part, total):
    caps = [item.cap for item in edition.items if item.part == part]
    assert None in caps or sum(caps) == getattr(edition, total)


def test_marks_lie_within_reach(edition):
    marks = [mark for mark in (edition.pass_mark, edition.bonus_gate) if mark is not None]
    assert sorted(marks) == marks and all(0 < mark < edition.full for mark in marks)


def test_checks_exist_and_take_the_thresholds(edition):
    checks = checking.discover(checking.folder())
    rules = [rule for item in edition.items for rule in item.rules]
    assert not [(rule.key, rule.check) for rule in rules if rule.check not in checks]
    assert not [rule.key for rule in rules if set(dict(rule.with_)) - set(checks[rule.check].thresholds)]


def test_rules_on_supervision_and_new_media_await_a_person(edition):
    items = [item for item in edition.items if item.target in ("supervision", "new-media")]
    assert not [rule.key for item in items for rule in item.rules if rule.check != "attested"]


def test_every_discrepancy_says_where_and_what(edition):
    assert edition.discrepancies and all(where and what for where, what in edition.discrepancies)


MEANINGS = {
    "exact fraction": ("sichuan2021", "page-labels.1", "points", Fraction(1, 10)),
    "five stale columns": ("gb2019", "column-stale.1", "threshold", 5),
    "ten stale columns": ("sichuan2021", "column-stale.2", "threshold", 10),
    "six surveys": ("hunan-dept2021", "survey.1", "threshold", 6),
    "three topics": ("hunan-city2021", "service-topics.1", "threshold", 3),
    "no search, no search results": ("gb2019", "site-search.3", "parent", 1),
    "no platform, no wrong classes on it": ("hunan-dept2021", "online-apply.3", "parent", 2),
    "statistics need no messages": ("gb2019", "message-open.4", "parent", None),
    "fields have a sub-cap": ("hunan-city2021", "message-open.2", "subcaps", (("field", Fraction(5)),)),
    "stale tiers exclude each other": ("gb2019", "service-stats.2", "combine", "highest"),
    "two missing halves add": ("hunan-city2021", "service-stats.2", "combine", "add"),
    "each notice costs its own": ("sichuan2021", "notified.1", "combine", "each"),
    "one clause on home and other pages": ("hunan-city2021", "links.1", "with_", (("pages", "any"),)),
    "drawn pages": ("hunan-dept2021", "page-labels.1", "with_", (("pages", "mixed"), ("sample", 2))),
}


@pytest.mark.parametrize(("id", "key", "field", "value"), MEANINGS.values(), ids=MEANINGS)
def test_meaning(id, key, field, value):
    assert getattr(editions.load(id).rule(key)[1], field) == value


@pytest.mark.parametrize("id, key", [("hunan-city2021", "column-stale.4"), ("hunan-dept2021", "column-stale.3")])
def test_blank_and_overdue_columns_have_a_number_each(id, key):
    assert editions.load(id).rule(key)[1].thresholds == (("blank", 5), ("overdue", 10))


def test_a_rule_gets_the_deadlines_that_it_names():
    deadlines = dict(editions.load("xuanhan2022").rule("county-timeliness.1")[1].with_)["deadlines"]
    assert [(each.id, each.window, each.minimum) for each in deadlines] == [
        ("news", "10wd", None), ("notice-policy", "3mo", None), ("weekly-report", "1w", 2),
    ]
    assert deadlines[1].categories == ("通知公告", "政策文件", "政策解读")


TIERS = {
    "gb2019 data-release.1": [("within", "3mo", 2), ("within", "6mo", 1)],
    "gb2019 service-topics.1": [("at_least", 3, 2), ("at_least", 1, 1)],
    "gb2019 service-stats.2": [("over", "1mo", 1), ("over", "3mo", 2)],
    "hunan-city2021 links.1": [("class_", "home", 1), ("class_", "other", Fraction(1, 2))],
    "hunan-dept2021 innovation.1": [("class_", "own-leader", 2), ("class_", "province-leader", 4)],
}


@pytest.mark.parametrize(("rule", "tiers"), list(TIERS.items()), ids=TIERS)
def test_tiers(rule, tiers):
    id, key = rule.split()
    found = editions.load(id).rule(key)[1].tiers
    assert [(name, getattr(tier, name), tier.points) for tier, (name, _, _) in zip(found, tiers, strict=True)] == tiers


def test_other_points_for_some_kinds():
    item, rule = editions.load("gb2019").rule("org-functions.1")
    asked = ["county-portal", "state-council-department"]
    assert [(item.points_for(rule, kind), item.cap_for(kind)) for kind in asked] == [(2, 2), (4, 4)]


SOUND = """
[edition]
id = "mine"
title = "t"
issuer = "i"
cite = "c"
full = "10"
[[item]]
id = "news"
part = "deduction"
level1 = "a"
level2 = "b"
cap = "2"
[[item.rule]]
n = 1
summary = "s"
kind = "flat"
points = "2"
check = "attested"
[[item.rule]]
n = 2
summary = "s"
kind = "flat"
points = "0.5"
parent = 1
check = "attested"
"""

WRONG = {
    "points as a float": ('points = "0.5"', "points = 0.5", ["第24行", "news", "2", "points 的值 0.5 不对", "加引号"]),
    "points as a whole number": ('points = "2"', "points = 2", ["第18行", "points 的值 2 不对", "加引号"]),
    "negative points": ('points = "2"', 'points = "-2"', ["“-2”", "不写正负号"]),
    "points above the cap": ('points = "2"', 'points = "3"', ["第 1 条的分值超过本项的 cap"]),
    "no points": ('points = "2"\n', "", ["第 1 条缺少 points"]),
    "points of a veto": ('"deduction"', '"veto"', ["单项否决", "不应当写 points"]),
    "award outside the bonus part": ('kind = "flat"', 'kind = "award"', ["kind", "加分项应当是 award"]),
    "unknown key": ('cap = "2"', 'capp = "2"', ["第13行", "不认识 capp", "是不是想写 cap"]),
    "unknown kind of rule": ('kind = "flat"', 'kind = "flatt"', ["是不是想写 flat", "per-occurrence"]),
    "no summary": ('summary = "s"\n', "", ["第14行", "缺少 summary"]),
    "empty summary": ('summary = "s"', 'summary = " "', ["summary", "不能为空"]),
    "rule twice": ("n = 2", "n = 1", ["序号 n 相同"]),
    "item twice": ("[[item]]", '[[item]]\nid = "news"\n[[item]]', ["第11行", "id “news”与第9行的重复"]),
    "parent that is not there": ("parent = 1", "parent = 3", ["parent = 3", "应当是 1 之一"]),
    "own parent": ("parent = 1", "parent = 2", ["parent = 2", "不是本项里的另一条"]),
    "parents in a circle": ('points = "2"', 'points = "2"\nparent = 2', ["parent 绕成了圈"]),
    "tiers without combine": ("parent = 1", 'tiers = [{ points = "1", class = "a" }]', ["tiers 和 combine 应当同时写"]),
    "combine without tiers": ("parent = 1", 'combine = "each"', ["tiers 和 combine 应当同时写"]),
    "tier with two selectors": (
        "parent = 1", 'combine = "add"\ntiers = [{ points = "1", class = "a", at_least = 2 }]',
        ["第26行", "class、over、within、at_least 之一"],
    ),
    "tier without selector": (
        "parent = 1", 'combine = "add"\ntiers = [{ points = "1" }]', ["第26行", "class、over、within、at_least 之一"],
    ),
    "same tier twice": (
        "parent = 1", 'combine = "add"\ntiers = [{ points = "1", over = "1w" }, { points = "2", over = "1w" }]',
        ["条件相同"],
    ),
    "tier over a named period": (
        "parent = 1", 'combine = "add"\ntiers = [{ points = "1", over = "quarter" }]', ["第26行", "over 的值 quarter", "\"6mo\""],
    ),
    "window nobody understands": ("parent = 1", 'window = "2 weeks"', ["第25行", "“2 weeks”", "2w"]),
    "float as a threshold": ("parent = 1", "with = { share = 0.05 }", ["第25行", "share", "整数"]),
    "variant of no rule": (
        "[[item.rule]]", '[[item.variant]]\nkinds = ["city-portal"]\nrule = 9\npoints = "1"\ncap = "1"\n[[item.rule]]',
        ["rule = 9"],
    ),
    "kind of site that does not exist": (
        'cap = "2"', 'cap = "2"\nnot_for = ["town-portal"]', ["第14行", "“town-portal”", "county-portal"],
    ),
    "a number for each class of a deduction": (
        'kind = "flat"\npoints = "0.5"', 'kind = "threshold"\nthresholds = { blank = 5 }\npoints = "0.5"',
        ["第 2 条的 thresholds 只用于单项否决"],
    ),
    "both ways to count": (
        'kind = "flat"\npoints = "0.5"',
        'kind = "threshold"\nthreshold = 2\nthresholds = { blank = 5 }\npoints = "0.5"',
        ["thresholds 只用于", "不与 threshold 同时写"],
    ),
    "a deadline that is not there": (
        'parent = 1\ncheck = "attested"',
        'check = "attested"\nwith = { deadlines = "newz" }\n[[deadline]]\nid = "news"\nsummary = "s"', ["newz", "是不是想写 news"],
    ),
    "a deadline of no category": (
        'parent = 1\ncheck = "attested"',
        'check = "attested"\nwith = { deadlines = "d" }\n[[deadline]]\nid = "d"\nsummary = "s"\ncategories = ["工作信息"]',
        ["期限 d 的 categories 里有工作信息", "动态要闻"],
    ),
    "id unlike the file's name": ('id = "mine"', 'id = "yours"', ["第3行", "id 是 yours", "mine.toml"]),
    "no TOML": ("[edition]", "[edition", ["第2行", "不合 TOML 的写法"]),
    "key twice": ('title = "t"', 'title = "t"\ntitle = "u"', ["同一个键写了两次"]),
    "table nobody knows": ("[edition]", "[[itm]]\n[edition]", ["第2行", "不认识 itm", "是不是想写 item"]),
}


def test_a_sound_file_loads(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(SOUND, encoding="utf-8")
    assert [rule.points for rule in editions.load(path).items[0].rules] == [2, Fraction(1, 2)]


@pytest.mark.parametrize(("old", "new", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused(tmp_path, old, new, words):
    path = tmp_path / "mine.toml"
    assert old in SOUND
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(editions.EditionError) as refusal:
        editions.load(path)
    assert not [word for word in ["mine.toml", *words] if word not in str(refusal.value)], str(refusal.value)


def test_all_faults_of_a_file_are_told_in_its_order(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(SOUND.replace('full = "10"', "full = 10").replace('kind = "flat"', 'kind = "x"'), encoding="utf-8")
    with pytest.raises(editions.EditionError) as refusal:
        editions.load(path)
    assert re.findall(r"第(\d+)行", str(refusal.value)) == ["7", "17", "23"]


NOWHERE = {"mistyped": ("gb2091", "是不是想写 gb2019"), "no file": ("nothing.toml", "没有这个文件"), "nothing": ("", "现有：gb2019")}


@pytest.mark.parametrize(("name", "words"), NOWHERE.values(), ids=NOWHERE)
def test_an_edition_that_is_not_there(name, words):
    with pytest.raises(editions.EditionError, match=words):
        editions.load(name)


if OFFICIAL.is_dir():
    FILES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(OFFICIAL.glob("*.toml"))}
    TABLES = {id: table for id, table in FILES.items() if "indicator" in table}
    ON_EVERY_TABLE = pytest.mark.parametrize(("id", "table"), list(TABLES.items()), ids=TABLES)

    def exact(number):
        return None if number is None else Fraction(str(number))

    def known_as(id):
        """Our rules by key."""
        return {rule.key: rule for item in editions.load(id).items for rule in item.rules}

    def rows(table):
        return [(f"{item['id']}.{rule['n']}", item, rule) for item in table["indicator"] for rule in item["rule"]]

    @ON_EVERY_TABLE
    def test_marks_are_the_official_ones(id, table):
        own, scoring = editions.load(id), table["scoring"]
        expected = [scoring.get(key) for key in ("deduction_total", "bonus_total", "pass_mark", "bonus_gate")]
        assert [own.full, own.bonus_full, own.pass_mark, own.bonus_gate] == [exact(mark) for mark in expected]

    @ON_EVERY_TABLE
    def test_items_are_the_official_ones(id, table):
        own = [
            (item.id, item.part, item.target, item.level1, item.level2, item.cap, item.service_only, list(item.not_for))
            for item in editions.load(id).items
        ]
        assert own == [
            (item["id"], item["part"], item["target"], item["level1"], item["level2"], exact(item.get("cap")),
             item.get("service_only", False), item.get("not_for", []))
            for item in table["indicator"]
        ]

    @ON_EVERY_TABLE
    def test_rules_are_the_official_ones(id, table):
        own = {
            key: (rule.kind, rule.points, sorted(tier.points for tier in rule.tiers), rule.sample, bool(rule.window),
                  [points for _, points in rule.subcaps])
            for key, rule in known_as(id).items()
        }
        assert own == {
            key: (rule["kind"], exact(rule.get("points")), sorted(exact(t["points"]) for t in rule.get("tiers", [])),
                  rule.get("sample"), "window" in rule, [exact(rule["subcap"])] if "subcap" in rule else [])
            for key, _, rule in rows(table)
        }

    @ON_EVERY_TABLE
    def test_units_are_the_official_ones(id, table):
        own = {key: rule.unit for key, rule in known_as(id).items()}
        printed = {key: rule.get("unit") for key, _, rule in rows(table)}
        assert own == {key: unit and re.sub(r"\(.*\)", "", unit) for key, unit in printed.items()}

    @ON_EVERY_TABLE
    def test_counts_that_make_a_rule_fire_are_the_official_ones(id, table):
        count = re.compile(r">=(\d+)( columns| items|$)")
        printed = {key: count.match(str(rule.get("threshold"))) for key, _, rule in rows(table)}
        assert {key: rule.threshold for key, rule in known_as(id).items()} == {
            key: int(found[1]) if found else 1 for key, found in printed.items()
        }

    @ON_EVERY_TABLE
    def test_variants_are_the_official_ones(id, table):
        own = [(item.id, v.kinds, v.rule, v.points, v.cap) for item in editions.load(id).items for v in item.variants]
        assert own == [
            (item["id"], (v["applies_to"],), v["rule"], exact(v["points"]), exact(v["cap"]))
            for item in table["indicator"] for v in item.get("variant", [])
        ]

    @ON_EVERY_TABLE
    def test_levels_add_up_to_the_official_totals(id, table):
        sums = Counter()
        for item in editions.load(id).items:
            sums[item.part, item.level1] += item.cap or 0
        printed = {(level["part"], level["name"]): level["points"] for level in table["level1"]}
        assert {level: sums[level] for level in printed} == printed

    @ON_EVERY_TABLE
    def test_scalings_are_the_official_ones(id, table):
        printed = [table[name] for name in ("no_service", "scaling") if name in table]
        own = editions.load(id)
        assert [scaling.full for scaling in own.scalings] == [each["full"] for each in printed]
        factors = [Fraction(each["factor_num"], each["factor_den"]) for each in printed]
        assert [own.full / scaling.full for scaling in own.scalings] == factors

    @ON_EVERY_TABLE
    def test_summaries_keep_every_number_and_no_sentence(id, table):
        pairs = {key: (known_as(id)[key].summary, rule["text"].replace("发现1处", "")) for key, _, rule in rows(table)}
        numbers = {key: [set(re.findall(r"\d+(?:\.\d+)?", text)) for text in pair] for key, pair in pairs.items()}
        assert not {key: printed - kept for key, (kept, printed) in numbers.items() if printed - kept}
        assert not [key for key, (summary, text) in pairs.items() if summary.rstrip("。；") == text.rstrip("。；")]

    @ON_EVERY_TABLE
    def test_every_official_discrepancy_is_recorded(id, table):
        printed = len(table["discrepancy"]) + len([item for item in table["indicator"] if "discrepancy" in item])
        same = {"sichuan2021": 1}  # the marks' sum stands there twice: at the head and at the item
        assert len(editions.load(id).discrepancies) >= printed - same.get(id, 0)

    @ON_EVERY_TABLE
    def test_deadlines_are_the_official_ones(id, table):
        units = {"5 workdays": "5wd", "10 workdays": "10wd", "3 workdays": "3wd", "real time": "now"}
        assert {each.id: each.window for each in editions.load(id).deadlines} == {
            each["id"]: units.get(each.get("window"), each.get("window")) for each in table.get("deadline", [])
        }
