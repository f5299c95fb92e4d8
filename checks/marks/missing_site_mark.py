"""The six marks of a government site, at the bottom of every page."""
from pytest_govsite import MARK_NAMES, Finding, Home, Missing, Note, Sampled, Unseen, check, inner_pages

FAULTS = {"absent": "没有列明", "invalid": "显示为无效标识", "blocked": "用 http 引入，被浏览器拦截"}


@check("missing-site-mark")
def check_missing_site_mark(home: Home, sampled: Sampled | Missing, *, sample: int = 10):
    """One of the six marks is missing at the bottom of a page.

    The six are party mark, site code, ICP number, police number, sponsor and contact.

    Counts        each mark once, when the home page or any of the first `sample` content and column pages lacks it.
                  The party mark's own picture of invalidity does not show it, nor does mixed content that is blocked.
    Excuses       marks written by script are shown; footers for desktop and phone on one page count once; an odd form
                  of a mark is a note.
    Undetermined  a mark whose third-party script cannot be had from here, or that stands in a hidden block only, unless
                  some page firmly lacks it; a mark that the home page shows when not one inner page could be opened.
    Source        国办发〔2017〕47号, annex 网页设计规范.
    """
    draw = inner_pages(sampled, sample)
    yield from draw.drawn
    if draw.opened and draw.unopened:
        yield Note(f"抽中的内页有 {len(draw.unopened)} 个没能打开：{draw.unopened[0].says}", draw.unopened[0].url)
    for field, name in MARK_NAMES.items():
        seen = [(page, getattr(page.marks, field)) for page in (home.page, *draw.opened)]
        yield from _judge(name, seen, draw.unopened)


def _judge(name, seen, unopened):
    home = seen[0][0].url  # not the page at fault: the draw may find another one next time, and the fault is the same
    lacking = [(page, mark) for page, mark in seen if mark.state in FAULTS]
    unclear = [mark for _, mark in seen if mark.state == "unknown"]
    if lacking:
        page, mark = lacking[0]
        where = f"看了 {len(seen)} 个页面，{len(lacking)} 个如此，如 {page.url}"
        yield Finding(home, name, f"页面底部的{name}{FAULTS[mark.state]}（{where}）", page.shots.get("footer"))
    elif unclear:
        yield Unseen(home, f"{name}能否显示无法判断：{unclear[0].why or '第三方脚本从本机打不开'}", unclear[0].blame)
    elif len(seen) == 1:
        yield Unseen(home, f"{name}只在首页看到，内页未能查看：{unopened[0].says}", unopened[0].blame)
    elif odd := seen[0][1].why:
        yield Note(f"{name}：{odd}", home)
