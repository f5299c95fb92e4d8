"""The domain of a government site."""
from urllib.parse import urlsplit

from pytest_govsite import Blame, Finding, Home, Note, Site, Undetermined, check, domains, names


@check("irregular-domain")
def check_irregular_domain(home: Home, site: Site):
    """The home page stands under a domain that a government site may not have.

    Counts        once: an IP address in place of a domain; a suffix other than .gov.cn and .政务; a structure other than
                  www.□□□.gov.cn for portals and ○○○.□□□.gov.cn for departments.
    Excuses       a portal without www, a department with it; a port; a domain that neither spells the region's name in
                  pinyin nor has its initials. They are notes.
    Undetermined  a site whose kind nobody has named, unless its domain is irregular for every kind.
    Source        国办函〔2018〕55号.
    """
    address = urlsplit(home.page.final_url)
    oddities = domains.irregularities(address.hostname, site.kind, address.port)
    firm = [oddity.says for oddity in oddities if oddity.firm]
    if firm:
        yield Finding(home.page.url, address.hostname, "；".join(firm))
    elif site.kind is None:
        raise Undetermined("网站类型未知，域名结构无从判断：请在 sites.toml 中登记该网站并填写 kind", Blame.PERSON)
    hints = [oddity.says for oddity in oddities if not oddity.firm]
    for says in (*hints, names.domain_hint(address.hostname, site.region)):
        if says:
            yield Note(says, home.page.url)
