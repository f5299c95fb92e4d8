"""Sweeps that cannot begin: one sentence each, and nothing is written."""
import socket
import sys
from types import SimpleNamespace

import faked
import pytest

from pytest_govsite import __version__, cli
from pytest_govsite.commands import sweep
from pytest_govsite.sweeping import connecting
from pytest_govsite.sweeping.cluster import Cluster, ClusterError

pytest.importorskip("distributed", reason="the extra [sweep] is not installed")
pytestmark = pytest.mark.timeout(120)
SITES, ELSEWHERE = "--sites=sites.toml", "--scheduler=tcp://127.0.0.1:1"
PEM = ("--tls-ca=sites.toml", "--tls-cert=sites.toml", "--tls-key=sites.toml")
REFUSED = {
    "nobody is to be inspected": ([], "--sites=文件"),
    "a sites file that is not there": (["--sites=other.toml"], "找不到"),
    "a table that is not there": ([SITES, "--edition=gb1999"], "gb1999"),
    "checks that are not there": ([SITES, "nowhere"], "nowhere 里没有检查"),
    "a folder without checks": ([SITES, "."], "里没有检查"),
    "memory in words": ([SITES, "--site-memory=4GB"], "--site-memory"),
    "hardly any memory": ([SITES, "--site-memory=1"], "64 以上"),
    "no workers": ([SITES, "--workers=0"], "--workers"),
    "workers of a scheduler": ([SITES, ELSEWHERE, "--workers=4"], "只用于本机"),
    "certificates without a scheduler": ([SITES, *PEM], "--scheduler=tls://"),
    "certificates that nobody asked for": ([SITES, ELSEWHERE, *PEM], "tls://"),
    "half the certificates": ([SITES, "--scheduler=tls://127.0.0.1:1", PEM[0]], "三个文件"),
    "no certificates": ([SITES, "--scheduler=tls://127.0.0.1:1"], "三个文件"),
    "certificates that are not there": ([SITES, "--scheduler=tls://127.0.0.1:1", *PEM[:2], "--tls-key=no.pem"], "找不到文件 no.pem"),
    "what is no certificate": ([SITES, "--scheduler=tls://127.0.0.1:1", *PEM], "连不上调度器 tls://127.0.0.1:1"),
    "a scheduler that is not there": ([SITES, ELSEWHERE], "连不上调度器 tcp://127.0.0.1:1"),
    "an address that is none": ([SITES, "--scheduler=there"], "连不上调度器 there"),
    "a gate without a baseline": ([SITES, "--gate=new"], "--baseline"),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "sites.toml").write_text(faked.site("alpha"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(connecting, "CONNECT_SECONDS", 1)
    return tmp_path


@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence(folder, capsys, arguments, words):
    assert cli.main(["sweep", *arguments]) == 2
    out, err = capsys.readouterr()
    assert words in err and "Traceback" not in err + out and not (folder / "govsite-results").exists()


def test_a_server_that_is_no_scheduler_is_told(folder, capsys):
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert cli.main(["sweep", SITES, f"--scheduler=tcp://127.0.0.1:{server.getsockname()[1]}"]) == 2
    assert "连不上调度器" in capsys.readouterr().err


def test_without_the_library_the_remedy_is_told(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert cli.main(["sweep", SITES]) == 2
    assert "pip install 'pytest-govsite[sweep]'" in capsys.readouterr().err


def test_a_history_out_of_reach_is_told_and_costs_nothing_else(folder):
    said = []
    console = SimpleNamespace(print=lambda text, **_: said.append(str(text)))
    plan = SimpleNamespace(request=SimpleNamespace(history=str(folder)), settings=SimpleNamespace(as_of=None))
    with sweep._pasts(console, plan) as past_of:
        assert past_of("alpha") is None
    assert "可用性一项待定" in said[0]


# a cluster that lacks something; Dask's client is pretended


class Client:
    """Answers as a cluster of one worker does, unless told otherwise."""

    scheduler = SimpleNamespace(address="tcp://there:8786")

    def __init__(self, resources=None, lacks="", version=__version__, theirs=("1", "1"), ours=("1", "1"), workers=True, error=None):
        self._resources = {"browser": 1} if resources is None else resources
        self._said, self._workers, self._error = {"version": version, "lacks": lacks}, workers, error
        self._versions = [{"packages": dict(zip(("dask", "distributed"), each, strict=True))} for each in (ours, theirs)]

    def wait_for_workers(self, count, timeout):
        if not self._workers:
            raise TimeoutError

    def scheduler_info(self, n_workers):
        return {"workers": {"tcp://w:1": {"resources": self._resources, "nthreads": 2}}}

    def get_versions(self, check):
        return {"client": self._versions[0], "scheduler": self._versions[0], "workers": {"tcp://w:1": self._versions[1]}}

    def run(self, *_, **__):
        if self._error:
            raise self._error
        return {"tcp://w:1": self._said}


LACKING = {
    "no worker": ({"workers": False}, "dask worker tcp://there:8786"),
    "no slots": ({"resources": {}}, "--resources browser=1"),
    "another Dask": ({"theirs": ("1", "2")}, "tcp://w:1 的 distributed 是 2，本机是 1"),
    "another version of ours": ({"version": "0.1"}, "是 0.1"),
    "not our package": ({"error": ModuleNotFoundError("No module named 'pytest_govsite'")}, "没有装 pytest-govsite"),
    "no browser": ({"lacks": "没有可用的 Chromium"}, "tcp://w:1：没有可用的 Chromium"),
}


@pytest.mark.parametrize(("answers", "words"), LACKING.values(), ids=LACKING)
def test_what_a_cluster_lacks_is_told(answers, words):
    with pytest.raises(ClusterError) as told:
        Cluster(Client(**answers)).check(frozenset({"home"}))
    assert words in str(told.value)


def test_a_good_cluster_is_good():
    cluster = Cluster(Client(resources={"browser": 4}))
    cluster.check(frozenset({"home"}))
    assert cluster.slots() == 2, "each inspection takes a thread as well"
