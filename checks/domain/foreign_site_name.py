"""What a site calls itself."""
from pytest_govsite import Blame, Finding, Home, Site, Undetermined, check, labels, names


@check("foreign-site-name")
def check_foreign_site_name(home: Home, site: Site):
    """The site is not named after its region or department.

    Counts        once: neither the label SiteName nor the title nor a name in the top region holds the name of the
                  region or department, long or short.
    Excuses       any addition: 中国·X, X人民政府, X政府网, X门户网站.
    Undetermined  the sites file says neither name nor region; a home page without any name in writing.
    Source        国办发〔2017〕47号; region names by GB/T 2260.
    """
    own = labels.label(home.page.labels, "SiteName")
    shown = [name for name in (own, home.page.title, *names.shown_names(home.page.header.texts)) if name]
    fits = [names.fits_region(name, site.region, site.name) for name in shown]
    if not shown:
        raise Undetermined("首页没有文字写出网站名称，待检查人员核定", Blame.PERSON)
    if None in fits:
        raise Undetermined("不知道网站应以何名称命名：请在 sites.toml 中填写 name 和 region", Blame.PERSON)
    if True not in fits:
        says = f"网站名为“{shown[0]}”，其中没有本地区或本部门的名称（{site.name or site.region}）"
        yield Finding(home.page.url, "网站名称", says, home.page.shots.get("header"))
