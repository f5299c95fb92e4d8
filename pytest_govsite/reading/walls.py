"""Answers of anti-bot walls, and how alike two texts are."""
import re
from collections import Counter
from collections.abc import Mapping

from pytest_govsite.reading.flow import parse, read_lines
from pytest_govsite.reading.text import title_of

# 瑞数 answers 412 or 202, 加速乐 521; a real browser passes them after a reload, plain HTTP never does
WALL_STATUS = frozenset({412, 521})
MAYBE_STATUS = frozenset({200, 202, 307, 400, 403, 405, 429, 468, 493, 503, 567})
WALL_COOKIE = re.compile(
    r"(?:^|[,;\n]\s*)(?:FSSB\w{6,}N7N\w*|\$_ts|__jsl_clearance(?:_s)?|acw_sc__v[23]|cf_chl_\w+|__yjs_duid\w*"
    r"|yunsuo_session_\w+)="
)
WALL_TITLE = re.compile(
    r"[\W\d]*(?:访问验证|安全验证|人机验证|滑动验证|验证中心|身份验证中|访问被拦截|请求被拦截|访问拦截|拦截提示|访问受限|安全检测|浏览器安全检查|正在检测|请稍候|网站防火墙"
    r"|WAF|Web应用防火墙|Just a moment|Access Denied|Attention Required|Forbidden by|Security Check|防护页面|创宇盾|安全狗|云锁|阻断页面)"
)
WALL_BODY = {  # what every text that matches contains, in lower case: found a hundred times sooner than a match
    sign: re.compile(pattern or re.escape(sign), re.IGNORECASE) for sign, pattern in {
        "$_ts": r"\$_ts\s*=", "_$": r"_\$[a-z0-9]{2}\(", "__jsl_clearance": "", "acw_sc__v2": "",
        "arg1": r"arg1\s*=\s*'[0-9A-F]{40}'", "/_guard/": "", "_waf_": "", "waf-captcha": "", "cf-browser-verification": "",
        "challenge-platform": "", "createelement('meta').content.replace": "", "wzws-waf": "", "wzwschallenge": "", "yunsuo": "",
        "safedog": "", "nginx-waf": "", "errors.aliyun.com": "", "antibot": "", "您的": "您的(?:请求|访问)(?:可能|疑似|存在)",
        "拦截": "(?:请求|访问)(?:已被|被)[^<]{0,12}拦截", "阻断": "(?:请求|访问)(?:已被|被)[^<]{0,12}阻断",
        "请完成": "请完成(?:以下)?(?:安全)?验证",
    }.items()
}
REFUSED = re.compile(r"\b(?:401|402|403|407|451)\b|forbidden|unauthorized|access denied(?! for user)|禁止|拒绝|没有权限", re.IGNORECASE)
SETS_COOKIE = re.compile(r"document\s*(?:\.|\[['\"])cookie", re.IGNORECASE)
RELOADS = re.compile(r"location(?:\.reload|\.replace|\.href|\s*=|\[)", re.IGNORECASE)
READABLE = 200  # characters of text that no challenge has
LOOKED_AT = 60_000
FIRST_LINES = 50

SHINGLE = 4


def is_wall(status: int, headers: Mapping[str, str], body: str) -> bool:
    """The answer is a wall's challenge or block page, not the site's own: the page exists, a program may not read it.

    `headers` by name in any case; several Set-Cookie may be joined by line breaks or commas. `body` may be empty when
    only the head of the answer is known.
    """
    if status in WALL_STATUS:
        return True
    if status not in MAYBE_STATUS:
        return False
    body = body[:LOOKED_AT]
    small = body.lower()
    cookies = next((value for name, value in headers.items() if name.lower() == "set-cookie"), "")
    if WALL_COOKIE.search(cookies) and (status != 200 or not _shows(body, READABLE)):
        return True
    if any(sign in small and pattern.search(body) for sign, pattern in WALL_BODY.items()):
        if not _shows(body, READABLE if status == 200 else 4 * READABLE):
            return True
    if "cookie" in small and SETS_COOKIE.search(body) and RELOADS.search(body) and not _shows(body, 20):
        return True
    return bool(WALL_TITLE.match(title_of(body))) and not _shows(body, 2 * READABLE)


def _shows(body: str, characters: int) -> bool:
    """True when a visitor reads that many characters; most pages show them in their first lines."""
    for most in (FIRST_LINES, None):
        lines = read_lines(parse(body), most)
        if sum(len("".join(line.plain.split())) for line in lines if not line.hidden) >= characters:
            return True
    return False


def speaks_of_refusal(text: str) -> bool:
    """A page that was sent with status 200 says in its words what is_refusal reads off a status."""
    return bool(REFUSED.search(text))


def is_refusal(status: int) -> bool:
    """The server knows the page and does not let us read it: 401, 402, 403, 407, 451."""
    return status in (401, 402, 403, 407, 451)


def similar(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: shared runs of four characters, digits and blanks apart.

    Two empty texts are alike.
    """
    a, b = _shingles(one), _shingles(other)
    if not a or not b:
        return float(_squeezed(one) == _squeezed(other))
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values()))


def _shingles(text: str) -> Counter[str]:
    text = _squeezed(text)
    return Counter(text[i: i + SHINGLE] for i in range(len(text) - SHINGLE + 1))


def _squeezed(text: str) -> str:
    return re.sub(r"[\d\s]+", "", text)[:LOOKED_AT]
