"""One file that calls nobody: what Allure wrote, compressed, without its call home, under a policy that forbids any other.

Allure 3.18 puts each piece of data into the page as base64, and a script from googletagmanager.com besides. Here all data
becomes one gzip stream, which the browser unpacks when the page opens; what the report asks for is looked up there.
"""
import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from pytest_govsite.report.allure3.program import ReportError

LOADER = Path(__file__).parent / "templates" / "loader.js"
MAIN, TREE, FOLDED = "main.js", "widgets/tree.json", "folded.json"
ENVIRONMENTS, ONLY = "widgets/environments.json", "widgets/default/"
RING = "pie_chart.json"
FEW, FEW_SITES = 300, 100  # results and sites that are drawn before somebody opens their site, or its group
APP = '<div id="app"></div>'
COUNTING = re.compile(r'<script async src="https://www\.googletagmanager\.com/[^"]*"></script>\s*<script>.*?</script>', re.DOTALL)
BUNDLE = re.compile(r'<script[^>]* src="data:text/javascript;base64,([A-Za-z0-9+/=]+)"></script>')
DATA = re.compile(r"<script async>\s*window\.allureReportDataReady.*\Z", re.DOTALL)
ENTRY = re.compile(r'd\("((?:[^"\\]|\\.)*)","([A-Za-z0-9+/=]*)"\)')
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["']?\s*(?:\w+:)?//[^"'\s>]*|googletagmanager|url\(\s*["']?\w*:?//""", re.IGNORECASE)
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline' data:; img-src data: blob:; font-src data:; "
    "connect-src data: blob:; frame-src data: blob:; media-src data: blob:; form-action 'none'"
)


def seal(html: str, front: str) -> str:
    """The page of Allure as ours, with `front` before it.

    Raises ReportError when the page is not built as expected: a report that may call somebody is not handed out.
    """
    html = COUNTING.sub("", html)
    files, shell = _taken_apart(html)
    if APP not in shell or MAIN not in files:
        raise ReportError("这个版本的 Allure 生成的页面与预期不同，不能确认它不向外发请求：请安装 npm 包 allure@3.18")
    shell = shell.replace(APP, f"{front}\n{APP}", 1).replace(' lang="en"', ' lang="zh-CN"', 1)
    _forget_environments(files)
    _count_judged(files)
    files[FOLDED] = json.dumps(_folded(files.get(TREE, b"{}"))).encode()
    shell += _packed(files) + "\n</body>\n</html>\n"
    if called := OUTSIDE.search(shell):
        raise ReportError(f"报告里还有对外的请求（{called[0][:100]}），没有交付：请安装 npm 包 allure@3.18")
    policy = POLICY.format(scripts=" ".join(_hashes(shell, files[MAIN])))
    meta = f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return shell.replace('<meta charset="utf-8">', meta, 1)


def _taken_apart(html: str) -> tuple[dict[str, bytes], str]:
    """All data and the program of the report, by name; and the page without them."""
    found = DATA.search(html)
    data = found[0] if found else ""
    files = {json.loads(f'"{name}"'): base64.b64decode(value) for name, value in ENTRY.findall(data)}
    shell = html[: found.start()] if found else html
    if bundle := BUNDLE.search(shell):
        files[MAIN] = base64.b64decode(bundle[1])
        shell = shell[: bundle.start()] + shell[bundle.end() :]
    return files, shell


def _folded(tree: bytes) -> list[str]:
    """Groups to open by hand: Allure opens every group with a failure, and 1,000 results on the screen take a second."""
    told = json.loads(tree)
    if len(told.get("leavesById", ())) <= FEW:
        return []
    sites = [id for id, group in told["groupsById"].items() if group.get("leaves")]
    return sites if len(sites) <= FEW_SITES else list(told["groupsById"])


def _forget_environments(files: dict[str, bytes]) -> None:
    """Allure writes every list once for all environments and once for each; with one they differ in order at most."""
    for name in [name for name in files if name.startswith(ONLY)]:
        whole = name.replace(ONLY, "widgets/", 1)
        if len(json.loads(files.get(ENVIRONMENTS, b"[]"))) == 1 and len(files.get(whole, b"")) == len(files[name]):
            files[name] = files[whole]


def _count_judged(files: dict[str, bytes]) -> None:
    """The figure in the ring: of what was judged, how much is without fault. Allure counts what nobody judged as good."""
    for name in [name for name in files if name.endswith(RING)]:
        told = json.loads(files[name])
        counts = {each.get("status"): each.get("count", 0) for each in told.get("slices", ())}
        judged = counts.get("passed", 0) + counts.get("failed", 0)
        told["percentage"] = round(100 * counts.get("passed", 0) / judged, 2) if judged else 0
        files[name] = json.dumps(told).encode()


def _packed(files: dict[str, bytes]) -> str:
    """The data and what unpacks it. Contents that stand twice are stored once."""
    index, pieces, at = {}, {}, 0
    for name, content in files.items():
        digest = hashlib.sha256(content).digest()
        if digest not in pieces:
            pieces[digest] = (at, content)
            at += len(content)
        start = pieces[digest][0]
        index[name] = [start, start + len(content)]
    head = json.dumps(index).encode()
    body = b"".join((len(head).to_bytes(4, "big"), head, *(content for _, content in pieces.values())))
    text = base64.b64encode(gzip.compress(body, 6, mtime=0)).decode()
    return f'<script type="text/plain" id="govsite-data">{text}</script>\n<script>{LOADER.read_text(encoding="utf-8")}</script>'


def _hashes(shell: str, main: bytes) -> Iterator[str]:
    """Sources of the policy: the scripts of the page by their hashes, nothing else."""
    for script in (*(text.encode() for text in INLINE.findall(shell)), main):
        yield f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
