"""`govsite sites`: is a sites file right, and what is in it?"""
import argparse
from collections import Counter
from pathlib import Path

from rich.console import Console

from pytest_govsite import sites
from pytest_govsite.commands.printing import table
from pytest_govsite.model.site import KIND_NAMES

HELP = "Validate a sites file and list what is in it."


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    command.add_argument("file", type=Path, help="the sites file")


def run(console: Console, options: argparse.Namespace) -> int:
    """All that is in the file, when nothing is wrong with it."""
    file = sites.load(options.file)
    listed = table(("id", "名称", "类型", "区划", "分组", "指标表", "网址"))
    for site in file.sites:
        kind = KIND_NAMES[site.kind] if site.kind else "未知"
        listed.add_row(
            site.id, site.title, kind, site.region or "", site.group or "", " ".join(site.editions) or "（默认）", site.url
        )
    for account in file.accounts:
        listed.add_row(
            account.id, account.title, "政务新媒体", "", account.group or "", " ".join(account.editions) or "（默认）",
            account.url or "",
        )
    console.print(listed)
    groups = Counter(subject.group for subject in (*file.sites, *file.accounts) if subject.group)
    counts = f"网站 {len(file.sites)} 个，账号 {len(file.accounts)} 个，分组 {len(groups)} 个"
    console.print(f"{options.file} 没有问题：{counts}", soft_wrap=True)
    return 0
