"""All faults that can be planted, one line each; those with `planted` stand in the site `demo`. More stand in functions.py
and, those of the week before the inspection, in outages.py.

The faulty site is the clean site with lines of this table applied. To add one: give it a line, fence the place in the
template if no fence is there yet (see planting.py), or change the content that pages are made of (see content.py). Faults
with neither are done by the server or the name server.
"""
from collections.abc import Iterable
from fnmatch import fnmatchcase

from pytest_govsite.demo.content import Change, aged, altered, emptied, homed, joined, person, untitled, untopical, withdrawn
from pytest_govsite.demo.county import CODE, HOST, IRREGULAR_HOST, NAME
from pytest_govsite.demo.fault import Fault
from pytest_govsite.demo.functions import FIREFOX_EMPTIES, FUNCTION_FAULTS
from pytest_govsite.demo.monitoring import Incident
from pytest_govsite.demo.outages import TRAPS, WEEK_FAULTS
from pytest_govsite.demo.planting import Plant, beside, instead, labelled, reformatted, swap, unlabelled, whole, without
from pytest_govsite.demo.ways import WAYS

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

NEVER_SHOWN = """<style>#wrapper { opacity: 0 }</style>
<script>jQuery(function () { jQuery("#wrapper").animate({ opacity: 1 }); });</script>"""
HTTP_FOOTER = f'<script src="http://{HOST}/js/footer.js"></script>'
BLANK = "<html><head><title></title></head><body></body></html>"
SENT_AWAY = "<script>window.location.href='/index.html'</script>"
CLOSED = """<html><head><meta charset="utf-8"><title>网站关停公告</title></head><body><h1>网站关停公告</h1>
<p>按照政府网站集约化工作要求，示范县人民政府网站已关停，内容已迁移至示例市人民政府网站（www.shili.gov.cn）。</p></body></html>"""
OVERVIEW_LINK = f'<a href="http://{HOST}/zjsf/">魅力示范</a>'
OLD_ENTRY = '<script id="_jiucuo_" sitecode="{code}" src="{host}/exposure/jiucuo.js"></script>'


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


NEWS = ("政务要闻", "领导活动", "部门动态", "乡镇动态", "图片新闻", "党建动态", "媒体看示范", "国务院信息", "政府会议")
POLICY, INTERPRETATION = "政府信息公开 > 政策文件", "政府信息公开 > 政策解读"
FIVE = ("领导活动", "部门动态", "乡镇动态", "图片新闻", "党建动态")
TEN = (
    "政务动态 > 政府会议", "政府信息公开 > 人事信息", "政府信息公开 > 财政信息", "政府信息公开 > 招考录用", "政府信息公开 > 重大项目",
    "政府信息公开 > 法定主动公开内容", "政府信息公开 > 建议提案办理", "政府信息公开 > 招标采购", "互动交流 > 意见征集", "互动交流 > 结果反馈",
)
BLANKS = {"人事信息": "words", "财政信息": "empty", "重大项目": "sidebar", "行政执法公示": "empty", "招标采购": "building"}
SITE_REPORT, DISCLOSURE_REPORT = "网站工作年度报表", "政府信息公开年报"
REPORT = "政府网站工作年度报表"
# where the tables list a stale column besides column-stale.1, and a blank one besides column-stale.3
STALE = ("column-stale.2", "other-columns.2", "hunan-city2021/column-stale.4", "hunan-dept2021/column-stale.3")
BLANK_TOO = ("other-columns.1", "hunan-city2021/column-stale.4")


def _under(section: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{section} > {name}" for name in names)


def _all(rules: tuple[str, ...], whats: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{rule}={what}" for rule in rules for what in whats)


def _stale(variant: str, name: str, why: str, change: Change, planted: bool = False) -> Fault:
    title = f"政务动态 > {name}"
    also = (*STALE, "xuanhan2022/county-timeliness.1")
    return Fault(f"column-stale.1:{variant}", title, "column/*", why, content=change, planted=planted, also=also)


def _blank(variant: str, title: str, why: str, change: Change, planted: bool = False) -> Fault:
    return Fault(f"column-stale.3:{variant}", title, "column/*", why, content=change, planted=planted, also=BLANK_TOO)


def _overdue(variant: str, title: str, why: str, change: Change, planted: bool = False) -> Fault:
    also = ("column-stale.2", *STALE[2:])
    return Fault(f"other-columns.2:{variant}", title, "column/*", why, content=change, planted=planted, also=also)


def _home(variant: str, why: str, change: Change, on: str = "", plant: Plant | None = None) -> Fault:
    return Fault(f"home-stale.1:{variant}", "首页", "home", why, on, plant, content=change)


def _absent(rule: str, category: str, why: str, *names: str, on: str = "", plant: Plant | None = None) -> Fault:
    return Fault(f"{rule}:absent", category, "home", why, on, plant, content=withdrawn(*names), also=("columns-open.1",))


def _category(rule: str, category: str, why: str, days: int, *titles: str, also: tuple[str, ...] = ()) -> Fault:
    """A category that is stale as a whole: its columns are listed, but charged by this rule where a table has it."""
    rules = ("column-stale.2", *STALE[2:], "hunan-city2021/other-columns.2")
    change = aged(days, *(title.rpartition(" > ")[2] for title in titles))
    return Fault(f"{rule}:all", category, "*", why, content=change, also=(*_all(rules, titles), *also))


def _unearned(rule: str, variant: str, why: str, change: Change, planted: bool = False, also: tuple[str, ...] = ()) -> Fault:
    return Fault(f"{rule}:{variant}", "", "home", why, content=change, planted=planted, also=also)


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

    _engine("firefox", "脚本在 Firefox 里清空页面", FIREFOX_EMPTIES),
    Fault("compat.1:never-shown", "*", "home", "主体靠脚本显示，脚本却出错", "home", beside("body", NEVER_SHOWN)),
    Fault("compat.1:mixed-footer", "*", "home", "页脚用 http 引入，被拦截", "home", instead("footer", HTTP_FOOTER)),

    Fault("ipv6.1:no-aaaa", "IPv6", "home", "域名没有 AAAA 记录", planted=True),
    Fault("ipv6.1:other-site", "IPv6", "home", "IPv6 上是另一个网站"),
    Fault("ipv6.1:error", "IPv6", "home", "IPv6 上答 503"),
    Fault("ipv6.1:refused", "IPv6", "home", "IPv6 端口拒绝连接"),

    _stale("old", "党建动态", "四十天没有更新", aged(40, "党建动态"), planted=True),
    _stale("shown", "图片新闻", "列表、网址和标签都是新的，稿件页写的日期却是两个月前", altered("图片新闻", old_shown=60), True),
    _stale("written", "领导活动", "稿件页只写成文日期，没有发布日期", altered("领导活动", shows="written"), planted=True),
    Fault(
        "column-stale.1:notices", "政府信息公开 > 通知公告、公示信息", "column/*", "通知公告类栏目八个多月没有更新",
        content=aged(260, "通知公告", "公示信息"),
        also=(*_all(STALE, _under("政府信息公开", "通知公告", "公示信息")), "xuanhan2022/county-timeliness.1"),
    ),
    Fault(
        "column-stale.1:five", "政务动态 > 领导活动", "column/*", "五个动态要闻类栏目四十天没有更新", content=aged(40, *FIVE),
        also=_all(("column-stale.1", *STALE, "xuanhan2022/county-timeliness.1"), _under("政务动态", *FIVE)),
    ),
    Fault(
        "column-stale.2:ten", TEN[0], "column/*", "十个栏目一年多没有更新，都超过登记的期限",
        content=aged(400, *(title.rpartition(" > ")[2] for title in TEN)),
        also=_all(("column-stale.2", *STALE[1:]), TEN),
    ),
    Fault(
        "column-stale.3:five", "政府信息公开 > 人事信息", "column/*", "五个栏目空白，各是各的样子",
        content=joined(*(emptied(blank, name) for name, blank in BLANKS.items())),
        also=_all(("column-stale.3", *BLANK_TOO), _under("政府信息公开", *BLANKS)),
    ),
    _blank("data", "政府信息公开 > 行政执法公示", "接口应答空列表", emptied("empty", "行政执法公示"), planted=True),
    _blank("words", "政府信息公开 > 建议提案办理", "只写着“暂无信息”", emptied("words", "建议提案办理"), planted=True),
    _blank("sidebar", "政府信息公开 > 重大项目", "除了侧栏什么也没有", emptied("sidebar", "重大项目")),
    _blank("building", "政府信息公开 > 招标采购", "栏目建设中", emptied("building", "招标采购")),
    _overdue("register", "政务动态 > 政府会议", "超过登记的期限", aged(90, "政府会议"), planted=True),
    _overdue(
        "future", "政务动态 > 政府会议", "最上面的日期还没有到，其余都已超期",
        joined(aged(90, "政府会议"), altered("政府会议", ahead=("县人民政府第47次常务会议召开",))),
    ),

    _home("old", "全站一个月没有更新", aged(30)),
    _home("undated", "首页上的稿件页都没有日期", withdrawn("国务院信息"), "article/*", without("day")),
    _home("doorway", "首页只作栏目导航，二级页面一个月没有更新", joined(homed("doorway.html"), aged(30))),

    _absent("news.1", "动态要闻", "没有动态要闻类栏目", "政务动态"),
    _absent("policy-docs.1", "政策文件", "没有政策文件类栏目", "政策文件"),
    _absent("interpretation.1", "政策解读", "没有政策解读类栏目", "政策解读"),
    _absent("overview.1", "概况信息", "没有概况信息类栏目", "走进示范", on="home", plant=swap(OVERVIEW_LINK, "")),
    _absent("org-functions.1", "机构职能", "没有机构职能类栏目", "机构职能"),
    _absent("leaders.1", "领导信息", "没有领导信息类栏目", "领导之窗"),
    _category(
        "news.2", "动态要闻", "动态要闻类栏目一个多月没有更新", 40, *_under("政务动态", *NEWS),
        also=_all(("column-stale.1", "xuanhan2022/county-timeliness.1"), _under("政务动态", *NEWS[:-1])),
    ),
    _category(
        "policy-docs.2", "政策文件", "政策文件类栏目七个多月没有更新", 220, POLICY, f"{POLICY} > 规范性文件",
        also=(*_all(("column-stale.1", "xuanhan2022/county-timeliness.1"), (POLICY,)), "hunan-dept2021/policy-docs.4"),
    ),
    _category(
        "interpretation.2", "政策解读", "政策解读类栏目七个多月没有更新", 220, INTERPRETATION,
        also=_all(("hunan-dept2021/other-columns.2", "xuanhan2022/county-timeliness.1"), (INTERPRETATION,)),
    ),
    Fault("leaders.2:bare", "钱牧德", "*", "没有简历，也没有分工", content=person("qmd", life="", duty=""), planted=True),
    Fault("leaders.2:post", "舒小禾", "*", "没有职务", content=person("sxh", post="")),

    Fault(
        "topics.1:none", "第1个新开专题", "home", "这一年没有新开专题", content=untopical, also=("topics.1=第2个新开专题",),
    ),
    Fault(
        "annual-report.1:absent", REPORT, "home", "没有年度报表，也没有信息公开年报",
        content=withdrawn(SITE_REPORT, DISCLOSURE_REPORT),
    ),
    Fault("annual-report.1:other", REPORT, "home", "只有政府信息公开工作年度报告", content=withdrawn(SITE_REPORT)),
    Fault("annual-report.1:late", REPORT, "article/boda", "三月才发布", content=altered(SITE_REPORT, yearly="03-05")),
    Fault("annual-report.1:inside", REPORT, "home", "首页没有链接", content=altered(SITE_REPORT, at_home=False)),

    _unearned("data-release.1", "absent", "没有数据发布类栏目", withdrawn("数据发布")),
    _unearned("data-release.1", "stale", "数据发布栏目七个月没有更新", aged(220, "数据发布"), also=_all(STALE, ("数据发布",))),
    _unearned("data-release.1", "half", "数据发布栏目四个月没有更新", aged(120, "数据发布"), also=_all(STALE, ("数据发布",))),
    _unearned(
        "data-release.2", "plain", "数据没有图表图解", joined(altered("数据发布", chart=False), untitled("图解：", "数据发布")), True,
    ),
    _unearned("data-release.3", "paper", "数据只有 PDF 文件", altered("数据发布", attach="pdf")),

    Fault("page-content.1:format", "发布时间", "article/*", "日期不写成 YYYY-MM-DD", "article/*", reformatted, drawn=True),
    Fault("page-content.1:source", "信息来源", "article/*", "转载不写来源", "article/*", without("source"), drawn=True),
    Fault(
        "county-timeliness.1:unit", "双溪镇", "home", "一个镇五个星期没有报送", content=altered("乡镇动态", silent=("双溪镇",)),
    ),
    Fault("county-timeliness.2:unit", "石桥镇", "home", "一个镇每周只报一条", content=altered("乡镇动态", slow=("石桥镇",))),
    Fault("county-timeliness.2:gap", "政务动态 > 党建动态", "column/trs", "隔了一个多月才更新", content=altered("党建动态", gap=40)),

    *FUNCTION_FAULTS,
    *WEEK_FAULTS,

    Fault("site:search-elsewhere", "", "home", "首页只有别的平台的搜索框", "*", without("search")),
    Fault("site:search-wall", "", "search", "搜索要求安全验证，答 412"),
    Fault("site:search-captcha", "", "search", "搜索要求输入验证码"),
    Fault("site:closed", "", "home", "网站已关停，首页是公告", "home", whole(CLOSED)),
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

CHOOSABLE = (*FAULTS, *WAYS)
BY_ID = {fault.id: fault for fault in CHOOSABLE}
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
    for fault in CHOOSABLE:
        if fault.id in faults and fault.plant and fnmatchcase(kind, fault.on):
            text = fault.plant(text)
    return text


def changes(faults: frozenset[str]) -> tuple[Change, ...]:
    """What those faults change in the content, in the order of the table."""
    return tuple(fault.content for fault in CHOOSABLE if fault.id in faults and fault.content)


def incidents(faults: frozenset[str]) -> tuple[Incident, ...]:
    """What befell the visits of the week: what those faults say, or else what only looks like an outage."""
    return tuple(one for fault in CHOOSABLE if fault.id in faults for one in fault.week) or TRAPS
