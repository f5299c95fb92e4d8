"""The three numbers at the bottom of a page: site code, ICP filing, filing with the public security organs."""
import re

# the letters of ICP filings are not all those of number plates: 蜀, 黔, 滇, 陇 beside 川, 贵, 云, 甘
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀川黔贵滇云藏陕秦陇甘青宁新"
COLON = r"\s*[:：﹕∶]?\s*"
TAIL = r"(?:\s?号)?(?:\s?[-－—]\s?\d{1,3})?(?:\s?号)?"
ICP_WORD = r"[IiＩ]\s?[CcＣ]\s?[PpＰ]"

SITE_CODE = (
    re.compile(rf"(?:政府)?(?:网站|站点)?\s*标识(?:编?码|号|代码){COLON}(?:[Bb][Mm]\s?\d{{8}}|\d{{10}})(?!\d)"),
    re.compile(rf"(?:政府)?网站\s*(?:标识|识别){COLON}(?:[Bb][Mm]\s?\d{{8}}|\d{{10}})(?!\d)"),
)
ODD_SITE_CODE = re.compile(rf"(?:政府)?(?:网站|站点)\s*标识(?:编?码|号|代码){COLON}[A-Za-z]{{0,2}}\d{{6,14}}(?!\d)")
ICP = (
    re.compile(rf"[{PROVINCES}]\s*{ICP_WORD}\s*备?\s*案?\s*(?:字|第|编?号)?{COLON}(?:第\s*)?\d{{6,10}}(?!\d){TAIL}"),
    re.compile(
        rf"{ICP_WORD}\s*备?\s*案?\s*(?:证|许可证)?(?:编|序)?号?{COLON}(?:[{PROVINCES}]\s*(?:备\s*)?)?"
        rf"(?:第\s*)?\d{{6,10}}(?!\d){TAIL}"
    ),
    re.compile(rf"(?:网站|工信部)?备案(?:编|序|许可证)?号{COLON}[{PROVINCES}]\s*(?:备\s*)?\d{{6,10}}(?!\d){TAIL}"),
    re.compile(rf"[{PROVINCES}]\s*{ICP_WORD}\s*证\s*\d{{6,10}}(?!\d){TAIL}"),
)
POLICE = (
    re.compile(
        rf"[{PROVINCES}]?\s*公\s*(?:安\s*)?网\s*安?\s*备\s*案?\s*(?:第|证)?\s*(?:编|序)?号?{COLON}"
        rf"(?:[{PROVINCES}]\s*)?\d{{10,16}}(?!\d){TAIL}"
    ),
    re.compile(rf"[一-鿿]?公(?:安)?备\s*案?\s*(?:编|序)?号?{COLON}\d{{10,16}}(?!\d){TAIL}"),
    re.compile(
        rf"公安(?:机关|部门|局|厅)?\s*(?:联网|网站|网络|互联网)?\s*备案\s*(?:信息|标识)?\s*(?:编|序|证)?号?{COLON}\d{{10,16}}(?!\d){TAIL}"
    ),
)


def find(patterns: tuple[re.Pattern, ...], text: str) -> str:
    """The first number in the text that one of the patterns knows, the strictest pattern first; empty without one."""
    for pattern in patterns:
        found = pattern.search(text)
        if found:
            return " ".join(found.group().replace("\u2009", "").split())
    return ""


def kinds(text: str) -> set[str]:
    """Which of the three kinds of numbers a text has."""
    all_kinds = (("site_code", SITE_CODE), ("icp", ICP), ("police", POLICE))
    return {name for name, patterns in all_kinds if find(patterns, text)}
