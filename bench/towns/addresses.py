"""Where things stand on a site, in the manner of its making."""
import hashlib

from towns.plan import Channel, Story, Town


def listing(town: Town, channel: Channel | int) -> str:
    """Path of a column."""
    n = channel if isinstance(channel, int) else channel.id
    return {
        "irs": f"/zwgk/c{n}/", "was5": f"/html/{n}/index.html", "jsearch": f"/col/col{n}/index.html", "jpaas": f"/col/col{n}/index.html",
        "kaipuyun": f"/c{n}424/list.shtml", "boda": f"/zwgk/lm{n}.htm", "php": f"/a/lm{n}/", "asp": f"/Article/ArticleList.aspx?classid={n}",
        "spa": f"/column/{n}",
    }[town.vendor]


def article(town: Town, story: Story) -> str:
    """Path of an article or a guide."""
    n, c, day = story.number, story.channel, story.day or town.as_of
    token = hashlib.md5(f"{town.slug}{n}".encode(), usedforsecurity=False).hexdigest()
    return {
        "irs": f"/zwgk/c{c}/{day:%Y%m}/t{day:%Y%m%d}_{n}.html", "was5": f"/html/{c}/{day:%Y%m}/{day:%d}/{n}.html",
        "jsearch": f"/art/{day.year}/{day.month}/{day.day}/art_{c}_{n}.html", "jpaas": f"/art/{day.year}/art_{token}.html",
        "kaipuyun": f"/c{c}424/{day:%Y%m}/c{n}{c}.shtml", "boda": f"/info/1{c}/{n}.htm", "php": f"/a/zwgk/{day:%Y}/{day:%m%d}/{n}.html",
        "asp": f"/Article/ShowArticle.aspx?id={n}", "spa": f"/content/article/{n}",
    }[town.vendor]


def absolute(town: Town, path: str) -> str:
    """The whole address."""
    return f"http://{town.host}{path}"


def standing(number: int) -> str:
    """Path of a page of text."""
    return f"/about/{number}.html"


def feed(channel: Channel) -> str:
    """Path from which a script draws the rows of a list."""
    return f"/api/rows/{channel.id}"


# host ("" for the site's own), path, name of the field, fixed fields
ROUTES = {
    "irs": ("", "/irs-c-web/search.shtml", "searchWord", (("code", "17d2f0a6b1c"), ("dataTypeId", "92"))),
    "was5": ("", "/was5/web/search", "searchword", (("channelid", "229105"),)),
    "jsearch": ("search", "/jsearchfront/search.do", "q", (("websiteid", "519931000000000"), ("searchid", "16"), ("pg", ""), ("tpl", "27"))),
    "jpaas": ("", "/api-gateway/jpaas-jsearch-web-server/search", "q", (("serviceId", "7a1c"), ("websiteid", "519931000000000"), ("cateid", "22"))),
    "kaipuyun": ("", "/search5/html/searchResult.html", "searchWord", (("siteCode", "{code}"), ("column", "全部"), ("pageSize", "10"))),
    "boda": ("", "/ssjg.jsp", "lucenenewssearchkey", (("wbtreeid", "1001"), ("_lucenesearchtype", "1"))),
    "php": ("", "/plus/search.php", "q", (("kwtype", "0"), ("searchtype", "titlekeyword"))),
    "asp": ("", "/Article/ArticleSearch.aspx", "keyword", ()),
    "spa": ("", "/api/search", "wd", ()),
}


def route(town: Town) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    """(host, path, name of the field, fixed fields) of the results."""
    host, path, name, fixed = ROUTES[town.vendor]
    host = f"{host}.{town.domain}" if host else town.host
    return host, path, name, tuple((key, value.format(code=town.code)) for key, value in fixed)
