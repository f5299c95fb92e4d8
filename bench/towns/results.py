"""Result pages in the manner of nine makings."""
import json
import re
from html import escape
from urllib.parse import quote

from towns import addresses, boxes, dress, engine
from towns.engine import Entry
from towns.plan import Town

CLASSES = ("新闻资讯", "政策文件", "政策解读", "办事服务", "互动交流", "信息公开")
TABS = {  # what the makings print for one class, and around all
    "irs": ('<a class="tab-item{on}" href="{href}">{name}</a>', '<div class="search-tab">{all}</div>'),
    "was5": ('<td><a href="{href}">{name}</a></td>', "<table class=fl><tr>{all}</tr></table>"),
    "jsearch": ('<li class="jsearch-cate{on}"><a href="{href}">{name}</a></li>', '<ul class="jsearch-cates">{all}</ul>'),
    "jpaas": ('<li class="jcse-tab{on}"><a href="{href}">{name}</a></li>', '<div class="jcse-tabs"><ul>{all}</ul></div>'),
    "kaipuyun": ('<li data-column="{name}"><span onclick="location.href=\'{href}\'">{name}</span></li>', '<div class="search-menu"><ul>{all}</ul></div>'),
    "boda": ('<div><a href="{href}">{name}({count})</a></div>', '<div class="leftfl"><b>结果分类</b>{all}</div>'),
    "php": ('<a href="{href}">{name}</a> | ', '<div class="typeid">栏目：{all}</div>'),
    "asp": ('<OPTION value="{href}">{name}</OPTION>', "<SPAN>分类：</SPAN><SELECT onchange='location.href=this.value'>{all}</SELECT>"),
    "spa": ('<button type="button" class="el-tab">{name}</button>', '<div class="el-tabs__nav">{all}</div>'),
}
SORTS = """<div class="sx"><span>排序：</span><a href="#">按相关度</a> <a href="#">按时间</a><span>时间：</span><a href="#">不限</a> <a href="#">一周内</a>
<a href="#">一年内</a><span>位置：</span><a href="#">标题</a> <a href="#">全文</a></div>"""
CARD = """<div class="service-card"><h4>{title}</h4><p>事项类型：公共服务　办理对象：自然人　法定办结时限：5个工作日</p>
<a href="{url}" target="_blank">办事指南</a> <a href="http://zwfw.shengping.gov.cn/apply" target="_blank">在线办理</a> <a href="http://zwfw.shengping.gov.cn/ask">我要咨询</a></div>"""
NONE = {
    "irs": "抱歉，没有找到与“{query}”相关的结果", "was5": "没有检索到相关内容！请更换检索词", "jsearch": "很抱歉，没有找到和您的查询“{query}”相符的内容或信息。",
    "jpaas": "找到相关结果约 0 条", "kaipuyun": "未检索到相关信息，建议您：检查输入是否正确", "boda": "共有0条记录", "php": "没有找到匹配的结果。",
    "asp": "对不起，没有您要找的内容", "spa": "暂无数据",
}
COUNT = {
    "irs": "为您找到相关结果约{n}个", "was5": "共检索到<b>{n}</b>条记录", "jsearch": '找到相关结果约<span id="jsearch-info-box" data-total="{n}">{n}</span>条',
    "jpaas": "找到相关结果约 {n} 条，用时 0.021 秒", "kaipuyun": "为您找到 {n} 条结果", "boda": "共有{n}条记录 1/{pages}页", "php": "共有 {n} 条记录", "asp": "共{n}条　第1页",
    "spa": "共 {n} 条",
}
ROW = {  # title: link and highlights; text, day, class, address
    "irs": '<div class="list-item"><div class="title">{link}</div><p class="txt">{text}</p><div class="source"><span>{kind}</span><span>发布时间：{day}</span></div></div>',
    "was5": '<li>{link}<br><font color="#666666">{text}</font><br><font color=green>{url} {day}</font></li>',
    "jsearch": '<div class="jsearch-result-box"><div class="jsearch-result-title">[{kind}] {link}</div><div class="jsearch-result-abs">{text}</div><span class="jsearch-result-date">{day}</span><span class="jsearch-result-url">{url}</span></div>',
    "jpaas": '<div class="jcse-result-box news-result"><div class="jcse-news-title">{link}</div><div class="jcse-news-abs">{text}</div><div class="jcse-news-date">{day}</div></div>',
    "kaipuyun": '<div class="item"><h3>{link}</h3><div class="con">{text}</div><div class="bottom"><span>来源：本网</span><span>{day}</span></div></div>',
    "boda": '<tr><td><span class="titlestyle">{link}</span></td><td class="timestyle">{day}</td></tr>',
    "php": '<li><h3>{link}</h3><p>{text}</p><p><small>时间:</small>{day} <small>类目:</small>{kind}</p></li>',
    "asp": "<TR><TD>{n}</TD><TD>{link}</TD><TD>{kind}</TD><TD>{day}</TD></TR>",
    "spa": '<div class="el-card"><div class="t">{link}</div><p class="s">{text}</p><i>{day}</i></div>',
}
BOX = {
    "was5": "<ol>{rows}</ol>", "jsearch": '<div id="jsearch-result-items">{rows}</div>', "boda": '<table width="100%" class="listFrame">{rows}</table>',
    "php": '<div class="resultlist"><ul>{rows}</ul></div>', "asp": "<TABLE id=GridView1 border=1>{rows}</TABLE>",
}
DRAWN = """<div id="results"><p class="loading">正在检索……</p></div><script>
(function () {{ var given = new URLSearchParams(location.search).get("{field}") || "";
for (var i = 0; i < 2 && /%[0-9A-F]{{2}}/i.test(given); i++) {{ given = decodeURIComponent(given); }}
document.querySelectorAll("input[name={field}], #searchWord").forEach(function (box) {{ box.value = given; }});
setTimeout(function () {{ fetch("{path}", {{method: "POST", headers: {{"content-type": "application/json"}}, body: JSON.stringify({{searchWord: given, pageNo: 1}})}})
.then(function (answer) {{ if (!answer.ok) {{ throw new Error(answer.status); }} return answer.json(); }})
.then(function (data) {{ document.getElementById("results").innerHTML = data.data.html; }})
.catch(function (error) {{ document.getElementById("results").innerHTML = "<p>服务器开小差了，请稍后再试</p>"; }}); }}, 600); }})();</script>"""
INTERFACE = {"irs": "/irs/front/search", "jpaas": "/api-gateway/jpaas-jsearch-web-server/interface/search/info"}


def body(town: Town, query: str, kind: str = "") -> str:
    """The results of a query, without the page around them."""
    all_found = engine.found(town, query)
    shown = (engine.found(town, query, kind) if kind else all_found)[:engine.PAGE]
    tabs = _tabs(town, query, all_found) if town.search.classified else ""
    if not shown:
        return f'{tabs}{SORTS}<div class="noresult">{NONE[town.vendor].format(query=escape(query))}</div>{_side(town)}'
    count = COUNT[town.vendor].format(n=len(all_found), pages=-(-len(all_found) // engine.PAGE))
    rows = "".join(_row(town, entry, query, n) for n, entry in enumerate(shown, 1))
    card = engine.card(town, query)
    offer = CARD.format(title=card, url=next(entry.url for entry in engine.index(town) if entry.title == card)) if card else ""
    pages = '<div class="page"><a href="#">1</a> <a href="#">2</a> <a href="#">下一页</a></div>' if len(all_found) > engine.PAGE else ""
    return f'{tabs}{SORTS}<div class="count">{count}</div>{offer}{BOX.get(town.vendor, "<div class=list>{rows}</div>").format(rows=rows)}{pages}{_side(town)}'


def whole(town: Town, query: str, kind: str = "") -> str:
    """The page with the results, or the one whose script fetches them."""
    drawn = "drawn" in town.search.habits and town.vendor in INTERFACE
    inside = DRAWN.format(field=addresses.route(town)[2], path=INTERFACE[town.vendor]) if drawn else body(town, query, kind)
    if "framed" in town.search.habits:
        inside = f'<iframe src="/Article/SearchResult.aspx?keyword={quote(query)}" width="1000" height="900" frameborder="0"></iframe>'
    again = f'<div class="again"><input type="text" value="{escape(query)}" size="40"><button type="button">搜索</button><p>您搜索的是：<b>{escape(query)}</b></p></div>'
    return dress.page(town, f"{query}_搜索结果", again + inside, "search")


def framed(town: Town, query: str) -> str:
    """The document of the frame that holds the results."""
    return f'<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=utf-8"></HEAD><BODY>{body(town, query)}</BODY></HTML>'


def answer(town: Town, query: str) -> str:
    """What the script of a result page fetches."""
    return json.dumps({"code": 200, "data": {"html": body(town, query), "total": len(engine.found(town, query))}}, ensure_ascii=False)


def _tabs(town: Town, query: str, all_found: list[Entry]) -> str:
    one, around = TABS[town.vendor]
    _, path, field, _ = addresses.route(town)
    names = [name for name in CLASSES if town.vendor != "boda" or any(entry.kind == name for entry in all_found)]
    made = [
        one.format(name=name, on=" on" if name == "全部" else "", href=f"{path}?{field}={quote(query)}&cate={quote(name)}",
                   count=sum(entry.kind == name for entry in all_found) if name != "全部" else len(all_found)) for name in ("全部", *names)
    ]
    return around.format(all="".join(made))


def _row(town: Town, entry: Entry, query: str, n: int) -> str:
    return ROW[town.vendor].format(
        link=_link(town, entry, query), text=escape(_summary(entry)), day=entry.day, kind=entry.kind, url=entry.url, n=n,
    )


def _summary(entry: Entry) -> str:
    return "根据年度工作安排，现将有关情况予以公布，接受社会监督，欢迎广大群众和企业提出意见建议，承办单位将及时研究答复……"


def _link(town: Town, entry: Entry, query: str) -> str:
    words = _marked(town, entry.title, query)
    if "cut" in town.search.habits and len(entry.title) > 24:
        words = _marked(town, entry.title[:22], query) + ("…" if town.vendor == "kaipuyun" else "...")
    if "wrapped" in town.search.habits:
        href = f"http://{addresses.route(town)[0]}/visit/link.do?url={quote(entry.url, safe='')}&q={quote(query)}&websiteid=519931000000000"
        return f'<a href="{escape(href)}" target="_blank">{words}</a>'
    if town.vendor == "spa":
        return f"""<a href="javascript:;" onclick="window.open('{entry.url}')">{words}</a>"""
    return f'<a href="{escape(entry.url)}" target="_blank" class="t">{words}</a>'


def _marked(town: Town, title: str, query: str) -> str:
    """The title with what matches the query marked."""
    before, after = ('<font color="red">', "</font>") if town.vendor in ("was5", "asp", "boda", "php") else ("<em>", "</em>")
    wanted = engine.bare(query)
    runs = [run for run in re.findall(r"\w+|\W+", title)]
    return "".join(f"{before}{escape(run)}{after}" if engine.bare(run) and engine.bare(run) in wanted else escape(run) for run in runs)


def _side(town: Town) -> str:
    """Hot words and what else is in the paper: no results, though old titles may be among them."""
    old = [story for story in town.stories if story.day and (town.as_of - story.day).days > 10][:12:2]
    rows = "".join(f'<li><a href="{addresses.absolute(town, addresses.article(town, story))}">{escape(story.title)}</a></li>' for story in old)
    hot = "".join(f'<a href="#">{word}</a> ' for word in ("公积金", "社保卡", "身份证换领", "招聘"))
    return f'<div class="aside"><div class="hot"><b>热搜词：</b>{hot}</div><div class="rmtj"><h4>热门推荐</h4><ul>{rows}</ul></div></div>'
