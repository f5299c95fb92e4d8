"""Names of sites: whether a name is that of a region or department, and whether a domain sounds like it."""
import re
from itertools import islice, product

from pytest_govsite.reading.categories import category_of
from pytest_govsite.reading.regions import own_name, region_names, short_name

SITE_WORDS = re.compile(r"政府|网站?$|门户|厅$|局$|委$|委员会$|部$|署$|院$|办公室$|信息网|之窗|中国")
NOT_A_NAME = re.compile(
    r"登录|注册|搜索|无障碍|长者|繁體?|微博|微信|客户端|邮箱|首页|服务网$|政务服务|信息公开|互动|网站?地图|上级|国务院|中国政府网|^>|当前位置"
)
# words of a document's or a news item's title, which may well hold the name of the government, but is not the site's name
TITLE = re.compile(r"关于(?!我们|本站|本网)|印发|召开|举行|调研|督导|部署")
QUOTED = re.compile(r"《[^》]*》?")
LONGEST_NAME = 40
READINGS = 64  # ways to read a name with characters of several readings


def fits_region(name: str, region: str | None, own: str | None = None) -> bool | None:
    """The name is that of the region or of the department: it contains the region's name, long or short.

    region  division code; own: the name that the sites file gives the site. None when neither says whose name it
            should be.
    """
    wanted = _wanted(region, own)
    if not wanted:
        return None
    return any(word in _bare(name) for word in wanted)


def shown_names(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the texts of a page's top region that look like the name of a site."""
    return tuple(
        text for text in texts
        if 2 < len(text) <= LONGEST_NAME and SITE_WORDS.search(text) and not NOT_A_NAME.search(text) and not TITLE.search(text)
    )


def shows_name(texts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """One of the texts holds one of the names, blanks and 门户网站, 网站, 网 at the end of the name apart.

    A title (X人民政府关于印发…) is not the name of the site, and neither is a column's (走进X, X概况).
    """
    wanted = {_core(name) for name in names if len(_core(name)) >= 2}
    plain = [QUOTED.sub("", text) for text in texts if not TITLE.search(text) and not _names_column(text)]
    return any(name in _bare(text) for text in plain for name in wanted)


def _names_column(text: str) -> bool:
    return not SITE_WORDS.search(text) and bool(category_of(text))


def domain_hint(host: str, region: str | None) -> str:
    """A sentence when the domain neither spells the region's name in pinyin nor has its initials; empty otherwise.

    Only a hint: some regions use English, an old name, or letters of their own.
    """
    name = own_name(region) if region else ""
    label = _own_label(host)
    if not name or not label or any(spelling in label for spelling in _spellings(name)):
        return ""
    return f"域名 {host} 中没有“{name}”的拼音或拼音首字母，请核对是否以本地区名称命名"


def _wanted(region: str | None, own: str | None) -> set[str]:
    """The words one of which a fitting name holds: of the region itself, not of those above it."""
    names = region_names(region) if region else ()
    own_words = {_core(own)} if own and len(_core(own)) >= 2 else set()
    return own_words | ({names[0], short_name(names[0])} if names else set())


def _core(name: str) -> str:
    return re.sub(r"(?:人民政府)?(?:办公[室厅])?(?:门户)?(?:网站|网)?$|^中国[·•]?", "", _bare(name))


def _bare(text: str) -> str:
    return re.sub(r"[\s·•\-—_|]+", "", text)


def _own_label(host: str) -> str:
    """The label of a host that the government chose: xuanhan of www.xuanhan.gov.cn and of jyj.xuanhan.gov.cn."""
    labels = host.lower().split(".")
    return re.sub(r"[^a-z]", "", labels[-3]) if len(labels) >= 3 and labels[-2:] == ["gov", "cn"] else ""


def _spellings(name: str) -> set[str]:
    """Pinyin in full of the short name, and the initials of the short and of the whole name."""
    from pypinyin import Style  # its dictionary takes as long to read as all else that a start imports

    short = short_name(name)
    full = {"".join(reading) for reading in _readings(short, Style.NORMAL)}
    initials = {"".join(reading) for word in (short, name) for reading in _readings(word, Style.FIRST_LETTER)}
    return full | initials


def _readings(word: str, style: int):
    from pypinyin import pinyin

    return islice(product(*pinyin(word, style=style, heteronym=True, v_to_u=False)), READINGS)
