"""How the history is kept: merged with another one, tidied."""
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from pytest_govsite import options
from pytest_govsite.commands.printing import WrongUse, print_line
from pytest_govsite.history import Merged, Tidied, open_history

MERGED = {"samples": "访问记录", "rounds": "采样轮次", "inspections": "检查", "first_seen": "稿件首见日期", "days": "日汇总"}


def merge(console: Console, place: str | None, arguments: Sequence[str]) -> int:
    """Takes over another history. Raises WrongUse when none, or more than one, is named, or it is not there."""
    if len(arguments) != 1:
        raise WrongUse("history merge 要写明并入哪个历史库：govsite history merge 文件或URL")
    other = arguments[0]
    if "://" not in other and not Path(other).expanduser().is_file():
        raise WrongUse(f"history merge：找不到历史库 {other}")
    with open_history(other, read_only=True) as theirs, open_history(place) as ours:
        if theirs.place == ours.place or _is_same_file(theirs.place, ours.place):
            raise WrongUse(f"history merge：{ours.place} 就是本机正在用的历史库，应写另一个采样点的")
        if not theirs.survey().version:
            raise WrongUse(f"history merge：{theirs.place} 里没有历史记录")
        merged = ours.merge(theirs)
        print_line(console, f"已把 {theirs.place} 并入 {ours.place}：{_merged(merged)}")
    return 0


def tidy(console: Console, place: str | None, arguments: Sequence[str]) -> int:
    """Rolls up finished days, deletes what is too old. Raises WrongUse for further words, or when there is no history."""
    if arguments:
        raise WrongUse(f"history tidy 后面不要写别的：{' '.join(arguments)}")
    with open_history(place, read_only=True) as history:
        if not history.survey().version:
            raise WrongUse(f"历史库 {history.place} 还不存在，没有可整理的")
    with open_history(place) as history:
        tidied = history.tidy(options.today())
        print_line(console, f"历史库 {history.place}：{_tidied(tidied)}")
    return 0


def _merged(merged: Merged) -> str:
    counts = [f"{words} {count} 条" for name, words in MERGED.items() if (count := getattr(merged, name))]
    return f"新增 {'，'.join(counts)}" if counts else "没有新内容，都已经在里面了"


def _tidied(tidied: Tidied) -> str:
    rolled = f"汇总 {tidied.days} 个网站日" if tidied.days else "没有要汇总的"
    gone = {"超过 13 个月的访问记录": tidied.samples, "采样轮次": tidied.rounds, "采样计划": tidied.plans}
    deleted = "，".join(f"{words} {count} 条" for words, count in gone.items() if count)
    return f"{rolled}；{f'删除 {deleted}' if deleted else '没有要删除的'}"


def _is_same_file(one: str, other: str) -> bool:
    return "://" not in one + other and Path(one).exists() and Path(other).exists() and Path(one).samefile(other)
