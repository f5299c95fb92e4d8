"""TCP connections over the way out, straight or through the proxy of the user's network."""
import asyncio
import ssl

from pytest_govsite.gather.dialling import dial
from pytest_govsite.gather.pace import GiveWay
from pytest_govsite.gather.upstream import Upstream
from pytest_govsite.gather.way import Target, Unreached, Way, reason_of
from pytest_govsite.model.missing import Reason

CONNECT_SECONDS = 10.0
LONGEST_HEAD = 65536

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def open_tunnel(way: Way, host: str, port: int, family: int = 0, seconds: float = CONNECT_SECONDS) -> Streams:
    """A connection to a host whose bytes nobody touches. Raises Unreached."""
    route = await way.route("https", host, port, family)
    if isinstance(route, Upstream):
        return await connect_through(route, host, port, seconds)
    return await connect_to(route, seconds)


async def connect_to(
    targets: tuple[Target, ...], seconds: float = CONNECT_SECONDS, give_way: GiveWay | None = None,
) -> Streams:
    """A TCP connection to the first target that answers, the families racing. Raises Unreached.

    give_way: asked while others wait for its slot; ends the connection if idle, says whether.
    """
    try:
        return await asyncio.open_connection(sock=await dial(targets, seconds, give_way))
    except TimeoutError:
        raise Unreached(Reason.TIMEOUT, f"{seconds:.0f} 秒内未连上") from None
    except OSError as error:
        raise Unreached(reason_of(error)) from error


async def connect_upstream(upstream: Upstream, seconds: float = CONNECT_SECONDS) -> Streams:
    """A connection to the proxy itself. Raises Unreached (proxy-failed)."""
    context = ssl.create_default_context() if upstream.tls else None
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.open_connection(upstream.host, upstream.port, ssl=context, limit=LONGEST_HEAD)
    except (OSError, TimeoutError) as error:
        raise Unreached(Reason.PROXY_FAILED, upstream.url) from error


async def connect_through(upstream: Upstream, host: str, port: int, seconds: float = CONNECT_SECONDS) -> Streams:
    """A tunnel through the proxy (CONNECT). Raises Unreached."""
    reader, writer = await connect_upstream(upstream, seconds)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        async with asyncio.timeout(seconds):
            status = await _ask_for_tunnel(reader, writer, upstream, place)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
        writer.close()
        raise Unreached(Reason.PROXY_FAILED, f"{upstream.url} 没有正确应答") from error
    if status != 200:
        writer.close()
        raise refusal(status)
    return reader, writer


def refusal(status: int) -> Unreached:
    """What it means when the proxy refuses a tunnel: it will not serve us, or it could not reach the host."""
    return Unreached(Reason.UNREACHABLE if status in (502, 503, 504) else Reason.PROXY_FAILED, f"上级代理答复 {status}")


async def _ask_for_tunnel(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: Upstream, place: str,
) -> int:
    password = f"Proxy-Authorization: {upstream.authorization}\r\n" if upstream.authorization else ""
    writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{password}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(None, 2)[1])
