"""Which columns a rule charges as one."""
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pytest_govsite.model.columns import Column, Columns
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.reading.categories import category_of
from pytest_govsite.upkeep.freshness import NOTHING_READ, Fresh, Open, State, freshness
from pytest_govsite.upkeep.sections import sections
from pytest_govsite.windows import back

NEWS = "动态要闻"
NO_LIST = "不是信息列表，看不出更新日期"
GONE = ("HTTP 404", "HTTP 410")


@dataclass(frozen=True)
class Unit:
    """Columns that are charged as one.

    heads    what findings name; members: all whose news counts, the heads among them.
    called   the name, where it is not that of the heads.
    """

    heads: tuple[Column, ...]
    members: tuple[Column, ...]
    called: str = ""

    @property
    def title(self) -> str:
        """Names from the first level down, those of siblings joined: 政务公开 > 规章、规范性文件."""
        if self.called or len(self.heads) == 1:
            return self.called or self.heads[0].title
        names = "、".join(dict.fromkeys(head.name for head in self.heads))
        return " > ".join((*self.heads[0].path[:-1], names))

    @property
    def url(self) -> str:
        return self.heads[0].url

    @property
    def shot(self) -> str | None:
        return next((head.shot for head in self.heads if head.shot), None)

    @property
    def owner(self) -> str | None:
        return next((head.owner for head in self.heads if head.owner), None)

    def state(self, as_of: date, earliest: date) -> State:
        """Fresh when any member is; stale only when nothing in any of them may be new."""
        lists = [member.listing for member in self.members if has_list(member)]
        told = freshness(lists, as_of, earliest) if lists else None
        if isinstance(told, Fresh):
            return told
        hidden = next((gap for member in self.members if (gap := _hidden(member))), None)
        return hidden or told or Open(NO_LIST, Blame.PERSON, self.url)


def has_list(column: Column) -> bool:
    """Rows of its own were seen, or may be there."""
    return column.kind in ("list", "channel") and bool(column.listing.articles or column.listing.doubt)


def is_gone(gap: Missing | None) -> bool:
    """The page is firmly not there: no visitor finds anything on it, old or new."""
    return gap is not None and gap.reason is Reason.HTTP_ERROR and gap.detail.startswith(GONE)


def matters(column: Column) -> bool:
    """Its news can be judged, or would have to be."""
    return has_list(column) or _hidden(column) is not None


def _hidden(column: Column) -> Open | None:
    """Why a column may hold news that nobody could see. One that is firmly gone holds none for any visitor."""
    gap = column.unread or column.doubt
    if is_gone(gap):
        return None
    if column.kind == "unknown" or (column.kind == "list" and not has_list(column) and not column.blank):
        return Open(gap.says, gap.blame, column.url) if gap else Open(NOTHING_READ, Blame.SITE, column.url)
    return None


def units(columns: Columns, category: str) -> tuple[Unit, ...]:
    """The units of one category.

    News: each column that is called so and has a list of its own, but not one that only repeats the lists below it.
    Other categories: the topmost column with all below it; siblings under one parent that is not the home page together.
    """
    found = _news(columns) if category == NEWS else _subtrees(columns, category)
    return tuple(unit for unit in found if any(matters(member) for member in unit.members))


def together(columns: Columns, category: str) -> Unit | None:
    """All columns of a category as one unit under its name; None when there are none whose news could be judged."""
    heads = tuple(column for column in columns.columns if category in (column.category, *column.also))
    members = distinct(each for head in heads for each in (*columns.parts(head), *below(columns, head)))
    return Unit(heads, members, category) if any(map(matters, members)) else None


def below(columns: Columns, head: Column) -> tuple[Column, ...]:
    """All columns of its subtree, and what is folded into them."""
    paths = frozenset(each.path for each in columns.columns)
    inside = [each for each in columns.columns if _lies_under(each, head, paths)]
    return distinct(part for each in inside for part in columns.parts(each))


def named_so(column: Column, category: str) -> bool:
    """Its own name says the category, or the sites file does; not merely the column above it."""
    return column.assigned or category in category_of(name=column.name)


def contested(column: Column) -> tuple[str, ...]:
    """Other categories that its own name or its ColumnType gives it; what only its place would give is no contest."""
    by_name, by_place = category_of(name=column.name), category_of(trail=column.path[:-1])
    return tuple(other for other in column.also if other in by_name or other not in by_place)


def laxest(unit: Unit, window: str, windows: Mapping[str, str], as_of: date) -> str:
    """Where categories of its heads are in contest, the window of them that reaches furthest back."""
    others = [windows[other] for head in unit.heads for other in contested(head) if other in windows]
    return min([window, *others], key=lambda one: back(as_of, one))


def _news(columns: Columns) -> Iterator[Unit]:
    able = [each for each in columns.of(NEWS) if matters(each) and named_so(each, NEWS)]
    counted = [each for each in able if not _repeats(columns, each, able)]
    apart, together = _sectioned(columns, counted)
    for heads, called in (*((twins, "") for twins in _twins(apart)), *together):
        yield Unit(heads, distinct(part for each in heads for part in columns.parts(each)), called)


def _repeats(columns: Columns, column: Column, others: Iterable[Column]) -> bool:
    """Its list shows what the lists below it show: a second address of the same news."""
    lower = {each.url for each in below(columns, column)}
    shown = {row.url for each in others if each.url in lower for row in each.listing.articles}
    return any(row.url in shown for row in column.listing.articles)


def _twins(columns: Iterable[Column]) -> list[tuple[Column, ...]]:
    """Columns under one path, or with the very same rows, are one column at several addresses."""
    groups: list[list[Column]] = []
    for column in columns:
        group = next((group for group in groups if any(_same(one, column) for one in group)), None)
        groups.append([column]) if group is None else group.append(column)
    return [tuple(group) for group in groups]


def _same(one: Column, other: Column) -> bool:
    rows, others = ({row.url for row in each.listing.articles} for each in (one, other))
    return one.path == other.path or bool(rows) and rows == others


def _subtrees(columns: Columns, category: str) -> Iterator[Unit]:
    able = [each for each in columns.of(category) if each.kind not in ("outside", "form")]
    paths = frozenset(each.path for each in columns.columns)
    tops = [each for each in able if not any(_lies_under(each, other, paths) for other in able if other is not each)]
    apart, together = _sectioned(columns, tops)
    families = [tuple(each for each in apart if _family(each) == family) for family in dict.fromkeys(map(_family, apart))]
    for heads, called in (*((family, "") for family in families), *together):
        members = distinct(part for each in heads for part in (*columns.parts(each), *below(columns, each)))
        yield Unit(heads, members, called)


def _sectioned(columns: Columns, heads: list[Column]) -> tuple[list[Column], list[tuple[tuple[Column, ...], str]]]:
    """Those that stand for themselves, and those of several bodies' sections, joined, each with its name."""
    place = sections(columns.columns)
    groups: dict[tuple[str, ...], list[Column]] = {}
    for head in heads:
        if head.url in place and not head.registered:
            groups.setdefault(place[head.url], []).append(head)
    joined = {above: group for above, group in groups.items() if len({each.path for each in group}) > 1}
    taken = {each.url for group in joined.values() for each in group}
    named = [(tuple(group), " > ".join((*above, f"各单位的{group[0].category}"))) for above, group in joined.items()]
    return [head for head in heads if head.url not in taken], named


def _lies_under(column: Column, head: Column, paths: frozenset[tuple[str, ...]]) -> bool:
    """Its path goes through the head. Where breadcrumb and navigation do not agree on what stands above the head, the name
    of the head says it, unless another column stands at that very place."""
    for level, name in enumerate(column.path[:-1], 1):
        if column.path[:level] == head.path or (name == head.name and column.path[:level] not in paths):
            return True
    return False


def _family(column: Column) -> tuple[str, ...]:
    """Siblings below the first level share it; columns of the first level stand for themselves."""
    return column.path[:-1] or column.path


def distinct(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Each address once."""
    return tuple({column.url: column for column in columns}.values())
