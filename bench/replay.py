"""A replay server for saved pages: every host under its own name, by http and https; all else fails fast.

It is a proxy on loopback: the browser asks it for http://host/path, or for a tunnel to host:443 that ends here as well.
An unknown host is refused at once, so that nothing leaves the machine.
"""
import asyncio
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import trustme
from aiohttp import web

TYPES = {
    ".html": "text/html", ".htm": "text/html", ".shtml": "text/html", ".css": "text/css", ".json": "application/json",
    ".js": "application/javascript", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
    ".gif": "image/gif", ".svg": "image/svg+xml", ".ico": "image/x-icon", ".woff": "font/woff", ".woff2": "font/woff2",
    ".ttf": "font/ttf",
}
PAGES = (".html", ".htm", ".shtml", ".jsonl")
DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
TUNNEL = re.compile(rb"CONNECT ([^\s:]+):443 ")
REFUSED = b"HTTP/1.1 502 Unknown Host\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
LONGEST_HEAD = 65536


@dataclass(frozen=True)
class SavedPage:
    """One page to serve: its address, and its file, in whose folder its own pictures, styles and scripts lie."""

    host: str
    path: str
    file: Path

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


def content_type(body: bytes) -> str:
    """The header of a saved page: charset=utf-8 where it declares no charset, or another than it is saved in."""
    if body.startswith(BOMS):
        return "text/html"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "text/html" if DECLARED.search(body[:4096]) else "text/html; charset=utf-8"
    return "text/html; charset=utf-8"


class Replay:
    """Serves saved pages while the `async with` lasts. `address` is the proxy's."""

    def __init__(self, pages: list[SavedPage]) -> None:
        self._pages = {(page.host, page.path): page for page in pages}
        self._folders: dict[str, list[Path]] = {}
        for page in pages:
            self._folders.setdefault(page.host, []).append(page.file.parent)
        self._runner = web.ServerRunner(web.Server(self._answer))
        self._pipes: set[asyncio.Task] = set()
        self.address = ""

    async def __aenter__(self) -> "Replay":
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=_serving()).start()
        self._plain, self._secure = (address[1] for address in self._runner.addresses)
        self._front = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=LONGEST_HEAD)
        self.address = f"http://127.0.0.1:{self._front.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *error) -> None:
        self._front.close()
        for pipe in self._pipes:
            pipe.cancel()
        await self._runner.cleanup()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the browser: a tunnel that ends at our own https server, or plain requests."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return writer.close()
        tunnel = TUNNEL.match(head)
        if tunnel is None and head.startswith(b"CONNECT") or tunnel and tunnel[1].decode().lower() not in self._folders:
            writer.write(REFUSED)
            return writer.close()
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._secure if tunnel else self._plain)
        if tunnel:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            inner_writer.write(head)
        for source, target in ((reader, inner_writer), (inner_reader, writer)):
            pipe = asyncio.ensure_future(_pipe(source, target))
            self._pipes.add(pipe)
            pipe.add_done_callback(self._pipes.discard)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        host, path = (request.url.host or "").lower(), unquote(request.url.path)
        if host not in self._folders:
            return web.Response(status=502, headers={"x-govsite-reason": "unreachable"})
        page = self._pages.get((host, path))
        if page is None:
            return self._asset(host, path)
        body = page.file.read_bytes()
        return web.Response(body=body, headers={"content-type": content_type(body)})

    def _asset(self, host: str, path: str) -> web.Response:
        """A saved asset. Pages name it relative to themselves: the end of the address is looked up in their folders."""
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        for folder in self._folders[host]:
            for start in range(len(parts)):
                file = folder.joinpath(*parts[start:])
                if file.is_file() and file.suffix.lower() not in PAGES:
                    kind = TYPES.get(file.suffix.lower(), "application/octet-stream")
                    return web.Response(body=file.read_bytes(), headers={"content-type": kind})
        return web.Response(status=404, text="", content_type="text/html")


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()
    except ConnectionError:
        pass
    finally:
        target.close()


def _serving() -> ssl.SSLContext:
    """One certificate for all hosts: the browser is told not to look."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("replay.invalid").configure_cert(context)
    return context
