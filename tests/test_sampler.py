"""`govsite sample` and `govsite watch` as a user runs them: real processes, real servers on loopback."""
import asyncio
import os
import resource
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from servers import answer, run, settings
from stations import Process, plan_soon, served

from pytest_govsite import cli
from pytest_govsite.gather import gate, rounds, sampler
from pytest_govsite.gather.canaries import Canaries
from pytest_govsite.gather.rounds import Due, take_round
from pytest_govsite.gather.visits import Visitor
from pytest_govsite.history import open_history
from pytest_govsite.model.availability import SHANGHAI
from pytest_govsite.model.missing import Reason
from pytest_govsite.model.site import Site

HOME = answer("<html><head><title>县人民政府</title></head><body><p>欢迎访问</p></body></html>".encode())
HERE = ("--vantage", "here", "--nameserver=127.0.0.1:9")


async def slowly(writer, head):
    await asyncio.sleep(60)


PAGES = {"/": HOME, "/slow": slowly, "/503": answer(b"busy", "503 Service Unavailable")}


@pytest.fixture
def town(tmp_path, monkeypatch):
    """A sites file whose sites live on one server of loopback; its history beside it."""
    monkeypatch.chdir(tmp_path)
    with served(PAGES) as (port, asked):
        town = Town(tmp_path, port, asked)
        yield town
        for process in town.processes:
            process.popen.kill()
            process.popen.wait(20)


class Town:
    def __init__(self, folder: Path, port: int, asked) -> None:
        self.folder, self.port, self.asked = folder, port, asked
        self.file, self.place = folder / "sites.toml", folder / "history.sqlite3"
        self.processes: list[Process] = []

    def write(self, **paths: str) -> None:
        """The sites file: ids, and the pages that are their home pages; `jia` has IPv6 as well."""
        self.file.write_text("".join(map(self._entry, paths, paths.values())), encoding="utf-8")

    def _entry(self, id: str, path: str) -> str:
        host = f"www.{id}.gov.cn:80"
        entries = [f"{host}:127.0.0.1:{self.port}", *([f"{host}:[::1]:{self.port}"] if id == "jia" else [])]
        return f'[[site]]\nid = "{id}"\nname = "{id}县人民政府"\nurl = "http://www.{id}.gov.cn{path}"\nresolve = {entries}\n'

    def govsite(self, command: str, *more: str, **environment: str) -> Process:
        """Starts a command on the file."""
        arguments = (command, "--sites", str(self.file), "--history", str(self.place), *HERE, *more)
        self.processes.append(Process(self.folder, *arguments, **environment))
        return self.processes[-1]

    def rows(self, *ids: str):
        with open_history(self.place, read_only=True) as history:
            today = datetime.now(SHANGHAI).date()
            return [row for id in ids for row in history.samples(id, today - timedelta(days=1), today)]


def sample(town, *more, capsys) -> tuple[int, list[str]]:
    """Status and lines of `govsite sample` in this process."""
    status = cli.main(["sample", "--sites", str(town.file), "--history", str(town.place), *HERE, *more])
    return status, capsys.readouterr().out.splitlines()


@pytest.fixture
def impatient(monkeypatch):
    """Failures are confirmed after a moment, canaries looked at as often."""
    monkeypatch.setattr(rounds, "AGAIN_SECONDS", (0.3, 0.5))
    monkeypatch.setattr(gate.Gate.__init__, "__defaults__", (0.1,))


def test_one_round_for_an_hourly_job(town, capsys, impatient):
    town.write(jia="/", yi="/503")
    status, lines = sample(town, "--now", capsys=capsys)
    assert status == 0 and "访问 2 个网站" in lines[0] and "打开 1，打不开 1；下一次 " in lines[0]
    assert lines[1].strip() == (
        "yi县人民政府（yi）打不开（服务器返回错误状态，HTTP 503）；再访：打不开（服务器返回错误状态，HTTP 503）；"
        "浏览器：打不开（服务器返回错误状态，HTTP 503）"
    )
    rows = [(row.kind, row.family, row.state, row.vantage, row.answered) for row in town.rows("jia", "yi")]
    assert sorted(rows) == [
        ("again", 4, "failed", "here", True), ("browser", 0, "failed", "here", True), ("visit", 4, "failed", "here", True),
        ("visit", 4, "open", "here", True), ("visit", 6, "open", "here", True),
    ]
    with open_history(town.place) as history:
        today = datetime.now(SHANGHAI).date()
        made, = history.rounds(today - timedelta(days=1), today)
        assert (made.sites, made.down, made.tried, made.void) == (2, 1, 0, "") and {row.round for row in town.rows("jia")} == {made.id}
    status, lines = sample(town, "--now", capsys=capsys)
    assert status == 0 and "这一时段的网站都已访问过；下一次 " in lines[0] and len(town.rows("jia", "yi")) == 5


def test_only_what_is_due_is_visited(town, capsys):
    town.write(jia="/", yi="/", bing="/")
    plan_soon(town.place, "here", "jia", after=-1)
    plan_soon(town.place, "here", "yi", "bing", after=50)
    status, lines = sample(town, capsys=capsys)
    assert status == 0 and "访问 1 个网站" in lines[0] and {row.site for row in town.rows("jia", "yi", "bing")} == {"jia"}
    status, lines = sample(town, capsys=capsys)
    with open_history(town.place) as history:
        plan = history.slots(datetime.now(SHANGHAI).date(), "here")
    assert status == 0 and "现在没有到时的网站；下一次 " in lines[0]
    assert f"{min(at for times in plan.values() for at in times if at > datetime.now(SHANGHAI)):%H:%M}" in lines[0]


def test_one_site_by_name(town, capsys):
    town.write(jia="/", yi="/")
    status = cli.main(["sample", "--site", "yi", "--now", "--history", str(town.place), *HERE])
    assert status == 0 and [row.site for row in town.rows("jia", "yi")] == ["yi"]


def test_our_own_resolver_is_down(town, capsys):
    """The canary answers: it is the resolver, not the line."""
    town.file.write_text('[[site]]\nid = "ding"\nurl = "http://www.ding.gov.cn/"\n', encoding="utf-8")
    status, lines = sample(town, "--now", "--canary", f"127.0.0.1:{town.port}", capsys=capsys)
    row, = town.rows("ding")
    assert status == 0 and "打开 0，打不开 0，作废 1" in lines[0]
    assert (row.kind, row.state, row.reason) == ("visit", "void", Reason.RESOLVER_DOWN)


class Elsewhere(Visitor):
    """Visits loopback as if it were elsewhere: the canaries have their say."""

    def is_named(self, site):
        return False


NETWORKS = {
    "all is well": ("http://127.0.0.1:{up}/", "127.0.0.1:{up}", ["open"], ""),
    "our own network is down": ("http://127.0.0.1:9/", "127.0.0.1:9", ["void"], "对照站点用 IPv4 访问，1 个中有 1 个没有应答"),
    "the site is down": ("http://127.0.0.1:9/", "127.0.0.1:{up}", ["failed", "failed"], ""),
    "the site is slow and we are offline": ("http://127.0.0.1:{up}/slow", "127.0.0.1:9", ["void"], "对照站点"),
}


@pytest.mark.parametrize("url, canary, states, void", NETWORKS.values(), ids=NETWORKS)
def test_real_visits_real_canaries_real_waiting(town, impatient, url, canary, states, void):
    async def take():
        looked_at = settings(nameserver="127.0.0.1:9")
        visitor = Elsewhere(looked_at, deadline=1.0)
        try:
            due = Due.now(Site(id="jia", url=url.format(up=town.port)), datetime.now(SHANGHAI))
            return await take_round([due], visitor, Canaries([canary.format(up=town.port)], looked_at), None, "here")
        finally:
            await visitor.close()
    made, samples = run(take())
    assert [row.state for row in samples] == states and made.void.startswith(void) and bool(made.void) == bool(void)
    assert made.tried >= 2 and made.failed in (0, made.tried)


def test_canaries_that_fall_silent_while_a_site_is_out_of_order(town, impatient):
    """The line went down with the site: the canary ends between the visit and its confirmation."""
    async def take():
        looked_at = settings(nameserver="127.0.0.1:9")
        server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        visitor = Elsewhere(looked_at, deadline=1.0)
        due = Due.now(Site(id="jia", url="http://127.0.0.1:9/"), datetime.now(SHANGHAI))
        taking = asyncio.ensure_future(take_round([due], visitor, Canaries([f"127.0.0.1:{port}"], looked_at), None, "here"))
        while not visitor._ways:
            await asyncio.sleep(0.01)
        server.close()
        made = await taking
        await visitor.close()
        return made
    made, samples = run(take())
    assert made.void.startswith("对照站点") and {row.state for row in samples} == {"void"}


WRONG = {
    "no sites": (["sample"], "请用 --sites=文件"),
    "no such file": (["watch", "--sites", "nowhere.toml"], "nowhere.toml"),
    "too often": (["watch", "--sites", "sites.toml", "--per-day", "289"], "--per-day：'289' 应是 20 到 288 之间的整数"),
    "too seldom": (["sample", "--sites", "sites.toml", "--per-day=19"], "20 到 288"),
    "no number": (["sample", "--sites", "sites.toml", "--per-day=often"], "--per-day：'often'"),
    "no host": (["watch", "--sites", "sites.toml", "--canary", "baidu"], "对照站点 baidu：应写成 HOST:PORT"),
    "the demo": (["watch", "--site", "demo"], "demo 是内置的演示网站"),
    "a history that is none": (["sample", "--sites", "sites.toml", "--history", "sites.toml"], "sites.toml"),
    "accounts only": (["sample", "--sites", "accounts.toml"], "没有网站"),
}
ACCOUNTS = '[[account]]\nid = "wx"\nplatform = "微信公众号"\nname = "发布"\nowner = "中心"\n'


@pytest.mark.parametrize("arguments, words", WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_in_a_sentence(town, capsys, arguments, words):
    town.write(jia="/")
    Path("accounts.toml").write_text(ACCOUNTS, encoding="utf-8")
    assert cli.main([*arguments, *(() if "--history" in arguments else ("--history", str(town.place)))]) == 2
    out, err = capsys.readouterr()
    assert words in err and err.startswith("govsite: ") and "Traceback" not in err and out == ""
    assert town.asked.heads == [], "nobody was visited"


def test_without_a_browser_it_says_so_and_goes_on(town, capsys, impatient, monkeypatch):
    for place in ("pytest_govsite.commands.sampling.find_chromium", "pytest_govsite.gather.sampler.find_chromium"):
        monkeypatch.setattr(place, lambda: None)
    town.write(yi="/503")
    _, lines = sample(town, "--now", capsys=capsys)
    assert "本机没有可用的 Chromium" in lines[0] and [row.kind for row in town.rows("yi")] == ["visit", "again"]


@pytest.mark.timeout(240)
def test_it_watches_until_it_is_told_to_stop(town):
    town.write(jia="/", yi="/")
    plan_soon(town.place, "here", "jia", "yi", after=15)
    process = town.govsite("watch")
    process.until("开始采样：2 个网站，每天各 24 次，采样点 here，历史库 ")
    process.until("访问 2 个网站")
    began = time.monotonic()
    assert process.end() == 0 and time.monotonic() - began < 20, "on a machine that is not busy at once"
    assert "收到停止信号，采样结束" in process.said[-1]
    assert {(row.site, row.family, row.state) for row in town.rows("jia", "yi")} == {("jia", 4, "open"), ("jia", 6, "open"), ("yi", 4, "open")}


ENDED = {
    "watch": (("watch",), signal.SIGINT, 0, "收到停止信号，采样结束"),
    "a single round": (("sample", "--now"), signal.SIGTERM, 130, "govsite: 已中止"),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("arguments, number, status, words", ENDED.values(), ids=ENDED)
def test_a_round_that_is_ended_by_a_signal_is_no_data(town, arguments, number, status, words):
    """In the middle of a visit."""
    town.write(jia="/slow")
    plan_soon(town.place, "here", "jia")
    process = town.govsite(*arguments)
    _wait_until(lambda: any("/slow" in head for head in town.asked.heads))
    assert process.end(number, 30) == status and words in process.said[-1]
    assert town.rows("jia") == []


@pytest.mark.timeout(300)
def test_killed_in_the_middle_of_a_round_it_goes_on_where_it_was(town):
    town.write(jia="/slow", yi="/")
    due = plan_soon(town.place, "here", "jia", "yi")
    process = town.govsite("watch")
    _wait_until(lambda: {"www.jia.gov.cn", "www.yi.gov.cn"} <= {_host(head) for head in town.asked.heads})
    process.end(signal.SIGKILL)
    assert town.rows("jia", "yi") == [], "a round is written as a whole"
    town.write(jia="/", yi="/")
    again = town.govsite("watch")
    again.until("访问 2 个网站")
    assert again.end() == 0
    rows = [(row.site, row.family, row.state) for row in town.rows("jia", "yi")]
    assert sorted(rows) == [("jia", 4, "open"), ("jia", 6, "open"), ("yi", 4, "open")]
    assert all(row.at > due for row in town.rows("jia", "yi"))


@pytest.mark.timeout(300)
def test_of_two_at_once_the_second_says_so_and_ends(town):
    town.write(jia="/")
    first = town.govsite("watch")
    first.until("开始采样")
    for command in ("watch", "sample"):
        second = town.govsite(command)
        assert second.finish() == 2
        assert len(second.said) == 1 and second.said[0].startswith("govsite: ") and "另一个采样进程" in second.said[0]
    elsewhere = town.govsite("sample", "--now", "--vantage", "elsewhere")
    assert elsewhere.finish() == 0, "another place may sample into the same history"
    assert first.end() == 0
    assert {row.vantage for row in town.rows("jia")} >= {"elsewhere"}


@pytest.mark.timeout(300)
def test_the_sites_file_may_change_and_be_broken_while_it_watches(town):
    town.write(jia="/")
    process = town.govsite("watch")
    process.until("开始采样")
    _replace(town.file, "[[site]\n")
    assert "sites.toml" in process.until("网站清单改坏了，仍按原来的清单采样")
    plan_soon(town.place, "here", "yi", after=-1)
    town.write(jia="/", yi="/")
    process.until("网站清单有变动，现在采样 2 个网站")
    _wait_until(lambda: town.rows("yi"))
    assert process.end() == 0


@pytest.mark.timeout(300)
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux lets one process limit the files of another")
def test_a_full_disk_costs_the_rounds_of_that_time(town):
    town.write(jia="/")
    with open_history(town.place):
        pass
    process = town.govsite("watch")
    process.until("开始采样")
    plan_soon(town.place, "here", "yi", after=10)
    full = os.stat(town.place).st_size
    usual = resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
    town.write(jia="/", yi="/")
    assert "秒后再试，其间不访问" in process.until("历史库")
    assert town.rows("yi") == []
    resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, usual)
    plan_soon(town.place, "here", "bing", after=40)
    town.write(jia="/", bing="/")
    _wait_until(lambda: town.rows("bing"), 120)
    assert process.end() == 0 and [row.state for row in town.rows("bing")] == ["open"]


def test_a_database_that_is_gone_is_told_before_anything_is_visited(town, capsys):
    town.write(jia="/")
    arguments = ["watch", "--sites", str(town.file), "--history", "postgresql://clerk:secret@127.0.0.1:9/govsite"]
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert err.startswith("govsite: ") and "secret" not in err + out and "Traceback" not in err


def test_what_cannot_be_ended_does_not_keep_a_sampler_from_ending():
    """A task of a library that ignores its cancellation."""
    async def stubborn():
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                continue

    async def work():
        asyncio.get_running_loop().call_soon(asyncio.ensure_future, stubborn())
        await asyncio.sleep(0.1)
        return True

    began = time.monotonic()
    assert sampler._to_the_end(work()) is True and time.monotonic() - began < sampler.CLOSE_SECONDS + 20


def _wait_until(true, seconds: float = 90) -> None:
    """Until another process has done something of which nobody tells."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def _host(head: str) -> str:
    return next(line.split()[1] for line in head.splitlines() if line.lower().startswith("host:"))


def _replace(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
