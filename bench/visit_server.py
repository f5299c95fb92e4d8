"""A bare web server for bench/visits.py, in a process of its own: every request gets a small home page, then the connection ends.

    python bench/visit_server.py

Prints its port.
"""
import asyncio

import uvloop

ITEM = '<li><a href="/art/2026/{n}.html">关于做好第{n}批民生实事项目有关工作的通知</a><span>2026-11-{day:02}</span></li>'
BODY = (
    '<!doctype html><html><head><meta charset="utf-8"><title>云山县人民政府</title></head><body><div id="nav">首页 政务公开 政务服务</div><ul>'
    + "".join(ITEM.format(n=n, day=1 + n % 20) for n in range(1, 61)) + "</ul><p>主办：云山县人民政府办公室</p></body></html>"
).encode()
ANSWER = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(BODY)}\r\nConnection: close\r\n\r\n".encode() + BODY


class Answers(asyncio.Protocol):
    """One connection, one answer."""

    def connection_made(self, transport) -> None:
        """As asyncio calls it."""
        self._transport = transport
        self._asked = b""

    def data_received(self, data: bytes) -> None:
        """As asyncio calls it."""
        self._asked += data
        if self._asked.endswith(b"\r\n\r\n"):
            self._transport.write(ANSWER)
            self._transport.close()


async def main() -> None:
    """Serves until it is killed."""
    server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
