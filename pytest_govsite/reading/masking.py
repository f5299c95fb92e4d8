"""Personal data of citizens in a text, made unreadable: mobile numbers, identity numbers, names and addresses.

Official contacts stay: landlines and hotlines, names of leaders and of reporters, addresses of offices. The same is always
masked alike, what is masked stays as it is, and an address of the web is never altered: it tells pages apart.
"""
import re

from pytest_govsite.reading.people import name_of

# who wrote: words of pages of letters (领导信箱, 网民留言, 咨询投诉) and of no others
WRITERS = (
    "写信人", "来信人", "写信者", "来信者", "发信人", "留言人", "留言者", "投诉人", "咨询人", "提问人", "提问者", "举报人", "信访人", "反映人", "诉求人",
    "来访人", "来电人", "网民姓名", "网友姓名", "市民姓名", "群众姓名",
)
LETTERS = (
    "信件编号", "信件标题", "信件内容", "信件类型", "信件类别", "来信标题", "来信内容", "来信时间", "来信日期", "写信时间", "写信日期", "写信内容",
    "留言标题", "留言内容", "留言时间", "留言日期", "投诉标题", "投诉内容", "投诉时间", "咨询标题", "咨询内容", "咨询时间", "诉求标题", "诉求内容", "诉求时间",
    "提问标题", "提问内容", "提问时间", "网友留言", "网民留言",
)
NAMED = ("您的姓名", "真实姓名", "姓名", "联系人")  # on a page of letters the citizen's, elsewhere a leader's or an office's
HOMES = ("家庭住址", "家庭地址", "户籍地址", "居住地址", "现住址", "居住地", "住址")
PLACES = ("联系地址", "通讯地址", "通信地址", "详细地址")  # on a page of letters, unless it is an office's
PAPERS = ("公民身份号码", "身份证号码", "身份证号", "身份证", "证件号码", "证件号")
KINDS = {
    word: kind for kind, words in {"writer": WRITERS, "named": NAMED, "home": HOMES, "place": PLACES, "paper": PAPERS}.items()
    for word in words
}
# one character stands first in each of these patterns: it is looked for at the speed of the library
LETTER_WORD = re.compile("|".join((*WRITERS, *LETTERS)))
SUSPECT_WORD = re.compile("|".join((*WRITERS, *LETTERS, *HOMES, "身份证", "证件号", "公民身份号码")))
# for browsers, some of which cannot look back
ROUGHLY = rf"1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}|１[３-９][０-９]{{9}}|[1-9]\d{{16}}[\dXx]|{SUSPECT_WORD.pattern}"
LONG_NUMBER = re.compile(r"1(?<![0-9A-Za-z_]1)[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z_])|１[３-９]\d{9}")

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s<>\"'，。；、）】]+")
MOBILE = re.compile(
    r"(?<![0-9A-Za-z_０-９])(?<!\d[.,])(?P<area>\+?86[- ]?)?(?P<begin>[1１][3-9３-９]\d)[- ]?\d{4}[- ]?(?P<end>\d{4})"
    r"(?![0-9A-Za-z_０-９]|\.[A-Za-z]|/[A-Za-z])"
)
# county (GB/T 2260), day of birth, number of the day, check character
IDENTITY = re.compile(
    r"[1-9](?<![0-9A-Za-z][1-9])\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])", re.ASCII,
)
WEIGHTS, CHECK_CHARACTERS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"  # GB 11643-1999
OLD_OR_NEW = re.compile(r"[1-9]\d{14}(?:\d\d[\dXx])?(?![0-9A-Za-z])", re.ASCII)
KEPT_DIGITS = 6  # the county

COLON = r"[\s\u3000]*[:：][\s\u3000]*"
HAN = "一-鿿㐀-䶿"
RUN = rf"[{HAN}]{{1,40}}(?:[·•．][{HAN}]{{1,12}}){{0,3}}"
BY_WRITER = re.compile(rf"(?P<label>(?:{'|'.join(WRITERS)})(?:姓名|名称)?{COLON})(?P<run>{RUN})")
OFFICIAL = re.compile(r"职务|职位|现任|分管|党员|出生年月")  # beside a name: a leader's particulars
BY_NAMED = re.compile(rf"(?P<label>(?:{'|'.join(NAMED)}|姓[\s\u3000]+名){COLON})(?P<run>{RUN})(?!.{{0,40}}(?:{OFFICIAL.pattern}))")
CALLED = re.compile(
    rf"(?P<label>^|尊敬的|敬爱的|[\s，。,：:“])(?P<run>[{HAN}]{{2,4}})"
    r"(?=(?:先生|女士|同志|网友|市民|居民)?[，,：:！!、\s]{0,3}(?:您好|你好|反映))"
)
MYSELF = re.compile(rf"(?P<label>我叫|名叫|本人姓名[:：]?)(?P<run>[{HAN}]{{2,4}})(?=[，,。；;、\s（(]|$)")
LONGEST_NAME = 4

# headings of tables of letters, and what stands there in place of a name
HEADING = re.compile(
    r"匿名|网友|网民|市民|群众|游客|用户|保密|公开|隐藏|先生$|女士$|同志$|时间|日期|标题|主题|状态|单位|部门|机构|类型|类别|分类|内容|编号|序号|方式|电话|手机|"
    r"地址|名称|姓名|信箱|邮箱|数$|量$|人$|者$|来源|操作|查看|详情|对象|办理|回复|答复|受理|处理|咨询|投诉|建议|求助|举报|满意|评价|区域|性别|年龄|职业|是否|"
    r"暂无|不详|其他|选项"
)
BODY = re.compile(r"公司|集团|政府|中心|[局委办厅院校会社村组厂店站所县区市省镇乡部处科队]$")
NEXT_LABEL = re.compile(
    r"来信|写信|留言|投诉|咨询|提问|诉求|反映|受理|办理|回复|答复|处理|发布|提交|信件|联系|家庭|手机|电话|性别|年龄|职业|住址|地址|邮箱|电子|身份|证件|时间|日期|"
    r"标题|主题|内容|状态|类型|类别|编号|所属|所在|是否|浏览|来源"
)
HOME = re.compile(rf"(?P<label>(?:{'|'.join(HOMES)}){COLON})(?P<value>[^\s,，。;；:：|<>*]{{3,80}}+)(?!\*)")
PLACE = re.compile(rf"(?P<label>(?:{'|'.join(PLACES)}){COLON})(?P<value>[^\s,，。;；:：|<>*]{{3,80}}+)(?!\*)")
HOUSEHOLD = re.compile(r"[栋幢组室户]|单元|小区|村|社区|号楼")  # an office has none of these
REGION = re.compile(rf"(?:[{HAN}]{{1,8}}?(?:自治区|自治州|[省市州盟县旗]|(?<![小社园片])区)){{1,3}}")
PAPER = re.compile(rf"(?P<label>(?:{'|'.join(PAPERS)})(?:{COLON}|[\s为]*))(?P<value>{OLD_OR_NEW.pattern})", re.ASCII)
LABEL_AT_END = re.compile(rf"(?P<label>{'|'.join(KINDS)})(?:姓名)?{COLON}$")


def is_suspect(text: str) -> bool:
    """The text may hold something to mask: told quickly, and never wrongly denied."""
    return bool(LONG_NUMBER.search(text) or SUSPECT_WORD.search(text) or IDENTITY.search(text))


def is_of_letters(text: str) -> bool:
    """The text speaks of letters of citizens: then names and addresses in it are theirs."""
    return LETTER_WORD.search(text) is not None


def masked(text: str, letters: bool = False) -> str:
    """The text with what is personal in it masked; the very same text where nothing is.

    letters: it stands on a page of letters, even if it does not say so itself.
    """
    if not (letters or is_suspect(text)):
        return text
    letters = letters or is_of_letters(text)
    parts, last = [], 0
    for found in ADDRESS.finditer(text):
        parts += _masked(text[last:found.start()], letters), found.group()
        last = found.end()
    fresh = "".join(parts) + _masked(text[last:], letters)
    return text if fresh == text else fresh


def kind_of_label(text: str) -> str:
    """What a text says of the one beside or below it: writer, named, home, place or paper; empty where it says nothing of it."""
    squeezed = re.sub(r"[\s\u3000*＊:：【】\[\]（）()]+", "", text[:40])
    found = KINDS.get(squeezed) or KINDS.get(squeezed.removesuffix("姓名"))
    if not found and (ending := LABEL_AT_END.search(text[-20:])):
        found = KINDS[ending["label"]]
    return found or ""


def is_heading(text: str) -> bool:
    """A cell that names what the cells beside or below it hold."""
    squeezed = "".join(text[:40].split())
    return len(squeezed) <= 10 and bool(HEADING.search(squeezed) or kind_of_label(squeezed))


def masked_value(text: str, kind: str) -> str:
    """The text of a cell whose label is of that kind."""
    if kind in ("home", "place"):
        return _at_home(text) if kind == "home" or HOUSEHOLD.search(text) else text
    if kind == "paper":
        return OLD_OR_NEW.sub(lambda found: _digits(found.group()), text)
    value = text.strip().strip(":：").strip()
    whole = (1 < len(value) <= LONGEST_NAME or "·" in value) and re.fullmatch(RUN, value) and not HEADING.search(value)
    return text.replace(value, _starred(value), 1) if whole and (name_of(value) or not BODY.search(value)) else text


def is_name(text: str) -> bool:
    """The text is a name, and no heading of a table."""
    return not HEADING.search(text) and bool(name_of(text))


def _masked(text: str, letters: bool) -> str:
    text = IDENTITY.sub(lambda found: _digits(found.group()) if _is_identity(found.group()) else found.group(), text)
    text = PAPER.sub(lambda found: found["label"] + _digits(found["value"]), text)
    text = MOBILE.sub(lambda found: f"{found['area'] or ''}{found['begin']}****{found['end']}", text)
    text = HOME.sub(lambda found: found["label"] + _at_home(found["value"]), text)
    return _of_letters(text) if letters else text


def _of_letters(text: str) -> str:
    text = PLACE.sub(lambda found: found["label"] + masked_value(found["value"], "place"), text)
    for pattern in (BY_WRITER, BY_NAMED):
        text = pattern.sub(lambda found: found["label"] + _person(found["run"]), text)
    for pattern in (CALLED, MYSELF):
        text = pattern.sub(lambda found: found["label"] + _certain(found["run"]), text)
    return text


def _is_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return CHECK_CHARACTERS[total % 11] == number[-1].upper()


def _digits(number: str) -> str:
    return number[:KEPT_DIGITS] + "*" * (len(number) - KEPT_DIGITS)


def _at_home(address: str) -> str:
    """No more than province, city and county of it."""
    if "*" in address:
        return address
    found = REGION.match(address.strip())
    return f"{found.group() if found else ''}****"


def _person(run: str) -> str:
    """What follows the label of a person: a name, and perhaps the next label glued to it."""
    following = NEXT_LABEL.search(run, 1)
    name, rest = (run[:following.start()], run[following.start():]) if following else (run, "")
    if len(name) < 2 or HEADING.search(name):
        return run
    if len(name) <= LONGEST_NAME or "·" in name:
        return run if BODY.search(name) and not name_of(name) else _starred(name) + rest
    if BODY.search(name):
        return run
    begin = next((name[:size] for size in (3, 2) if name_of(name[:size])), "")
    return _starred(begin) + run[len(begin):] if begin else run


def _certain(run: str) -> str:
    """A run in the middle of a text: masked when it is a name and nothing else."""
    bare = re.sub(r"(?:先生|女士|同志|网友|市民|居民)$", "", run)
    return _starred(bare) + run[len(bare):] if is_name(bare) else run


def _starred(name: str) -> str:
    return name[0] + "*" * (2 if "·" in name else len(name) - 1)
