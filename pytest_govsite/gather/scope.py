"""Which addresses belong to a site and are worth a visit, and when two of them are the same page."""
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from pytest_govsite.model.finding import normalised
from pytest_govsite.model.site import Site
from pytest_govsite.reading.addresses import bare_host, host_of, path_of

SESSION = re.compile(
    r"^(?:j?sessionid|phpsessid|aspsessionid\w*|cfid|cftoken|session|sid|_|_t|rand(?:om)?|timestamp|nonce|utm_\w+|spm)$",
    re.IGNORECASE,
)
SESSION_IN_PATH = re.compile(r";(?:jsessionid|sid)=[^/?]*|/\(S\(\w+\)\)(?=/)", re.IGNORECASE)
FRONT = re.compile(r"/(?:index|default|main)\.(?:s?html?|jsp|aspx?|php)$", re.IGNORECASE)
NO_COLUMN = re.compile(
    r"/(?:log(?:in|out)|regist\w*|sign(?:in|up)|sso|user|passport|search\w*|so|captcha|rss|feed|print\w*|download\w*|api|wap"
    r"|mobile|m|en|eng|english|big5|gb2big5|fanti|wza)(?:[/.?]|$)"
    r"|[?&](?:sort\w*|order\w*|print\w*|lang|locale|fontsize|mode|keyword|searchword|q|wd)="
    r"|\.(?:xml|json|js|css|rss|ics|png|jpe?g|gif|bmp|svg|ico|pdf|docx?|xlsx?|pptx?|wps|et|ofd|ceb|rtf|txt|csv|zip|rar|7z"
    r"|tar|gz|mp[34]|wmv|avi|flv|mov|apk|exe)(?:[?#]|$)|DownloadAttachUrl|download\.jsp",
    re.IGNORECASE,
)
CALENDAR = re.compile(r"/(?:calendar|rili)\b|[?&](?:date|day|month|ym|riqi|rq)=", re.IGNORECASE)
LATER_PAGE = re.compile(r"[?&](?:page|page_?no|page_?num|page_?index|cur_?page|pn|p)=(?!0*1(?:&|$))\d+", re.IGNORECASE)
REPEATED = re.compile(r"(/[^/]+)(?:\1){2}(?=/|$)")
NUMBER = re.compile(r"[0-9a-f]{16,}|\d+", re.IGNORECASE)
LONGEST, DEEPEST = 300, 12
RECENT = 8192  # addresses remembered: every page of a site repeats its menus

# what is called so is no column: ways around the site, languages, tools, pages of a calendar or of a list
NO_COLUMN_NAME = re.compile(
    r"首\s*页|网站首页|返回首页|门户首页|home|尾页|末页|[上下前后][一]?[页月年天周日]|第?\d{1,3}页?|登\s*[录陆]|注\s*册|用户中心|退出"
    r"|无障碍\w*|长者\w*|适老\w*|关怀版|english|en|繁[體体]\w*|简体\w*|手机\w*|移动\w*|wap\w*|rss\w*|收藏\w*|加入收藏|设为(?:首页|主页)"
    r"|打印\w*|关闭\w*|下载\w*|搜\s*索|检\s*索|高级搜索|>+|<+|\.+|…+|分享\w*|字体\w*|[大中小]|全文|微信\w*|微博\w*|客户端\w*|二维码",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Scope:
    """The hosts of one site, without `www.`."""

    hosts: frozenset[str]

    @classmethod
    def of(cls, site: Site, *addresses: str) -> "Scope":
        """The hosts of the sites file, and of the addresses that its home page led to."""
        named = [host_of(alias) or alias.strip().lower() for alias in site.aliases]
        reached = [host_of(address) for address in (site.url, *addresses)]
        return cls(frozenset(bare_host(host) for host in (*named, *reached) if host))

    def owns(self, url: str) -> bool:
        """The address lives on the site itself."""
        return bare_host(host_of(url)) in self.hosts


@lru_cache(maxsize=RECENT)
def key_of(url: str) -> str:
    """What identifies a page: its address without scheme, `www.`, session, and the name of a folder's first page."""
    bare = SESSION_IN_PATH.sub("", url)
    place, mark, query = normalised(bare).partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not SESSION.match(name)]
    place = FRONT.sub("/", place) if not kept else place
    return bare_host(place) + ("?" + urlencode(kept) if kept else "")


def template_of(url: str) -> str:
    """What addresses of one making have in common: path without numbers, names of parameters."""
    parts = urlsplit(SESSION_IN_PATH.sub("", url))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{bare_host(parts.hostname or '')}{NUMBER.sub('#', parts.path)}?{'&'.join(names)}"


def parameters(url: str) -> int:
    """How many parameters an address has."""
    return len(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def is_column_address(url: str) -> bool:
    """The address may be a column's: no tool of the site, no file, no further page of a list, no trap."""
    path = path_of(url)
    if len(url) > LONGEST or path.count("/") > DEEPEST or REPEATED.search(path):
        return False
    return not any(sign.search(url) for sign in (NO_COLUMN, CALENDAR, LATER_PAGE))


def is_column_name(name: str) -> bool:
    """A link of that name may lead to a column."""
    words = " ".join(name.split()).strip("[]【】()（）<>《》|·-— ")
    return bool(words) and not NO_COLUMN_NAME.fullmatch(words)
