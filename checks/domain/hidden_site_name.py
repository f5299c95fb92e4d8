"""The site's name at the top of every page."""
from pytest_govsite import Blame, Finding, Home, Missing, Sampled, Site, Undetermined, Unseen
from pytest_govsite import check, inner_pages, labels, names


@check("hidden-site-name")
def check_hidden_site_name(home: Home, sampled: Sampled | Missing, site: Site, *, sample: int = 10):
    """The top of a page does not show the site's name.

    Counts        once, when the home page or any of the first `sample` content and column pages lacks it.
    Excuses       the name in other forms (中国·X, X政府网, X门户网站); the name as alternative text or title of a picture.
    Undetermined  a top region with a picture that may hold the name; no inner page that could be opened; a site whose
                  name neither the sites file nor the label SiteName tells.
    Source        国办发〔2017〕47号, annex 网页设计规范: 头部标识区.
    """
    called = tuple(filter(None, (site.name, labels.label(home.page.labels, "SiteName"))))
    if not called:
        raise Undetermined("不知道网站名称：请在 sites.toml 中填写 name", Blame.PERSON)
    draw = inner_pages(sampled, sample)
    yield from draw.drawn
    pages = [home.page, *draw.opened]
    nameless = [page for page in pages if not _shows(page.header.texts, called, site)]
    lacking = [page for page in nameless if not page.header.silent_logo]
    if lacking:
        where = f"看了 {len(pages)} 个页面，{len(lacking)} 个如此，如 {lacking[0].url}"
        yield Finding(home.page.url, "网站名称", f"页面头部没有网站名称“{called[0]}”（{where}）", lacking[0].shots.get("header"))
    elif nameless:
        yield Unseen(nameless[0].url, "页面头部的图片没有文字说明，其中有没有网站名称待检查人员核定", Blame.PERSON)
    elif not draw.opened:
        yield Unseen(home.page.url, f"首页头部有网站名称，内页未能查看：{draw.unopened[0].says}", draw.unopened[0].blame)


def _shows(texts, called, site):
    shown = names.shown_names(texts)
    return names.shows_name(texts, called) or any(names.fits_region(name, site.region, site.name) for name in shown)
