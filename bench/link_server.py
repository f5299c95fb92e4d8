"""A bare web server for bench/links.py, in a process of its own: answers each path after a delay, some with 404.

    python bench/link_server.py delay-in-milliseconds

Prints its port. /page has the list of links, /one only the first; /<n> answers 200, or 404 where n is divisible by DEAD_EVERY.
"""
import asyncio
import sys

COUNT = 5000
DEAD_EVERY = 100
BODY = b"<!doctype html><title>ok</title><p>ok</p>"


def paths() -> list[str]:
    """The paths of all links."""
    return [f"/{number}/t2026_{number}.html" for number in range(1, COUNT + 1)]


def _whole(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _page(named: list[str]) -> bytes:
    links = "".join(f'<li><a href="{path}">link</a></li>' for path in named)
    return _whole("200 OK", f"<!doctype html><title>links</title><ul>{links}</ul>".encode())


FINE, DEAD = _whole("200 OK", BODY), _whole("404 Not Found", BODY)
PAGES = {b"/page": _page(paths()), b"/one": _page(paths()[:1])}


class Answers(asyncio.Protocol):
    """One connection: requests without bodies, one after another."""

    delay = 0.0

    def connection_made(self, transport) -> None:
        """As asyncio calls it."""
        self._transport = transport
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        """As asyncio calls it."""
        *heads, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for head in heads:
            answer = _answer(head)
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self._transport.write, answer)
            else:
                self._transport.write(answer)


def _answer(head: bytes) -> bytes:
    method, path, _ = head.split(b" ", 2)
    number = path[1:].partition(b"/")[0]
    fine = not number.isdigit() or int(number) % DEAD_EVERY
    answer = PAGES.get(path) or (FINE if fine else DEAD)
    return answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == b"HEAD" else answer


async def main(delay: float) -> None:
    """Serves until killed."""
    Answers.delay = delay
    server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        import uvloop
        runner = uvloop.run
    except ImportError:
        runner = asyncio.run
    runner(main(float(sys.argv[1]) / 1000))
