"""From the state of a unit to what a check yields."""
from collections.abc import Iterator
from datetime import date, timedelta

from pytest_govsite.model.columns import Columns
from pytest_govsite.model.finding import Finding, NotApplicable, Note, Observation, Undetermined, Unseen
from pytest_govsite.model.missing import Blame
from pytest_govsite.upkeep.freshness import Fresh, Open, Stale, known_day
from pytest_govsite.upkeep.units import Unit
from pytest_govsite.windows import PUBLISHED, Calendar, back, reach, spoken

NEAR = timedelta(days=3)  # so much a window may shrink by make-up days that nobody has announced yet
NO_COLUMNS = "没有找到任何栏目"


def refuse_closed(closed: str) -> None:
    """A site that shows a closing notice is closed, not stale. Raises NotApplicable."""
    if closed:
        raise NotApplicable(f"网站已关停：{closed}")


def refuse_empty(columns: Columns) -> None:
    """Raises NotApplicable for a closed site, Undetermined when not a single column was found."""
    refuse_closed(columns.closed)
    if not columns.columns:
        gap = columns.stopped
        raise Undetermined(gap.says if gap else NO_COLUMNS, gap.blame if gap else Blame.SITE)


def rest(columns: Columns, class_: str | None = None) -> Iterator[Unseen]:
    """What a search that was cut short may have missed: any number of columns, or one that it could not open."""
    if gap := columns.stopped:
        known = any(column.url == gap.url for column in columns.columns if column.unread or column.doubt)
        yield Unseen(gap.url, f"其余栏目没有看完：{gap.says}", gap.blame, class_, several=not known)


def tell(
    unit: Unit, as_of: date, window: str, calendar: Calendar = PUBLISHED, class_: str | None = None, why: str = "",
) -> Iterator[Observation]:
    """One finding when the unit is firmly older than the window, Unseen when it may be. `why` opens the sentence."""
    span = reach(as_of, window, calendar)
    state = unit.state(as_of, span.earliest)
    if isinstance(state, Stale) and span.provisional and not isinstance(unit.state(as_of, span.surely), Stale):
        yield Unseen(unit.url, f"{unit.title}：{span.says}", Blame.PERSON, class_)
    elif isinstance(state, Stale):
        says = f"{why or unit.title}{'：' if why else ' '}{spoken(window)}内没有更新，{newest_of(state, as_of)}"
        yield Finding(unit.url, unit.title, says, unit.shot, age(state, as_of), class_)
    elif isinstance(state, Open):
        yield unseen(unit, state, class_)
    elif span.provisional and state.article.day < span.earliest + NEAR:
        yield Note(f"{unit.title}：{span.says}", unit.url)


def dispute(unit: Unit, as_of: date, window: str, laxer: str) -> Iterator[Note]:
    """A hint where name and ColumnType disagree: stale as the one, fresh as the other."""
    if laxer != window and isinstance(unit.state(as_of, back(as_of, laxer)), Fresh):
        if isinstance(state := unit.state(as_of, back(as_of, window)), Stale):
            says = f"{unit.title} 的名称与栏目类别标签不一致，按较长的期限算没有超期；{spoken(window)}内没有更新，{newest_of(state, as_of)}"
            yield Note(says, unit.url)


def unseen(unit: Unit, state: Open, class_: str | None = None) -> Unseen:
    """A unit that could not be judged."""
    return Unseen(state.at or unit.url, f"{unit.title}：{state.reason}", state.blame, class_)


def newest_of(state: Stale | Fresh, as_of: date) -> str:
    """The newest there is, as a person can look it up."""
    article = state.article if isinstance(state, Fresh) else state.newest
    if article is None:
        return "看过的稿件页都没有写明发布时间"
    day = known_day(article)
    when = f"最新的是 {day} 发布的" if article.day else f"最新的在列表上注明 {day}："
    return f"{when}《{article.title}》，距检查日 {(as_of - day).days} 天，{article.url}"


def age(state: Stale, as_of: date) -> int | None:
    """Days since the newest; None when nothing has a day."""
    return (as_of - known_day(state.newest)).days if state.newest else None
