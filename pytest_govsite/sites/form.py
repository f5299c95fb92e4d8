"""The shape of a sites file. Every `description` says, in Chinese, what would be right."""
import ipaddress
import re
from typing import Annotated, get_args
from urllib.parse import urlsplit

import idna
from pydantic import AfterValidator, Field

from pytest_govsite.model.columns import CATEGORIES
from pytest_govsite.model.site import SiteKind, path_of
from pytest_govsite.tomlfile import Table, Text

RESERVED = ("demo", "demo-clean")
RESOLVE = re.compile(r"(?P<host>[^:\[\]\s]+):(?P<port>\d+):(?P<address>\[[^\]]+\]|[^:\[\]]+)(:(?P<to>\d+))?")
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")

# the first two digits of GB/T 2260
PROVINCES = {
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82,
}


def is_region(text: str) -> bool:
    """Is this a GB/T 2260 division code, as far as its form and its province say?"""
    return bool(re.fullmatch(r"[0-9]{6}", text)) and int(text[:2]) in PROVINCES


def web_address(text: str) -> str:
    """The address of a website, unchanged. Raises ValueError with what is wrong with it."""
    try:
        parts = urlsplit(text)
        usable = parts.port != 0
    except ValueError:
        raise ValueError("主机或端口的写法不对") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError("开头不是 http:// 或 https://")
    if parts.username or parts.password is not None or re.search(r"\s", text):
        raise ValueError("网址里不能有空格、用户名或密码")
    if not usable:
        raise ValueError("主机或端口的写法不对")
    _host(parts.hostname or "")
    return text


def ascii_host(host: str) -> str:
    """A host in lower case, a Chinese domain (.政务) as DNS spells it. Raises ValueError for what cannot be a host."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise ValueError("域名的写法不对") from None


def _id(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", text):
        raise ValueError("只能用英文字母、数字和 . _ -，开头不能是符号")
    if text in RESERVED:
        raise ValueError("留给内置的演示网站")
    return text


def _host(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        labels = ascii_host(text).removesuffix(".").split(".")
        if not all(LABEL.fullmatch(label) for label in labels):
            raise ValueError("域名的写法不对") from None
    return text


def _region(text: str) -> str:
    if not is_region(text):
        raise ValueError("不是行政区划代码")
    return text


def _code(text: str) -> str:
    if not re.fullmatch(r"(?i)[0-9]{10}|bm[0-9]{8}", text):
        raise ValueError("不是网站标识码")
    return text


def _period(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,2}(d|w|mo|y|wd)", text):
        raise ValueError("看不懂的期限")
    return text


def _column_name(text: str) -> str:
    if not path_of(text):
        raise ValueError("没有写出名称")
    return text


def _category(text: str) -> str:
    if text not in CATEGORIES:
        raise ValueError("不是栏目的类别")
    return text


def _different(texts: list[str]) -> list[str]:
    if twice := next((text for number, text in enumerate(texts) if text in texts[:number]), None):
        raise ValueError(f"“{twice}”写了两次")
    return texts


def _resolve(texts: list[str]) -> list[str]:
    seen = set()
    for text in texts:
        place = _resolved(text)
        if place in seen:
            raise ValueError(f"“{text}”：同一主机和端口的 IPv4、IPv6 各只能写一条")
        seen.add(place)
    return texts


def _resolved(text: str) -> tuple[str, str, int]:
    found = RESOLVE.fullmatch(text)
    ports = [int(port) for port in (found["port"], found["to"]) if port] if found else [0]
    try:
        address = ipaddress.ip_address(found["address"].strip("[]")) if found else None
    except ValueError:
        address = None
    bracketed = address and (address.version == 6) == ("[" in found["address"])
    if not bracketed or not all(0 < port < 65536 for port in ports):
        raise ValueError(f"“{text}”不是 主机:端口:地址")
    return found["host"].lower(), found["port"], address.version


URL = "应当是完整的网址，如 \"http://www.xuanhan.gov.cn/\""
ID = "应当是不重复的英文短名，如 \"xuanhan\""
EDITIONS = "应当是指标表的名字，可多个，如 [\"sichuan2021\"]"
WORDS = "应当是一段文字"
KINDS = f"应当是 {'、'.join(get_args(SiteKind))} 之一"
REGION = "应当是加引号的6位行政区划代码，如 \"511722\""
CODE = "应当是10位网站标识码，如 \"5109000015\" 或 \"bm07000001\""
PLATFORM = "应当是共用平台的域名，如 \"cms.dazhou.gov.cn\""
RESOLVES = "应当写成 [\"www.xuanhan.gov.cn:443:10.1.2.3\"]，IPv6 地址加方括号"
ALIASES = "应当是同一网站的其他域名，如 [\"xuanhan.gov.cn\"]"
COLUMN_NAME = "应当是栏目的名称，或从一级栏目写起的路径，如 \"工作动态/部门动态\""
CATEGORY = f"应当是 {'、'.join(CATEGORIES)} 之一"
UNITS = "应当是每周向本网站报送信息的单位，不重复，如 [\"石桥镇\", \"县教育局\"]"
PARENT = "应当是上级网站的 id，如 \"dazhou\"；门户网站可不写，按行政区划代码找"
PERIOD = "应当是更新期限，如 \"2w\"、\"6mo\"、\"10wd\"（工作日）"

Url = Annotated[Text, AfterValidator(web_address)]
Id = Annotated[str, AfterValidator(_id)]
Host = Annotated[Text, AfterValidator(_host)]
Region = Annotated[str, AfterValidator(_region)]
Code = Annotated[str, AfterValidator(_code)]
Period = Annotated[str, AfterValidator(_period)]
ColumnName = Annotated[Text, AfterValidator(_column_name)]
Category = Annotated[Text, AfterValidator(_category)]
Units = Annotated[list[Text], AfterValidator(_different)]
Resolves = Annotated[list[str], AfterValidator(_resolve)]


class ColumnForm(Table):
    """A column that corrects or completes what discovery finds: [[site.column]]."""

    name: ColumnName = Field(description=COLUMN_NAME)
    url: Url | None = Field(None, description=URL)
    category: Category | None = Field(None, description=CATEGORY)
    period: Period | None = Field(None, description=PERIOD)
    owner: Text | None = Field(None, description="应当是负责的科室，如 \"综合处\"")


class SiteForm(Table):
    """One website: [[site]]."""

    id: Id = Field(description=ID)
    name: Text | None = Field(None, description="应当是网站的名称，如 \"宣汉县人民政府\"")
    url: Url = Field(description=URL)
    kind: SiteKind | None = Field(None, description=KINDS)
    region: Region | None = Field(None, description=REGION)
    editions: list[Text] = Field([], description=EDITIONS)
    group: Text | None = Field(None, description="应当是分组的名称，如 \"达州市\"")
    service_duty: bool = Field(True, description="应当是 true 或 false：有没有对外服务职能")
    code: Code | None = Field(None, description=CODE)
    platform: Host | None = Field(None, description=PLATFORM)
    resolve: Resolves = Field([], description=RESOLVES)
    aliases: list[Host] = Field([], description=ALIASES)
    notes: Text | None = Field(None, description=WORDS)
    units: Units = Field([], description=UNITS)
    parent: Text | None = Field(None, description=PARENT)
    column: list[ColumnForm] = Field([], description="应当写成 [[site.column]]")


class AccountForm(Table):
    """One account of new media: [[account]]."""

    id: Id = Field(description=ID)
    platform: Text = Field(description="应当是平台的名称，如 \"微信公众号\"")
    name: Text = Field(description="应当是账号的名称，如 \"宣汉发布\"")
    owner: Text = Field(description="应当是主管单位，如 \"县融媒体中心\"")
    url: Url | None = Field(None, description=URL)
    editions: list[Text] = Field([], description=EDITIONS)
    group: Text | None = Field(None, description="应当是分组的名称，如 \"达州市\"")


class SitesForm(Table):
    """The whole file."""

    site: list[SiteForm] = Field([], description="每个网站应当写成 [[site]]，下面一行一个键")
    account: list[AccountForm] = Field([], description="每个账号应当写成 [[account]]，下面一行一个键")
