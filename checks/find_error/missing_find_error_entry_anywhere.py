"""The entry 我为政府网站找错 on the whole site, for tables that price it once."""
from pytest_govsite import Home, Missing, Sampled, Site, check, entries, inner_pages


@check("missing-find-error-entry-anywhere")
def check_missing_find_error_entry_anywhere(home: Home, sampled: Sampled | Missing, site: Site, *, sample: int = 10):
    """The home page or an inner page lacks the entry 我为政府网站找错, or its entry leads nowhere.

    Counts        the home page and each of the first `sample` content and column pages: no entry, one that is firmly
                  dead, one blocked as mixed content, or one that carries another site's code.
    Excuses       old and unusual forms that reach an answering platform, with the site's own code or with none.
    Undetermined  a page that could not be opened; a platform that cannot be reached from here; no inner page at all.
    Source        国办发〔2017〕47号, annex 网页设计规范: 底部功能区.
    """
    draw = inner_pages(sampled, sample)
    yield from draw.drawn
    yield from entries.observe([home.page, *draw.pages], site)
