"""The overview page in real Chromium, opened from its file, with the network watched."""
import re
from contextlib import contextmanager
from dataclasses import replace

import overviews
import pytest
import reported
from overviews import EDITION, FINE, KAIJIANG, QUXIAN, RICH, XUANHAN, county, rows_of, write
from playwright.sync_api import expect, sync_playwright

from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.model.finding import Drawn, Finding, Note, well_formed
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.reading.plain import plain
from pytest_govsite.report import overview

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 780}
MANY = 120
DETAIL = "#site=xuanhan&table=table2026"

HOSTILE = {
    "script": "<script>window.pwned=1</script>",
    "end of our script": "</script><script>window.pwned=1</script>",
    "comment": "<!--<script>window.pwned=1//",
    "attribute": '"onerror="window.pwned=1" x="',
    "quotes": "' onmouseover='window.pwned=1",
    "picture": "<img src=x onerror=window.pwned=1>",
    "drawing": "<svg onload=window.pwned=1>",
    "script address": "javascript:window.pwned=1",
    "data address": "data:text/html,<script>window.pwned=1</script>",
    "address with a script": "http://x/\"><script>window.pwned=1</script>",
    "no address": "http://[::1",
    "direction": "甲\u202e乙\u2066丙\u200f",
    "separators": "甲\u2028乙\u2029丙",
    "half surrogate": "甲\ud800乙",
    "template": "{{ 7 * 7 }}${window.pwned=1}{% raw %}",
    "prototype": "__proto__",
    "length": "长" * 10_000,
}


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), chromium_sandbox=False)
        yield browser
        browser.close()


@contextmanager
def opened(chromium, path, viewport=DESK, at="", complaint="nothing"):
    """The page in a tab of its own: it asks for nothing outside of itself, and nothing goes wrong but the expected."""
    context = chromium.new_context(viewport=viewport)
    tab = context.new_page()
    tab.set_default_timeout(15_000)
    asked, amiss = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: amiss.append(str(error)))
    tab.on("console", lambda message: amiss.append(message.text))
    tab.goto(path.as_uri() + at)
    yield tab
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert [words for words in amiss if complaint not in words] == []
    assert {url.partition("#")[0] for url in asked if url.startswith("file:")} == {path.as_uri()}


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """The page of three sites."""
    return overview.write(county(tmp_path_factory.mktemp("three")), (XUANHAN, QUXIAN, KAIJIANG), [EDITION])


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """The page of so many sites in three groups that a screen does not hold them; every third has a veto."""
    sites = [overviews.site(f"county{n:03}", f"第{n}县人民政府", f"第{n % 3}市") for n in range(MANY)]
    found = {site: rows_of(site, FINE if n % 3 else RICH) for n, site in enumerate(sites)}
    return overview.write(write(tmp_path_factory.mktemp("many"), found), sites, [EDITION])


@pytest.fixture(scope="module")
def evil(chromium, tmp_path_factory):
    """A page all of whose texts are hostile, a site for each kind."""
    found = {}
    for n, text in enumerate(HOSTILE.values()):
        site = Site(f"h{n}", *[well_formed(text)] * 2, "county-portal", group=well_formed(text))
        fault, note = Finding(text, text, text, f"sites/h{n}/{text}.png"), Note(text, text, text)
        rows = [
            replace(RICH[0], findings=(fault,), notes=(note,), drawn=Drawn(1, (text,), 1)), replace(RICH[2], findings=(fault, replace(fault, exempt=text))),
            reported.waiting("site-search.1", Blame.SITE, text), reported.row("site-search.2", "not-applicable", reason=text),
        ]
        found[site] = rows_of(site, rows)
    folder = tmp_path_factory.mktemp("evil")
    path = overview.write(write(folder, found), found, [EDITION])
    with opened(chromium, path) as tab:
        yield tab


def unfold(tab):
    """Opens everything that can be opened."""
    for kind, content in (("group", ".row"), ("row", ".body > *"), ("sample", "li")):
        tab.evaluate(f"for (const part of document.querySelectorAll('#detail details.{kind}:not([open])')) part.open = true")
        expect(tab.locator(f"#detail details.{kind}:not(:has({content}))")).to_have_count(0)


@pytest.mark.parametrize("number, text", list(enumerate(HOSTILE.values())), ids=HOSTILE)
def test_hostile_text_stays_text(evil, number, text):
    evil.evaluate(f"location.hash = '#site=h{number}&table=table2026'")
    evil.wait_for_selector(f"#detail .facts >> text=h{number}")
    unfold(evil)
    shown = evil.inner_text("#detail")
    assert evil.evaluate("window.pwned") is None
    assert evil.evaluate("document.querySelectorAll('#detail :is(script, img, svg, iframe, object, [onerror], [onload], [onmouseover])').length") == 0
    assert plain(well_formed(text))[:20] in shown
    assert len(shown) < 15_000 and not re.search(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]", shown)
    hrefs = evil.evaluate("[...document.querySelectorAll('#detail a')].map((link) => [link.protocol, link.target, link.rel])")
    assert {tuple(each) for each in hrefs if each[0] != "file:"} <= {("http:", "_blank", "noreferrer noopener")}


def test_hostile_sites_stand_in_the_tables_as_text(evil):
    evil.evaluate("location.hash = ''")
    evil.wait_for_selector(".sites tbody tr")
    assert evil.locator(".sites tbody tr").count() == len(HOSTILE)
    assert "<img src=x onerror=window.pwned=1>" in evil.inner_text("#sites")
    assert evil.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name does not widen the page"
    assert evil.evaluate("window.pwned") is None


def test_markup_cannot_be_made_in_the_page_at_all(chromium, three):
    """Even a mistake of ours would not be enough."""
    with opened(chromium, three, complaint="TrustedHTML") as tab:
        assert "TypeError" in tab.evaluate("(() => { try { document.body.innerHTML = '<b>'; return 'done'; } catch (error) { return error.name; } })()")


def test_the_totals_and_the_table_say_how_it_stands(chromium, three):
    with opened(chromium, three) as tab:
        tiles = dict(zip(tab.locator(".tiles dt").all_inner_texts(), tab.locator(".tiles dd b").all_inner_texts(), strict=True))
        assert tiles == {
            "网站": "3", "不合格": "1", "待定": "1", "合格": "1", "有单项否决": "1", "待检查人员核定": "1", "等待记录或账号": "0", "未能查看或出错": "8",
        }
        lines = [re.sub(r"\s+", " ", line) for line in tab.locator(".sites tbody tr").all_inner_texts()]
        assert [line.split()[0] for line in lines] == ["宣汉县人民政府", "开江县人民政府", "渠县人民政府"], "the worst come first"
        assert "✗ 不合格" in lines[0] and "home-stale.1" in lines[0] and "达州市" in lines[0]
        assert "检查日期 2026-11-20" in tab.inner_text("#about") and EDITION.title in tab.inner_text("#about")


FILTERS = {
    "verdict": (lambda tab: tab.select_option("#by-verdict", "合格"), ["渠县人民政府"]),
    "group": (lambda tab: tab.select_option("#by-group", "外地"), ["开江县人民政府"]),
    "name": (lambda tab: tab.fill("#by-text", "渠县"), ["渠县人民政府"]),
    "address": (lambda tab: tab.fill("#by-text", "www.KAIJIANG"), ["开江县人民政府"]),
    "words of a finding": (lambda tab: tab.fill("#by-text", "siteidcode"), ["宣汉县人民政府"]),
    "rule that failed": (lambda tab: tab.fill("#by-text", "home-stale"), ["宣汉县人民政府"]),
    "nothing": (lambda tab: tab.fill("#by-text", "没有这样的"), []),
}


@pytest.fixture
def table(chromium, three):
    with opened(chromium, three) as tab:
        yield tab


@pytest.mark.parametrize("choose, left", FILTERS.values(), ids=FILTERS)
def test_filters(table, choose, left):
    choose(table)
    names = table.locator(".sites tbody .of-name a")
    expect(names).to_have_text(left)
    expect(table.locator("#count")).to_have_text(f"符合条件 {len(left)} / 3 份")
    assert table.locator(".heat tbody tr .name").count() == len(left), "the heat map follows"
    table.reload()
    expect(names).to_have_text(left)
    table.click("#clear")
    expect(names).to_have_count(3)


SORTED = {"group": ["达州市", "外地"], "lost": ["1", "0"], "open": ["7", "0"], "name": ["开江县人民政府", "宣汉县人民政府"]}


@pytest.mark.parametrize("column, ends", SORTED.items(), ids=SORTED)
def test_columns_sort_both_ways(table, column, ends):
    cells = table.locator(f".sites tbody .of-{column}")
    for ends in (ends, ends[::-1]):
        before = table.url
        table.click(f"[data-sort={column}]")
        expect(table).not_to_have_url(before)
        expect(cells.first).to_contain_text(ends[0])
        expect(cells.last).to_contain_text(ends[1])


def test_a_site_is_opened_by_a_click_and_left_by_the_way_back(table):
    table.select_option("#by-group", "达州市")
    expect(table.locator(".sites tbody tr")).to_have_count(2)
    table.click("text=宣汉县人民政府 >> nth=0")
    expect(table.locator("#detail h2")).to_contain_text("宣汉县人民政府 ✗ 不合格")
    table.click("text=下一个")
    expect(table.locator("#detail h2")).to_contain_text("渠县人民政府")
    table.go_back()
    table.go_back()
    expect(table.locator(".sites tbody tr")).to_have_count(2)


@pytest.mark.parametrize("id, rows", {"xuanhan": RICH, "quxian": FINE, "kaijiang": FINE}.items())
def test_every_row_of_a_site_can_be_reached(chromium, three, id, rows):
    with opened(chromium, three, at=f"#site={id}&table=table2026") as tab:
        unfold(tab)
        shown = tab.evaluate("[...document.querySelectorAll('#detail details.row')].map((row) => row.dataset.rule)")
        assert sorted(shown) == sorted(row.rule for row in rows)


SAID = (
    "首页最新一条信息的日期是 2026-10-28", "打不开的次数达到 5%", "截图已清理", "栏目最新信息 2026-03-01", "提示（不扣分） 栏目名称与登记的不同",
    "抽查 2 处（共 31 处，种子 7）", "内容页缺少站点标签 SiteIDCode", "（7 处）", "已豁免，不扣分：栏目已停用（张某，至 2026-12-31）", "另有 1 处未能查看",
    "http://www.xuanhan.gov.cn/a/7.html", "本机没有 IPv6 出口", "未能判定：本机条件所限（1 条）", "未能判定：待检查人员核定（1 条）", "首页有适老化版本", "文字清单",
    "县级政府门户网站", "合格线 72",
)


def test_a_site_tells_all_that_was_found(chromium, three):
    with opened(chromium, three, at=DETAIL) as tab:
        unfold(tab)
        text = tab.inner_text("#detail")
        assert [words for words in SAID if words not in text] == []
        link = tab.locator("#detail a.address").first
        assert link.get_attribute("href").startswith("http://www.xuanhan.gov.cn/") and link.get_attribute("rel") == "noreferrer noopener"


def test_pictures_show_and_lead_to_their_files(chromium, three):
    with opened(chromium, three, at=DETAIL) as tab:
        tab.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
        images = tab.evaluate("[...document.images].map((image) => [image.src.split(';')[0], image.naturalWidth, image.closest('a').getAttribute('href')])")
        assert {tuple(image) for image in images} == {("data:image/webp", 640, reported.SHOT), ("data:image/svg+xml", 80, overviews.WEEK)}
        assert (three.parent / reported.SHOT).is_file()


CELLS = {
    ("宣汉县人民政府", "首页不更新"): ("✗", "veto", "单项否决 home-stale.1"),
    ("宣汉县人民政府", "页面标签"): ("-1", "lost5 open", "扣 1 分，上限 1 分"),
    ("宣汉县人民政府", "搜索服务"): ("!", "open", "本机条件所限 1 条，待检查人员核定 1 条"),
    ("宣汉县人民政府", "创新"): ("+2", "earned", "加 2 分"),
    ("渠县人民政府", "首页不更新"): ("✓", "fine", "未发现问题"),
    ("渠县人民政府", "创新"): ("0", "unearned", "未加分"),
    ("开江县人民政府", "创新"): ("!", "open", "站点原因 1 条"),
}


def test_the_heat_map_can_be_read_without_colours(chromium, three):
    with opened(chromium, three) as tab:
        for (name, item), expected in CELLS.items():
            cell = tab.locator(f".heat td[title^='{name}　{item}']")
            sign, classes, words = cell.inner_text(), cell.get_attribute("class"), cell.get_attribute("title")
            assert (sign, classes) == expected[:2] and expected[2] in words, (name, item)


def test_the_heat_map_draws_what_is_seen_and_is_walked_by_keys(chromium, many):
    with opened(chromium, many) as tab:
        drawn = tab.locator(".heat tbody tr:not([aria-hidden])").count()
        assert drawn < MANY
        tab.focus(".heat td[tabindex='0']")
        for key in ("PageDown",) * 9 + ("ArrowDown", "ArrowRight", "ArrowRight", "End", "Home", "ArrowRight"):
            tab.keyboard.press(key)
        cell = tab.locator(".heat td:focus")
        assert cell.get_attribute("data-at") == f"{MANY - 1},1"
        name = cell.get_attribute("title").partition("　")[0]
        tab.keyboard.press("Enter")
        expect(tab.locator("#detail h2")).to_contain_text(name)
        assert tab.evaluate("document.activeElement.closest('details').dataset.rule") == "column-stale.1"


def test_a_cell_leads_to_its_rule(table):
    table.click(".heat td[title*='宣汉县人民政府　页面标签']")
    expect(table.locator(".sought summary")).to_contain_text("page-labels.1")
    assert table.evaluate("document.activeElement === document.querySelector('.sought summary')")


def test_a_long_table_is_drawn_bit_by_bit(chromium, many):
    with opened(chromium, many) as tab:
        lines = tab.locator(".sites tbody tr")
        assert lines.count() < MANY
        tab.click("#sites button.more")
        expect(lines).to_have_count(MANY)
        assert tab.locator("#sites button.more").count() == 0


def test_rules_lead_to_the_sites_that_fail_them(chromium, many):
    with opened(chromium, many) as tab:
        first = tab.locator(".rules tbody tr").first
        assert "home-stale.1" in first.inner_text() and f"{MANY // 3} 个网站" in first.inner_text()
        first.locator("a").click()
        expect(tab.locator("#detail h2")).to_contain_text("home-stale.1 首页不更新")
        assert f"单项否决（{MANY // 3} 个网站）" in tab.inner_text("#detail") and f"未发现问题（{2 * MANY // 3} 个网站）" in tab.inner_text("#detail")
        tab.click("#detail li a >> nth=0")
        expect(tab.locator(".sought summary")).to_contain_text("home-stale.1")


def test_what_awaits_a_person_is_listed_by_rule(chromium, many):
    with opened(chromium, many) as tab:
        part = tab.locator("details.waiting", has_text="待检查人员核定")
        part.locator("summary").click()
        expect(part.locator("li")).to_contain_text(["site-search.2 搜索服务"])
        assert f"{MANY // 3} 个网站" in part.locator("li").inner_text()


def test_on_paper_stands_everything_that_counts(chromium, many):
    with opened(chromium, many) as tab:
        whole = tab.pdf(prefer_css_page_size=True)
        tab.select_option("#by-group", "第0市")
        expect(tab.locator("#count")).to_contain_text(f"{MANY // 3} / {MANY}")
        tab.emulate_media(media="print")
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        paper = tab.inner_text("#paper")
        assert paper.count("首页最新一条信息的日期是 2026-10-28") == paper.count("栏目页缺少 ColumnName") == MANY // 3
        assert tab.locator(".sites tbody tr").count() == tab.locator(".heat tbody tr").count() == MANY // 3
        assert not tab.locator("#filters").is_visible() and tab.locator("details:not([open])").count() == 0
        tab.evaluate("dispatchEvent(new Event('afterprint'))")
        assert tab.inner_text("#paper") == ""
        assert len(re.findall(rb"/Type\s*/Page\b", whole)) > len(re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True))) > 10


def test_a_site_on_paper_is_unfolded(chromium, three):
    with opened(chromium, three, at=DETAIL) as tab:
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert tab.locator("#detail details.row:not([open]), #detail details.group:not([open])").count() == 0
        assert "本机没有 IPv6 出口" in tab.inner_text("#detail")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("at", ["#", DETAIL, "#table=table2026&rule=page-labels.1"], ids=["overview", "site", "rule"])
def test_no_view_is_wider_than_the_screen(chromium, three, viewport, at):
    with opened(chromium, three, viewport, at) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert tab.evaluate("document.documentElement.lang") == "zh-CN"


# the contrast of every text on its ground, WCAG 2.2 section 1.4.3: 4.5
CONTRAST = """() => {
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => channels(colour).slice(0, 3).map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const ground = (place) => {
        for (let at = place; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if ((channels(colour)[3] ?? 1) > 0) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const texts = [...document.querySelectorAll("body *")].filter((place) => place.checkVisibility() && place.getClientRects().length
        && [...place.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
    const ratio = (place) => {
        const [one, other] = [light(getComputedStyle(place).color), light(ground(place))].sort((a, b) => b - a);
        return (one + 0.05) / (other + 0.05);
    };
    return texts.filter((place) => ratio(place) < 4.5).map((place) => `${place.className} ${place.textContent}`);
}"""


@pytest.mark.parametrize("at", ["#", DETAIL], ids=["overview", "site"])
def test_every_text_has_contrast(chromium, three, at):
    with opened(chromium, three, at=at) as tab:
        assert tab.evaluate(CONTRAST) == []


def test_one_site_alone_is_shown_at_once(chromium, tmp_path):
    path = overview.write(write(tmp_path, {XUANHAN: RICH}), [XUANHAN], [EDITION])
    with opened(chromium, path) as tab:
        expect(tab.locator("#detail h2")).to_contain_text("宣汉县人民政府")
        assert not tab.locator("#filters").is_visible()
        tab.click("text=返回总览")
        expect(tab.locator(".sites tbody tr")).to_have_count(1)


def test_a_folder_without_rows_makes_a_page_as_well(chromium, tmp_path):
    path = overview.write(write(tmp_path, {}), [], [])
    with opened(chromium, path) as tab:
        assert "没有符合条件的网站" in tab.inner_text("#sites")
