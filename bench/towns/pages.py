"""Home page, columns, articles and standing pages of a town."""
import json
from html import escape

from towns import addresses, dress, oddities
from towns.plan import Channel, Story, Town

ROWS = 15
BODY = "".join(f"<p>　　{text}</p>" for text in (
    "会议听取了有关单位的情况汇报，对下一步工作作出部署，要求各责任单位逐项对照、按月推进，及时公布进展，接受社会监督。",
    "要坚持问题导向，把群众反映集中的事情排在前面；要加强部门协同，确保资金、人员、场地到位，做到件件有着落、事事有回音。",
    "有关意见建议可以在工作日拨打电话反映，也可以通过本网站的互动交流栏目提出，承办单位将在规定时限内答复。",
))
GUIDE = """<table border="1"><tr><th>事项名称</th><td>{title}</td></tr><tr><th>设定依据</th><td>有关法律法规</td></tr><tr><th>申请条件</th><td>本县户籍居民</td></tr>
<tr><th>办理材料</th><td>申请表原件1份</td></tr><tr><th>办理地点</th><td>县政务服务中心二楼</td></tr><tr><th>办理时间</th><td>工作日9:00至17:00</td></tr></table>"""
BODIES = {"irs": 'class="TRS_Editor"', "jsearch": 'id="zoom"', "jpaas": 'id="zoom"', "kaipuyun": 'id="UCAP-CONTENT"', "boda": 'id="vsb_content"', "spa": 'class="article-content"'}


def link(town: Town, story: Story, cut: int = 0) -> str:
    """A link to an article as lists print it; a cut title stands whole in its attribute, where the making does that."""
    words = story.title if not cut or len(story.title) <= cut else f"{story.title[:cut]}..."
    title = "" if town.vendor in ("php", "asp") else f' title="{escape(story.title)}"'
    return f'<a href="{addresses.article(town, story)}" target="_blank"{title}>{escape(words)}</a>'


def home(town: Town) -> str:
    """Blocks of the first columns, pictures, links to others, and what is odd among them."""
    cut = 0 if town.vendor == "php" else 26
    blocks = "".join(
        f'<div class="block"><h3>{channel.name} <a href="{addresses.listing(town, channel)}">更多&gt;&gt;</a></h3><ul>'
        + "".join(f"<li>{link(town, story, cut)}<span>{story.day:%m-%d}</span></li>" for story in channel.stories[:6]) + "</ul></div>"
        for channel in town.channels if channel.stories and channel.stories[0].day and channel.category in ("动态要闻", "通知公告", "政策文件", "政策解读")
    )
    flaws = oddities.planted(town, "home")
    return dress.page(town, town.shown_name, blocks + oddities.traps(town) + flaws, "home", {"ColumnName": "首页", "ColumnType": "首页"})


def column(town: Town, channel: Channel) -> str:
    """The first page of a column's list."""
    rows = channel.stories[:ROWS]
    body = _fetched(channel) if town.vendor == "spa" else _rows(town, rows)
    labels = {"ColumnName": channel.name, "ColumnDescription": f"{channel.name}栏目发布{channel.name}信息", "ColumnKeywords": channel.name, "ColumnType": channel.category}
    flaws = oddities.planted(town, "column") if channel.name == "通知公告" else ""
    box = f'<div class="{dress.CSS[town.vendor][3]}"><h3>{channel.name}</h3>{body}</div>{flaws}'
    return dress.page(town, channel.name, box, "column", labels, dress.trail(town, channel))


def _rows(town: Town, rows: list[Story]) -> str:
    day = "%Y/%m/%d" if town.vendor == "boda" else "%Y-%m-%d"
    cut = 22 if town.vendor in ("was5", "asp") else 0
    made = [(link(town, story, cut), story.day.strftime(day) if story.day else "") for story in rows]
    if town.vendor in ("boda", "asp"):
        return "<table width='100%'>" + "".join(f'<tr><td>·{a}</td><td class="timestyle">{d}</td></tr>' for a, d in made) + "</table>"
    if town.vendor == "kaipuyun":
        return "<ul>" + "".join(f'<li>{f"<span>[{d}]</span>" if d else ""}{a}</li>' for a, d in made) + "</ul>"
    return "<ul>" + "".join(f'<li>{a}{f"<span>{d}</span>" if d else ""}</li>' for a, d in made) + "</ul>"


def _fetched(channel: Channel) -> str:
    return f"""<ul id="rows"></ul><script>fetch("{addresses.feed(channel)}").then(function (answer) {{ return answer.json(); }}).then(function (data) {{
document.getElementById("rows").innerHTML = data.map(function (one) {{ return '<li><a href="' + one.url + '">' + one.title + '</a><span>' + one.day + '</span></li>'; }}).join("");
}});</script>"""


def feed(town: Town, channel: Channel) -> str:
    """What that script is answered."""
    rows = [{"url": addresses.article(town, s), "title": s.title, "day": str(s.day or "")} for s in channel.stories[:ROWS]]
    return json.dumps(rows, ensure_ascii=False)


def is_labelled(town: Town, story: Story) -> bool:
    """The article carries its labels; some of a faulty site do not."""
    return not ({"labels:articles", "labels:null"} & town.faults) or story.number % 3 == 0


def article(town: Town, channel: Channel, story: Story) -> str:
    """An article with its line of particulars, or a guide."""
    labels = {"ColumnName": channel.name, "ColumnType": channel.category, "ArticleTitle": story.title,
              "PubDate": f"{story.day or town.as_of} 09:30", "ContentSource": f"{town.name}办公室"}
    if not is_labelled(town, story):
        labels = labels | {"PubDate": "null", "ContentSource": ""} if "labels:null" in town.faults else {"ColumnName": channel.name}
    flaws = oddities.planted(town, "article") if channel.name == "要闻" else ""
    body = GUIDE.format(title=escape(story.title)) if story.day is None else BODY
    day = f"发布时间：{story.day} 09:30　" if story.day else ""
    text = f'<h1>{escape(story.title)}</h1><div class="info">{day}来源：{town.name}办公室</div><div {BODIES.get(town.vendor, "class=content")}>{body}{flaws}</div>'
    return dress.page(town, story.title, text, "article", labels, dress.trail(town, channel, "正文"))


def text(town: Town, number: int) -> str:
    """A standing page."""
    title = dress.TEXTS[number].format(place=town.place)
    labels = {"ColumnName": title, "ColumnDescription": title, "ColumnKeywords": title, "ColumnType": "概况信息"}
    flaws = oddities.planted(town, "text") if number == 0 else ""
    return dress.page(town, title, f"<h2>{title}</h2>{BODY * 2}{flaws}", "text", labels, f'<div class="{dress.CSS[town.vendor][1]}">当前位置：<a href="/">首页</a> &gt; {title}</div>')


def lower_home(town: Town, rows: list[tuple[str, str, str]]) -> str:
    """The front page of the subordinate site."""
    made = "".join(f'<li><a href="{path}" title="{title}">{title}</a><span>{day}</span></li>' for title, path, day in rows)
    return _lower(town, "首页", f'<div class="news"><h3>教育要闻</h3><ul class="list">{made}</ul></div>')


def lower_article(town: Town, row: tuple[str, str, str]) -> str:
    """An article of it."""
    return _lower(town, row[0], f'<h1>{row[0]}</h1><div class="info">发布时间：{row[2]} 10:00　来源：{town.place}教育局</div><div class="TRS_Editor">{BODY}</div>')


def _lower(town: Town, title: str, body: str) -> str:
    return f'<html><head><meta charset="utf-8"><title>{title}-{town.place}教育局</title></head><body><div class="header"><h2>{town.place}教育局</h2></div>{body}<p>主办：{town.place}教育局</p></body></html>'
