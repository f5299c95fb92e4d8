"""The further pages of a list: their addresses, and how many pages the list says it has."""
import re
from dataclasses import dataclass

from pytest_govsite.reading.addresses import bare_host, host_of, resolve
from pytest_govsite.reading.list_links import address_of, texts_in
from pytest_govsite.reading.list_pieces import CDATA, Piece, grow

MOST = 20  # addresses
MOST_PAGES = 99_999
CALL = re.compile(r"\b(?:create\w{0,12}page\w{0,8}|page_?html|createNav\w{0,8})\s*\(([^()]{5,300})\)", re.IGNORECASE)
COUNT = re.compile(
    r"\b(?:countPages?|pageCount|totalPages?|maxPages?|nPageCount|m_nPageCount)[\"']?\s*[:=]\s*[\"']?(\d{1,5})\b"
)
CURRENT = re.compile(r"\bcurrentPage\s*=\s*[\"']?(\d{1,5})\b")
INDEXED = re.compile(r"[\"'](?:\./)?([A-Za-z][\w-]{0,40})[\"']?\s*\+\s*[\"']_[\"']|[\"'](?:\./)?([A-Za-z][\w-]{0,40})_[\"']\s*\+")
FROM_ONE = re.compile(  # if (i == 1) 'index.html' else 'index_' + i + '.html': the second page is index_2
    r"\b(\w{1,30})\s*={2,3}\s*[\"']?1[\"']?\s*\)[^;]{0,200}[\"'](?:\./)?[\w-]{1,40}\.s?html?[\"']\s*;?\s*\}?\s*else[^;]{0,200}"
    r"_[\"']\s*\+\s*\1\s*\+"
)
RECORDS = re.compile(r"\btotal_?Records?[\"']?\s*[:=]\s*[\"']?(\d{1,7})\b|<totalrecord>(\d{1,7})</totalrecord>", re.IGNORECASE)
PER_PAGE = re.compile(r"\b(?:perPage|pageSize)[\"']?\s*[:=]\s*[\"']?(\d{1,4})\b", re.IGNORECASE)
NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[[^\]]{0,40}?href=[\"']([^\"'\]]{5,1500})[\"']")
GROUP_PAGE = re.compile(r"([?&]page=)(\d{1,4})\b")
SAYS = (
    re.compile(r"共\s*[:：]?\s*(\d{1,5})\s*页"), re.compile(r"(?:第|页次[:：]?|当前)?\s*\d{1,5}\s*/\s*(\d{1,5})(?:\s*页|$)"),
    re.compile(r"总页数\s*[:：]?\s*(\d{1,5})"),
)
NEXT = re.compile(r"^\W*(?:下一?页|后一?页|next|>{1,2}|»|›)\W*$", re.IGNORECASE)
END = re.compile(r"^\W*(?:尾页|末页|最后一?页|last)\W*$", re.IGNORECASE)
WORDED = re.compile(r"^\W*(?:下一?页|后一?页|next|尾页|末页|最后一?页|last|上一?页|首页|prev)\W*$", re.IGNORECASE)
PAGED = re.compile(r"pag(?:e|ing|ination|er)|fenye|digg|(?:^|[\s_])p_", re.IGNORECASE)
LONGEST_TEXT = 120


@dataclass(frozen=True)
class Paging:
    """The further pages of a list. next: addresses of the pages after this one, in order, at most 20, as far as they are
    known; pages: how many pages there are in all, 0 when the page does not say.
    """

    next: tuple[str, ...] = ()
    pages: int = 0


def read_paging(html: str, base_url: str) -> Paging:
    """How a list goes on: by links, or by the script that would write them.

    Known: createPageHTML of TRS (index_1 is the second page) and of Kaipuyun (list_2 is), countPage in a script, Hanweb's
    data store, numbered links, 下一页, and Boda's falling numbers. A pager that only a script can turn has pages but no next.
    """
    scripted = _by_call(html, base_url) or _by_count(html, base_url)
    if scripted is not None and scripted.next:
        return scripted
    linked = _by_links(grow(html), base_url)
    if linked.next:
        return Paging(linked.next, max(linked.pages, scripted.pages if scripted else 0))
    grouped = _by_groups(html, base_url)
    pages = max(linked.pages, grouped.pages, scripted.pages if scripted else 0)
    return Paging(grouped.next, pages)


def _by_call(html: str, base_url: str) -> Paging | None:
    """createPageHTML(29, 0, "index", "html") counts from 0; createPageHTML('id', 29, 1, 'list', 'html', 289) from 1."""
    for call in CALL.finditer(html):
        words = [word.strip().strip("'\"").strip() for word in call[1].split(",")]
        shift = 1 if words and not words[0].isdecimal() and len(words) >= 5 else 0
        words = words[shift:]
        if len(words) < 4 or not (words[0].isdecimal() and words[1].isdecimal()) or not words[2]:
            continue
        count, current, name, ending = int(words[0]), int(words[1]), words[2], words[3].lstrip(".")
        first = 0 if not shift else 1
        numbers = range(max(current, first) + 1, min(count + first, current + first + MOST + 1))
        written = (f"{name}_{number}.{ending}" for number in numbers)
        return _paging(base_url, written, min(count, MOST_PAGES))
    return None


def _by_count(html: str, base_url: str) -> Paging | None:
    """var countPage = 29 with index_1, index_2… put together in the same script: index_1 is the second page, unless the
    script says that the first is no index_1.
    """
    counted = COUNT.search(html)
    if not counted:
        return None
    count, around = int(counted[1]), html[max(0, counted.start() - 3000):counted.end() + 3000]
    named, current = INDEXED.search(around), CURRENT.search(around)
    if not named or count < 2:
        return Paging((), count)
    ending = re.search(r"\.(s?html?)[\"']|[\"']\.?(s?html?)[\"']", around)
    suffix = (ending[1] or ending[2]) if ending else "html"
    first = 1 if FROM_ONE.search(around) else 0
    start = max(int(current[1]) if current else 0, first)
    written = (f"{named[1] or named[2]}_{number}.{suffix}" for number in range(start + 1, min(count + first, start + MOST + 1)))
    return _paging(base_url, written, count)


def _by_groups(html: str, base_url: str) -> Paging:
    """Hanweb: the data store names the address of the next group of rows."""
    total, per_page = RECORDS.search(html), PER_PAGE.search(html)
    records = int(total[1] or total[2]) if total else 0
    size = int(per_page[1]) if per_page else 0
    pages = -(-records // size) if records and size else 0
    found = NEXT_GROUP.search(html) if CDATA in html else None
    if not found:
        return Paging((), pages)
    address, here = found[1].replace("&amp;", "&"), html.count("<record>")
    number = GROUP_PAGE.search(address)
    groups = -(-(records - here) // here) if records > here > 0 else 1
    if not number or groups < 2:
        return _paging(base_url, [address], pages)
    numbers = range(int(number[2]), int(number[2]) + min(groups, MOST))
    written = (address[:number.start(2)] + str(n) + address[number.end(2):] for n in numbers)
    return _paging(base_url, written, pages)


def _paging(base_url: str, written, pages: int) -> Paging:
    host = bare_host(host_of(base_url))
    addresses = dict.fromkeys(resolve(base_url, one) for one in written)
    kept = [one for one in addresses if one and bare_host(host_of(one)) == host and one != base_url]
    return Paging(tuple(kept[:MOST]), pages)


def _by_links(pieces: list[Piece], base_url: str) -> Paging:
    """Numbered links and 下一页 that stand together."""
    said = [(piece, "".join(text.text for text in texts_in(piece, 5)) or piece.attributes.get("title", ""))
            for piece in pieces if piece.tag == "a"]
    boxes = {above.place for piece, text in said if len(text) <= 12 and WORDED.match(text) for above in piece.up(3)}
    pages = _said_pages(pieces, boxes)
    numbered: dict[int, str] = {}
    following, last = "", ""
    for piece, text in said:
        url = resolve(base_url, address_of(piece)) if len(text) <= 12 and _in_pager(piece, boxes) else ""
        if not url or host_of(url) != host_of(base_url):
            continue
        if re.fullmatch(r"\W*\d{1,5}\W*", text):
            numbered.setdefault(int(re.sub(r"\W", "", text)), url)
        following = following or (url if NEXT.match(text) else "")
        last = url if END.match(text) else last
    if not boxes and len(numbered) < 2:
        return Paging((), pages)
    return _in_order(numbered, following, last, pages, base_url)


def _in_pager(piece: Piece, boxes: set[int]) -> bool:
    return any(above.place in boxes or PAGED.search(above.names) for above in [piece, *piece.up(3)])


def _said_pages(pieces: list[Piece], boxes: set[int]) -> int:
    """The number of pages that a text tells: 共29页, 1/29."""
    for piece in pieces:
        if piece.text and len(piece.text) <= LONGEST_TEXT:
            for form in SAYS:
                found = form.search(piece.text)
                if found and 0 < int(found[1]) <= MOST_PAGES and ("页" in piece.text or _in_pager(piece, boxes)):
                    return int(found[1])
    return 0


def _in_order(numbered: dict[int, str], following: str, last: str, pages: int, base_url: str) -> Paging:
    here = next((number for number, url in numbered.items() if url == base_url), 1)
    known = {number: url for number, url in numbered.items() if number > here}
    if following:
        known.setdefault(here + 1, following)
    pages = max([pages, *numbered])
    if last and pages > here:
        known.setdefault(pages, last)
    pattern = _pattern(known)
    if pattern:
        pages = max(pages, _number_of(last, pattern)) if last else pages
        known |= {n: url for n in range(here + 1, min(pages, here + MOST) + 1) if (url := known.get(n) or pattern(n))}
    if last and not pattern:
        known = {number: url for number, url in known.items() if number <= here + 1 or number in numbered}
    return _paging(base_url, [known[number] for number in sorted(known)], pages)


def _pattern(known: dict[int, str]):
    """How the number of a page goes into its address, told by two of them: rising, or falling as with Boda."""
    numbers = sorted(known)[:2]
    if len(numbers) < 2:
        return None
    one, other = known[numbers[0]], known[numbers[1]]
    for first in re.finditer(r"\d{1,5}", one):
        head, tail = one[:first.start()], one[first.end():]
        second = other[len(head):len(other) - len(tail)] if tail else other[len(head):]
        if not (other.startswith(head) and other.endswith(tail) and second.isdecimal() and second != first.group()):
            continue
        step = (int(second) - int(first.group())) // (numbers[1] - numbers[0])
        if step in (1, -1) and not (len(first.group()) > 1 and first.group()[0] == "0"):
            start = int(first.group()) - step * numbers[0]
            return lambda n: f"{head}{start + step * n}{tail}" if start + step * n > 0 else ""
    return None


def _number_of(last: str, pattern) -> int:
    """The number of the page that the link to the last page leads to; 0 when it fits no number."""
    return next((n for n in range(2, 3000) if pattern(n) == last), 0)
