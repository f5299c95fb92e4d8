"""Small invented sites for the crawl: pages as text, served on loopback under a name of their own."""
import itertools
from concurrent.futures import Future
from contextlib import asynccontextmanager
from datetime import date, timedelta

from servers import answer, listening
from side_by_side import SideBySide

from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.columns import Column, Columns
from pytest_govsite.model.missing import Missing
from pytest_govsite.model.site import Site

AS_OF = date(2026, 11, 20)
HOST = "www.town.gov.cn"
NAMES = (HOST, "town.gov.cn", "other.town.gov.cn", "www.stranger.com")
SECONDS = 120
AT_ONCE = 4
NUMBERS = itertools.count()
WORDS = "县政府召开专题会议研究民生保障工作，要求各乡镇、各部门压实责任，抓好落实，确保各项任务如期完成。"
MENU = {"要闻": "/yw/", "通知公告": "/tzgg/", "政策文件": "/zcwj/", "走进我县": "/zjwx/"}


def day(ago: int) -> str:
    """A day before the inspection, as lists print it."""
    return (AS_OF - timedelta(days=ago)).isoformat()


def page(body: str, title: str = "县人民政府", trail: tuple = (), menu: dict | None = None, head: str = "", foot: str = "") -> str:
    """A whole page with the menu of the site, its breadcrumb and its foot."""
    links = "".join(f'<li><a href="{url}">{name}</a></li>' for name, url in (MENU if menu is None else menu).items())
    steps = " &gt; ".join(['<a href="/">首页</a>', *(f'<a href="{url}">{name}</a>' for name, url in trail)])
    crumb = f'<div class="crumb">当前位置：{steps}</div>' if trail else ""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<div class="header"><h1>某县人民政府</h1></div><div class="nav"><ul>{links}</ul></div>{crumb}<div class="main">{body}</div>'
        f'<div class="footer">{foot}<p>主办：某县人民政府　联系电话：0818-5200000　网站标识码：5117220001</p></div></body></html>'
    )


def rows(*articles: tuple[str, str, str]) -> str:
    """A list: (address, title, day)."""
    return '<ul class="list">' + "".join(
        f'<li><a href="{url}" title="{title}">{title}</a><span>{shown}</span></li>' for url, title, shown in articles
    ) + "</ul>"


def article(title: str, shown: str) -> str:
    """A content page; `shown` is what stands between title and body."""
    return page(f"<h2>{title}</h2><div class='info'>{shown}</div><div id='zoom'><p>{WORDS * 4}</p></div>", title)


def news(folder: str, *ages: int, name: str = "关于民生保障有关事项的情况") -> dict[str, str]:
    """A column page at `folder` and its articles, one for each age in days."""
    listed = [(f"{folder}t{(AS_OF - timedelta(days=age)):%Y%m%d}_{1000 + i}.html", f"{name}之{i + 1}", day(age)) for i, age in enumerate(ages)]
    made = {url: article(title, f"发布时间：{shown} 09:00　来源：县政府办") for url, title, shown in listed}
    return {folder: page(rows(*listed), trail=((MENU_NAMES.get(folder, "栏目"), folder),))} | made


MENU_NAMES = {url: name for name, url in MENU.items()}


def town(**more: str) -> dict[str, str]:
    """A healthy site: two lists of news, one of documents, one page of text; further pages by address."""
    made = {"/": page(HOME)} | news("/yw/", 0, 1, 2, 3, 5, 8) | news("/tzgg/", 3, 20, 44, 60) | news("/zcwj/", 30, 90, 200)
    made["/zjwx/"] = page(f"<h2>走进我县</h2><p>{WORDS * 5}</p>", trail=(("走进我县", "/zjwx/"),))
    return made | more


HOME = (
    "<div class='box'><h3><a href='/yw/'>要闻</a></h3>"
    + rows(*((f"/yw/t{AS_OF - timedelta(days=age):%Y%m%d}_{1000 + i}.html", f"关于民生保障有关事项的情况之{i + 1}", day(age)) for i, age in enumerate((0, 1, 2))))
    + "</div>"
)


class Inspector(SideBySide):
    """One collector for many invented sites, each a site of its own: a browser is started once."""

    def __init__(self, folder) -> None:
        super().__init__(folder, AT_ONCE)

    def __call__(self, pages: dict, kind: str = "columns", site: dict | None = None, **changed):
        """Serves the pages, gathers, and returns (evidence, addresses that were asked)."""
        return self.begin(pages, kind, site, **changed).result(SECONDS)

    def begin(self, pages: dict, kind: str = "columns", site: dict | None = None, **changed) -> Future:
        """A future of the same."""
        return self.submit(self._look, pages, kind, site or {}, changed)

    def twice(self, pages: dict, kind: str = "columns", site: dict | None = None, **changed):
        """The same, gathered anew: ((evidence, evidence), addresses)."""
        return self.submit(self._look_twice, pages, kind, site or {}, changed).result(2 * SECONDS)

    async def _look(self, pages: dict, kind: str, site: dict, changed: dict):
        async with serving(pages) as (port, asked):
            return await self.see(_subject(site), kind, _settings(port, changed)), asked

    async def _look_twice(self, pages: dict, kind: str, site: dict, changed: dict):
        async with serving(pages) as (port, asked):
            return [await self.see(_subject(site), kind, _settings(port, changed)) for _ in range(2)], asked


def _subject(site: dict) -> Site:
    return Site(**{"id": f"town-{next(NUMBERS)}", "url": f"http://{HOST}/"} | site)


def _settings(port: int, changed: dict) -> Settings:
    resolve = tuple(f"{name}:80:127.0.0.1:{port}" for name in NAMES)
    return Settings(**{"as_of": AS_OF, "resolve": resolve, "nameserver": "127.0.0.1:9", "fetch_deadline": 5.0} | changed)


def asked_for(asked: list[str], prefix: str) -> list[str]:
    """Addresses asked that begin so."""
    return [path for path in asked if path.startswith(prefix)]


@asynccontextmanager
async def serving(pages: dict):
    """Serves pages by path (with its query, if it has one): a text, bytes of a whole answer, or a function (path, head of the request)."""
    asked: list[str] = []

    async def serve(reader, writer):
        while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
            path = head.split()[1]
            asked.append(path)
            whole = _answer(pages, path, head)
            writer.write(whole.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if head.startswith("HEAD") else whole)
            await writer.drain()
            if "\r\nconnection: close" in head.lower():
                return

    async with listening(serve) as port:
        yield port, asked


def _answer(pages: dict, path: str, head: str) -> bytes:
    found = pages.get(path, pages.get(path.split("?")[0], pages.get("*")))
    found = found(path, head) if callable(found) else found
    if found is None:
        return answer("页面不存在".encode(), "404 Not Found")
    return found if isinstance(found, bytes) else answer(found.encode("utf-8", "replace"))


def by_name(columns: Columns | Missing) -> dict[str, Column]:
    """The columns by name."""
    assert isinstance(columns, Columns), columns
    return {column.name: column for column in columns.columns}
