"""To look at a page changes nothing in it, and asks nothing of the site."""
import pytest
from servers import answer
from sessions import HOST, browser_over, page, see
from test_network_browser import needs_chromium

ASKED = []
BUILDS = """<x-built></x-built><script>
let built = 0;
customElements.define('x-built', class extends HTMLElement { constructor() { super(); built += 1; } });
</script>"""


async def gone(writer, head):
    """A picture that is not there: browsers do not keep such an answer."""
    ASKED.append(head.split()[1])
    return answer(b"", "404 Not Found", "Cache-Control: no-store")


PAGES = {
    "/": page(f"<img src='/gone.png' style='width: 50px'>{BUILDS}<iframe src='/inner.html'></iframe>"), "/gone.png": gone,
    "/inner.html": page("<a href='below/'>里面</a>"),
}


NAMED = {
    f"/{name}/{kind}": page(f"<title>示例县人民政府</title>{element.format(name)}")
    for name in ("body", "title", "documentElement", "implementation", "querySelectorAll")
    for kind, element in {"picture": "<img name={} src='data:,'>", "form": "<form name={}></form>", "frame": "<iframe name={}></iframe>"}.items()
}


@pytest.fixture(scope="module")
def browse(tmp_path_factory):
    with browser_over(PAGES | NAMED, tmp_path_factory.mktemp("results")) as browse:
        yield browse


@needs_chromium
def test_a_look_leaves_no_trace(browse):
    async def use(session, _):
        async with session.rendered(f"{HOST}/") as (tab, seen):
            await tab.wait_for_load_state("networkidle")
            return seen, await tab.evaluate("built")

    seen, built = browse(use)
    assert (ASKED, built) == (["/gone.png"], 1)
    assert 'src="/gone.png"' in seen.dom and "<x-built>" in seen.dom and f'href="{HOST}/below/"' in seen.dom


@needs_chromium
def test_parts_of_a_page_may_be_called_what_documents_have(browse):
    """Such a name hides document.body and the like from scripts; an innocent page was lost by it, or broke us."""
    seen = browse(lambda session, _: see(session, *NAMED))
    assert {(one.title, one.visible >= 10, one.blank) for one in seen} == {("示例县人民政府", True, False)}

    async def photograph(session, _):
        async with session.rendered(f"{HOST}/body/frame", looking=True) as (tab, one):
            return await session.album.take(tab, "footer", one.url)

    assert browse(photograph)
