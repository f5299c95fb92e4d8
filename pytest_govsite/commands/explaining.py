"""`govsite editions`: the official tables, the rules of one, or one rule explained."""
import argparse
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from pytest_govsite import checking, editions
from pytest_govsite.commands.printing import WrongUse, say, table
from pytest_govsite.model.edition import Edition, Item, Rule, Tier
from pytest_govsite.model.site import KIND_NAMES
from pytest_govsite.points import exact
from pytest_govsite.report.chinese import Chinese

HELP = "List the official tables, the rules of one, or explain one rule."
PARTS = {"veto": "单项否决", "deduction": "扣分", "bonus": "加分"}
UNATTENDED = "attested"  # the check behind rules that only a person can decide


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    command.add_argument("edition", nargs="?", help="id of an edition, or an edition file (.toml)")
    command.add_argument("rule", nargs="?", help="id of a rule, such as page-labels.1")


def run(console: Console, options: argparse.Namespace) -> int:
    """All tables, one of them, or one rule."""
    if options.edition is None:
        console.print(_table_of_editions())
    elif options.rule is None:
        _print_edition(console, editions.load(options.edition))
    else:
        _print_rule(console, editions.load(options.edition), options.rule)
    return 0


def _table_of_editions() -> Table:
    listed = table(("指标表", "名称", "规则", "可自动检查", "满分", "合格线", "加分门槛"))
    for edition in map(editions.load, editions.ids()):
        rules = [rule for item in edition.items for rule in item.rules]
        listed.add_row(
            edition.id, edition.title, str(len(rules)), str(sum(rule.check != UNATTENDED for rule in rules)),
            exact(edition.full), _mark(edition.pass_mark), _mark(edition.bonus_gate),
        )
    return listed


def _print_edition(console: Console, edition: Edition) -> None:
    say(console, f"{edition.title}\n{edition.issuer}　满分 {exact(edition.full)}", "bold")
    listed = table(("规则", "分值", "检查", "内容"))
    for item in edition.items:
        cap = f"，最多 {exact(item.cap)} 分" if item.cap is not None else ""
        levels = item.level2 if item.part == "veto" else f"{item.level1} / {item.level2}"
        listed.add_row(Chinese(PARTS[item.part], "bold"), "", "", Chinese(f"{levels}{cap}", "bold"))
        for rule in item.rules:
            listed.add_row(rule.key, _points(item, rule), rule.check, Chinese(rule.summary))
    console.print(listed)
    for where, what in edition.discrepancies:
        say(console, f"原表自相矛盾处：{where}：{what}")


def _print_rule(console: Console, edition: Edition, key: str) -> None:
    try:
        item, rule = edition.rule(key)
    except KeyError:
        raise WrongUse(f"指标表 {edition.id} 里没有规则 {key}，用 govsite editions {edition.id} 查看全部规则") from None
    say(console, f"{rule.key} {rule.summary}", "bold")
    grid = Table.grid(padding=(0, 2))
    for name, value in _facts(edition, item, rule):
        grid.add_row(name, Chinese(value))
    console.print(grid)
    files = checking.folder().rglob(f"{rule.check.replace('-', '_')}.py")  # a check's file is called like its id
    for check in map(checking.read_check, files):
        say(console, f"\n检查 {check.id}（所需证据：{'、'.join(check.evidence) or '无'}）\n{check.doc}")
    for where, what in edition.discrepancies:
        if where == item.id:
            say(console, f"\n原表自相矛盾处：{what}")


def _facts(edition: Edition, item: Item, rule: Rule) -> Iterator[tuple[str, str]]:
    yield "出处", f"《{edition.cite}》"
    yield "位置", f"{PARTS[item.part]} / {item.level1} / {item.level2}"
    yield "分值", _points(item, rule) + (f"（该项最多 {exact(item.cap)} 分）" if item.cap is not None else "")
    for tier in rule.tiers:
        yield "", _tier(tier)
    for variant in item.variants:
        if variant.rule == rule.n:
            kinds = "、".join(KIND_NAMES[kind] for kind in variant.kinds)
            yield "", f"{kinds}：{exact(variant.points)} 分，该项最多 {exact(variant.cap)} 分"
    optional = {
        "时间窗口": rule.window, "抽样": rule.sample and f"{rule.sample} 个", "计数单位": rule.unit,
        "达到几处才算": _numbers(rule),
        "从属于": rule.parent and f"{item.id}.{rule.parent}（该条扣分时本条不再评）",
        "参数": "，".join(f"{name} = {_value(value)}" for name, value in rule.with_),
        "不查": "、".join(KIND_NAMES[kind] for kind in item.not_for),
        "只查有对外服务职能的单位": "是" if item.service_only else None,
    }
    yield from ((name, str(value)) for name, value in optional.items() if value)


def _numbers(rule: Rule) -> str:
    """How many findings it takes, where one is not enough; by class where they are counted apart."""
    by_class = "，或者 ".join(f"{class_} {number}" for class_, number in rule.thresholds)
    return by_class or (str(rule.threshold) if rule.threshold > 1 else "")


def _value(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _tier(tier: Tier) -> str:
    selectors = {
        "类别": tier.class_, "超过": tier.over, "以内": tier.within, "至少": tier.at_least,
        "用于": "、".join(KIND_NAMES[kind] for kind in tier.kinds),
    }
    chosen = "，".join(f"{name} {value}" for name, value in selectors.items() if value)
    return f"{exact(tier.points)} 分：{tier.summary or chosen}"


def _points(item: Item, rule: Rule) -> str:
    if item.part == "veto":
        return "否决"
    sign = "+" if item.part == "bonus" else "-"
    prices = [rule.points] if rule.points is not None else [tier.points for tier in rule.tiers]
    words = "～".join(dict.fromkeys((exact(min(prices)), exact(max(prices))))) if prices else ""
    return f"{sign}{words}"


def _mark(mark) -> str:
    return "—" if mark is None else exact(mark)
