"""The words of all reports, and the one way by which a site's text enters them."""
import re
import unicodedata

from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.rows import NOT_REACHED, Row

# CSI and OSC sequences, ECMA-48 sections 5.4 and 8.3.89
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\].*?(?:\x07|\x1b\\|$)|\x1b.?", re.DOTALL)

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


def why(row: Row) -> str:
    """Why a row has no judgement, in a reader's words."""
    return "未轮到，检查提前结束" if row.reason == NOT_REACHED.reason else plain(row.reason or "")


def plain(text: str, limit: int = 200) -> str:
    """One bounded line of a site's text: no terminal escapes, no control, direction or other invisible characters."""
    text = " ".join(_ESCAPES.sub("", text[: limit * 8]).split())
    text = "".join(char for char in text if not unicodedata.category(char).startswith("C"))
    return text if len(text) <= limit else text[: limit - 1] + "…"
