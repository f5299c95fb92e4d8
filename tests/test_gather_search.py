"""The search of invented sites, tried by the gatherer in real Chromium: every manner of box, and every way to fail."""
import asyncio
import json
from functools import partial

import pytest
from searched import FORM, HOST, INDEX, OTHER, TITLES, Searcher, found, listed_results, results, script, site, wrapped
from servers import answer
from side_by_side import Row

from pytest_govsite.model.missing import Blame, Reason
from pytest_govsite.model.search import Search


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    searcher = Searcher(tmp_path_factory.mktemp("results"))
    yield searcher
    searcher.close()


@pytest.fixture(scope="class")
def brief(search):
    """Two titles, nothing else, and short pauses: for what does not depend on how many are tried, and how long it takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pytest_govsite.gather.search_draw.DEPTH", 2)
        patch.setattr("pytest_govsite.gather.search_draw.SUBORDINATE", 0)
        patch.setattr("pytest_govsite.gather.search._derived", lambda *given: [])
        for place in ("trying.SPACING_SECONDS", "trying.LONG_SPACING_SECONDS", "entrances.PAUSE_SECONDS"):
            patch.setattr(f"pytest_govsite.gather.search_{place}", 0.2)
        patch.setattr("pytest_govsite.gather.search_trying.PATIENCE_SECONDS", 1.0)
        patch.setattr("pytest_govsite.gather.search_answer.CHANGE_SECONDS", 2.5)
        patch.setattr("pytest_govsite.gather.search_answer.LATE_SECONDS", 4.0)
        with Row({name: partial(search.begin, case[0]) for name, case in (WORKS | FURTHER | FAILS).items()}) as row:
            yield row


def by(name: str):
    """An engine that takes its query from that parameter."""
    return lambda asked: results(asked.values.get(name, ""))


def box(inner: str, **form: str) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in form.items())
    return f'<form class="search"{attributes}>{inner}</form>'


TEXT = '<input type="text" name="q" placeholder="请输入关键词">'
BARE = box(TEXT, action="/s")  # no button: one way to send a query, where the number of ways matters not
GO = "var q=document.getElementById('kw').value;"
OPENED = f"function go(){{{GO}window.open('/s?q='+encodeURIComponent(q))}}"
XHR = (
    "function go(){fetch('/api?q='+encodeURIComponent(document.getElementById('kw').value)).then(a=>a.text())"
    ".then(t=>{document.querySelector('.main').innerHTML=t})}"
)
KW = '<input type="text" id="kw" placeholder="搜索">'
LAYER = (
    '<img class="icon-search" src="/i/fdj.png" alt="" width="24" height="24" onclick="document.getElementById(\'layer\').style.display=\'block\'">'
    f'<div id="layer" style="display:none">{FORM}</div>'
)


def double(asked):
    from urllib.parse import unquote
    return results(unquote(asked.values.get("q", "")))


async def slow(asked):
    await asyncio.sleep(3)
    return results(asked.values.get("q", ""))


def once(make, times: int = 1, status: str = "503 Service Unavailable"):
    """Fails so often, then works."""
    left = [times]

    def serve(asked):
        if left[0]:
            left[0] -= 1
            return answer("<p>系统繁忙</p>".encode(), status)
        return make(asked)

    return serve


def loaded(asked):
    """A result page that fills itself by XHR after a while."""
    query = json.dumps(asked.values.get("q", ""))
    code = f"setTimeout(()=>fetch('/api?q='+encodeURIComponent({query})).then(a=>a.text()).then(t=>{{document.getElementById('r').innerHTML=t}}),900)"
    return f"<html><meta charset=utf-8><title>搜索</title><body><div id='r'>正在加载</div>{script(code)}</body></html>"


NOT_THERE = answer("页面不存在".encode(), "404 Not Found")
APPLICATION = (  # results come into the page, which calls itself another; at first it says that there are none
    "function go(){%shistory.pushState({},'','/find#/result');const m=document.querySelector('.main');m.innerHTML='<p class=none>暂无数据</p>';"
    "setTimeout(()=>{m.innerHTML='<p>正在加载……</p>';fetch('/api',{method:'POST',body:JSON.stringify({wd:q})})"
    ".then(a=>{if(!a.ok)throw a.status;return a.text()}).then(t=>{m.innerHTML=t}).catch(e=>{m.innerHTML='<p>系统异常，请稍后再试</p>'})},600)}" % GO
)


def application(api, before: str = "") -> dict:
    """A site whose search works within the page; `api` answers it."""
    return site(f'<div class="ss">{KW}<button type="button" onclick="go()">搜索</button></div>{script(before + APPLICATION)}') | {"/api": api}


def drawn(api, failed: str = "服务器开小差了，请稍后再试", **more) -> dict:
    """A site whose result page asks `api` by POST a while after it came."""
    def whole(asked):
        code = (
            f"setTimeout(()=>fetch('/api',{{method:'POST',body:JSON.stringify({{searchWord:{json.dumps(asked.values.get('q', ''))}}})}})"
            f".then(a=>{{if(!a.ok)throw a.status;return a.text()}}).then(t=>{{document.getElementById('r').innerHTML=t}})"
            f".catch(e=>{{document.getElementById('r').innerHTML='{failed}'}}),600)"
        )
        return f"<html><meta charset=utf-8><title>搜索</title><body><h1>全站检索</h1><div id='r'><p>正在检索……</p></div>{more.get('after', '')}{script(code)}</body></html>"

    return site(BARE) | {"/s": whole, "/api": api}


def posted(asked) -> str:
    """What was asked for in JSON."""
    return next(iter(json.loads(asked.body).values()))


async def slowly(asked):
    await asyncio.sleep(1.5)
    return listed_results(posted(asked))


async def never(asked):
    await asyncio.sleep(300)


def cut_off(asked):
    raise ConnectionError


def limited():
    """Answers no two searches within most of a second."""
    last = [0.0]

    def serve(asked):
        now = asyncio.get_running_loop().time()
        soon, last[0] = now - last[0] < 0.8, now
        return "<html><meta charset=utf-8><p>两次搜索间隔不能小于1秒</p></html>" if soon else results(asked.values["q"])

    return serve


def patient(times: int):
    """An interface that answers so often, then asks for patience."""
    left = [times]

    def serve(asked):
        left[0] -= 1
        return listed_results(posted(asked)) if left[0] >= 0 else answer(b"{}", "429 Too Many Requests")

    return serve


def forgetful():
    """Finds nothing when a query comes for the first time."""
    known: set[str] = set()

    def serve(asked):
        query = asked.values["q"]
        index = INDEX if query in known else {}
        known.add(query)
        return results(query, index)

    return serve


def framed(asked):
    return f"<html><meta charset=utf-8><title>搜索</title><body><h1>搜索结果</h1><iframe width=900 height=700 src='/inner?{asked.path and asked.head.split()[1].partition('?')[2]}'></iframe></body></html>"


def passed(asked):
    """A wall that a browser passes after a reload."""
    if "pass=1" in asked.head:
        return results(asked.values.get("q", ""))
    return answer(b"<script>document.cookie='pass=1;path=/';$_ts=1;location.reload()</script>", "412 Precondition Failed")


PART = '<form action="/part" class="search"><input name="word" placeholder="请输入关键词"><button>搜索</button></form>'
SUGGEST = "addEventListener('keyup',()=>fetch('/search/suggest?q='+encodeURIComponent(document.getElementById('kw').value)));"
OLD = {f"/old/{n}.html": (f"第{n}批办理事项情况通报", "2026-03-01") for n in range(1, 6)}
LACKING = {url: entry for url, entry in INDEX.items() if not url.startswith("/tzgg/")}
LOWER = {f"low.town.gov.cn{url}": text.replace("我县", "我局") for url, text in site("").items()} | {"low.town.gov.cn/s": None}
API = {"/api": lambda asked: listed_results(asked.values.get("q", ""))}
WORKS = {
    # name: (pages, way, outside, window)
    "GET": (site() | {"/s": by("q")}, "get", False, False),
    "POST in a new window": (site(box(TEXT + '<input type="submit" value="搜索">', action="/s", method="post", target="_blank")) | {"/s": by("q")}, "post", False, True),
    "address built by script": (site(f'<div class="ss">{KW}<a href="javascript:void(0)" onclick="go()">搜索</a></div>{script(OPENED)}') | {"/s": by("q")}, "script", False, True),
    "double encoding": (site(f'<div class="ss">{KW}<input type="button" value="检索" onclick="location.href=\'/s?q=\'+encodeURIComponent(encodeURIComponent(document.getElementById(\'kw\').value))"></div>') | {"/s": double}, "script", False, False),
    "another host": (site(box(TEXT + "<button>搜索</button>", action=f"http://{OTHER}/s", target="_blank")) | {"/s": by("q")}, "get", True, True),
    "decoy first": (site('<form><input type="text" name="username2" style="position:absolute;left:-999px"></form><div style="display:none"><input type="text" name="q"></div><form action="/login"><input name="user" placeholder="用户名"><input type="password" name="p"><button>登录</button></form>' + FORM) | {"/s": by("q")}, "get", False, False),
    "engine of others and services first": (site('<form action="http://www.baidu.com/s" target="_blank"><input name="wd" placeholder="百度搜索"><button>百度一下</button></form><form action="http://other.town.gov.cn/zwfw"><input name="kw" placeholder="请输入办事事项名称"><button>搜服务</button></form>' + FORM) | {"/s": by("q")}, "get", False, False),
    "hint as value": (site(box('<input type="text" name="q" value="请输入关键字" onclick="if(this.value==\'请输入关键字\')this.value=\'\'"><button>搜索</button>', action="/s", onsubmit="return this.q.value!='请输入关键字'")) | {"/s": by("q")}, "get", False, False),
    "picture for a button": (site(f'<div class="ss">{KW}<img src="/i/ss.png" width="60" height="26" onclick="{GO}location=\'/s?q=\'+encodeURIComponent(q)"></div>') | {"/s": by("q")}, "script", False, False),
    "Enter only": (site(f"<div class=\"ss\">{KW}</div>{script('document.getElementById(%r).onkeydown=e=>{if(e.keyCode==13){%slocation=%r+encodeURIComponent(q)}}' % ('kw', GO, '/s?q='))}") | {"/s": by("q")}, "script", False, False),
    "Enter sends a form that is not meant": (site(f'<form action="/old" class="search">{KW}<input type="button" value="搜索" onclick="go()"></form>{script(OPENED)}') | {"/s": by("q")}, "script", False, True),
    "behind an icon": (site(LAYER) | {"/s": by("q"), "/i/fdj.png": answer(b"")}, "get", False, False),
    "box in a frame": (site('<iframe src="/boxed" width="400" height="60" frameborder="0"></iframe>') | {"/boxed": f"<html><meta charset=utf-8><body>{box(TEXT + '<button>搜索</button>', action='/s', target='_top')}</body></html>", "/s": by("q")}, "get", False, False),
    "link to a search page of another host": (site(f'<a href="http://{OTHER}/search/" target="_blank">智能搜索</a>') | {"/search/": f"<html><meta charset=utf-8><title>搜索</title><body>{FORM}</body></html>", "/s": by("q")}, "link", True, False),
    "results by XHR in the page": (site(f'<div class="ss">{KW}<button type="button" onclick="go()">搜索</button></div>{script(XHR)}') | API, "script", False, False),
    "results by XHR, late": (site() | {"/s": loaded} | API, "get", False, False),
    "wrapped links": (site() | {"/s": lambda asked: results(asked.values.get("q", ""), wrap=wrapped)}, "get", False, False),
    "slow": (site() | {"/s": slow}, "get", False, False),
    "results in a frame": (site() | {"/s": framed, "/inner": by("q")}, "get", False, False),
    "a passing fault": (site() | {"/s": once(by("q"))}, "get", False, False),
    "a wall that browsers pass": (site() | {"/s": passed}, "get", False, False),
    "results by XHR that says where it is": (application(slowly), "script", False, False),
    "results by XHR, asked for late": (drawn(slowly), "get", False, False),
    "two searches a second are too many": (site() | {"/s": limited()}, "get", False, False),
    "not found at first": (site() | {"/s": forgetful()}, "get", False, False),
    "another box first, for a part of the site": (site(PART + FORM) | {"/part": lambda asked: results(asked.values["word"], dict(list(INDEX.items())[:2])), "/s": by("q")}, None, False, False),
    "suggestions that fail": (site(f'<div class="ss">{KW}<button type="button" onclick="go()">搜索</button></div>{script(SUGGEST + XHR)}') | API, "script", False, False),
    "box on other pages only": (site() | {"/": site("")["/"], "/s": by("q")}, "get", False, False),
}


FAILS = {
    # name: (pages, state, reason, blame, words of why)
    "404": (site(BARE), "dead", Reason.HTTP_ERROR, Blame.SITE, "404"),
    "a host that refuses, in a new window": (site(box(TEXT + "<button>搜索</button>", action="http://gone.town.gov.cn/s", target="_blank")), "dead", Reason.REFUSED, Blame.SITE, "gone.town"),
    "results that call themselves missing": (site(BARE) | {"/s": lambda asked: answer(results("办理事项", OLD).encode(), "404 Not Found")}, "unknown", Reason.UNCLEAR, Blame.PERSON, ""),
    "error page with 200": (site(BARE) | {"/s": "<html><meta charset=utf-8><title>错误提示</title><body><h2>系统异常，请联系管理员</h2></body></html>"}, "dead", Reason.HTTP_ERROR, Blame.SITE, "系统异常"),
    "captcha": (site(BARE) | {"/s": "<html><meta charset=utf-8><title>搜索</title><body><p>请输入验证码后继续搜索</p><input name='captcha'><img src='/captcha.jpg'><button>确定</button></body></html>"}, "wall", Reason.WALL, Blame.WALL, "验证码"),
    "empty index": (site(BARE) | {"/s": lambda asked: results(asked.values["q"], {})}, "dead", Reason.OUT_OF_ORDER, Blame.SITE, "通知"),
    "script fails": (site(f'<div class="ss">{KW}<a href="javascript:void(0)" onclick="search_it()">搜索</a></div>'), "dead", Reason.OUT_OF_ORDER, Blame.SITE, "search_it"),
    "a script fails that is not the search's": (site(f'<div class="ss">{KW}<a href="javascript:void(0)" onclick="void 0">搜索</a></div>{script("setInterval(()=>turn_it(),300)")}'), "unknown", Reason.UNCLEAR, Blame.PERSON, ""),
    "nothing happens": (site(f'<div class="ss">{KW}<button type="button">搜索</button></div>'), "unknown", Reason.UNCLEAR, Blame.PERSON, "无反应"),
    "refused": (site(BARE) | {"/s": answer(b"<p>403</p>", "403 Forbidden")}, "wall", Reason.WALL, Blame.WALL, "403"),
    "wall": (site(BARE) | {"/s": answer(b"<script>$_ts=1</script>", "412 Precondition Failed")}, "wall", Reason.WALL, Blame.WALL, "412"),
    "too often": (site(BARE) | {"/s": "<html><meta charset=utf-8><body><p>您的搜索过于频繁，请稍后再试</p></body></html>"}, "wall", Reason.WALL, Blame.WALL, "频率"),
    "sent home": (site(BARE) | {"/s": lambda asked: site()["/"]}, "unknown", Reason.UNCLEAR, Blame.PERSON, "首页"),
    "wall on the interface": (drawn(answer(b"<script>$_ts=1</script>", "412 Precondition Failed")), "wall", Reason.WALL, Blame.WALL, "412"),
    "wall on the interface, called an error": (application(answer(b"<p>403</p>", "403 Forbidden")), "wall", Reason.WALL, Blame.WALL, "403"),
    "too often for the interface": (drawn(answer(b"{}", "429 Too Many Requests")), "wall", Reason.WALL, Blame.WALL, "频率"),
    "the interface is gone": (drawn(NOT_THERE), "dead", Reason.HTTP_ERROR, Blame.SITE, "404"),
    "the interface fails, nothing is said": (drawn(answer(b"", "500 Internal Server Error"), failed=""), "dead", Reason.HTTP_ERROR, Blame.SITE, "500"),
    "the interface fails beside others that answer": (drawn(NOT_THERE, failed="", after=script("fetch('/weather')")) | {"/weather": "晴"}, "unknown", Reason.UNCLEAR, Blame.PERSON, "404"),
    "the interface hangs": (drawn(never), "unknown", Reason.UNCLEAR, Blame.PERSON, ""),
    "the interface is cut off": (drawn(cut_off), "unknown", Reason.UNCLEAR, Blame.PERSON, "没有应答"),
    "only suggestions fail": (site(f'<div class="ss">{KW}<button type="button">搜索</button></div>{script(SUGGEST)}'), "unknown", Reason.UNCLEAR, Blame.PERSON, "无反应"),
    "empty index behind an interface": (drawn(lambda asked: listed_results(posted(asked), {})), "dead", Reason.OUT_OF_ORDER, Blame.SITE, "通知"),
    "empty index of an application": (application(lambda asked: listed_results(posted(asked), {})), "dead", Reason.OUT_OF_ORDER, Blame.SITE, "通知"),
    "none at all": (site(""), "absent", Reason.NOT_PROVIDED, Blame.SITE, "搜索框"),
    "none, and pictures of marks": (site('<a href="http://bszs.conac.cn/sitename?id=1"><img src="/i/red.png" width="60" height="60"></a><img src="http://zfwzgl.www.gov.cn/exposure/images/jiucuo.png" onclick="Link(1)" width="80" height="40">'), "absent", Reason.NOT_PROVIDED, Blame.SITE, "搜索框"),
    "picture only": (site('<a href="javascript:openIt()"><img src="/i/1.png" width="70" height="26"></a>'), "unknown", Reason.UNCLEAR, Blame.PERSON, "图片"),
    "foreign frame": (site(f'<iframe src="http://{HOST.replace("town", "far")}/box" width="300" height="40"></iframe>'), "unknown", Reason.UNCLEAR, Blame.PERSON, "框架"),
    "services only": (site('<form action="/zwfw"><input name="kw" placeholder="请输入办事事项名称"><button>搜服务</button></form>'), "unknown", Reason.UNCLEAR, Blame.PERSON, "输入框"),
    "engine of others and login only": (site('<form action="http://www.baidu.com/s"><input name="wd" placeholder="百度搜索"><button>百度一下</button></form><form action="/login"><input name="user" placeholder="用户名"><input type="password" name="p"><button>登录</button></form>'), "absent", Reason.NOT_PROVIDED, Blame.SITE, ""),
    "dead link": (site('<a href="/search/">站内搜索</a>'), "dead", Reason.HTTP_ERROR, Blame.SITE, "404"),
    "icon that does nothing": (site('<img class="icon-search" src="/i/fdj.png" alt="搜索" width="24" height="24" onclick="void 0">'), "unknown", Reason.UNCLEAR, Blame.PERSON, "图标"),
}
FURTHER = {
    "a limit after some searches": (drawn(patient(2)),),
    "an engine that stumbles over titles": (site(BARE) | {"/s": lambda asked: answer(b"", "500 Internal Server Error") if "我县" in asked.values["q"] else results(asked.values["q"])},),
}


class TestTable:
    @pytest.mark.parametrize("name", WORKS)
    def test_every_manner_of_search_is_found_and_tried(self, search, brief, name):
        _, way, outside, window = WORKS[name]
        seen, calls = brief(name)
        assert isinstance(seen, Search) and seen.state == "works" and seen.why is None, seen
        assert (seen.box.way, seen.box.outside, seen.box.window) == (way or seen.box.way, outside, window), seen.box
        trials = seen.tried("title", "service")
        assert [trial.purpose for trial in trials] == ["title", "service"]
        assert all(trial.outcome == "found" and trial.by for trial in trials), trials
        assert {trial.wanted for trial in seen.tried("title")} <= set(TITLES) and seen.of >= 8
        assert seen.shot and (search.folder / seen.shot).exists() and (search.folder / trials[0].shot).exists()
        assert not [one for one in calls.all if one.path in ("/login", "/zwfw")]

    def test_a_limit_after_some_searches_is_a_wall(self, brief):
        """What was asked before it holds; the rest, whichever it was, is nobody's guilt."""
        seen, _ = brief("a limit after some searches")
        found, limited = sorted(seen.tried("title", "service"), key=lambda trial: trial.outcome)
        assert seen.state == "works" and found.outcome == "found"
        assert (limited.outcome, limited.why.reason) == ("untried", Reason.WALL) and "频率" in limited.why.says, limited

    def test_an_engine_that_stumbles_over_titles_is_not_dead(self, brief):
        seen, _ = brief("an engine that stumbles over titles")
        assert seen.state == "works", seen
        title, service = seen.tried("title", "service")
        assert (title.outcome, title.why.reason, service.outcome) == ("untried", Reason.HTTP_ERROR, "found"), seen.trials

    @pytest.mark.parametrize("name", FAILS)
    def test_what_does_not_work_is_told_from_what_cannot_be_told(self, search, brief, name):
        _, state, reason, blame, words = FAILS[name]
        seen, calls = brief(name)
        assert isinstance(seen, Search) and seen.state == state, seen
        assert (seen.why.reason, seen.why.blame) == (reason, blame) and words in seen.why.says, seen.why
        assert seen.shot and (search.folder / seen.shot).exists()
        assert not [one for one in calls.all if one.path in ("/login", "/zwfw")]


WHOLE = {
    "healthy": site() | {"/s": by("q")} | LOWER,
    "the same": site() | {"/s": by("q")} | LOWER,
    "a list that is not indexed": site() | {"/s": lambda asked: results(asked.values["q"], LACKING)},
}


@pytest.fixture(scope="class")
def whole(search):
    """All that is tried on a site."""
    below = {"below": (("某县教育局", "http://low.town.gov.cn/"),)}
    more = {name: below if LOWER.keys() <= pages.keys() else {} for name, pages in WHOLE.items()}
    with Row({name: partial(search.begin, pages, **more[name]) for name, pages in WHOLE.items()}) as row:
        yield row


class TestWhole:
    def test_smart_search_is_tried_with_spoilt_and_cut_titles(self, whole):
        seen, _ = whole("healthy")
        assert [trial.purpose for trial in seen.tried("title", "service")] == ["title", "service", "title", "service"] and seen.of == 20
        typo, part, keyword, nothing = (seen.tried(purpose)[0] for purpose in ("typo", "part", "keyword", "nonsense"))
        assert typo.outcome == part.outcome == "found" and typo.query != typo.wanted and part.query in part.wanted
        assert 4 <= len(part.query) <= 8 and part.wanted == typo.wanted
        assert keyword.outcome == "found" and not keyword.wanted
        assert nothing.outcome == "absent" and nothing.results.empty and not found(nothing.query)

    def test_titles_of_lower_sites_are_searched_for(self, whole):
        trials = whole("healthy")[0].tried("subordinate")
        assert len(trials) == 2 and all("我局" in trial.wanted and trial.place == "某县教育局" for trial in trials), trials

    def test_the_same_seed_draws_the_same_titles(self, whole):
        first, second = whole("healthy")[0], whole("the same")[0]
        assert [trial.query for trial in first.trials] == [trial.query for trial in second.trials]

    def test_what_is_not_found_is_asked_twice_as_a_visitor(self, search, whole):
        seen, calls = whole("a list that is not indexed")
        missing = [trial for trial in seen.tried("title", "service", "subordinate") if trial.target.split(HOST)[1].startswith("/tzgg/")]
        assert seen.state == "works" and missing
        for trial in seen.tried("title", "service", "subordinate"):
            assert trial.outcome == ("absent" if trial in missing else "found"), trial
        for trial in missing:
            assert len([one for one in calls.all if one.values.get("q") == trial.query]) >= 2
            assert trial.shot and (search.folder / trial.shot).exists()
