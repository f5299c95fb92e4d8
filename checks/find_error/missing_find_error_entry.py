"""The entry 我为政府网站找错 on the home page."""
from pytest_govsite import Home, Site, check, entries


@check("missing-find-error-entry")
def check_missing_find_error_entry(home: Home, site: Site):
    """The home page lacks the entry 我为政府网站找错, or its entry leads nowhere.

    Counts        the home page once: no entry, one that is firmly dead, one blocked as mixed content, or one that
                  carries another site's code.
    Excuses       old and unusual forms that reach an answering platform, with the site's own code or with none.
    Undetermined  the platform cannot be reached from here.
    Source        国办发〔2017〕47号, annex 网页设计规范: 底部功能区.
    """
    yield from entries.observe([home.page], site)
