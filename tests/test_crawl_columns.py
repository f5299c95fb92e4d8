"""From pages to columns: names, places, kinds, what is part of what, what is blank, what the sites file says."""
from functools import partial

import pytest
from servers import answer
from side_by_side import Row
from towns import HOST, MENU, WORDS, article, by_name, day, news, page, rows, town

from pytest_govsite.model.missing import Blame, Reason
from pytest_govsite.model.site import Registered

ROWS = rows(*((f"/x/t2026111{n}_{n}.html", f"关于民生保障有关事项的情况之{n}", day(10 - n)) for n in range(1, 7)))
HOME = rows(("/yw/t20261120_1000.html", "关于民生保障有关事项的情况之1", day(0)))
BRANCHES = {"县教育局": "/bmdt/jyj/", "县水利局": "/bmdt/slj/", "县林业局": "/bmdt/lyj/"}
SIDE = '<div class="side"><ul>' + "".join(f'<li><a href="{url}">{name}</a></li>' for name, url in BRANCHES.items()) + "</ul></div>"
YEARS = '<div class="side"><ul>' + "".join(f'<li><a href="/zfgb/{year}/">{year}年</a></li>' for year in (2026, 2025, 2024)) + "</ul></div>"


def home(**menu: str) -> dict[str, str]:
    """A town whose menu has more columns."""
    return town() | {"/": page(HOME, menu=MENU | menu)}


def own_rows(folder: str, *ages: int) -> str:
    """A list of its own for one folder."""
    return rows(*((f"{folder}t{n}.html", f"关于有关事项的通报第{folder[1:-1]}{n}号", day(age)) for n, age in enumerate(ages)))


DEPARTMENTS = home(部门动态="/bmdt/") | {
    "/bmdt/": page(SIDE + own_rows("/bmdt/", 1, 2, 3), trail=(("部门动态", "/bmdt/"),), menu=MENU | {"部门动态": "/bmdt/"}),
} | {
    url: page(SIDE + own_rows(url, 200, 210, 230), trail=(("部门动态", "/bmdt/"), (name, url))) for name, url in BRANCHES.items()
}
GAZETTE = home(政府公报="/zfgb/") | {"/zfgb/": page(YEARS + f"<p>{WORDS}</p>", trail=(("政府公报", "/zfgb/"),))} | {
    f"/zfgb/{year}/": page(YEARS + own_rows(f"/zfgb/{year}/", (2026 - year) * 365 + 9, (2026 - year) * 365 + 30), trail=(("政府公报", "/zfgb/"), (f"{year}年", f"/zfgb/{year}/")))
    for year in (2026, 2025, 2024)
}


def kind(name: str, wanted: str):
    """The column is of that kind."""
    return lambda columns: columns[name].kind == wanted


COLUMNS = {
    # name of the case: pages, what must hold of the columns by name
    "departments are parts of the column above": (
        DEPARTMENTS, lambda c: {c[name].folded for name in BRANCHES} == {c["部门动态"].url} and not c["部门动态"].folded,
    ),
    "years are parts of the column above": (
        GAZETTE, lambda c: {c[f"{year}年"].folded for year in (2026, 2025, 2024)} == {c["政府公报"].url} and c["2026年"].path == ("政府公报", "2026年"),
    ),
    "the same list under two addresses is one": (
        home(公示公告="/gsgg/") | {"/gsgg/": town()["/tzgg/"]}, lambda c: [bool(c["通知公告"].folded), bool(c["公示公告"].folded)].count(True) == 1,
    ),
    "a channel that sends to its first column is that column": (
        home(政务动态="/zwdt/", 部门动态="/bmdt/") | {
            "/zwdt/": answer(b"", "302 Found", "Location: /bmdt/"), "/bmdt/": page(ROWS, trail=(("政务动态", "/zwdt/"), ("部门动态", "/bmdt/"))),
        }, lambda c: "政务动态" not in c and c["部门动态"].kind == "list" and c["部门动态"].path == ("政务动态", "部门动态"),
    ),
    "a channel that shows the beginnings of lists has none of its own": (
        home(政务公开="/zwgk/") | {
            "/zwgk/": page("".join(
                f'<div class="box"><h3><a href="{url}">{name}</a></h3><a class="more" href="{url}">更多</a>{own_rows(url, 5, 6)}</div>'
                for name, url in (("部门文件", "/bmwj/"), ("政府文件", "/zfwj/"))
            )),
            "/bmwj/": page(own_rows("/bmwj/", 5, 6, 7)), "/zfwj/": page(own_rows("/zfwj/", 5, 6, 11)),
        }, lambda c: c["政务公开"].kind == "channel" and c["部门文件"].kind == c["政府文件"].kind == "list",
    ),
    "a channel that shows the beginning of one list has none of its own": (
        home(政务公开="/zwgk/") | {
            "/zwgk/": page(f'<div class="box"><h3>部门文件</h3><a class="more" href="/zwgk/bmwj/">更多</a>{own_rows("/bmwj/", 5, 6)}</div>'),
            "/zwgk/bmwj/": page(own_rows("/bmwj/", 5, 6, 7, 8)),
        }, lambda c: c["政务公开"].kind == "channel" and c["部门文件"].kind == "list",
    ),
    "a standing page": (home(), kind("走进我县", "text")),
    "a form": (
        home(县长信箱="/xx/") | {"/xx/": page("<form><input name=name><textarea name=words></textarea><button>提交</button></form>")}, kind("县长信箱", "form"),
    ),
    "a dead column is unread, not blank": (
        home(规范性文件="/gfxwj/"), lambda c: c["规范性文件"].kind == "unknown" and c["规范性文件"].unread.reason is Reason.HTTP_ERROR and not c["规范性文件"].blank,
    ),
    "a column that sends home is none": (home(工作动态="/gzdt/") | {"/gzdt/": answer(b"", "302 Found", "Location: /")}, lambda c: "工作动态" not in c),
    "a list that ends with its newest": (
        home(工作信息="/gz/") | {
            "/gz/": page(own_rows("/gz/", 400, 390, 380, 370, 360) + '<a href="/gz/index_1.html">下一页</a>'),
            "/gz/index_1.html": page(rows(("/gz/t9.html", "关于有关事项的通报第九号", day(4)))), "/gz/t9.html": article("关于有关事项的通报第九号", f"发布时间：{day(4)}"),
        }, lambda c: c["工作信息"].listing.articles[-1].day.isoformat() == day(4),
    ),
    "the breadcrumb gives the place": (
        home(惠民政策="/hm/") | {"/hm/": page(ROWS, trail=(("政务公开", "/zwgk/"), ("政策文件", "/zcwj/"), ("惠民政策", "/hm/")))},
        lambda c: c["惠民政策"].path == ("政务公开", "政策文件", "惠民政策") and c["惠民政策"].level == 3,
    ),
}


@pytest.fixture(scope="module")
def seen(inspect):
    """(Columns, addresses that were asked) of each case, seen side by side."""
    cases = {name: pages for name, (pages, _) in COLUMNS.items()} | {name: blank_column(body, more) for name, (body, more, *_) in BLANKS.items()}
    with Row({name: partial(inspect.begin, pages) for name, pages in cases.items()}) as row:
        yield row


@pytest.mark.parametrize("name", COLUMNS)
def test_columns(seen, name):
    columns, _ = seen(name)
    found = by_name(columns)
    assert columns.stopped is None
    assert COLUMNS[name][1](found), {name: (one.kind, one.path, one.folded, one.count) for name, one in found.items()}


LOADING = '<div id="rows"></div><script>fetch("/rows.json").then(a => a.json()).then(all => { document.getElementById("rows").innerHTML = all })</script>'
BLANKS = {
    # name: body of the page, further pages, whether it is blank, whether that is in doubt
    "words": ("<p>暂无信息</p>", {}, True, False),
    "nothing at all": ("<ul class='list'></ul>", {}, True, False),
    "only its own name": ("<h3>工作动态</h3>", {}, True, False),
    "a script that finds nothing": (LOADING, {"/rows.json": answer(b'""')}, True, False),
    "a script whose data did not load": (LOADING, {"/rows.json": answer(b"", "500 Internal Server Error")}, False, True),
    "a script that brings text": (LOADING, {"/rows.json": answer(f'"<p>{WORDS}</p>"'.encode())}, False, False),
    "text": (f"<p>{WORDS}</p>", {}, False, False),
    "a picture": ('<p><img src="/map.jpg" width="800" height="600"></p>', {"/map.jpg": answer(b"x")}, False, False),
}


def blank_column(body: str, more: dict) -> dict:
    return home(工作动态="/gzdt/") | {"/gzdt/": page(body, trail=(("工作动态", "/gzdt/"),))} | more


@pytest.mark.parametrize("name", BLANKS)
def test_blank_columns(seen, inspect, name):
    *_, blank, doubt = BLANKS[name]
    column = by_name(seen(name)[0])["工作动态"]
    assert (bool(column.blank), bool(column.doubt)) == (blank, doubt), column
    assert bool(column.shot) == blank and (not blank or (inspect.folder / column.shot).stat().st_size > 1000)


def test_what_the_sites_file_says_counts(inspect):
    registered = (
        Registered("通知公告", category="政策文件", period="3mo", owner="综合处"),
        Registered("政务公开/会议纪要", url=f"http://{HOST}/hyjy/", category="动态要闻"),
        Registered("人事信息", period="2w"),
    )
    pages = town() | {"/hyjy/": page(own_rows("/hyjy/", 20, 30, 40))}
    columns, _ = inspect(pages, site={"columns": registered})
    found = by_name(columns)
    assert (found["通知公告"].category, found["通知公告"].also, found["通知公告"].period) == ("政策文件", ("通知公告",), "3mo")
    assert found["通知公告"].registered and found["通知公告"].owner == "综合处" and not found["要闻"].registered
    assert found["会议纪要"].path == ("政务公开", "会议纪要") and found["会议纪要"].kind == "list" and not found["会议纪要"].on_home
    assert found["人事信息"].unread.blame is Blame.PERSON and found["人事信息"].period == "2w"


def test_old_lists_are_photographed(inspect):
    pages = town() | news("/yw/", 40, 41, 45)
    old = by_name(inspect(pages)[0])["要闻"]
    assert old.shot and old.listing.newest(old.listing.articles[0].day).day.isoformat() == day(40)


def test_links_that_name_a_category_are_told_wherever_they_lead(inspect):
    body = HOME + '<a href="http://other.town.gov.cn/tj/"><img src="/a.png" alt="统计数据"></a>'
    columns, _ = inspect(town() | {"/": page(body)})
    assert ("数据发布", "http://other.town.gov.cn/tj/") in {(one.category, one.url) for one in columns.mentions}


def test_an_old_list_that_a_script_renews_is_not_old(inspect):
    renew = '<script>fetch("/new.html").then(a => a.text()).then(all => { document.querySelector(".list").innerHTML = all })</script>'
    fresh = '<li><a href="/tzgg/new.html">关于民生保障有关事项的最新情况</a><span>' + day(3) + "</span></li>"
    pages = town() | news("/tzgg/", 300, 400) | {"/new.html": fresh, "/tzgg/new.html": article("关于民生保障有关事项的最新情况", f"发布时间：{day(3)}")}
    pages["/tzgg/"] = pages["/tzgg/"].replace("</body>", renew + "</body>")
    column = by_name(inspect(pages)[0])["通知公告"]
    assert [one.day.isoformat() for one in column.listing.articles if one.opened] == [day(3)] and not column.shot
