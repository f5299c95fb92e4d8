"""The entry 我为政府网站找错 of a page."""
from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.model.page import Entry
from pytest_govsite.reading.addresses import host_of
from pytest_govsite.reading.bottom import lost_script
from pytest_govsite.reading.entry_forms import STANDARD_HOST, Form, find_forms, platform_in
from pytest_govsite.reading.flow import is_shown, parse

BEST_FIRST = ("standard", "unknown", "blocked")


def read_entry(
    dom_html: str, *, base_url: str, sent_html: str = "", blocked: tuple[str, ...] = (), failed: tuple[str, ...] = (),
    scripts: tuple[str, ...] = (),
) -> Entry | None:
    """The entry of a page, None when it has none and no file that may write one was out of reach.

    dom_html   the rendered document; sent_html: the same page as the server sent it.
    blocked    addresses that the browser blocked as mixed content; failed: those that could not be loaded from here.
    scripts    texts of script files of the page: a picture that calls Link() leaves its platform to one of them.

    The first form in the page as sent says `how`, else the first that a script wrote; host and code are the first that
    any form tells. The best form decides the state: a page whose old script is blocked may have a link that works.
    """
    rendered = parse(dom_html)
    drawn = find_forms(rendered, base_url)
    forms = find_forms(parse(sent_html), base_url) + drawn
    if not forms:
        lost = lost_script(failed, base_url)
        return Entry("script", state="unknown", shown=False, why=f"{lost} 从本机打不开，入口可能由它写出") if lost else None
    host = next((form.host for form in forms if form.host), "") or host_of(_in_scripts(scripts))
    best = min(forms, key=lambda form: (BEST_FIRST.index(_state(form, blocked)), not form.host))
    state = _state(best, blocked)
    if state == "unknown" and host == STANDARD_HOST:
        state = "standard"
    return Entry(
        how=forms[0].how, host=host, site_code=next((form.site_code for form in forms if form.site_code), ""),
        href=best.address if best.host or not host else f"http://{host}/", state=state,
        shown=state != "blocked" and _is_seen(rendered, drawn, failed), why=_why(state, best, host, failed),
    )


def _in_scripts(scripts: tuple[str, ...]) -> str:
    return next((address for text in scripts if (address := platform_in(text))), "")


def _state(form: Form, blocked: tuple[str, ...]) -> str:
    """What this form alone would say. Only the browser knows what it blocked: a page may ask it to upgrade http."""
    if form.how in ("script", "inline") and form.address in blocked:
        return "blocked"
    return "standard" if form.host == STANDARD_HOST else "unknown"


def _why(state: str, best: Form, host: str, failed: tuple[str, ...]) -> str:
    if state == "blocked":
        return f"{best.address} 用 http 引入，被浏览器拦截"
    if state == "standard":
        lost = any(host_of(address) == STANDARD_HOST for address in failed)
        return f"{STANDARD_HOST} 从本机打不开，入口的图片没有看到" if lost else ""
    return f"入口指向 {host}" if host else "页面没有说明入口指向哪个平台"


def _is_seen(rendered: LexborHTMLParser, drawn: list[Form], failed: tuple[str, ...]) -> bool:
    """A visitor sees a form of it; what only our network could not draw counts as seen."""
    if any(form.node.tag != "script" and is_shown(form.node) for form in drawn):
        return True
    pictures = [*rendered.css("#_span_jiucuo img"), *rendered.css("#jiucuo img")]
    return any(is_shown(picture) for picture in pictures) or any("jiucuo" in address for address in failed)
