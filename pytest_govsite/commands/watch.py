"""`govsite watch`: visits sites all day long, until it is told to stop."""
import argparse

from rich.console import Console

from pytest_govsite.commands import sampling
from pytest_govsite.history import open_history

HELP = "Keep visiting sites, spread over the day, and remember how it went; until SIGTERM or Ctrl-C."


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    sampling.declare(command)


def run(console: Console, typed: argparse.Namespace) -> int:
    """Status 0 when it was told to stop."""
    from pytest_govsite.gather import sampler  # brings the browser's library: not for everybody who asks for help

    request, settings, per_day = sampling.read(typed)
    listing = sampling.Listing(request)
    sites = listing.news()
    with open_history(request.history) as history, history.writing(settings.vantage):
        sampling.warn(console)
        told = f"开始采样：{len(sites)} 个网站，每天各 {per_day} 次，采样点 {settings.vantage}，历史库 {history.place}"
        sampling.say(console, told)
        sampler.watch(history, sites, listing.news, settings, per_day, sampling.voice(console))
    sampling.say(console, "收到停止信号，采样结束；没有访问完的一轮不计")
    return 0
