"""Serves an estate on loopback, each site under its own name."""
from aiohttp import web

from estate import addresses, frames, lists
from estate.plan import TEXTS, Plan

HTML = "text/html; charset=utf-8"
HOME_ROWS = 6
PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


class Estate:
    """Serves the sites while the `async with` lasts, by http on one port of 127.0.0.1 and ::1."""

    def __init__(self, plans: list[Plan]) -> None:
        self.plans = plans
        self._pages = {plan.host: _catalogue(plan) for plan in plans}
        self._runner = web.ServerRunner(web.Server(self.answer), access_log=None)
        self.port = 0

    async def __aenter__(self) -> "Estate":
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        await web.TCPSite(self._runner, "::1", self.port).start()
        return self

    async def __aexit__(self, *error) -> None:
        await self._runner.cleanup()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        host = (request.host or "").partition(":")[0].lower()
        if request.path.endswith((".png", ".ico")):
            return web.Response(body=PIXEL, content_type="image/gif")
        page = self._pages.get(host, {}).get(request.path)
        if page is None:
            return web.Response(status=404, text="<html><body>页面不存在</body></html>", headers={"content-type": HTML}, content_type=None)
        text = page()
        kind = "application/json" if request.path.endswith(".json") else HTML
        return web.Response(body=text.encode(), headers={"content-type": kind})


def _catalogue(plan: Plan) -> dict:
    pages = {"/": lambda: home(plan), "/login": lambda: frames.page(plan, "登录", "<form><input name=u><input name=p></form>")}
    for number, name in enumerate(TEXTS):
        pages[addresses.standing(number)] = lambda n=number, name=name: text_page(plan, name)
    for channel in plan.channels:
        pages[addresses.listing(plan.vendor, channel)] = lambda c=channel: lists.list_page(plan, c)
        pages[addresses.feed(channel)] = lambda c=channel: lists.feed(plan, c)
        for story in channel.stories:
            pages[addresses.article(plan.vendor, channel, story)] = lambda c=channel, s=story: lists.article_page(plan, c, s)
    return pages


def home(plan: Plan) -> str:
    """The home page: blocks of the first columns, each with its link to more."""
    owing = [one for one in plan.channels if one.category in ("动态要闻", "通知公告", "政策文件")]
    blocks = []
    for channel in owing:
        rows = "".join(
            f'<li><a href="{addresses.article(plan.vendor, channel, s)}">{s.title}</a><span>{s.listed:%m-%d}</span></li>' if s.listed
            else f'<li><a href="{addresses.article(plan.vendor, channel, s)}">{s.title}</a></li>' for s in channel.stories[:HOME_ROWS]
        )
        more = f'<a class="more" href="{addresses.listing(plan.vendor, channel)}">更多&gt;&gt;</a>'
        blocks.append(f'<div class="block"><div class="hd"><h3>{channel.name}</h3>{more}</div><ul>{rows}</ul></div>')
    links = '<div class="links"><select><option>友情链接</option></select><a href="https://www.gov.cn/">中国政府网</a></div>'
    return frames.page(plan, "首页", "".join(blocks) + links, {"ColumnType": "首页"})


def text_page(plan: Plan, name: str) -> str:
    """A standing page of text."""
    title = name.format(place=plan.place)
    return frames.page(plan, title, f'<div class="text"><h3>{title}</h3>{lists.BODY}</div>', {"ColumnName": title, "ColumnType": title})
