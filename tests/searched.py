"""Invented sites with a search of their own, in every manner seen, served on loopback to the gatherer and real Chromium."""
import asyncio
import itertools
import re
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from servers import answer, listening
from side_by_side import SideBySide
from towns import AS_OF, HOST, NAMES, day, page, rows
from towns import article as article_page

from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.site import Site

OTHER = "other.town.gov.cn"
AT_ONCE = 6
CRAWLED = 10  # pages of a site: its lists
NUMBERS = itertools.count()
NOUNS = ("春季农业生产", "城乡供水一体化", "老旧小区改造", "校园食品安全检查", "乡村振兴示范创建", "河湖长制工作推进", "稳岗就业专项行动", "公共文化服务提升",
         "医疗保障经办能力", "森林草原防火", "数字政府建设", "道路交通秩序整治", "残疾人康复救助", "粮食收购准备", "电梯安全隐患排查", "退役军人服务保障")
TITLES = tuple(f"我县召开{noun}工作部署会议" for noun in NOUNS)
SERVICES = ("城乡居民养老保险参保登记", "个体工商户营业执照申领", "残疾人证办理", "住房公积金提取申请")
MENU = {"要闻": "/yw/", "通知公告": "/tzgg/", "办事服务": "/bsfw/"}
FORM = '<form class="search" action="/s" method="get"><input type="text" name="q" placeholder="请输入关键词"><button type="submit">搜索</button></form>'


def listed() -> dict[str, tuple[str, str]]:
    """Address -> title and day, of all that can be found."""
    found = {f"/yw/t{n}.html": (title, day(20 + 9 * n)) for n, title in enumerate(TITLES[:8])}
    found |= {f"/tzgg/t{n}.html": (title, day(15 + 11 * n)) for n, title in enumerate(TITLES[8:])}
    return found | {f"/bsfw/s{n}.html": (title, day(300)) for n, title in enumerate(SERVICES)}


INDEX = listed()


def site(box: str = FORM, home: str = "", **more) -> dict:
    """The pages of a healthy site whose every page has the box at its head."""
    def framed(body: str, title: str = "县人民政府", trail=()) -> str:
        return page(f'<div class="head">{box}</div>{body}', title, trail, MENU)

    pages = {"/": framed(home + rows(*((url, title, shown) for url, (title, shown) in list(INDEX.items())[:5])))}
    for name, folder in MENU.items():
        inside = [(url, title, shown) for url, (title, shown) in INDEX.items() if url.startswith(folder)]
        pages[folder] = framed(rows(*inside), trail=((name, folder),))
    for url, (title, shown) in INDEX.items():
        pages[url] = article_page(title, f"发布时间：{shown} 09:00　来源：县政府办")
    return pages | more


def found(query: str, index: dict | None = None) -> list[tuple[str, str, str]]:
    """What an honest engine finds: titles that hold the query, or most of its pairs of characters."""
    pairs = {query[at:at + 2] for at in range(len(query) - 1)}

    def alike(title: str) -> float:
        return 2.0 if query in title else sum(pair in title for pair in pairs) / max(1, len(pairs))

    entries = [(alike(title), url, title, shown) for url, (title, shown) in (INDEX if index is None else index).items()]
    return [(url, title, shown) for score, url, title, shown in sorted(entries, key=lambda one: -one[0]) if score >= 0.6][:10]


def results(query: str, index: dict | None = None, wrap=lambda url: url) -> str:
    """A result page."""
    return page(listed_results(query, index, wrap), f"{query}_搜索结果", menu=MENU)


def listed_results(query: str, index: dict | None = None, wrap=lambda url: url) -> str:
    """The list of results, or the words for none."""
    hits = found(query, index)
    if not hits:
        return f'<div class="search-result"><p class="none">抱歉，没有找到与“{query}”相关的结果</p></div>'
    boxes = "".join(
        f'<div class="result-item"><h3 class="result-title"><a href="{wrap(url)}" target="_blank">{title.replace(query, f"<em>{query}</em>")}</a></h3>'
        f'<p class="summary">{title}，各乡镇、各部门要认真抓好落实。</p><span class="date">{shown}</span></div>' for url, title, shown in hits
    )
    return f'<div class="search-result"><p class="total">为您找到相关结果约 {len(hits)} 条</p>{boxes}</div>'


@dataclass
class Asked:
    """One request as the server of a test gets it."""

    path: str
    host: str
    method: str
    head: str
    values: dict[str, str]
    body: str = ""


@dataclass
class Calls:
    """All requests."""

    all: list[Asked] = field(default_factory=list)

    def paths(self, prefix: str) -> list[str]:
        return [one.path for one in self.all if one.path.startswith(prefix)]


def _read(head: str, body: bytes) -> Asked:
    method, target, _ = head.split(None, 2)
    text = body.decode("utf-8", "replace")
    query = urlsplit(target).query if "?" in target else ""
    host = re.search(r"^host:\s*(\S+)", head, re.IGNORECASE | re.MULTILINE)
    values = dict(parse_qsl(query, keep_blank_values=True)) | dict(parse_qsl(text, keep_blank_values=True))
    return Asked(unquote(target.partition("?")[0]), host[1] if host else "", method, head, values, text)


@asynccontextmanager
async def serving(pages: dict):
    """Serves pages by path, or by host and path: a text, bytes of a whole answer, or a function of Asked, async or not."""
    calls = Calls()

    async def serve(reader, writer):
        while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
            length = re.search(r"^content-length:\s*(\d+)", head, re.IGNORECASE | re.MULTILINE)
            asked = _read(head, await reader.readexactly(int(length[1])) if length else b"")
            calls.all.append(asked)
            made = pages.get(f"{asked.host}{asked.path}", pages.get(asked.path))
            made = made(asked) if callable(made) else made
            made = await made if asyncio.iscoroutine(made) else made
            whole = made if isinstance(made, bytes) else answer("页面不存在".encode(), "404 Not Found") if made is None else answer(made.encode())
            writer.write(whole.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if head.startswith("HEAD") else whole)
            await writer.drain()
            if "\r\nconnection: close" in head.lower():
                return

    async with listening(serve) as port:
        yield port, calls


class Searcher(SideBySide):
    """Gathers "search" of many sites."""

    def __init__(self, folder) -> None:
        super().__init__(folder, AT_ONCE)

    def begin(self, pages: dict, **site) -> Future:
        """Serves the pages and looks: a future of (evidence, calls)."""
        name = f"searched-{next(NUMBERS)}"
        subject = Site(**{"id": name, "url": f"http://{HOST}/", "name": "某县人民政府"} | site)
        return self.submit(self._look, pages, subject)

    async def _look(self, pages: dict, site: Site):
        async with serving(pages) as (port, calls):
            return await self.see(site, "search", settings(port)), calls


def settings(port: int) -> Settings:
    """The site and its neighbours live at that port."""
    resolve = tuple(f"{name}:80:127.0.0.1:{port}" for name in (*NAMES, "low.town.gov.cn"))
    resolve += ("gone.town.gov.cn:80:127.0.0.1:1",)  # nobody listens there
    return Settings(AS_OF, seed=7, resolve=resolve, nameserver="127.0.0.1:9", fetch_deadline=5.0, crawl_pages=CRAWLED)


def script(code: str) -> str:
    """A script of the page."""
    return f"<script>{code}</script>"


def wrapped(url: str) -> str:
    """A result link through the engine's counter."""
    return f"/link.do?url={quote(f'http://{HOST}{url}', safe='')}&q=x"
