"""What works on this machine, and what to do about what does not."""
import os
import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pytest_govsite.gather.installed import find_engines
from pytest_govsite.gather.trial import Trial, try_engine
from pytest_govsite.gather.upstream import DEFAULT_PORTS, upstream_for
from pytest_govsite.gather.way import has_ipv6_route
from pytest_govsite.history import HistoryError, default_place, open_history
from pytest_govsite.history.opening import VARIABLE
from pytest_govsite.model.missing import Missing
from pytest_govsite.report.wording import plain, sized

PACKAGES = ("pytest", "pytest-xdist", "allure-pytest", "playwright", "aiohttp", "dnspython", "selectolax", "rich")
KNOWN_HOST = "www.gov.cn"
SECONDS = 5
ENOUGH_DISK = 2  # GB; DOM and pictures of some hundred sites


@dataclass(frozen=True)
class Line:
    """One fact about this machine: works or not, and the remedy."""

    ok: bool
    says: str
    remedy: str = ""


def python() -> Iterator[Line]:
    """The interpreter."""
    here = ".".join(map(str, sys.version_info[:3]))
    yield Line(sys.version_info >= (3, 11), f"Python {here}（{sys.executable}）", "需要 Python 3.11 或更新版本")


def packages() -> Iterator[Line]:
    """What the package stands on."""
    for name in PACKAGES:
        try:
            yield Line(True, f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Line(False, f"{name} 没有安装", f"pip install {name}")


def browser() -> Iterator[Line]:
    """A Chromium that starts; nothing can be inspected without one."""
    found = find_engines()["chromium"]
    trial = _trial("chromium")
    if isinstance(trial, Trial):
        yield Line(True, f"Chromium {trial.version} 能启动（{found}）")
    else:
        yield Line(False, f"Chromium 不能用：{trial.says}", "playwright install --with-deps chromium，或安装发行版的 chromium")


def engines() -> Iterator[Line]:
    """Further engines, for the browser comparison."""
    remedies = {
        "Firefox": "安装 Firefox（Debian：apt-get install firefox-esr），或 playwright install firefox",
        "WebKit": "apt-get install webkit2gtk-driver xvfb，或 playwright install --with-deps webkit",
    }
    for name, remedy in remedies.items():
        trial = _trial(name.lower())
        if isinstance(trial, Trial):
            yield Line(True, f"{name} {trial.version} 能启动（{find_engines()[name.lower()]}）")
        else:
            yield Line(False, f"{name} 不能用，浏览器兼容检查将缺这一种：{trial.says}", remedy)


def font() -> Iterator[Line]:
    """Chinese characters in screenshots, by drawing two of them."""
    trial = _trial("chromium")
    if isinstance(trial, Missing):
        yield Line(False, "中文字体：没有浏览器，无从判断", "先解决浏览器")
    else:
        remedy = "安装中文字体（Debian、Ubuntu：apt-get install fonts-wqy-zenhei）；没有它，截图上的汉字都是方框"
        yield Line(trial.draws_chinese, "中文字体：能画出汉字" if trial.draws_chinese else "中文字体：画不出汉字", remedy)


def ipv6() -> Iterator[Line]:
    """A route to the IPv6 internet."""
    leads_out = has_ipv6_route()
    remedy = "换到有 IPv6 出口的机器上检查；否则各站的 IPv6 项记为未能判定（本机条件所限），不扣分"
    yield Line(leads_out, f"IPv6 出口：{'有' if leads_out else '没有'}", remedy)


def dns() -> Iterator[Line]:
    """The system's resolver."""
    addresses = _resolve(KNOWN_HOST)
    remedy = "检查 /etc/resolv.conf，或用 --nameserver 指定域名服务器"
    says = f"域名解析：{KNOWN_HOST} → {'、'.join(addresses[:2])}" if addresses else f"域名解析：{KNOWN_HOST} 查不到"
    yield Line(bool(addresses), says, remedy)


def proxy() -> Iterator[Line]:
    """The proxies that the environment names for the two schemes."""
    for scheme, port in DEFAULT_PORTS.items():
        remedy = f"检查环境变量 {scheme.upper()}_PROXY"
        try:
            upstream = upstream_for(scheme, KNOWN_HOST, port)
        except ValueError as error:
            yield Line(False, f"上级代理：{error}", remedy)
            continue
        if upstream is None:
            yield Line(True, f"上级代理：{scheme} 直接访问")
        else:
            ok = _connects(upstream.host, upstream.port)
            yield Line(ok, f"上级代理：{scheme} 经 {upstream.url}{'' if ok else '，连不上'}", remedy)


def ca() -> Iterator[Line]:
    """Certificate authorities that the environment names."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if value := os.environ.get(name):
            yield Line(Path(value).exists(), f"证书机构：{name} {value}", f"{name} 指向的文件不存在")
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        yield Line(True, "证书机构：用系统自带的")


def disk() -> Iterator[Line]:
    """Room for results."""
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    yield Line(free >= ENOUGH_DISK, f"磁盘：当前文件夹可用 {free:.0f} GB", f"腾出 {ENOUGH_DISK} GB，或用 --results 换一处存放结果")


def history() -> Iterator[Line]:
    """The history: where it is, whether it can be opened, what it holds, who is writing. Nothing is made."""
    try:
        with open_history(read_only=True) as kept:
            place, survey = kept.place, kept.survey()
    except HistoryError as error:
        yield Line(False, str(error), f"核对环境变量 {VARIABLE}；没有设它时，历史库在 {default_place()}")
        return
    if not survey.version:
        yield _history_to_come(place)
        return
    reach = f"，访问记录 {survey.first} 至 {survey.last}" if survey.first else ""
    yield Line(True, f"历史库：{place}，第 {survey.version} 版，{sized(survey.size)}，网站 {len(survey.sites)} 个{reach}")
    names = "、".join(plain(name, 40) for name in survey.samplers)
    yield Line(True, f"采样进程：采样点 {names} 正在采样" if names else "采样进程：现在没有")


def _history_to_come(place: str) -> Line:
    """A history that is not there yet is no fault, a folder in which none can be made is."""
    if "://" in place:
        return Line(True, f"历史库：{place} 里还没有表，第一次采样或检查时建立")
    above = next(folder for folder in Path(place).absolute().parents if folder.exists())
    says = f"历史库：还没有，第一次采样或检查时建在 {place}"
    return Line(os.access(above, os.W_OK), says, f"{above} 不能写：换一处，用环境变量 {VARIABLE} 指明")


PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    part.__name__: part for part in (python, packages, browser, engines, font, ipv6, dns, proxy, ca, disk, history)
}
ESSENTIAL = ("python", "packages", "browser", "font")


@cache
def _trial(engine: str) -> Trial | Missing:
    return try_engine(engine)


def _resolve(host: str) -> list[str]:
    found: list[str] = []

    def ask() -> None:
        try:
            found.extend(dict.fromkeys(entry[4][0] for entry in socket.getaddrinfo(host, 443)))
        except OSError:
            return

    thread = threading.Thread(target=ask, daemon=True)  # getaddrinfo takes no deadline
    thread.start()
    thread.join(SECONDS)
    return list(found)


def _connects(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), SECONDS):
            return True
    except OSError:
        return False
