"""The six marks that the bottom region of every page has to show."""
import re
from dataclasses import replace

from pytest_govsite.model.missing import Blame
from pytest_govsite.model.page import Mark, Marks
from pytest_govsite.reading import numbers
from pytest_govsite.reading.bottom import Bottom, read_bottom
from pytest_govsite.reading.flow import is_shown, parse
from pytest_govsite.reading.owner import HIDDEN, read_contact, read_sponsor
from pytest_govsite.reading.party_mark import read_party_mark

POLICE_REGISTER = re.compile(r"//(?:www\.)?beian\.(?:mps\.)?gov\.cn(?:[:/?#]|$)", re.IGNORECASE)
NUMBERS = ("site_code", "icp", "police")
POLICE_RECORD = re.compile(r"code=\d{6,}|registerSystemInfo|webSearch", re.IGNORECASE)


def read_marks(dom_html: str, *, base_url: str, blocked: tuple[str, ...] = (), failed: tuple[str, ...] = ()) -> Marks:
    """The six marks as a visitor sees them.

    dom_html  the rendered document; what CSS hides has the attribute `hidden`, a large picture without words at its end
              `data-foot-picture`.
    blocked   addresses that the browser blocked as mixed content.
    failed    addresses that could not be loaded from here.

    A mark is looked for on the whole page but for the body of an article, sponsor and contact around the other marks
    and at the end of the page. What is found only in a hidden block, or may have been written by a script that did not
    reach us, is unknown.
    """
    tree = parse(dom_html)
    bottom = read_bottom(tree, base_url, tuple(blocked), tuple(failed))
    marks = {
        "site_code": _site_code(bottom),
        "icp": _number(bottom, numbers.ICP),
        "police": _police(tree, bottom),
        "sponsor": read_sponsor(bottom),
        "contact": read_contact(bottom),
    }
    excused = _unless_drawn(tree, {name: _excused(mark, bottom) for name, mark in marks.items()})
    return Marks(party_mark=_excused(read_party_mark(tree, base_url, tuple(blocked), tuple(failed)), bottom), **excused)


def _unless_drawn(tree, marks: dict[str, Mark]) -> dict[str, Mark]:
    """Where no number stands in writing and a large picture without words ends the page, they may be drawn in it."""
    if tree.css_first("[data-foot-picture]") is None or any(marks[name].state != "absent" for name in NUMBERS):
        return marks
    drawn = Mark("unknown", why="页底是一张没有文字说明的图片", blame=Blame.PERSON)
    return {name: drawn if mark.state == "absent" else mark for name, mark in marks.items()}


def _number(bottom: Bottom, patterns) -> Mark:
    for text, why in ((bottom.foot, ""), (bottom.shown, ""), (bottom.said, "只写在图片说明里")):
        if found := numbers.find(patterns, text):
            return Mark("shown", found, why=why)
    found = numbers.find(patterns, bottom.hidden)
    return Mark("unknown", found, why=HIDDEN, blame=Blame.PERSON) if found else Mark("absent")


def _site_code(bottom: Bottom) -> Mark:
    mark = _number(bottom, numbers.SITE_CODE)
    if mark.state == "absent" and (odd := numbers.find((numbers.ODD_SITE_CODE,), bottom.shown)):
        return Mark("shown", odd, why="标识码不是 10 位数字，也不是 bm 加 8 位数字")
    return mark


def _police(tree, bottom: Bottom) -> Mark:
    """A number, or the mark as a picture that links to the register."""
    mark = _number(bottom, numbers.POLICE)
    links = [node for node in tree.css("a[href], area[href]") if is_shown(node) and _names_a_record(node)]
    href = next((node.attributes.get("href") or "" for node in links), "")
    if mark.state != "shown" and href:
        return Mark("shown", mark.text, href, why="只有指向公安备案系统的链接")
    return replace(mark, href=href)


def _names_a_record(node) -> bool:
    """The site's own record in the register, or the mark as a picture; a mere link to the register is neither."""
    href = node.attributes.get("href") or ""
    if not POLICE_REGISTER.search(href):
        return False
    return bool(POLICE_RECORD.search(href) or node.css_first("img") or "公安" in node.text(deep=True))


def _excused(mark: Mark, bottom: Bottom) -> Mark:
    """What is absent may have been written by a file that the browser blocked, or that did not reach us."""
    if mark.state != "absent":
        return mark
    if bottom.blocked:
        return replace(mark, state="blocked", href=bottom.blocked, why=f"{bottom.blocked} 用 http 引入，被浏览器拦截")
    if bottom.excuse:
        return replace(mark, state="unknown", why=f"{bottom.excuse} 从本机打不开")
    if bottom.unread:
        return replace(mark, state="unknown", why=f"页底在框架 {bottom.unread} 里，没有读到", blame=Blame.PERSON)
    return mark
