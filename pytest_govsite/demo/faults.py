"""All faults that can be planted, one line each; those with `planted` stand in the site `demo`.

The faulty site is the clean site with lines of this table applied. To add one: give it a line, fence the place in the
template if no fence is there yet (see planting.py). Faults without `plant` are done by the server or the name server.
"""
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pytest_govsite.demo.county import CODE, HOST, IRREGULAR_HOST, NAME
from pytest_govsite.demo.planting import Plant, beside, instead, labelled, swap, unlabelled, whole, without

BASE = f"https://{HOST}"

# what findings call the thing
ENTRY, LABELS, TITLE, PARTY_MARK = "我为政府网站找错", "页面标签", "网站名称", "党政机关网站标识"
ARTICLE_LABELS = ("ArticleTitle", "PubDate", "ContentSource")
COLUMN_LABELS = ("ColumnDescription", "ColumnKeywords", "ColumnType")
FOREIGN_CODE = "5199220007"
GONE = "https://www.shili.gov.cn/zt/2019/index.html"
NO_HOST = "http://old.demo.gov.cn/"
BROKEN_IMAGE = f"{BASE}/images/zt_banner_2024.png"
SOFT_404 = f"{BASE}/ztzl/2023/index.html"
LOST_FILE = f"{BASE}/files/202401/W020240105358.doc"

FIREFOX_ONLY = """<script>
if (navigator.userAgent.indexOf("Firefox") > -1) {
    document.body.innerHTML = "";
    oldLayout.init(document.all.wrapper);
}
</script>"""
NEVER_SHOWN = """<style>#wrapper { opacity: 0 }</style>
<script>jQuery(function () { jQuery("#wrapper").animate({ opacity: 1 }); });</script>"""
HTTP_FOOTER = f'<script src="http://{HOST}/js/footer.js"></script>'
BLANK = "<html><head><title></title></head><body></body></html>"
SENT_AWAY = "<script>window.location.href='/index.html'</script>"
OLD_ENTRY = '<script id="_jiucuo_" sitecode="{code}" src="{host}/exposure/jiucuo.js"></script>'


@dataclass(frozen=True)
class Fault:
    """One fault.

    id       rule of the official tables and variant, `rule:variant`; site:*, dns:*, net:*, tls:* prevent judgement.
    what     the thing that a finding names; * for compat faults of every engine.
    at       kind of page where a finding stands, as a pattern: home, article/trs, */boda (see catalogue.py).
    why      the fault in one line.
    on       kind of resource that it changes, as a pattern.
    plant    what changes the text of those resources.
    planted  stands in `demo`.
    drawn    fires once for each drawn page of that kind, not once a site.
    engine   shows in this browser engine only.
    """

    id: str
    what: str
    at: str
    why: str
    on: str = ""
    plant: Plant | None = None
    planted: bool = False
    drawn: bool = False
    engine: str = ""

    @property
    def rule(self) -> str:
        """Id of the rule, empty for what prevents judgement."""
        rule = self.id.partition(":")[0]
        return rule if "." in rule else ""

    def explains(self, rule: str, what: str, kind: str) -> bool:
        """True when a finding of this rule about this thing, on a page of this kind, is this fault."""
        return rule == self.rule and self.what in ("*", what) and fnmatchcase(kind, self.at)


def _mark(variant: str, what: str, planted: bool = False) -> Fault:
    return Fault(f"site-marks.1:{variant}", what, "*", f"全站页脚都没有{what}", "*", without(variant), planted)


def _link(variant: str, url: str, html: str, why: str) -> Fault:
    return Fault(f"links.1:{variant}", url, "home", why, "home", beside("topics", html.format(url=url)), planted=True)


def _entry(variant: str, why: str, host: str, code: str = CODE) -> Fault:
    new = instead("find-error", OLD_ENTRY.format(host=host, code=code))
    return Fault(f"find-error-entry.1:{variant}", ENTRY, "home", why, "home", new)


def _engine(engine: str, why: str, html: str) -> Fault:
    return Fault(f"compat.1:{engine}", engine, "home", why, "home", beside("body", html), planted=True, engine=engine)


def _drawn(id: str, what: str, at: str, why: str, plant: Plant, on: str = "") -> Fault:
    return Fault(id, what, at, why, on or at, plant, planted=True, drawn=True)


FAULTS = (
    _mark("police", "公安机关备案标识", planted=True),
    _mark("party-mark", PARTY_MARK),
    _mark("site-code", "网站标识码"),
    _mark("icp", "ICP备案编号"),
    _mark("sponsor", "网站主办单位"),
    _mark("contact", "联系方式"),
    Fault("site-marks.1:red-error", PARTY_MARK, "*", "平台显示 red_error.png", "*", swap("red.png", "red_error.png"), True),

    Fault("find-error-entry.1:absent", ENTRY, "home", "首页没有找错入口", "home", without("find-error")),
    _entry("dead", "找错入口指向已不存在的平台", "https://pucha-old.kaipuyun.cn"),
    _entry("blocked", "找错脚本用 http 引入，被浏览器拦截", "http://pucha.kaipuyun.cn"),
    _entry("other-code", "找错入口用的是别的网站的标识码", "https://zfwzgl.www.gov.cn", FOREIGN_CODE),
    _drawn("find-error-entry.2:news", ENTRY, "*/trs", "新闻的页脚没有入口", without("find-error"), on="part/trs"),
    _drawn("find-error-entry.2:columns", ENTRY, "column/hanweb", "公告栏目模板没有找错入口", without("find-error")),

    _drawn("page-labels.1:absent", LABELS, "article/trs", "新闻正文没有内容标签", unlabelled(*ARTICLE_LABELS)),
    _drawn("page-labels.1:null", LABELS, "article/hanweb", "公告正文的来源是 null", labelled("null", "ContentSource")),
    _drawn("page-labels.2:null", LABELS, "column/trs", "新闻栏目的标签是 null", labelled("null", *COLUMN_LABELS)),
    _drawn("page-labels.2:code", LABELS, "column/hanweb", "留着别的网站的标识码", labelled(FOREIGN_CODE, "SiteIDCode")),

    Fault("domain-name.1:structure", IRREGULAR_HOST, "home", "域名不以 .gov.cn 结尾"),
    Fault("domain-name.2:fancy", TITLE, "home", "网站叫“魅力在线”，不是地区名", "*", swap(NAME, "魅力在线")),
    Fault("domain-name.3:inner", TITLE, "home", "正文页头部没有网站名称", "article/*", without("site-name"), planted=True),
    Fault("domain-name.3:home", TITLE, "home", "首页头部没有网站名称", "home", without("site-name")),

    _link("gone", GONE, '<a href="{url}">2019年政务公开专题</a>', "外部链接返回 404"),
    _link("no-host", NO_HOST, '<a href="{url}">旧版网站入口</a>', "链接的域名不存在"),
    _link("image", BROKEN_IMAGE, '<img src="{url}" alt="专题横幅">', "图片丢失"),
    _link("soft-404", SOFT_404, '<a href="{url}">2023年专题回顾</a>', "页面不存在，服务器却答 200"),
    _link("attachment", LOST_FILE, '<a href="{url}">便民服务手册下载</a>', "附件丢失"),

    _engine("firefox", "脚本在 Firefox 里清空页面", FIREFOX_ONLY),
    Fault("compat.1:never-shown", "*", "home", "主体靠脚本显示，脚本却出错", "home", beside("body", NEVER_SHOWN)),
    Fault("compat.1:mixed-footer", "*", "home", "页脚用 http 引入，被拦截", "home", instead("footer", HTTP_FOOTER)),

    Fault("ipv6.1:no-aaaa", "IPv6", "home", "域名没有 AAAA 记录", planted=True),
    Fault("ipv6.1:other-site", "IPv6", "home", "IPv6 上是另一个网站"),
    Fault("ipv6.1:error", "IPv6", "home", "IPv6 上答 503"),
    Fault("ipv6.1:refused", "IPv6", "home", "IPv6 端口拒绝连接"),

    Fault("site:blank", "", "home", "首页空白", "home", whole(BLANK)),
    Fault("site:script-redirect", "", "home", "首页只有一句脚本跳转", "home", whole(SENT_AWAY)),
    Fault("site:script-wall", "", "*/trs", "页脚脚本对机器答 403"),
    Fault("site:error", "", "home", "首页答 503"),
    Fault("site:redirect-loop", "", "home", "首页跳转不止"),
    Fault("site:wall", "", "home", "全站要求安全验证，答 412"),
    Fault("dns:gone", "", "home", "域名不存在"),
    Fault("dns:servfail", "", "home", "域名服务器答失败"),
    Fault("dns:silent", "", "home", "域名服务器不答这个域名"),
    Fault("net:refused", "", "home", "端口拒绝连接"),
    Fault("tls:wrong-name", "", "home", "证书是别的域名的"),
    Fault("tls:expired", "", "home", "证书已过期"),
    Fault("tls:unknown-issuer", "", "home", "证书的签发者不被信任"),
)

BY_ID = {fault.id: fault for fault in FAULTS}
PLANTED = tuple(fault for fault in FAULTS if fault.planted)


def chosen(names: Iterable[str]) -> frozenset[str]:
    """Ids of the faults named. A rule id stands for its planted variants, else for its first one.

    Raises ValueError for a name that is neither a fault nor a rule.
    """
    return frozenset(id for name in names for id in _ids(name))


def _ids(name: str) -> list[str]:
    if name in BY_ID:
        return [name]
    variants = [fault for fault in FAULTS if fault.rule == name]
    if not variants:
        raise ValueError(f"no such fault: {name}; known are {', '.join(BY_ID)}")
    return [fault.id for fault in variants if fault.planted] or [variants[0].id]


def spoil(text: str, kind: str, faults: frozenset[str]) -> str:
    """The text of a resource with those faults in it that belong there, in the order of the table."""
    for fault in FAULTS:
        if fault.id in faults and fault.plant and fnmatchcase(kind, fault.on):
            text = fault.plant(text)
    return text
