"""Links that open and yet do not lead where they say: to the front page of a stranger, to a domain for sale. Pure."""
import re

from pytest_govsite.reading.addresses import host_of, path_of
from pytest_govsite.reading.text import title_of, visible_text

SECOND_LEVEL = frozenset(
    "com net org gov edu ac mil bj sh tj cq he sx nm ln jl hl js zj ah fj jx sd ha hb hn gd gx hi sc gz yn xz sn gs qh nx xj".split()
)
FRONT = re.compile(r"/?(?:(?:index|default|main|home)\.\w{2,5})?/?", re.IGNORECASE)
KNOWN = (  # who shows what is for sale; found at the end of redirects
    "sedo.com", "sedoparking.com", "dan.com", "afternic.com", "hugedomains.com", "bodis.com", "parkingcrew.net", "above.com",
    "domainmarket.com", "uniregistry.com", "4.cn", "ename.com", "ename.com.cn", "juming.com", "22.cn", "goldname.com",
)
FOR_SALE = re.compile(
    r"(?:此|该|本|这个)?域名(?:正在|可能|可以|可)?(?:出售|转让|待售|求购|停放)|(?:出售|转让)(?:此|该|本)?域名"
    r"|domain (?:name )?(?:is|may be|could be) (?:available )?for sale|buy (?:this|the) domain|domain parking|this domain is parked"
    r"|[\w-]+\.(?:com|cn|net|org)[^\n]{0,20} is for sale",
    re.IGNORECASE,
)
LONGEST = 1500  # characters: whoever says more is a site that writes about domains


def registrable(host: str) -> str:
    """The domain that somebody registered: `a.com.cn` of www.a.com.cn, `x.gov.cn` of bm.x.gov.cn."""
    labels = host.lower().rstrip(".").split(".")
    deep = len(labels) > 2 and labels[-1] == "cn" and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3:] if deep else labels[-2:])


def is_astray(asked: str, reached: str) -> bool:
    """A link to an inner page ended on the front page of a stranger."""
    if not reached or registrable(host_of(asked)) == registrable(host_of(reached)):
        return False
    return not _is_front(asked) and _is_front(reached)


def is_for_sale(html: str, url: str) -> bool:
    """The page offers its own domain for sale, or is parked."""
    host = host_of(url)
    if any(host == known or host.endswith(f".{known}") for known in KNOWN):
        return True
    if FOR_SALE.search(title_of(html)):
        return True
    text = visible_text(html)
    return len(text) <= LONGEST and bool(FOR_SALE.search(text))


def is_worth_a_look(url: str) -> bool:
    """The domain may lapse: those of public bodies and schools do not come on the market."""
    return not registrable(host_of(url)).endswith((".gov.cn", ".edu.cn", ".ac.cn", ".mil.cn"))


def _is_front(url: str) -> bool:
    return "?" not in url and bool(FRONT.fullmatch(path_of(url)))
