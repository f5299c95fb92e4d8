"""Evidence about what a site can do (search, logins) in compact form; see evidence.py, where it is registered."""
from pytest_govsite.model.accounts import Accounts, BlockVisit, History, Login
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.search import Hit, Results, Search, SearchBox, Trial

URL = "http://www.xuanhan.gov.cn/"
SSO = "https://sso.dazhou.gov.cn/cas/"
SECTIONS = {"首页": "", "互动交流": "互动交流", "县长信箱": "咨询建言", "依申请公开": "依申请公开", "办事服务": "办事服务"}
SYSTEMS = {  # what stands at the login of a system, by name
    "sso": {"system": "sso.dazhou.gov.cn", "final_url": f"{SSO}login", "unified": "达州市统一身份认证平台", "identity": True, "own": False},
    "own": {"system": "www.xuanhan.gov.cn", "final_url": f"{URL}user/login.html"},
    "mailbox": {"system": "xx.xuanhan.gov.cn", "final_url": "http://xx.xuanhan.gov.cn/member/login.html"},
    "hotline": {"system": "12345.sc.gov.cn", "final_url": "https://12345.sc.gov.cn/login", "own": False},
}
TITLES = {
    "title": ("宣汉县召开春季农业生产工作会议", "宣汉县公开招聘教师公告"), "service": ("老年人优待证办理", "食品经营许可"),
    "typo": ("宣汉县召开春季农业生产工作会议",), "part": ("宣汉县公开招聘教师公告",), "keyword": ("",), "nonsense": ("",),
    "subordinate": ("县教育局部署开学工作", "县教育局公布招生方案"),
}
QUERIES = {"typo": "宣汉县召开春李农业生产工作会议", "part": "公开招聘教师", "keyword": "公积金", "nonsense": "龘靐齉爩"}


def accounts(spec=None) -> Accounts:
    """One unified identity, with a registration, behind all blocks; the test account logged in, is known everywhere and has
    a history. `logins` replaces the entrances: each names a section and what is different, `at` one of SYSTEMS. `alone` is
    short for a site without test account.
    """
    spec = dict(spec or {})
    plain = [{"section": section} for section in SECTIONS] + [{"section": "互动交流", "kind": "register", "text": "注册"}]
    made = tuple(_login(each) for each in spec.pop("logins", plain))
    if spec.pop("alone", False):
        return Accounts(made, _missing(spec.pop("stopped", None)), **spec)
    visits = tuple(_visit(each) for each in spec.pop("visits", [{"section": section} for section in SECTIONS]))
    history = spec.pop("history", {})
    gaps = {name: _missing(spec.pop(name, None)) for name in ("stopped", "refused")}
    return Accounts(made, configured=True, visits=visits, history=None if history == "none" else _history(history), **gaps, **spec)


def _login(spec) -> Login:
    spec = dict(spec)
    section, kind = spec.pop("section"), spec.get("kind", "login")
    page = f"{URL}{section}/"
    stand = {} if "unread" in spec else SYSTEMS[spec.pop("at", "sso")] | {"form": "password"}
    if kind == "register" and stand:
        stand = stand | {"final_url": stand["final_url"].replace("login", "register")}
    plain = {"page": page, "section": section, "category": SECTIONS.get(section, ""), "text": "登录", "kind": kind, "url": f"{page}{kind}"}
    return Login(**plain | stand | spec | ({"unread": _missing(spec["unread"], f"{page}{kind}")} if "unread" in spec else {}))


def _visit(spec) -> BlockVisit:
    spec = {"known": True, "url": f"{URL}{spec['section']}/"} | spec
    if spec["known"] == "?":
        spec |= {"known": None, "why": _missing("unclear 看不出")}
    return BlockVisit(**spec)


def _history(spec) -> History:
    spec = {"url": f"{URL}user/", "lists": ["我的咨询", "我的办件"], "entries": 3} | spec
    return History(**spec | {"lists": tuple(spec["lists"])})


def _missing(spec, url=URL) -> Missing | None:
    """A reason, and after a blank whatever detail: "wall 滑块"; "account ..." for what the account is to blame for."""
    reason, _, detail = (spec or "").partition(" ")
    if reason == "account":
        return Missing(Reason.UNCLEAR, detail, url, Blame.ACCOUNT)
    return Missing(Reason(reason), detail, url) if reason else None



def search(spec=None) -> Search:
    """A search that finds all; for each purpose a list of trials, each saying what is different, replaces the default.

    `results` says what is different on all result pages.
    """
    spec = dict(spec or {})
    shared = spec.pop("results", {})
    trials = tuple(
        _trial(purpose, wanted, n, shared, change) for purpose, titles in TITLES.items()
        for n, (wanted, change) in enumerate(_paired(titles, spec.pop(purpose, None)), 1)
    )
    box = spec.pop("box", {})
    box = None if box == "none" else SearchBox(**{"page": URL, "way": "get", "hint": "请输入关键词"} | box)
    why = _missing(spec.pop("why", None))
    return Search(**{"state": "works", "why": why, "box": box, "seed": 7, "of": 40, "trials": trials, "shot": "s.png"} | spec)


def _paired(titles, changes):
    if changes is None:
        return [(title, {}) for title in titles]
    return [((*titles, *(f"标题之{n}" for n in range(9)))[n], change) for n, change in enumerate(changes)]


def _trial(purpose, wanted, n, shared, change) -> Trial:
    """A trial that found what it wanted; one of another outcome sees two other titles unless it says what it sees."""
    change = dict(change)
    outcome = change.get("outcome", "absent" if purpose in ("keyword", "nonsense") else "found")
    said = {**shared, **change.pop("results", {})}
    results = None if outcome == "untried" else _results(purpose, wanted if outcome == "found" else "", said)
    plain = {
        "purpose": purpose, "query": QUERIES.get(purpose, wanted), "wanted": wanted, "target": f"{URL}{purpose}/{n}.html" if wanted else "",
        "place": "县教育局" if purpose == "subordinate" else "政务动态", "outcome": outcome, "why": _missing(change.pop("why", None)),
        "results": results, "by": "title" if outcome == "found" else "", "url": f"{URL}s?q={purpose}{n}", "shot": f"{purpose}{n}.png",
    }
    return Trial(**plain | change)


def _results(purpose, found, said) -> Results:
    said = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    titles = said.pop("hits", () if purpose == "nonsense" else (found or "关于放假的通知", "关于值班的通知"))
    card = "公积金提取：办事指南、在线办理" if purpose == "keyword" else ""
    plain = {
        "total": len(titles), "empty": "" if titles else "没有找到相关结果", "facets": ("政策文件", "办事服务"), "card": card,
        "readable": True,
    }
    return Results(**plain | said, hits=tuple(Hit(title, f"{URL}{n}.html") for n, title in enumerate(titles)))
