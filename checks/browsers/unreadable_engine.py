"""The home page and inner pages in every mainstream browser engine."""
from pytest_govsite import Blame, Engines, EngineView, Finding, Missing, Note, Site, Unseen, check

NAMES = {"chromium": "Chromium（谷歌、Edge、360 等）", "firefox": "Firefox（火狐）", "webkit": "WebKit（Safari）"}
ALIKE = 0.5


@check("unreadable-engine")
def check_unreadable_engine(engines: Engines, site: Site):
    """A page cannot be read in a mainstream browser.

    Counts        each engine once, for the home page or an inner page: a blank page; main content that stays invisible;
                  script errors that leave less than a fifth of the text that was sent; mixed content that loses the
                  bottom region. What is amiss was seen in two loads.
    Excuses       a page wider than the window: a note; script errors that leave the text readable; less than half of the
                  words that Chromium shows: a note; an inner page that is blank in every engine: it has nothing to show,
                  a note.
    Undetermined  an engine that this machine lacks, or that a wall keeps out; a page that fails for want of a host that
                  cannot be had from here, unless another engine does without that host as well.
    """
    pages = {site.url: (engines.views, engines.beside)}
    pages |= {url: (views, engines.beside_inner.get(url)) for url, views in engines.inner.items()}
    for engine in engines.views:
        seen = [_look(engine, url, views, beside, site) for url, (views, beside) in pages.items()]
        faults = [one for one in seen if isinstance(one, Finding)]
        unseen = [one for one in seen if isinstance(one, Unseen)]
        yield from [one for one in seen if isinstance(one, Note)]
        if faults:
            yield Finding(faults[0].at, engine, "；".join(fault.says for fault in faults), faults[0].shot)
        elif unseen:
            yield unseen[0]
    if not engines.inner:
        yield Note("没有找到可以对比的内页，只检查了首页", site.url)


def _look(engine, url, views, beside, site):
    """What one engine makes of one page: a finding, a note, an unseen page, or None."""
    view, page = views[engine], "首页" if url == site.url else f"内页 {url}"
    if isinstance(view, Missing):
        return Unseen(url, f"{NAMES[engine]}没有检查{page}：{view.says}", view.blame)
    shown = f"用 {NAMES[engine]} {view.version} 打开{page}，"
    others = [other for other in views.values() if isinstance(other, EngineView)]
    if not (fault := _fault(view)):
        return _hint(view, shown, url)
    if needed := _out_of_reach(view, [other for other in others if not _fault(other)], site):
        return Unseen(url, f"{shown}{fault}，但 {needed} 从本机打不开", Blame.VANTAGE)
    if url != site.url and all(other.blank for other in others):
        return Note(f"{shown}{fault}，在其他浏览器中也是如此，请确认该页是否有内容", url)
    return Finding(url, engine, f"{shown}{fault}", beside or view.shot)


def _hint(view, shown, url):
    if view.alike is not None and view.alike < ALIKE:
        return Note(f"{shown}显示的文字与 Chromium 中的只有 {view.alike:.0%} 相同，请对照截图", url)
    return Note(f"{shown}页面比窗口宽 {view.width_overflow} 像素", url) if view.width_overflow else None


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


def _out_of_reach(view, readable, site):
    """The first address of another host that the page had to do without here, but not where it can be read."""
    lost = {_host(url) for other in readable for url in other.failed}
    others = [url for url in view.failed if site.host not in _host(url) and _host(url) not in lost]
    return others[0] if others and not view.footer_lost else ""  # mixed content is the page's own doing


def _host(url):
    return url.partition("//")[2].partition("/")[0]
