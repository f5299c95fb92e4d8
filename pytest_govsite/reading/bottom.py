"""The bottom region of a page: what of its text may speak of the site, and what belongs to an article."""
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.reading import numbers
from pytest_govsite.reading.addresses import family, host_of, path_of
from pytest_govsite.reading.body import densest_box, known_boxes
from pytest_govsite.reading.flow import Line, is_shown, read_lines

AROUND = 8  # lines on both sides of a mark that still belong to the bottom region
TAIL = 15  # and the last lines of the page in any case
FOOTER = re.compile(r"foot|bottom|copyright|yejiao|yetou|dibu|weibu|/wb\b|/bq\b", re.IGNORECASE)
MAY_WRITE_FOOTER = re.compile(rf"{FOOTER.pattern}|common|public|include", re.IGNORECASE)
COUNTER_FILE = re.compile(r"count|stat|visit|tongji|analytic|trace|webdig|wza|assist|voice|share", re.IGNORECASE)
HOSTED_ELSEWHERE = ("conac.cn", "zfwzgl.www.gov.cn", "kaipuyun.cn", "beian.gov.cn", "beian.mps.gov.cn", "miit.gov.cn")


@dataclass(frozen=True)
class Bottom:
    """The page without the body of its article.

    shown    visible text, a line a line; hidden: text that CSS hides; said: alternative texts and titles of pictures.
    foot     the part of `shown` around the marks and at the end of the page, where sponsor and contact stand;
             hidden_foot: the same of `hidden`.
    links    (text, address) of the links in that part.
    late     (text, address) of all visible links in the second half of the page.
    excuse   a file that may have written marks that are not there, and that could not be had from here; blocked: one
             that the browser blocked; unread: a frame that may hold them.
    """

    shown: str
    hidden: str
    said: str
    foot: str
    links: tuple[tuple[str, str], ...]
    late: tuple[tuple[str, str], ...]
    hidden_foot: str = ""
    hidden_links: tuple[tuple[str, str], ...] = ()
    excuse: str = ""
    blocked: str = ""
    unread: str = ""


def read_bottom(tree: LexborHTMLParser, base_url: str, blocked: tuple[str, ...], failed: tuple[str, ...]) -> Bottom:
    """The bottom region of a rendered page; `blocked` and `failed` as in read_marks."""
    lines = _outside_body(tree, _without_frames(tree, read_lines(tree)))
    visible, hidden = [line for line in lines if not line.hidden], [line for line in lines if line.hidden]
    foot, hidden_foot = _foot(visible, TAIL), _foot(hidden, 0)
    return Bottom(
        shown=_text(visible), hidden=_text(hidden), said=_said(tree), foot=_text(foot), hidden_foot=_text(hidden_foot),
        links=_links(foot), late=_links(visible[len(visible) // 2:]), hidden_links=_links(hidden_foot),
        excuse=lost_script(failed, base_url), blocked=lost_script(blocked, base_url), unread=_unread_frame(tree),
    )


def _without_frames(tree: LexborHTMLParser, lines: list[Line]) -> list[Line]:
    """The lines less those of frames (weather, counters) that are no bottom region: it is named so, or has a number."""
    for box in tree.css("[data-frame]"):
        inside = [line for line in lines if box.mem_id in line.path]
        named = FOOTER.search(box.attributes.get("data-frame") or "")
        if not named and not numbers.kinds(_text(inside)):
            lines = [line for line in lines if box.mem_id not in line.path]
    return lines


def _outside_body(tree: LexborHTMLParser, lines: list[Line]) -> list[Line]:
    """The lines that are not of an article: an ICP number it mentions is no mark of the site.

    A container that swallows the bottom region (an unclosed tag) is no body: it holds kinds of numbers that stand
    nowhere else.
    """
    boxes = known_boxes(tree, lines)
    outside = [line for line in lines if not boxes.intersection(line.path)]
    inside = [line for line in lines if boxes.intersection(line.path)]
    lost = numbers.kinds(_text(inside)) - numbers.kinds(_text(outside))
    if len(lost) >= 2:
        return lines
    if boxes:
        return outside
    box = densest_box(lines)
    within = [line for line in lines if box.intersection(line.path)]
    return lines if numbers.kinds(_text(within)) else [line for line in lines if not box.intersection(line.path)]


def _foot(lines: list[Line], tail: int) -> list[Line]:
    anchors = [i for i, line in enumerate(lines) if numbers.kinds(line.text)]
    wanted = {n for i in anchors for n in range(i - AROUND, i + AROUND + 1)}
    wanted |= set(range(len(lines) - tail, len(lines)))
    return [line for i, line in enumerate(lines) if i in wanted]


def _links(lines: list[Line]) -> tuple[tuple[str, str], ...]:
    return tuple(link for line in lines for link in line.links)


def _text(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _said(tree: LexborHTMLParser) -> str:
    texts = []
    for node in tree.css("img[alt], img[title], a[title], area[alt], input[type=image][alt]"):
        if is_shown(node):
            texts += [node.attributes.get(name) or "" for name in ("alt", "title")]
    return "\n".join(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))


def _unread_frame(tree: LexborHTMLParser) -> str:
    """A frame that looks like the bottom region and whose text was not written in place by the gatherer."""
    for frame in tree.css("iframe[src], frame[src]"):
        source = frame.attributes.get("src") or ""
        sibling = frame.next
        read = sibling is not None and sibling.is_element_node and "data-frame" in sibling.attributes
        if FOOTER.search(path_of(source)) and not read and is_shown(frame):
            return source
    return ""


def lost_script(addresses: tuple[str, ...], base_url: str) -> str:
    """The first address that did not load and that may well have written the bottom region."""
    for address in addresses:
        host = host_of(address)
        if any(host == other or host.endswith("." + other) for other in HOSTED_ELSEWHERE):
            continue
        own = family(host) == family(host_of(base_url))
        path = path_of(address)
        if _is_script(path) and not COUNTER_FILE.search(address) and (own or MAY_WRITE_FOOTER.search(path)):
            return address
    return ""


def _is_script(path: str) -> bool:
    return not re.search(r"\.(?:css|png|jpe?g|gif|svg|ico|webp|bmp|woff2?|ttf|eot|mp4|swf)$", path, re.IGNORECASE)
