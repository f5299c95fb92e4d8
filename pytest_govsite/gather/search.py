"""The site's own search, tried as a visitor would."""
import asyncio
import time
from collections.abc import Awaitable
from dataclasses import replace
from typing import get_args

from pytest_govsite.gather.crawl import Crawled, walk
from pytest_govsite.gather.home import front, is_closed
from pytest_govsite.gather.search_answer import Answer, Ask
from pytest_govsite.gather.search_draw import Drawn, draw, draw_below
from pytest_govsite.gather.search_entrances import Look, look_at_columns, look_at_home
from pytest_govsite.gather.search_trying import Trying, verdict_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.search import Purpose, Search, SearchBox, Trial
from pytest_govsite.reading.addresses import bare_host, host_of
from pytest_govsite.reading.search_queries import keyword_of, nonsense, part_of, typo_of

SEARCH_SECONDS = 90.0
PLAIN_WORDS = ("通知", "政府", "工作")
FIRST = Ask("keyword", PLAIN_WORDS[0])
TITLES = ("title", "service")
PURPOSES = get_args(Purpose)


async def gather(session: Session) -> Search | Missing:
    """Finds the search, tries it with titles drawn from the crawl and with what smart search needs, and says whether it works."""
    home = await front(session)
    if isinstance(home, Missing):
        return home
    if is_closed(home):
        return Missing(Reason.NO_PAGES, "网站已关停，首页是公告", home.final_url)
    (look, trying), (walked, drawn) = await asyncio.gather(_begin(session), _draw(session))
    if not look.entrances and not look.lost:
        look = await look_at_columns(session, walked, look)
    if not look.entrances:
        return _without(session, look, drawn)
    trying.until = time.monotonic() + SEARCH_SECONDS
    if trying.chosen is None:
        await trying.establish(look.entrances, drawn.asks[0] if drawn.asks else FIRST, FIRST)
    return await _tried(session, look, drawn, trying)


async def _begin(session: Session) -> tuple[Look, Trying]:
    """While the crawl still looks for titles: where the box is, and whether it answers a usual word at once."""
    look, trying = await look_at_home(session), Trying(session, time.monotonic() + SEARCH_SECONDS)
    if look.entrances:
        await trying.greet(look.entrances, FIRST)
    return look, trying


async def _draw(session: Session) -> tuple[Crawled | Missing, Drawn]:
    walked = await walk(session)
    return walked, await draw(session, walked)


def _without(session: Session, look: Look, drawn: Drawn) -> Search:
    """No box was found: absent only where the look was complete."""
    url, plain = session.home.final_url, {"seed": session.seed, "of": drawn.of, "shot": look.shot}
    if look.lost:
        return Search("wall" if look.lost.reason is Reason.WALL else "unknown", look.lost, **plain)
    if look.dead and not look.doubt:
        return Search("dead", look.dead, **plain)
    if look.doubt:
        return Search("unknown", Missing(Reason.UNCLEAR, f"没有认出搜索框；{look.doubt}", url), **plain)
    return Search("absent", Missing(Reason.NOT_PROVIDED, "首页和抽查的栏目页都没有搜索框、搜索链接或搜索图标", url), **plain)


async def _tried(session: Session, look: Look, drawn: Drawn, trying: Trying) -> Search:
    box = _box(session, trying)
    plain = {"box": box, "seed": session.seed, "of": drawn.of, "shot": look.shot}
    if trying.chosen is None:
        state, why = verdict_of(trying)
        last = next((tried[-1] for tried in trying.history.values() if tried[-1].missing == why), None)
        return Search(state, why, trials=(_trial(last),) if last else (), **plain)
    trials = await _run(session, drawn, trying)
    if fact := await _empty_index(trying, trials):
        return Search("dead", fact, trials=trials, **plain)
    return Search("works", trials=trials, **plain)


def _box(session: Session, trying: Trying) -> SearchBox | None:
    if not trying.history:
        return None
    entrance, _ = trying.chosen or next(iter(trying.history))
    answer = trying.first or trying.history[entrance, _][-1]
    outside = bare_host(host_of(answer.url)) != bare_host(host_of(session.home.final_url))
    words = next((press.words for press in entrance.box.presses if press.words), "")
    return SearchBox(entrance.page, trying.way, entrance.box.says, words[:20], answer.url, outside, answer.window)


async def _run(session: Session, drawn: Drawn, trying: Trying) -> tuple[Trial, ...]:
    """All trials, in the order of their purposes; what was not found is looked for once more as a visitor."""
    below = asyncio.ensure_future(draw_below(session, drawn))
    asked = [asyncio.ensure_future(_first(trying, ask)) for ask in drawn.asks]
    twice = [asyncio.ensure_future(_put_twice(trying, putting)) for putting in asked]
    try:
        derived = _derived(session, drawn, await asyncio.gather(*asked))
        others = [ask for ask in (*derived, *await below) if isinstance(ask, Ask)]
        twice += [asyncio.ensure_future(_put_twice(trying, trying.put(ask))) for ask in others]
        answers = [await _settled(trying, *pair) for pair in await asyncio.gather(*twice)]
    finally:
        for one in (below, *asked, *twice):
            one.cancel()
    trials = [*map(_trial, answers), *(_lost(session, missing) for missing in below.result() if isinstance(missing, Missing))]
    return tuple(sorted(trials, key=lambda trial: 0 if trial.purpose in TITLES else PURPOSES.index(trial.purpose)))


async def _first(trying: Trying, ask: Ask) -> Answer:
    """The first answer to a query may be known already."""
    return trying.first if trying.first.ask == ask else await trying.put(ask)


async def _put_twice(trying: Trying, putting: Awaitable[Answer]) -> tuple[Answer, Answer | None]:
    """A title that was not found, or not seen, is looked for once more, as a visitor: a passing fault is nobody's guilt."""
    answer = await putting
    wanted = answer.ask.wanted and answer.ask.purpose in (*TITLES, "subordinate")
    if not wanted or answer.by or answer.kind in ("wall", "busy"):
        return answer, None
    return answer, await trying.again(answer.ask)


async def _settled(trying: Trying, answer: Answer, second: Answer | None) -> Answer:
    """What holds of two answers. Other boxes are tried for one title after the other: they are tried in vain only so often."""
    if second is None:
        return answer
    if not second.by and second.kind not in ("wall", "busy") and (found := await trying.elsewhere(answer.ask)):
        return found
    if second.kind == "results" or answer.kind != "results":
        return second
    return second if second.missing and second.missing.reason is not Reason.DEADLINE else replace(answer, kind="unclear", missing=second.missing)


def _derived(session: Session, drawn: Drawn, answers: list[Answer]) -> list[Ask]:
    """What tells whether the search is tolerant and serves: a found title spoilt and cut, a word of services, nonsense."""
    seed, asks = f"{session.seed}:search", []
    found = next((answer.ask for answer in answers if answer.by and answer.ask.purpose == "title"), None)
    if found:
        asks.append(replace(found, purpose="typo", query=typo_of(found.wanted, seed)))
        piece = part_of(found.wanted, drawn.known)
        asks += [replace(found, purpose="part", query=piece)] if piece else []
    return [*asks, Ask("keyword", keyword_of(drawn.services, seed)), Ask("nonsense", nonsense(seed))]


def _trial(answer: Answer) -> Trial:
    """What an answer says of its query; firm only where the page could be read."""
    ask, read = answer.ask, answer.kind == "results" and answer.results is not None
    if answer.by or (read and not ask.wanted and answer.results.hits):
        outcome = "found"
    else:
        outcome = "absent" if read and answer.results.readable else "untried"
    why = None if outcome != "untried" else answer.missing or Missing(Reason.UNCLEAR, "结果页无法辨认", answer.url)
    return Trial(
        ask.purpose, ask.query, ask.wanted, ask.target, ask.place, outcome, why, answer.by, answer.results, answer.url, answer.shot,
    )


def _lost(session: Session, missing: Missing) -> Trial:
    return Trial("subordinate", "", place=missing.url, why=missing)


async def _empty_index(trying: Trying, trials: tuple[Trial, ...]) -> Missing | None:
    """The search says "nothing" to every title and to plain words as well: its index is broken."""
    titles = [trial for trial in trials if trial.purpose in TITLES]
    if any(trial.outcome == "found" for trial in trials) or not titles or not all(_is_empty(trial.results) for trial in titles):
        return None
    for word in PLAIN_WORDS:
        answer = await trying.again(Ask("keyword", word))
        if answer.kind != "results" or not _is_empty(answer.results):
            return None
    words = "、".join(f"“{word}”" for word in PLAIN_WORDS)
    return Missing(Reason.OUT_OF_ORDER, f"搜索{words}等常用词也显示没有结果", trying.first.url)


def _is_empty(results) -> bool:
    return results is not None and results.readable and bool(results.empty) and not results.hits
