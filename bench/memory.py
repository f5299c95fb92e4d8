"""Does memory grow from site to site? Resident size of our process, of Playwright's driver and of the browsers over many sites.

    python bench/memory.py [sites] [sites at once]

Small sites, all alike, on loopback ports of their own, served by another process: each is opened in Chromium, its inner pages are
drawn and looked at, and it is left again, as in a sweep. Printed are the sizes while that goes on, and how the second half compares with
the first: flat is 1.0.
"""
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from datetime import date
from pathlib import Path

import psutil

from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.missing import Missing
from pytest_govsite.model.site import Site

SITES, AT_ONCE, PORTS = 200, 2, 20
KINDS = ("home", "sampled")
SECONDS = 240
MB = 2**20
SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import threading

LINKS = "".join(f'<li><a href="/a/t20261101_{n}.html">关于民生保障有关事项的情况之{n}</a><span>2026-11-{n:02d}</span></li>' for n in range(1, 20))
PAGE = "<!doctype html><meta charset=utf-8><title>某县人民政府</title><h1>某县人民政府</h1><ul>%s</ul><p>%s</p>网站标识码：5117220001" % (LINKS, "县政府召开会议。" * 200)

class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = PAGE.encode() if self.path == "/" or self.path.startswith("/a/") else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)
    do_HEAD = do_GET
    def log_message(self, *_):
        pass

servers = [ThreadingHTTPServer(("127.0.0.1", 0), Site) for _ in range(int(sys.argv[1]))]
for server in servers:
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(*(server.server_port for server in servers), flush=True)
sys.stdin.read()
"""


def sizes() -> dict[str, float]:
    """Resident megabytes, shared pages counted for each process that has them."""
    me = psutil.Process()
    found = {"ours": me.memory_info().rss, "driver": 0, "browsers": 0}
    for child in me.children(recursive=True):
        try:
            words = " ".join(child.cmdline())
            part = "driver" if "playwright" in words and "node" in words else "browsers" if "chrom" in words else None
            if part:
                found[part] += child.memory_info().rss
        except psutil.Error:
            continue
    return {name: size / MB for name, size in found.items()}


def sweep(ports: list[int], sites: int, at_once: int, folder: Path) -> tuple[list[dict[str, float]], int]:
    """Inspects site after site, some at once; the sizes after each, and how many pieces of evidence were missing."""
    names = [f"w{number}.gov.cn" for number in range(sites)]
    resolve = tuple(f"{name}:80:127.0.0.1:{ports[number % len(ports)]}" for number, name in enumerate(names))
    settings = Settings(date(2026, 11, 20), seed=7, resolve=resolve, nameserver="127.0.0.1:9")
    collector = Collector(settings, folder)
    waiting = deque(Site(name, f"http://{name}/") for name in names)
    under_way: deque = deque()
    found, missing = [], 0
    try:
        while waiting or under_way:
            while waiting and len(under_way) < at_once:
                site = waiting.popleft()
                under_way.append((site, [collector.want(site, kind) for kind in KINDS]))
            site, wanted = under_way.popleft()
            missing += sum(isinstance(one.result(SECONDS), Missing) for one in wanted)
            collector.finish(site)
            found.append(sizes())
            if len(found) % 20 == 0:
                print(f"{len(found):>5} sites  " + "  ".join(f"{name} {size:6.0f} MB" for name, size in found[-1].items()), flush=True)
    finally:
        collector.close()
    return found, missing


def main(sites: int = SITES, at_once: int = AT_ONCE) -> None:
    """Prints sizes and ratios."""
    command = [sys.executable, "-c", SERVER, str(PORTS)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        ports = list(map(int, server.stdout.readline().split()))
        with tempfile.TemporaryDirectory(prefix="govsite-memory-") as folder:
            began = time.monotonic()
            found, missing = sweep(ports, sites, at_once, Path(folder))
        print(f"{sites} sites in {time.monotonic() - began:.0f} s, {missing} of {len(KINDS) * sites} pieces of evidence missing")
        steady = found[len(found) // 10:]  # beside the start
        first, second = steady[:len(steady) // 2], steady[len(steady) // 2:]
        for name in found[0]:
            before, after = (statistics.median(each[name] for each in half) for half in (first, second))
            print(f"{name}: median {before:.0f} MB, then {after:.0f} MB; ratio {after / before:.2f}, most {max(each[name] for each in found):.0f} MB")
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
