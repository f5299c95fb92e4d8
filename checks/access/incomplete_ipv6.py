"""The home page over IPv6 alone."""
from pytest_govsite import Addresses, Blame, Families, Finding, Missing, Note, Site, Undetermined, check

WHAT = "IPv6"


@check("incomplete-ipv6")
def check_incomplete_ipv6(addresses: Addresses, families: Families | Missing, site: Site):
    """The site cannot be used over IPv6.

    Counts        once: no AAAA record; or the home page opened in none of the tries over IPv6; or another site answers
                  there, with another title and other words than over IPv4.
    Excuses       a site that does not open over IPv4 either: that is not the fault of IPv6.
    Undetermined  no IPv6 route here; DNS without a firm answer; --resolve that names no IPv6 address.
    Source        国办发〔2017〕47号 asks for it; what is measured follows the national IPv6 monitoring: AAAA, access to the
                  home page, same content.
    """
    if not addresses.ipv6:
        yield _no_address(addresses, site)
        return
    if isinstance(families, Missing):
        raise Undetermined(families.says, families.blame)
    visit = families.ipv6[-1]
    if _failed(visit):
        yield _never_opened(families, site)
    elif _failed(families.ipv4):
        yield Note("IPv4 打不开，两种地址上的内容无法比较", site.url)
    else:
        yield from _compare(families.ipv4, visit, site)


def _no_address(addresses, site):
    if addresses.resolved:
        raise Undetermined("--resolve 只给出了 IPv4 地址，IPv6 无从判断", Blame.VANTAGE)
    if addresses.fault != "no-record":
        raise Undetermined(f"域名 {addresses.host} 的 AAAA 记录查询没有结果", Blame.SITE)
    return Finding(site.url, WHAT, f"域名 {addresses.host} 没有 IPv6 地址（AAAA 记录）")


def _never_opened(families, site):
    for visit in families.ipv6:
        if isinstance(visit, Missing) and visit.blame is not Blame.SITE:
            raise Undetermined(visit.says, visit.blame)
    facts = "；".join(f"第{n}次{_fact(visit)}" for n, visit in enumerate(families.ipv6, 1))
    if _failed(families.ipv4):
        raise Undetermined(f"IPv4 和 IPv6 都打不开首页：{facts}", Blame.SITE)
    return Finding(site.url, WHAT, f"用 IPv6 打不开首页：{facts}")


def _failed(visit):
    return isinstance(visit, Missing) or visit.status >= 400


def _fact(visit):
    return visit.says if isinstance(visit, Missing) else f"HTTP {visit.status}"


def _compare(ipv4, ipv6, site):
    words = set(ipv4.fingerprint) | set(ipv6.fingerprint)
    shared = set(ipv4.fingerprint) & set(ipv6.fingerprint)
    other_words = len(shared) < 0.3 * len(words)
    if ipv4.title != ipv6.title and other_words:
        yield Finding(site.url, WHAT, f"用 IPv6 打开的是另一个网站：标题“{ipv6.title}”，IPv4 上是“{ipv4.title}”")
    elif ipv4.title != ipv6.title or other_words:
        yield Note(f"IPv4 和 IPv6 上的首页不完全相同：标题“{ipv4.title}”和“{ipv6.title}”", site.url)
