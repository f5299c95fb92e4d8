"""The console script `govsite`: what works here, what the tables say, whether a sites file is right."""
import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console, Group
from rich.table import Table

from pytest_govsite import __version__, checking, doctor, editions, sites
from pytest_govsite.model.edition import Edition, Item, Rule, Tier
from pytest_govsite.model.site import KIND_NAMES
from pytest_govsite.points import exact
from pytest_govsite.report.chinese import Chinese

WRONG_USE = 2
PARTS = {"veto": "单项否决", "deduction": "扣分", "bonus": "加分"}
UNATTENDED = "attested"  # the check behind rules that only a person can decide
LOG_WIDTH = 120


class WrongUse(ValueError):
    """One sentence for the person at the keyboard."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand. Exit status: 0 good, 1 something is missing (doctor), 2 wrong use, told in one sentence."""
    options = _parser().parse_args(arguments)
    interactive = sys.stdout.isatty()
    console = Console(highlight=False, markup=False, emoji=False, width=None if interactive else LOG_WIDTH)
    try:
        return options.run(console, options)
    except (ValueError, ImportError) as error:  # of sites, editions, checks and wrong use: all written for the user
        print(f"govsite: {error}", file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="govsite", description="Companion of `pytest --site=...`, the inspection.")
    parser.add_argument("--version", action="version", version=f"pytest-govsite {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable, help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=help)
        command.set_defaults(run=run)
        return command

    command = add("doctor", _doctor, "Say what works on this machine and what to do about what does not.")
    command.add_argument("part", nargs="*", metavar="PART", help=f"only these: {', '.join(doctor.PARTS)}")
    command = add("editions", _editions, "List the official tables, the rules of one, or explain one rule.")
    command.add_argument("edition", nargs="?", help="id of an edition, or an edition file (.toml)")
    command.add_argument("rule", nargs="?", help="id of a rule, such as page-labels.1")
    command = add("sites", _sites, "Validate a sites file and list what is in it.")
    command.add_argument("file", type=Path, help="the sites file")
    return parser


def _doctor(console: Console, options: argparse.Namespace) -> int:
    """Every part, or the named ones; status 1 when a named or an essential one does not work."""
    if unknown := [name for name in options.part if name not in doctor.PARTS]:
        raise WrongUse(f"没有 {'、'.join(unknown)} 这一项，可查的是 {'、'.join(doctor.PARTS)}")
    failed = False
    for name in options.part or doctor.PARTS:
        for line in doctor.PARTS[name]():
            sign = ("✓", "green") if line.ok else ("✗", "red")
            console.print(Chinese.assemble(sign, f" {line.says}"), soft_wrap=True)
            if not line.ok:
                console.print(Chinese(f"  → {line.remedy}", "yellow"), soft_wrap=True)
                failed |= bool(options.part) or name in doctor.ESSENTIAL
    return int(failed)


def _editions(console: Console, options: argparse.Namespace) -> int:
    if options.edition is None:
        console.print(_table_of_editions())
    elif options.rule is None:
        _print_edition(console, editions.load(options.edition))
    else:
        _print_rule(console, editions.load(options.edition), options.rule)
    return 0


def _table_of_editions() -> Table:
    table = _table("指标表", "名称", "规则", "可自动检查", "满分", "合格线", "加分门槛")
    for edition in map(editions.load, editions.ids()):
        rules = [rule for item in edition.items for rule in item.rules]
        table.add_row(
            edition.id, edition.title, str(len(rules)), str(sum(rule.check != UNATTENDED for rule in rules)),
            exact(edition.full), _mark(edition.pass_mark), _mark(edition.bonus_gate),
        )
    return table


def _print_edition(console: Console, edition: Edition) -> None:
    _say(console, f"{edition.title}\n{edition.issuer}　满分 {exact(edition.full)}", "bold")
    table = _table("规则", "分值", "检查", "内容")
    for item in edition.items:
        cap = f"，最多 {exact(item.cap)} 分" if item.cap is not None else ""
        levels = item.level2 if item.part == "veto" else f"{item.level1} / {item.level2}"
        table.add_row(Chinese(PARTS[item.part], "bold"), "", "", Chinese(f"{levels}{cap}", "bold"))
        for rule in item.rules:
            table.add_row(rule.key, _points(item, rule), rule.check, Chinese(rule.summary))
    console.print(table)
    for where, what in edition.discrepancies:
        _say(console, f"原表自相矛盾处：{where}：{what}")


def _print_rule(console: Console, edition: Edition, key: str) -> None:
    try:
        item, rule = edition.rule(key)
    except KeyError:
        raise WrongUse(f"指标表 {edition.id} 里没有规则 {key}，用 govsite editions {edition.id} 查看全部规则") from None
    _say(console, f"{rule.key} {rule.summary}", "bold")
    grid = Table.grid(padding=(0, 2))
    for name, value in _facts(edition, item, rule):
        grid.add_row(name, Chinese(value))
    console.print(grid)
    files = checking.folder().rglob(f"{rule.check.replace('-', '_')}.py")  # a check's file is called like its id
    for check in map(checking.read_check, files):
        _say(console, f"\n检查 {check.id}（所需证据：{'、'.join(check.evidence) or '无'}）\n{check.doc}")
    for where, what in edition.discrepancies:
        if where == item.id:
            _say(console, f"\n原表自相矛盾处：{what}")


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
        "达到几处才算": rule.threshold if rule.threshold > 1 else None,
        "从属于": rule.parent and f"{item.id}.{rule.parent}（该条扣分时本条不再评）",
        "参数": "，".join(f"{name} = {value}" for name, value in rule.with_),
        "不查": "、".join(KIND_NAMES[kind] for kind in item.not_for),
        "只查有对外服务职能的单位": "是" if item.service_only else None,
    }
    yield from ((name, str(value)) for name, value in optional.items() if value)


def _tier(tier: Tier) -> str:
    selectors = {
        "类别": tier.class_, "超过": tier.over, "以内": tier.within, "至少": tier.at_least,
        "用于": "、".join(KIND_NAMES[kind] for kind in tier.kinds),
    }
    chosen = "，".join(f"{name} {value}" for name, value in selectors.items() if value)
    return f"{exact(tier.points)} 分：{tier.summary or chosen}"


def _sites(console: Console, options: argparse.Namespace) -> int:
    file = sites.load(options.file)
    table = _table("id", "名称", "类型", "区划", "分组", "指标表", "网址")
    for site in file.sites:
        kind = KIND_NAMES[site.kind] if site.kind else "未知"
        table.add_row(
            site.id, site.title, kind, site.region or "", site.group or "", " ".join(site.editions) or "（默认）", site.url
        )
    for account in file.accounts:
        table.add_row(
            account.id, account.title, "政务新媒体", "", account.group or "", " ".join(account.editions) or "（默认）",
            account.url or "",
        )
    console.print(table)
    groups = Counter(subject.group for subject in (*file.sites, *file.accounts) if subject.group)
    counts = f"网站 {len(file.sites)} 个，账号 {len(file.accounts)} 个，分组 {len(groups)} 个"
    console.print(f"{options.file} 没有问题：{counts}", soft_wrap=True)
    return 0


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Group(Chinese(text, style)))  # on its own rich would take it for plain Text


def _points(item: Item, rule: Rule) -> str:
    if item.part == "veto":
        return "否决"
    sign = "+" if item.part == "bonus" else "-"
    prices = [rule.points] if rule.points is not None else [tier.points for tier in rule.tiers]
    words = "～".join(dict.fromkeys((exact(min(prices)), exact(max(prices))))) if prices else ""
    return f"{sign}{words}"


def _mark(mark) -> str:
    return "—" if mark is None else exact(mark)
