"""Lists and articles as six content systems write them."""
import json
from html import escape

from estate import addresses, frames
from estate.plan import Channel, Plan, Story

EMPTY = {"words": '<div class="nodata">暂无相关信息</div>', "works": "<p style='text-align:center'>栏目正在建设中……</p>", "sidebar": "", "list": '<ul class="list"></ul>'}
PARTICULARS = """<table class="xxgk"><tr><td>索 引 号：</td><td>{place}/2026-{n}</td><td>成文日期：</td><td>2019-03-04</td></tr>
<tr><td>发布机构：</td><td>{place}人民政府办公室</td><td>{label}</td><td>{day}</td></tr></table>"""
BODY = "".join(f"<p>　　{text}</p>" for text in (
    "会议听取了有关单位的情况汇报，对下一步工作作出部署，要求各责任单位逐项对照、按月推进，及时公布进展，接受社会监督。",
    "要坚持问题导向，把群众反映集中的事情排在前面；要加强部门协同，确保资金、人员、场地到位，做到件件有着落、事事有回音。",
    "有关意见建议可以在工作日拨打电话反映，也可以通过本网站的互动交流栏目提出，承办单位将在规定时限内答复。",
))


def list_page(plan: Plan, channel: Channel) -> str:
    """The first page of a column's list."""
    rows = channel.stories[:ROWS_A_PAGE]
    body = EMPTY.get(channel.blank) if channel.state == "blank" and channel.blank != "fetched" else _rows(plan, channel, rows)
    labels = {"ColumnName": channel.name, "ColumnDescription": f"{channel.name}栏目", "ColumnKeywords": channel.name,
              "ColumnType": channel.category or channel.name}
    box = f'<div class="list-box"><h3>{channel.name}</h3>{body}</div>'
    return frames.page(plan, channel.name, box, labels, frames.trail(plan, channel), frames.side(plan))


ROWS_A_PAGE = 15


def _rows(plan: Plan, channel: Channel, rows: list[Story]) -> str:
    return {"trs": _trs, "hanweb": _hanweb, "kaipuyun": _kaipuyun, "boda": _boda, "gkmlpt": _gkmlpt, "sichuan": _sichuan}[
        plan.vendor](plan, channel, rows)


def _day(channel: Channel, story: Story, form: str) -> str:
    if story.listed is None:
        return ""
    return story.listed.strftime("%m-%d" if "short-days" in channel.traps else form)


def _link(plan: Plan, channel: Channel, story: Story, words: str = "") -> str:
    href = addresses.article(plan.vendor, channel, story)
    return f'<a href="{href}" target="_blank" title="{escape(story.title)}">{words or escape(story.title)}</a>'


def _trs(plan: Plan, channel: Channel, rows: list[Story]) -> str:
    if channel.blank == "fetched":
        return fetched(channel)
    lines = "".join(f'<li>{_link(plan, channel, s, s.title[:20])}<span>\n      {_day(channel, s, "%Y-%m-%d")}\n   </span></li>' for s in rows)
    return f'<ul class="u-list">{lines}</ul><div class="page"><script>createPageHTML(2, 0, "index", "html");</script></div>'


def _hanweb(plan: Plan, channel: Channel, rows: list[Story]) -> str:
    if channel.blank == "fetched":
        return '<div id="500"><script type="text/xml"><datastore><recordset></recordset></datastore></script></div>'
    records = "".join(f'<record><![CDATA[<li>{_link(plan, channel, s)}<span>{_day(channel, s, "%Y-%m-%d")}</span></li>]]></record>' for s in rows)
    store = f'<script type="text/xml"><datastore><totalrecord>{len(channel.stories)}</totalrecord><recordset>{records}</recordset></datastore></script>'
    draw = """<script>var box = document.getElementById("500");
box.insertAdjacentHTML("beforeend", "<ul>" + (box.getElementsByTagName("script")[0].textContent.match(/<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>/g) || [])
    .map(function (text) { return text.slice(9, -3); }).join("") + "</ul>");</script>"""
    return f'<div id="500">{store}</div>{draw}'


def _kaipuyun(plan: Plan, channel: Channel, rows: list[Story]) -> str:
    if channel.blank == "fetched":
        return fetched(channel)
    lines = "".join(f'<li><span class="date">[{_day(channel, s, "%Y-%m-%d")}]</span>{_link(plan, channel, s)}</li>' if s.listed
                    else f"<li>{_link(plan, channel, s)}</li>" for s in rows)
    return f'<ul class="newsList">{lines}</ul><div class="pagination"><a href="{addresses.listing(plan.vendor, channel, 1)}">下一页</a></div>'


def _boda(plan: Plan, channel: Channel, rows: list[Story]) -> str:
    if channel.blank == "fetched":
        return fetched(channel)
    lines = "".join(f'<tr><td><span class="leaderfont1">·</span></td><td>{_link(plan, channel, s)}</td>'
                    f'<td class="timestyle1">{_day(channel, s, "%Y/%m/%d")}</td></tr>' for s in rows)
    return f'<table class="winstyle1" width="100%">{lines}<tr><td colspan="3"><a href="{addresses.listing(plan.vendor, channel, 1)}">下页</a></td></tr></table>'


def _gkmlpt(plan: Plan, channel: Channel, rows: list[Story]) -> str:
    return fetched(channel)


def _sichuan(plan: Plan, channel: Channel, rows: list[Story]) -> str:
    if channel.blank == "fetched":
        return fetched(channel)
    lines = "".join(f'<div class="item"><p class="tit">{_link(plan, channel, s)}</p><p class="time">{_day(channel, s, "%Y年%m月%d日")}</p></div>' for s in rows)
    return f'<div class="news-list">{lines}</div>'


def fetched(channel: Channel) -> str:
    """A list that a script draws after the page has come."""
    return f"""<ul class="list" id="rows"></ul><script>
fetch("{addresses.feed(channel)}").then(function (answer) {{ return answer.json(); }}).then(function (data) {{
  document.getElementById("rows").innerHTML = data.articles.map(function (one) {{
    return '<li><a href="' + one.url + '" target="_blank">' + one.title + '</a><span class="date">' + one.date + '</span></li>'; }}).join("");
}});</script>"""


def feed(plan: Plan, channel: Channel) -> str:
    """What that script is answered."""
    rows = [] if channel.state == "blank" else channel.stories[:ROWS_A_PAGE]
    made = [{"url": addresses.article(plan.vendor, channel, s), "title": s.title, "date": _day(channel, s, "%Y-%m-%d")} for s in rows]
    return json.dumps({"articles": made}, ensure_ascii=False)


def article_page(plan: Plan, channel: Channel, story: Story) -> str:
    """One article with title, line of particulars and body."""
    labels = {"ColumnName": channel.name, "ColumnType": channel.category or channel.name, "ArticleTitle": story.title,
              "PubDate": f"{story.address_day:%Y-%m-%d} 09:30", "ContentSource": f"{plan.place}人民政府办公室"}
    body = ARTICLES[plan.vendor](plan, channel, story)
    around = '<div class="around">上一篇：没有了　下一篇：<a href="/">返回首页</a></div>'
    return frames.page(plan, story.title, body + around, labels, frames.trail(plan, channel, "正文"))


def _dated(story: Story, before: str, form: str, after: str) -> str:
    day = f"发布时间：{story.day.strftime(form)}" if story.day and "：" not in before else f"{before}{story.day.strftime(form)}" if story.day else ""
    return f"{day}{after}"


def _table(plan: Plan, channel: Channel, story: Story) -> str:
    if "document-day" not in channel.traps:
        return ""
    label = "发布日期：" if story.day else ""
    return PARTICULARS.format(place=plan.place, n=story.number, label=label, day=story.day or "")


ARTICLES = {
    "trs": lambda p, c, s: f'<h1>{s.title}</h1>{_table(p, c, s)}<div class="info">{_dated(s, "", "%Y-%m-%d %H:%M", "")}　来源：{p.place}融媒体中心</div><div class="TRS_Editor">{BODY}</div>',
    "hanweb": lambda p, c, s: f'{_table(p, c, s)}<table><tr><td class="title">{s.title}</td></tr><tr><td>{_dated(s, "发布日期：", "%Y-%m-%d", "")} 浏览次数： 字号：[ 大 中 小 ]</td></tr></table><div id="zoom">{BODY}</div>',
    "kaipuyun": lambda p, c, s: f'<ucaptitle><h1>{s.title}</h1></ucaptitle>{_table(p, c, s)}<div class="msg"><span>{_dated(s, "", "%Y-%m-%d %H:%M:%S", "")}</span><span>来源：{p.place}政府网</span></div><div id="UCAP-CONTENT">{BODY}</div>',
    "boda": lambda p, c, s: f'<form name="_newscontent_fromname"><h1 align="center">{s.title}</h1>{_table(p, c, s)}<div align="center">{_dated(s, "时间：", "%Y年%m月%d日 %H:%M", "")}　作者：　点击：[<span id="dynclicks"></span>]</div><div id="vsb_content_2"><div class="v_news_content">{BODY}</div></div></form>',
    "gkmlpt": lambda p, c, s: f'<div class="title">{s.title}</div>{_table(p, c, s)}<div class="date">{_dated(s, "时间 : ", "%Y-%m-%d %H:%M:%S", "")}　来源 : 本网</div><div class="news_cont_d_wrap">{BODY}</div>',
    "sichuan": lambda p, c, s: f'<h2 class="arc-title">{s.title}</h2>{_table(p, c, s)}<div class="arc-msg"><em>{s.day.strftime("%Y年%m月%d日 09时32分") if s.day else ""}</em><em>来源：{p.place}人民政府办公室</em></div><div class="arc-content">{BODY}</div>',
}
