"""The site over IPv6 alone."""
from pytest_govsite import Addresses, Blame, Families, Finding, Missing, Note, Site, Undetermined, check

WHAT = "IPv6"
LEVELS = {2: "二级", 3: "三级"}


@check("incomplete-ipv6")
def check_incomplete_ipv6(addresses: Addresses, families: Families | Missing, site: Site):
    """The site cannot be used over IPv6.

    Counts        once: no AAAA record; or the home page opened in none of the tries over IPv6; or another site answers
                  there each time, with another title and other words than over IPv4.
    Excuses       a site that does not open over IPv4 either, or in no more than half of the tries: that is not the fault
                  of IPv6; a home page that opens in some of the tries, links inside and name servers without IPv6: a note.
    Undetermined  no IPv6 route here; DNS without a firm answer; --resolve that names no IPv6 address.
    Source        国办发〔2017〕47号 asks for it; what is measured follows the national IPv6 monitoring: AAAA, access to the
                  home page, same content; links inside, time and name servers are told, they cost nothing.
    """
    if not addresses.ipv6:
        yield _no_address(addresses, site)
    elif isinstance(families, Missing):
        raise Undetermined(families.says, families.blame)
    elif not families.opened6:
        yield _never_opened(addresses, families, site)
    else:
        depth = "；".join((*_measured(families), *_servers(addresses)))
        found = _compare(families, depth, site)
        yield from (found, Note(depth, site.url)) if isinstance(found, Note) else (found or Note(depth, site.url),)


def _no_address(addresses, site):
    if addresses.resolved:
        raise Undetermined("--resolve 只给出了 IPv4 地址，IPv6 无从判断", Blame.VANTAGE)
    if addresses.fault != "no-record":
        raise Undetermined(f"域名 {addresses.host} 的 AAAA 记录查询没有结果", Blame.SITE)
    return Finding(site.url, WHAT, "；".join((f"域名 {addresses.host} 没有 IPv6 地址（AAAA 记录）", *_servers(addresses))))


def _never_opened(addresses, families, site):
    for visit in families.ipv6:
        if isinstance(visit, Missing) and visit.blame is not Blame.SITE:
            raise Undetermined(visit.says, visit.blame)
    facts = "；".join(f"第{n}次{_fact(visit)}" for n, visit in enumerate(families.ipv6, 1))
    tries, opened = len(families.again) + 1, len(families.opened4)
    if 2 * opened <= tries:
        often = f"IPv4 {tries} 次访问也只成功 {opened} 次" if opened else "IPv4 和 IPv6 都打不开首页"
        raise Undetermined(f"{often}：{facts}", Blame.SITE)
    return Finding(site.url, WHAT, "；".join((f"用 IPv6 打不开首页：{facts}", *_servers(addresses))))


def _fact(visit):
    return visit.says if isinstance(visit, Missing) else f"HTTP {visit.status}"


def _compare(families, depth, site):
    if not families.opened4:
        return Note("IPv4 打不开，两种地址上的内容无法比较", site.url)
    four, sixes = families.opened4[0], families.opened6
    if others := [six for six in sixes if six.title != four.title and six.shared_words(four) < 0.3]:
        says = f"用 IPv6 打开的是另一个网站：标题“{others[0].title}”，IPv4 上是“{four.title}”"
        firm = len(others) == len(sixes)
        return Finding(site.url, WHAT, f"{says}；{depth}") if firm else Note(f"{len(sixes)} 次中有 {len(others)} 次{says}", site.url)
    if sixes[-1].title != four.title or sixes[-1].shared_words(four) < 0.3:
        return Note(f"IPv4 和 IPv6 上的首页不完全相同：标题“{four.title}”和“{sixes[-1].title}”", site.url)


def _measured(families):
    """How well IPv6 works, a clause for each measure."""
    yield f"IPv6 {len(families.ipv6)} 次访问成功 {len(families.opened6)} 次"
    yield from (f"{LEVELS[one.level]}链接支持率 {one.works}/{one.tried}" for one in families.reaches)
    yield from [f"IPv6/IPv4 用时比 {families.slowdown:.1f}"] if families.slowdown is not None else []
    yield from [f"首页内容相似度 {families.alike:.2f}"] if families.alike is not None else []


def _servers(addresses):
    silent = [server.name for server in addresses.servers if server.over_ipv6 is False]
    if addresses.servers:
        ready = sum(bool(server.ipv6) for server in addresses.servers)
        yield f"域名服务器 {len(addresses.servers)} 台中 {ready} 台有 IPv6" + "".join(f"，{name} 用 IPv6 询问没有应答" for name in silent)
