"""Serves a part of the estate in a process of its own, and remembers which pages were asked for.

    python -m sweeping.serving SITES SEED PORT PART PARTS      prints `ready`, serves until it is ended

The first part serves what the sites link to as well. `GET /asked` with the host `control` tells the pages and forgets them.
"""
import asyncio
import sys
from collections import Counter, defaultdict

from aiohttp import web
from estate.serving import Estate
from towns.serving import World

from sweeping.plots import ABROAD, FOREIGN, PLATFORMS, Plot, plots

CONTROL = "control"
SLOW_SECONDS = 0.5
FLAKY_EVERY = 12


class Part:
    """The sites of one process."""

    def __init__(self, mine: list[Plot], others: bool) -> None:
        self._plots = {host: plot for plot in mine for host in plot.hosts}
        self._makers = {plot.number: _maker(plot) for plot in mine}
        self._abroad = World([]) if others else None
        self._asked: dict[str, dict[str, None]] = defaultdict(dict)
        self._count: Counter[str] = Counter()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request, in the temper of its site."""
        host = (request.host or "").partition(":")[0].lower()
        if host == CONTROL:
            asked, self._asked = self._asked, defaultdict(dict)
            return web.json_response({host: list(paths) for host, paths in asked.items()})
        plot = self._plots.get(host)
        if plot is None:
            return await self._abroad.answer(request) if self._abroad and host in FOREIGN else web.Response(status=404)
        self._count[host] += 1
        if plot.temper == "failing":
            return web.Response(status=500, text="<h1>HTTP Status 500</h1>", content_type="text/html")
        if plot.temper == "silent":
            await asyncio.sleep(3600)
        if plot.temper == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if plot.temper == "flaky" and self._count[host] % FLAKY_EVERY == 0:
            request.transport.abort()
        made = _plainly(await self._makers[plot.number].answer(request))
        self._note(request, host, made)
        return made

    def _note(self, request: web.BaseRequest, host: str, made: web.StreamResponse) -> None:
        page = made.headers.get("content-type", "").startswith("text/html")
        if request.method == "GET" and page and made.status == 200 and host.startswith("www."):
            self._asked[host][request.raw_path] = None


def _maker(plot: Plot) -> World | Estate:
    return World([plot.made]) if len(plot.hosts) > 1 else Estate([plot.made])


def _plainly(made: web.StreamResponse) -> web.StreamResponse:
    """The world of the estate speaks plain HTTP: what it links to, it links to by that."""
    if isinstance(made, web.Response) and isinstance(made.body, bytes) and b"https://" in made.body:
        made.body = made.body.replace(b"https://", b"http://")
    return made


async def serve(sites: int, seed: int, port: int, part: int, parts: int) -> None:
    """Serves for ever."""
    every = plots(sites, seed)
    mine = [plot for plot in every if _part_of(plot, parts) == part]
    runner = web.ServerRunner(web.Server(Part(mine, others=part == 0).answer), access_log=None)
    await runner.setup()
    places = {place for plot in mine for place in plot.places(port)}
    places |= {(ABROAD[0], port), ("::1", port + ABROAD[1])} if part == 0 else set()
    for address, at in [*places, ("127.0.0.1", control_port(port, part))]:
        await web.TCPSite(runner, address, at, backlog=1024).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


def _part_of(plot: Plot, parts: int) -> int:
    """Sites of a platform share its address, hence their process."""
    platforms = [name for name, *_ in PLATFORMS.values()]
    return (platforms.index(plot.platform) if plot.platform else plot.number) % parts


def control_port(port: int, part: int) -> int:
    """Where a part of the estate tells what it was asked."""
    return port + 5 + part


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:])))
