"""The words of all reports."""
from urllib.parse import urlsplit

from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.reading.plain import plain
from pytest_govsite.rows import NOT_REACHED, Row

__all__ = ["BLAMES", "KINDS", "OUTCOMES", "is_web", "pictured", "plain", "why"]

KINDS = {
    "home": "首页",
    "sampled": "抽查页面",
    "addresses": "域名解析",
    "families": "双栈访问",
    "links": "链接",
    "engines": "浏览器兼容",
    "columns": "栏目",
    "headlines": "首页信息",
    "leaders": "领导信息",
    "annual_reports": "网站年报",
    "releases": "数据发布",
    "submissions": "报送信息",
    "search": "站内搜索",
    "accounts": "登录注册",
    "week": "可用性监测",
}

BLAMES = {
    Blame.PERSON: "待检查人员核定",
    Blame.HISTORY: "待积累监测记录",
    Blame.ACCOUNT: "待测试账号",
    Blame.VANTAGE: "本机条件所限",
    Blame.WALL: "被防护拦截",
    Blame.SITE: "站点原因",
    Blame.TOOL: "工具原因",
}

OUTCOMES = {
    Outcome.PASS: "未发现问题",
    Outcome.DEDUCT: "扣分",
    Outcome.VETO: "单项否决",
    Outcome.AWARD: "加分",
    Outcome.UNEARNED: "未加分",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.UNDETERMINED: "未能判定",
}

LONGEST_LINK = 2000
UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def pictured(shot: str) -> str:
    """What a picture is called, and where it lies: a screenshot, or a drawing of ours."""
    return f"{'图示' if shot.endswith('.svg') else '截图'} {plain(shot)}"


def why(row: Row) -> str:
    """Why a row has no judgement, in a reader's words."""
    return "未轮到，检查提前结束" if row.reason == NOT_REACHED.reason else plain(row.reason or "")


def is_web(address: str) -> bool:
    """Whether an address that a site named may become a link."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(address) <= LONGEST_LINK


def sized(count: int) -> str:
    """A number of bytes: 12.3 MB."""
    return next((f"{count / unit:.1f} {name}" for unit, name in UNITS if count >= unit), f"{count} B")
