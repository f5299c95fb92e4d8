"""Finds out by which box and which key a search answers, then puts queries to it."""
import asyncio
import time
from dataclasses import dataclass, field

from pytest_govsite.gather.search_answer import Answer, Ask
from pytest_govsite.gather.search_visit import Entrance, ask_directly, visit
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.search_address import Template, holds, read_template

SPACING_SECONDS = 3.0  # between two tries of the same, so that a fault may pass
LONG_SPACING_SECONDS = 8.0
PATIENCE_SECONDS = 6.0  # when a site limits how often one may search
BUSY_TRIES = 2
IN_VAIN = 2  # titles that no other box found either
MISLED = 2  # addresses that showed no results although a visitor gets them: the address holds more than the query

Key = tuple[Entrance, int]


@dataclass
class Trying:
    """One site's search while it is tried. until: when to stop, by the monotonic clock.

    chosen    the box and the act by which it answers, None: it has not yet; first: its first answer.
    history   all answers by box and act, while none was chosen; entrances: all boxes that may be the search.
    """

    session: Session
    until: float
    chosen: Key | None = None
    first: Answer | None = None
    template: Template | None = None
    history: dict[Key, list[Answer]] = field(default_factory=dict)
    entrances: tuple[Entrance, ...] = ()
    _slowly: bool = False
    _limit: Missing | None = None
    _misled: int = 0
    _in_vain: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_over(self) -> bool:
        """No time is left."""
        return time.monotonic() > self.until

    async def establish(self, entrances: tuple[Entrance, ...], ask: Ask, plain: Ask) -> None:
        """Goes through boxes and acts until one answers; what failed is repeated after a pause, faults twice.

        plain: a usual word, put at last: an engine that stumbles over a title is not out of order.
        """
        self.entrances = entrances
        keys = [(entrance, act) for entrance in entrances for act in entrance.acts]
        for pause, asked in ((0.0, ask), (SPACING_SECONDS, ask), (LONG_SPACING_SECONDS, plain)):
            await asyncio.sleep(pause)  # the pause is the point, there is no event to wait for
            for key in keys:
                if self.is_over or await self._answers(key, asked):
                    return
            keys = [key for key in keys if _deserves_another(self.history[key], pause)]

    async def greet(self, entrances: tuple[Entrance, ...], ask: Ask) -> None:
        """One try of the likeliest box: most answer. What it says otherwise counts for nothing."""
        self.entrances = entrances
        if not await self._answers((entrances[0], entrances[0].acts[0]), ask):
            self.history.clear()

    async def _answers(self, key: Key, ask: Ask) -> bool:
        """This box answers to this act."""
        answer = await visit(self.session, *key, ask)
        self.history.setdefault(key, []).append(answer)
        if answer.kind == "results":
            self.chosen, self.first = key, answer
            self.template = read_template(answer.url, ask.query)
        return answer.kind == "results"

    async def put(self, ask: Ask) -> Answer:
        """One query, the cheapest way that is sure: by the address of results, else as a visitor."""
        if self._slowly:
            async with self._turn:
                return await self._patiently(ask)
        return await self._patiently(ask)

    async def _patiently(self, ask: Ask) -> Answer:
        if self._limit or self.is_over:
            return self._unput(ask)
        answer = await self._put(ask)
        for _ in range(BUSY_TRIES):
            if answer.kind != "busy" or self.is_over:
                break
            self._slowly = True
            await asyncio.sleep(PATIENCE_SECONDS)  # the site asks for it
            answer = await self._put(ask)
        return self._limited(answer)

    def _limited(self, answer: Answer) -> Answer:
        """A site that still asks for patience after we had some is not asked any more."""
        self._limit = answer.missing if answer.kind == "busy" else None
        return answer

    def _unput(self, ask: Ask) -> Answer:
        return Answer(ask, "busy", missing=self._limit) if self._limit else _unasked(ask)

    async def _put(self, ask: Ask) -> Answer:
        if self.template:
            answer = await ask_directly(self.session, self.template.address(ask.query), ask)
            if answer.kind in ("results", "busy", "wall"):
                return answer
            self._misled += 1
            self.template = self.template if self._misled < MISLED else None
        return await visit(self.session, *self.chosen, ask)

    async def again(self, ask: Ask) -> Answer:
        """The same query as a visitor, before "not found" is believed."""
        if self._slowly:
            async with self._turn:
                return await self._again(ask)
        return await self._again(ask)

    async def _again(self, ask: Ask) -> Answer:
        if self._limit or self.is_over:
            return self._unput(ask)
        answer = await visit(self.session, *self.chosen, ask)
        if answer.kind in ("busy", "fault", "lost") and not self.is_over:
            await asyncio.sleep(PATIENCE_SECONDS if answer.kind == "busy" else SPACING_SECONDS)
            answer = await visit(self.session, *self.chosen, ask)
        return self._limited(answer)

    async def elsewhere(self, ask: Ask) -> Answer | None:
        """What is not found by the box that was chosen may be found by another one; None: it is not, or there is none."""
        if self._in_vain >= IN_VAIN:
            return None
        for entrance in self.entrances:
            for act in entrance.acts if entrance != self.chosen[0] and not self.is_over else ():
                answer = await visit(self.session, entrance, act, ask)
                if answer.by:
                    return answer
                if answer.kind == "results":
                    break
        self._in_vain += 1
        return None

    @property
    def way(self) -> str:
        """How a query reaches the site, as far as it shows."""
        entrance, act = self.chosen or next(iter(self.history))
        if entrance.linked:
            return "link"
        answer = self.first or self.history[entrance, act][-1]
        if not holds(answer.url, answer.ask.query):
            return "post" if entrance.box.method == "post" else "script"
        own = entrance.box.in_form and entrance.box.method == "get" and entrance.box.action
        return "get" if own and entrance.box.action.partition("?")[0].rstrip("/") in answer.url else "script"


def _deserves_another(answers: list[Answer], pause: float) -> bool:
    """A second time whatever failed but walls; a third time only faults, which may pass."""
    return answers[-1].kind != "wall" if not pause else answers[-1].kind in ("fault", "busy", "lost")


def _unasked(ask: Ask) -> Answer:
    return Answer(ask, "lost", missing=Missing(Reason.DEADLINE, "搜索试用的时限已到"))


def verdict_of(trying: Trying) -> tuple[str, Missing]:
    """Why no box answers: ("dead", fact) where it is firm, else ("wall" | "unknown", reason)."""
    answers = [answer for tried in trying.history.values() for answer in tried]
    kinds = {answer.kind for answer in answers}
    for kind in ("wall", "busy"):
        if told := next((answer for answer in answers if answer.kind == kind), None):
            return "wall", told.missing
    if not answers or trying.is_over:
        return "unknown", _unasked(Ask("title", "")).missing
    open_ones = [answer for answer in answers if answer.kind in ("unclear", "lost") or answer.kind == "fault" and not answer.is_firm]
    if open_ones:
        return "unknown", open_ones[-1].missing
    if "fault" in kinds:
        return _faulty(trying)
    return _still(trying)


def _faulty(trying: Trying) -> tuple[str, Missing]:
    """Every box and key leads to an error page, or to nothing at all."""
    faults = [tried for tried in trying.history.values() if tried[-1].kind == "fault"]
    if any(len(tried) >= 2 and all(answer.is_firm for answer in tried) for tried in faults):
        return "dead", faults[0][-1].missing
    return "unknown", faults[0][-1].missing if faults else Missing(Reason.UNCLEAR, "搜索时好时坏")


def _still(trying: Trying) -> tuple[str, Missing]:
    """Neither Enter nor a button stirs the page: the site's fault only where its own script failed each time."""
    tried = [answers for (entrance, act), answers in trying.history.items() if act or len(entrance.acts) == 1]
    url = tried[-1][-1].url
    if all(len(answers) >= 2 and all(answer.errors for answer in answers) for answers in tried):
        told = f"按回车、点按钮均无反应，脚本出错：{tried[-1][-1].errors[0][:100]}"
        return "dead", Missing(Reason.OUT_OF_ORDER, told, url)
    return "unknown", Missing(Reason.UNCLEAR, "按回车、点按钮均无反应", url)

