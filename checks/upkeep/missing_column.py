"""Columns that a site must have."""
from pytest_govsite import Columns, Finding, Note, Site, Unseen, check, upkeep


@check("missing-column")
def check_missing_column(columns: Columns, site: Site, *, categories: str = "概况信息"):
    """The site has no column of a category that it must have.

    Counts        each of the `categories` once: when no column, no link anywhere and no entry of the sites file speaks for
                  it, or when all of its columns are blank.
    Excuses       a column under another name or at another place, told by its ColumnType or by what stands above it; a link
                  that names the category, wherever it leads; a column that the sites file registers; a closed site.
    Undetermined  a category that was not found while the search was cut short, or a page that may lead to it did not open.
    """
    upkeep.refuse_empty(columns)
    home, gap = site.url, upkeep.unread(columns)
    for category in upkeep.split(categories):
        found = upkeep.presence(columns, site, category)
        if found.absent and gap:
            yield Unseen(home, f"没有找到{category}类栏目，而栏目没有看完：{gap.says}", gap.blame)
        elif found.absent and found.blank:
            names = "、".join(column.title for column in found.blank)
            yield Finding(home, category, f"{category}类栏目都是空白：{names}，{found.blank[0].url}", found.blank[0].shot)
        elif found.absent:
            yield Finding(home, category, f"没有{category}类栏目：导航、网站地图和看过的 {len(columns.columns)} 个栏目里都没有")
        elif not found.columns and found.links:
            link = found.links[0]
            yield Note(f"{category}类栏目只见于链接“{link.text}”：{link.url}", link.page)
