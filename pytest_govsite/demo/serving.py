"""Opens all servers of a World in the running loop."""
import contextlib
import socket
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from pytest_govsite.demo.answering import Front, known_hosts
from pytest_govsite.demo.certificates import Authority
from pytest_govsite.demo.county import County
from pytest_govsite.demo.responder import Responder, Zone
from pytest_govsite.demo.sockets import pair, port_of

REFUSING = {"net:refused": (socket.AF_INET, socket.AF_INET6), "ipv6.1:refused": (socket.AF_INET6,)}


@dataclass(frozen=True)
class Opened:
    """Where the servers are."""

    nameserver: str
    nat: dict[int, int]
    ca_file: str


async def serve(county: County, faults: frozenset[str], stack: contextlib.AsyncExitStack) -> Opened:
    """Serves until the stack closes. Raises OSError when ports cannot be had."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="govsite-demo-")))
    hosts = known_hosts(county)
    authority = Authority(folder)
    runner = web.ServerRunner(web.Server(Front(county, faults), access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    context = authority.context(hosts, county.host, faults)
    nat = {
        real: await _listen(stack, runner, ssl_context, faults) for real, ssl_context in ((443, context), (80, None))
    }
    responder = Responder(Zone(hosts, county.host, faults))
    stack.callback(responder.close)
    port = await responder.start()
    return Opened(f"127.0.0.1:{port}", nat | {53: port}, str(authority.ca_file))


async def _listen(
    stack: contextlib.AsyncExitStack, runner: web.ServerRunner, context: ssl.SSLContext | None, faults: frozenset[str]
) -> int:
    refusing = {family for fault in faults & REFUSING.keys() for family in REFUSING[fault]}
    sockets = pair(socket.SOCK_STREAM)
    for sock in sockets:
        if sock.family in refusing:
            stack.callback(sock.close)  # bound, but nobody listens: that refuses
        else:
            await web.SockSite(runner, sock, ssl_context=context).start()
    return port_of(sockets)
