"""From the pages of a crawl to the columns of a site: name, place, category, and what is a part of what."""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pytest_govsite.gather.crawl import Crawled
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.seen import Seen, clean, is_generic
from pytest_govsite.gather.spots import FORMS, NAMED, Spot
from pytest_govsite.model.columns import ColumnKind
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.site import Registered, Site
from pytest_govsite.reading.blankness import blank_words
from pytest_govsite.reading.categories import category_of, is_year
from pytest_govsite.reading.lists import Row

# categories whose columns are divided by departments, and those whose pages of text belong to one whole
DIVIDED = frozenset({"动态要闻", "通知公告", "政策文件", "政策解读", "数据发布"})
STAND_FOR_ALL = frozenset({"领导信息", "机构职能", "概况信息"})
DEEPEST = 8
MOST = 600
SHORT_TEXT = 200  # characters that a page may say and still only lead on to others
EXCERPT = 0.8  # of the rows of a page that stand in a longer list: it only shows the beginning of that list
SAME_ROWS = 3  # rows that two lists must share, all of them, to be the same list


@dataclass
class Draft:
    """A column under construction. keys: of all addresses that lead to it; parent: the draft that it hangs under."""

    spot: Spot
    page: Seen | Missing
    name: str
    url: str
    keys: set[str]
    path: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    kind: ColumnKind = "unknown"
    folded: str = ""
    blank: str = ""
    doubt: Missing | None = None
    on_home: bool = False
    registered: Registered | None = None
    parent: "Draft | None" = field(default=None, repr=False)
    shot: str | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.page.rows if isinstance(self.page, Seen) and self.kind == "list" else ()

    @property
    def category(self) -> str:
        return self.categories[0] if self.categories else ""


def draft_columns(crawled: Crawled, site: Site, linked_at_home: frozenset[str]) -> list[Draft]:
    """The columns in the order of discovery, those of other hosts last; see complete() for what is still missing."""
    drafts = _distinct(crawled)
    _place(drafts, crawled, site)
    for draft in drafts:
        draft.on_home = draft.spot.on_home or bool(draft.keys & linked_at_home)
        draft.kind = _kind(draft, crawled, drafts)
    drafts = [draft for draft in drafts if not _is_stray(draft)]
    drafts += [_outside(spot) for spot in crawled.atlas.outside.values()]
    _categorise(drafts)
    drafts = [draft for draft in drafts if draft.kind != "outside" or draft.category or draft.registered or len(draft.path) > 1]
    return [draft for draft in drafts if not _is_too_deep(draft)][:MOST]


def complete(drafts: list[Draft], site: Site) -> list[Draft]:
    """The same once blank ones are known: what is a part of what, what the sites file says, what it names and nobody found."""
    _fold(drafts)
    return _registered(drafts, site)


def _distinct(crawled: Crawled) -> list[Draft]:
    """One draft a page: addresses that lead to the same one are merged, the home page is none."""
    drafts: list[Draft] = []
    owners: dict[str, Draft] = {}
    for spot in sorted(crawled.atlas.spots.values(), key=lambda spot: (spot.depth, spot.rank)):
        page = crawled.pages.get(spot.key) or _unseen(crawled, spot)
        key = page.key if isinstance(page, Seen) else spot.key
        if key == crawled.atlas.home or spot.form == "map":
            continue
        if known := owners.get(key) or owners.get(spot.key):
            _merge(known, spot)
        else:
            url = page.final_url if isinstance(page, Seen) else spot.url
            drafts.append(Draft(spot, page, _name(spot, page), url, {key, spot.key}, registered=spot.registered))
        owners.setdefault(key, known or drafts[-1])
        owners.setdefault(spot.key, known or drafts[-1])
    return drafts


def _unseen(crawled: Crawled, spot: Spot) -> Missing:
    """Why nobody went there: the crawl ended before, or it hangs deeper than the crawl goes."""
    return replace(crawled.stopped, url=spot.url) if crawled.stopped else Missing(Reason.NOT_REACHED, "超出抓取深度", spot.url)


def _is_too_deep(draft: Draft) -> bool:
    """Deeper than the crawl goes, and of no category whose columns are judged together with all below them."""
    unseen = isinstance(draft.page, Missing) and draft.page.reason is Reason.NOT_REACHED
    return unseen and draft.kind == "unknown" and draft.category not in DIVIDED


def _merge(draft: Draft, spot: Spot) -> None:
    """A second address of the same page; where the page says its name, the address called so names the column."""
    draft.keys.add(spot.key)
    draft.spot.on_home = draft.spot.on_home or spot.on_home
    draft.registered = draft.registered or spot.registered
    said = {draft.page.column_name, *(name for name, _ in draft.page.trail[-1:])} if isinstance(draft.page, Seen) else set()
    if spot.name in said and draft.name not in said:
        draft.name = spot.name


def _name(spot: Spot, page: Seen | Missing) -> str:
    """What navigation calls it, else its ColumnName, its place in the breadcrumb, its title."""
    if not is_generic(spot.name):
        return spot.name
    if isinstance(page, Missing):
        return next((name for name in spot.names if not is_generic(name)), spot.name)
    told = (page.column_name, *(name for name, _ in page.trail[-1:]), page.title.split("-")[0].split("_")[0])
    return next((clean(name) for name in told if not is_generic(clean(name))), spot.name)


def _place(drafts: list[Draft], crawled: Crawled, site: Site) -> None:
    """Gives every draft its path, by breadcrumb where there is one, else by where its link was found."""
    by_key = {key: draft for draft in drafts for key in draft.keys}
    heads = {draft.name: draft for draft in reversed(drafts) if draft.spot.depth == 1 and not draft.spot.under}
    for draft in drafts:
        draft.path = _path(draft, by_key, heads, site, frozenset())
    by_path = {draft.path: draft for draft in reversed(drafts)}
    for draft in drafts:
        above = by_path.get(draft.path[:-1]) or _above_in_trail(draft, by_key) or by_key.get(draft.spot.parent)
        draft.parent = above if above is not draft else None


def _path(draft: Draft, by_key: dict, heads: dict, site: Site, passed: frozenset[str]) -> tuple[str, ...]:
    if draft.path:
        return draft.path
    trail = _trail(draft, site)
    if trail:
        return _bounded((*trail, draft.name))
    above = heads.get(draft.spot.under) or by_key.get(draft.spot.parent)
    if above and above is not draft and draft.spot.key not in passed:
        return _bounded((*_path(above, by_key, heads, site, passed | {draft.spot.key}), draft.name))
    return _bounded((draft.spot.under, draft.name) if draft.spot.under else (draft.name,))


def _trail(draft: Draft, site: Site) -> tuple[str, ...]:
    """The names above it in its breadcrumb."""
    trail = draft.page.trail if isinstance(draft.page, Seen) else ()
    names = [name for name, _ in trail if name != site.name]
    if names and _is_itself(draft, *trail[-1]):
        names = names[:-1]
    return tuple(names)


def _is_itself(draft: Draft, name: str, url: str) -> bool:
    """The last step of a breadcrumb is the page itself."""
    own = draft.name.replace(" ", "")
    step = name.replace(" ", "")
    return not url or key_of(url) in draft.keys or step in own or own in step or name == draft.page.column_name


def _above_in_trail(draft: Draft, by_key: dict[str, Draft]) -> Draft | None:
    trail = draft.page.trail if isinstance(draft.page, Seen) else ()
    above = (by_key.get(key_of(url)) for _, url in reversed(trail) if url)
    return next((one for one in above if one and one is not draft), None)


def _bounded(path: tuple[str, ...]) -> tuple[str, ...]:
    """Names without repetitions, the deepest kept."""
    names = [name for place, name in enumerate(path) if name and (place == 0 or name != path[place - 1])]
    return tuple(names[-DEEPEST:])


def _kind(draft: Draft, crawled: Crawled, drafts: list[Draft]) -> ColumnKind:
    page = draft.page
    if isinstance(page, Missing):
        return "unknown"
    if not crawled.atlas.scope.owns(page.final_url) and not draft.registered:
        return "outside"
    if page.rows:
        return "channel" if _shows_others_list(draft, drafts) else "list"
    if page.titled:
        return "text"
    return _kind_without_list(draft, page, crawled, drafts)


def _shows_others_list(draft: Draft, drafts: list[Draft]) -> bool:
    """Its rows are the first of a longer list that a column below it has."""
    rows = {key_of(row.url) for row in draft.page.rows}
    below = (one.page.rows for one in drafts if one.parent is draft and isinstance(one.page, Seen))
    longer = (more for more in below if len(more) > len(rows) and draft.page.paging.pages <= 1)
    return any(len(rows.intersection(key_of(row.url) for row in more)) >= EXCERPT * len(rows) for more in longer)


def _kind_without_list(draft: Draft, page: Seen, crawled: Crawled, drafts: list[Draft]) -> ColumnKind:
    content = crawled.content(page)
    draft.blank = blank_words(content, draft.name)
    if draft.blank and not any(one.parent is draft for one in drafts):
        draft.doubt = page.unsettled
        return "list"
    draft.blank = ""
    waiting = Missing(Reason.NOT_REACHED, f"页面还在加载：{content.waits}"[:80], page.url) if content.waits else None
    draft.doubt = page.unsettled or waiting
    if content.forms:
        return "form"
    if content.embedded and not content.lines:
        return "outside"
    leads_on = content.menu or content.links or any(one.parent is draft for one in drafts)
    return "channel" if leads_on and len("".join(content.lines)) < SHORT_TEXT else "text"


def _is_stray(draft: Draft) -> bool:
    """A link in running text that did not turn out to lead to a column."""
    if FORMS.index(draft.spot.form) <= NAMED:
        return False
    return draft.kind in ("text", "unknown", "outside", "form") or bool(draft.blank)


def _outside(spot: Spot) -> Draft:
    path = (spot.under, spot.name) if spot.under else (spot.name,)
    draft = Draft(spot, Missing(Reason.NOT_REACHED, "", spot.url), spot.name, spot.url, {spot.key}, path, kind="outside")
    draft.on_home = spot.on_home
    return draft


def _categorise(drafts: Iterable[Draft]) -> None:
    for draft in drafts:
        type_ = draft.page.column_type if isinstance(draft.page, Seen) else ""
        categories = category_of(draft.name, type_, draft.path[:-1])
        if not categories and isinstance(draft.page, Seen):
            categories = category_of(draft.page.column_name, "", draft.path[:-1])
        draft.categories = categories


def _fold(drafts: list[Draft]) -> None:
    """What is only a part of another column: years, departments, further pages, a list under two addresses."""
    pages = {key_of(url): one for one in drafts if isinstance(one.page, Seen) for url in one.page.paging.next}
    for draft in drafts:
        whole = pages.get(draft.spot.key)
        if whole and whole is not draft:
            draft.folded = whole.url
        elif is_year(draft.name):
            draft.folded = _whole_of_year(draft, drafts)
        elif draft.parent and _is_department(draft, draft.parent):
            draft.folded = draft.parent.url
    for same in _same_lists(drafts):
        _fold_same(same)


def _whole_of_year(draft: Draft, drafts: list[Draft]) -> str:
    """The column that a year belongs to; where there is none, the latest year of them."""
    if draft.parent and not is_year(draft.parent.name):
        return draft.parent.url
    years = [one for one in drafts if is_year(one.name) and one.path[:-1] == draft.path[:-1]]
    latest = max(years, key=lambda one: one.name)
    return "" if latest is draft else latest.url


def _is_department(draft: Draft, parent: Draft) -> bool:
    """Its category comes from its type or its place alone, and the column above is of that category.

    A blank one stands for itself: whoever follows the link finds nothing.
    """
    divided = STAND_FOR_ALL if draft.kind == "text" else DIVIDED
    if draft.blank or draft.doubt or draft.kind in ("outside", "form"):
        return False
    if draft.category not in divided or category_of(draft.name):
        return False
    return parent.category == draft.category and parent.url != draft.url


def _same_lists(drafts: list[Draft]) -> Iterator[list[Draft]]:
    by_rows: dict[tuple[str, ...], list[Draft]] = {}
    for draft in drafts:
        rows = tuple(key_of(row.url) for row in draft.rows)
        if len(rows) >= SAME_ROWS and not draft.folded:
            by_rows.setdefault(rows, []).append(draft)
    return (same for same in by_rows.values() if len(same) > 1)


def _fold_same(same: list[Draft]) -> None:
    """The one with a category, the deepest, the first found stands for all."""
    best = min(same, key=lambda draft: (draft.registered is None, not draft.category, -len(draft.path)))
    for draft in same:
        if draft is not best and draft.registered is None:
            draft.folded = best.url


def _registered(drafts: list[Draft], site: Site) -> list[Draft]:
    """What the sites file says of columns counts; those that nobody found are named as well."""
    for column in site.columns:
        draft = next((one for one in drafts if one.registered == column), None) or _match(drafts, column)
        if draft is None:
            draft = _unfound(column)
            drafts.append(draft)
        draft.registered, draft.folded = column, ""
        draft.name = column.path[-1] if column.path else draft.name
        draft.path = column.path if len(column.path) > 1 else (*draft.path[:-1], draft.name)
        if column.category:
            draft.categories = tuple(dict.fromkeys((column.category, *draft.categories)))
    return drafts


def _match(drafts: list[Draft], column: Registered) -> Draft | None:
    """The column of that address, else the highest one of that path."""
    if column.url:
        return next((draft for draft in drafts if key_of(column.url) in draft.keys), None)
    wanted = _plain(column.path)
    fitting = [draft for draft in drafts if wanted and _plain(draft.path)[-len(wanted):] == wanted]
    return min(fitting, key=lambda draft: (bool(draft.registered), len(draft.path)), default=None)


def _plain(path: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.replace(" ", "") for name in path)


def _unfound(column: Registered) -> Draft:
    url = column.url or ""
    missing = Missing(Reason.NO_PAGES, "sites.toml 登记的栏目在网站上没有找到", url, Blame.PERSON)
    name = column.path[-1] if column.path else column.name
    return Draft(Spot(url, key_of(url), name, "registered"), missing, name, url, {key_of(url)}, column.path)
