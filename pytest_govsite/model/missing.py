"""Why something could not be judged, and on whose account."""
from dataclasses import dataclass
from enum import StrEnum


class Blame(StrEnum):
    """CONTRACT section 1. The first three await, the next two lie outside, the last two are trouble."""

    PERSON = "person"
    HISTORY = "history"
    ACCOUNT = "account"
    VANTAGE = "vantage"
    WALL = "wall"
    SITE = "site"
    TOOL = "tool"


AWAITING = frozenset({Blame.PERSON, Blame.HISTORY, Blame.ACCOUNT})
OUTSIDE = frozenset({Blame.VANTAGE, Blame.WALL})
TROUBLE = frozenset({Blame.SITE, Blame.TOOL})


class Reason(StrEnum):
    """What went wrong while gathering. The value is stable; the wording for people is in WORDS."""

    NO_NAME = "no-name"
    DNS_FAILED = "dns-failed"
    REFUSED = "refused"
    RESET = "reset"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    HTTP_ERROR = "http-error"
    REDIRECT_LOOP = "redirect-loop"
    NOT_HTML = "not-html"
    TOO_LARGE = "too-large"
    BLANK = "blank"
    NO_PAGES = "no-pages"
    WALL = "wall"
    NO_IPV6_ROUTE = "no-ipv6-route"
    NO_NETWORK = "no-network"
    RESOLVER_DOWN = "resolver-down"
    DNS_REWRITTEN = "dns-rewritten"
    PROXY_FAILED = "proxy-failed"
    THIRD_PARTY = "third-party"
    ENGINE_MISSING = "engine-missing"
    PRIVATE_ADDRESS = "private-address"
    BROWSER_MISSING = "browser-missing"
    BROWSER_DIED = "browser-died"
    DEADLINE = "deadline"
    CRASH = "crash"
    NOT_REACHED = "not-reached"
    NOT_STORED = "not-stored"
    UNCLEAR = "unclear"
    OUT_OF_ORDER = "out-of-order"
    NOT_PROVIDED = "not-provided"
    ERROR_PAGE = "error-page"


_SITE = (
    Reason.NO_NAME, Reason.DNS_FAILED, Reason.REFUSED, Reason.RESET, Reason.TIMEOUT, Reason.UNREACHABLE, Reason.TLS,
    Reason.HTTP_ERROR, Reason.REDIRECT_LOOP, Reason.NOT_HTML, Reason.TOO_LARGE, Reason.BLANK, Reason.NO_PAGES,
    Reason.PRIVATE_ADDRESS, Reason.OUT_OF_ORDER, Reason.NOT_PROVIDED, Reason.ERROR_PAGE,
)
_VANTAGE = (
    Reason.NO_IPV6_ROUTE, Reason.NO_NETWORK, Reason.RESOLVER_DOWN, Reason.DNS_REWRITTEN, Reason.PROXY_FAILED, Reason.THIRD_PARTY,
    Reason.ENGINE_MISSING, Reason.BROWSER_MISSING,
)
BLAME = (
    dict.fromkeys(Reason, Blame.TOOL)
    | dict.fromkeys(_SITE, Blame.SITE)
    | dict.fromkeys(_VANTAGE, Blame.VANTAGE)
    | {Reason.WALL: Blame.WALL, Reason.UNCLEAR: Blame.PERSON}
)

RETRYABLE = frozenset({Reason.RESET, Reason.TIMEOUT, Reason.DNS_FAILED, Reason.REFUSED, Reason.BROWSER_DIED})

# what our own network may have caused: the control probe has a word (CONTRACT ruling 13)
NETWORK_FAULTS = frozenset(
    {Reason.NO_NAME, Reason.DNS_FAILED, Reason.REFUSED, Reason.RESET, Reason.TIMEOUT, Reason.UNREACHABLE}
)

WORDS = {
    Reason.NO_NAME: "域名不存在",
    Reason.DNS_FAILED: "域名解析失败",
    Reason.REFUSED: "服务器拒绝连接",
    Reason.RESET: "连接被中断",
    Reason.TIMEOUT: "等待超时",
    Reason.UNREACHABLE: "地址不可达",
    Reason.TLS: "HTTPS 证书或加密协议有误",
    Reason.HTTP_ERROR: "服务器返回错误状态",
    Reason.REDIRECT_LOOP: "跳转不止",
    Reason.NOT_HTML: "返回的不是网页",
    Reason.TOO_LARGE: "页面过大",
    Reason.BLANK: "页面空白",
    Reason.NO_PAGES: "没有找到可抽查的页面",
    Reason.WALL: "被防护验证拦截",
    Reason.NO_IPV6_ROUTE: "本机没有 IPv6 出口",
    Reason.NO_NETWORK: "本机网络不通",
    Reason.RESOLVER_DOWN: "本机域名服务器无应答",
    Reason.DNS_REWRITTEN: "本机经代理上网，看不到真实的域名解析",
    Reason.PROXY_FAILED: "本机上级代理不通",
    Reason.THIRD_PARTY: "第三方主机从本机打不开",
    Reason.ENGINE_MISSING: "本机未安装该浏览器",
    Reason.PRIVATE_ADDRESS: "指向内网地址，未访问",
    Reason.BROWSER_MISSING: "本机没有可用的 Chromium",
    Reason.BROWSER_DIED: "本机浏览器中途退出",
    Reason.DEADLINE: "超出本工具的时限",
    Reason.CRASH: "本工具出错",
    Reason.NOT_REACHED: "未轮到",
    Reason.NOT_STORED: "存档中没有这项证据",
    Reason.UNCLEAR: "须由人工辨认",
    Reason.OUT_OF_ORDER: "功能不可用",
    Reason.NOT_PROVIDED: "未提供该功能",
    Reason.ERROR_PAGE: "显示的是错误页面",
}


@dataclass(frozen=True)
class Missing:
    """Evidence (or one page of it) that could not be had: a value, never an exception."""

    reason: Reason
    detail: str = ""
    url: str = ""
    blamed: Blame | None = None

    @property
    def blame(self) -> Blame:
        return self.blamed or BLAME[self.reason]

    @property
    def says(self) -> str:
        """One plain Chinese sentence for the reader of the report."""
        words = WORDS[self.reason]
        return f"{words}（{self.detail}）" if self.detail else words
