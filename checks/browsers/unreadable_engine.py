"""The home page in every mainstream browser engine."""
from pytest_govsite import Blame, Engines, EngineView, Finding, Missing, Note, Site, Unseen, check

NAMES = {"chromium": "Chromium（谷歌、Edge、360 等）", "firefox": "Firefox（火狐）", "webkit": "WebKit（Safari）"}


@check("unreadable-engine")
def check_unreadable_engine(engines: Engines, site: Site):
    """The home page cannot be read in a mainstream browser.

    Counts        each engine once: a blank page; main content that stays invisible; script errors that leave less than
                  a fifth of the text that was sent; mixed content that loses the bottom region.
    Excuses       a page wider than the window: a note; script errors that leave the text readable.
    Undetermined  an engine that this machine lacks; a page that fails in every engine while hosts that it needs cannot
                  be had from here.
    """
    views = [view for view in engines.views.values() if isinstance(view, EngineView)]
    readable = any(not _fault(view) for view in views)  # then a host we cannot reach is not what empties the others
    for engine, view in engines.views.items():
        name = NAMES[engine]
        if isinstance(view, Missing):
            yield Unseen(site.url, f"{name}没有检查：{view.says}", view.blame)
        elif _fault(view) and not readable and (needed := _out_of_reach(view, site)):
            yield Unseen(site.url, f"用 {name} 打开首页，{_fault(view)}，但 {needed} 从本机打不开", Blame.VANTAGE)
        elif _fault(view):
            yield Finding(site.url, engine, f"用 {name} {view.version} 打开首页，{_fault(view)}", view.shot)
        elif view.width_overflow:
            yield Note(f"用 {name} 打开首页，页面比窗口宽 {view.width_overflow} 像素", site.url)


def _fault(view):
    if view.blank:
        return "一片空白"
    if view.hidden:
        return "主要内容没有显示出来"
    if view.errors and view.text_length < view.sent_text_length / 5:
        return f"脚本出错，正文没有显示：{view.errors[0]}"
    if view.mixed and view.footer_lost:
        return f"页底没有显示：{view.mixed[0]} 用 http 引入，被浏览器拦截"
    return ""


def _out_of_reach(view, site):
    """The first address of another host that the page had to do without; mixed content is the page's own doing."""
    others = [url for url in view.failed if site.host not in url.partition("//")[2].partition("/")[0]]
    return others[0] if others and not view.footer_lost else ""
