"""Structure of domain names: 国务院办公厅关于加强政府网站域名管理的通知（国办函〔2018〕55号）."""
import ipaddress
import re
from dataclasses import dataclass

from pytest_govsite.model.site import DEPARTMENTS, SiteKind

CHINESE_SUFFIX = ("政务", "xn--zfr164b")
WELFARE_SUFFIX = ("公益", "xn--55qw42g")
NATIONAL_PORTAL = "www.gov.cn"
LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
PORTAL = re.compile(rf"www\.{LABEL}\.gov\.cn")
PORTAL_WITHOUT_WWW = re.compile(rf"{LABEL}\.gov\.cn")
DEPARTMENT = re.compile(rf"{LABEL}\.{LABEL}\.gov\.cn")
DEPARTMENT_WITH_WWW = re.compile(rf"www\.{LABEL}\.{LABEL}\.gov\.cn")


@dataclass(frozen=True)
class Irregularity:
    """What is irregular about a domain. `firm`: the rule forbids it; else a hint that costs nothing."""

    says: str
    firm: bool


def irregularities(host: str, kind: SiteKind | None = None, port: int | None = None) -> tuple[Irregularity, ...]:
    """What is irregular about the host of a site of this kind; () when nothing is.

    Without a kind only what no government site may have: an IP address, a suffix other than .gov.cn and .政务.
    """
    host = host.lower().rstrip(".")
    found = [Irregularity(f"网址带有端口号 {port}", False)] if port not in (None, 80, 443) else []
    if _is_address(host):
        return (Irregularity(f"网站直接用 IP 地址 {host}，没有用域名", True), *found)
    suffix = host.rsplit(".", 1)[-1]
    if suffix in CHINESE_SUFFIX:
        return tuple(found)
    if suffix in WELFARE_SUFFIX:
        return (Irregularity(f"域名 {host} 用的是公益机构的后缀“.公益”", True), *found)
    if not host.endswith(".gov.cn"):
        return (Irregularity(f"域名 {host} 不以 .gov.cn 或 .政务 结尾", True), *found)
    return (*_by_kind(host, kind), *found)


def _by_kind(host: str, kind: SiteKind | None) -> tuple[Irregularity, ...]:
    if kind is None:
        return ()
    if kind == "state-council-portal":
        return () if host == NATIONAL_PORTAL else (Irregularity(f"中国政府网的域名应为 {NATIONAL_PORTAL}，现为 {host}", True),)
    if kind == "state-council-department":
        return _judge_central(host)
    return _judge_department(host) if kind in DEPARTMENTS else _judge_portal(host)


def _judge_portal(host: str) -> tuple[Irregularity, ...]:
    if PORTAL.fullmatch(host):
        return ()
    if PORTAL_WITHOUT_WWW.fullmatch(host):
        return (Irregularity(f"门户网站域名 {host} 前面没有 www.，请确认 www.{host} 能打开", False),)
    return (Irregularity(f"政府门户网站的域名应为 www.□□□.gov.cn 的形式，现为 {host}", True),)


def _judge_department(host: str) -> tuple[Irregularity, ...]:
    """Departments of provinces and cities stand under the domain of their own portal."""
    if DEPARTMENT_WITH_WWW.fullmatch(host):
        return (Irregularity(f"部门网站域名 {host} 前面多了 www.", False),)
    if DEPARTMENT.fullmatch(host) and not host.startswith("www."):
        return ()
    return (Irregularity(f"部门网站的域名应为 ○○○.□□□.gov.cn 的形式，设在本级政府门户网站域名之下，现为 {host}", True),)


def _judge_central(host: str) -> tuple[Irregularity, ...]:
    """www.□□□.gov.cn for a department, ○○○.□□□.gov.cn for its units."""
    if PORTAL.fullmatch(host) or DEPARTMENT.fullmatch(host):
        return ()
    if PORTAL_WITHOUT_WWW.fullmatch(host):
        return (Irregularity(f"部门网站域名 {host} 前面没有 www.，请确认 www.{host} 能打开", False),)
    return (Irregularity(f"国务院部门网站的域名应为 www.□□□.gov.cn 的形式，现为 {host}", True),)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
