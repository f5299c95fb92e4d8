"""Data that a page shows as a chart, and data that it offers to download."""
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.addresses import host_of, path_of
from pytest_govsite.reading.body import BODY_SELECTOR
from pytest_govsite.reading.flow import is_shown, parse
from pytest_govsite.reading.links import read_links

TITLE = re.compile(r"图解|一图|图说|图文解读|图表|图读|读图|看图|数读|数说|数据图|可视化|信息图|动画解读|H5")
LIBRARY = re.compile(
    r"echarts\.init\s*\(|Highcharts\.\w*[cC]hart\s*\(|\.highcharts\s*\(|new\s+Chart\s*\(|new\s+(?:G2|F2)\.Chart\s*\(|new\s+ApexCharts\s*\(|d3\.select\s*\("
)
SCRIPTED = re.compile(r"echarts|highcharts|chart(?:\.min)?\.js|antv|apexcharts|d3(?:\.min)?\.js", re.IGNORECASE)
DRAWN = "[_echarts_instance_], .highcharts-container, .echarts canvas, .apexcharts-canvas, canvas.chartjs-render-monitor"
OUTER = re.compile(r"(?<![a-z])(?:header|head|top|logo|nav\w*|foot\w*|menu\w*|banner|icon\w*|qrcode|ewm|share\w*|wza)(?![a-z])", re.IGNORECASE)
WIDE, HIGH = 200, 100  # pixels: a smaller drawing is an icon
SHAPES = 4
ODD_PICTURE = re.compile(r"icon|logo|qrcode|ewm|erweima|weixin|share|print|close|arrow|btn|file|doc|pdf|xls|emot", re.IGNORECASE)
DATA_FILE = re.compile(r"\.(?P<form>xlsx?|et|ods|csv|json|xml|zip|rar|7z|db|dbf|shp)(?:$|[?&#])", re.IGNORECASE)
NO_DATA = re.compile(r"rss|sitemap|feed|config|manifest|弹窗|模板|申请表|登记表|汇总表格式", re.IGNORECASE)
DOWNLOAD = re.compile(r"download|DownloadAttachUrl|attach|wbfileid", re.IGNORECASE)
FILE_NAME = re.compile(r"\.(?P<form>xlsx?|et|ods|csv|json|xml|zip|rar)\s*(?:[）)\]】]|$|\s)", re.IGNORECASE)
PLATFORM_NAME = re.compile(r"数据开放|开放数据|公共数据(?:平台|服务|资源)|数据资源(?:平台|目录)|数据接口|数据集")
PLATFORM_HOST = re.compile(r"^(?:www\.)?(?:open)?data\d?\.|^opendata\.|^kf\.data|^sjkf\.|\.data\.", re.IGNORECASE)
PLATFORM_WORDS = re.compile(r"数据集|数据目录|数据接口|接口服务|API|数据下载|开放目录|数据资源")
SETS = re.compile(r"下载|接口|API|调用", re.IGNORECASE)


@dataclass(frozen=True)
class Offer:
    """A link to data: its address, its words, and the format of the file."""

    url: str
    text: str
    form: str


def chart_in_title(title: str) -> str:
    """The word by which a title announces a picture of data, as a fact; empty when it announces none."""
    found = TITLE.search(title)
    return f"标题含“{found.group()}”" if found else ""


def read_chart(html: str) -> str:
    """What the page draws as a chart, as a fact; empty when it draws none. Logos and icons are no charts."""
    tree = parse(html)
    if any(is_shown(node) for node in tree.css(DRAWN)):
        return "页面中有脚本绘制的图表"
    if any(_is_large(node) and not _is_outer(node) for node in tree.css("canvas")):
        return "页面中有 canvas 图表"
    if any(_is_large(node) and len(node.css("rect, path, circle, line, polyline, polygon")) >= SHAPES and not _is_outer(node) for node in tree.css("svg")):
        return "页面中有 svg 图表"
    drawn = any(LIBRARY.search(script.text(deep=True) or "") for script in tree.css("body script:not([src])"))
    return "页面脚本调用了图表库" if drawn else ""


def may_draw(html: str) -> bool:
    """A script of the page may draw a chart that the HTML does not hold yet."""
    return bool(SCRIPTED.search(html)) and not read_chart(html)


def has_pictures(html: str) -> bool:
    """The body holds a picture: a chart, perhaps, which only a person can tell."""
    tree = parse(html)
    boxes = ", ".join(f"{box.strip()} img[src]" for box in BODY_SELECTOR.split(","))
    return any(not ODD_PICTURE.search(node.attributes.get("src") or "") and is_shown(node) for node in tree.css(boxes))


def read_datasets(html: str, base_url: str) -> tuple[Offer, ...]:
    """Links to files that programs can read: xls, csv, json, xml and what is packed. Each address once."""
    found: dict[str, Offer] = {}
    for anchor in read_links(html, base_url):
        named = DATA_FILE.search(path_of(anchor.url)) or DATA_FILE.search(anchor.url)
        if not named and DOWNLOAD.search(anchor.url):
            named = FILE_NAME.search(anchor.text)
        if named and anchor.form in ("link", "attachment") and not NO_DATA.search(f"{anchor.text} {anchor.url}"):
            found.setdefault(anchor.url, Offer(anchor.url, anchor.text[:100], named["form"].lower()))
    return tuple(found.values())


def read_platforms(html: str, base_url: str) -> tuple[Offer, ...]:
    """Links to a platform of open data, on whatever host."""
    links = [anchor for anchor in read_links(html, base_url) if anchor.form == "link" and len(anchor.text) <= 30]
    named = [anchor for anchor in links if PLATFORM_NAME.search(anchor.text) or PLATFORM_HOST.search(host_of(anchor.url))]
    return tuple({anchor.url: Offer(anchor.url, anchor.text, "platform") for anchor in named}.values())


def is_platform(html: str) -> bool:
    """The page offers sets of data for download or by interface."""
    tree: LexborHTMLParser = parse(html)
    text = tree.body.text(deep=True) if tree.body is not None else ""
    return bool(PLATFORM_WORDS.search(text) and SETS.search(text))


def _is_large(node: LexborNode) -> bool:
    """As large as a chart: by its attributes, its style, or its view box."""
    style = node.attributes.get("style") or ""
    sizes = [_pixels(node.attributes.get(side) or "") or _styled(style, side) for side in ("width", "height")]
    box = (node.attributes.get("viewbox") or node.attributes.get("viewBox") or "").replace(",", " ").split()
    if not all(sizes) and node.tag == "svg" and len(box) == 4 and not any(sizes):
        sizes = [_pixels(box[2]), _pixels(box[3])]
    return sizes[0] >= WIDE and sizes[1] >= HIGH and is_shown(node)


def _pixels(written: str) -> int:
    found = re.match(r"\s*(\d+)(?:\.\d+)?(?:px)?\s*$", written)
    return int(found[1]) if found else 0


def _styled(style: str, side: str) -> int:
    found = re.search(rf"(?<![\w-]){side}\s*:\s*(\d+)", style)
    return int(found[1]) if found else 0


def _is_outer(node: LexborNode) -> bool:
    """It stands in the frame of the page or is a mark by its own name."""
    own = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''} {node.attributes.get('aria-label') or ''}"
    while (node := node.parent) is not None and node.is_element_node and node.tag != "body":
        if node.tag in ("header", "footer", "nav", "a", "button"):
            return True
        own += f" {node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return bool(OUTER.search(own))
