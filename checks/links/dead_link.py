"""Links that lead nowhere."""
from pytest_govsite import Blame, Finding, Home, Links, NotApplicable, Note, Unseen, check

FORMS = {"image": "图片", "attachment": "附件", "frame": "嵌入的页面"}
MANY = 10  # odd links that are named


@check("dead-link")
def check_dead_link(links: Links, home: Home, *, pages: str = "home"):
    """A link on the pages in question leads nowhere.

    Counts        each distinct address once: pages, pictures, attachments and frames. `pages` says whose links: home,
                  other, or any. The class of a finding is home or other. An address counts when plain HTTP fails twice
                  and Chromium does not open it either, or as one of many equal ones of its host that Chromium met.
    Excuses       an address that exists but may not be read by us: login, anti-bot wall; a link that opens and leads to
                  a stranger's front page or a domain for sale: a note.
    Undetermined  every link that could not be tried from here, when fewer than nine in ten could be; pages whose links
                  nobody has tried, or not in time.

    A home page that only leads to columns hands its place to the pages behind it, as the tables say.
    """
    if home.doorway and pages == "other":
        raise NotApplicable("首页仅为栏目导航，其他页面的链接已按首页评定")
    for depth in {"home": [1, 2] if home.doorway else [1], "other": [2], "any": [1, 2]}[pages]:
        place = "home" if depth == 1 or home.doorway else "other"
        yield from _judge(links.within(depth), place)
        yield from _gaps(links, depth, home.page.url, place)


def _judge(links, place):
    for link in links:
        if link.state == "dead":
            yield Finding(link.page, link.url, f"{_name(link)}打不开：{link.why}{_beside(link)}", link.shot, class_=place)
    unknown = [link for link in links if link.state == "unknown"]
    if len(unknown) * 10 > len(links):
        yield from (Unseen(link.url, f"链接能否打开无法判断：{link.why}", Blame.VANTAGE) for link in unknown)
    elif unknown:
        yield Note(f"有 {len(unknown)} 个链接能否打开无法判断，如 {unknown[0].url}（{unknown[0].why}）", unknown[0].page)
    odd = [link for link in links if link.odd]
    yield from (Note(f"{_name(link)}能打开，但{link.odd}，请核实：{link.url}", link.page) for link in odd[:MANY])


def _name(link):
    form = FORMS.get(link.form, "链接")
    return f"{form}“{link.text}”" if link.text else form


def _beside(link):
    """Where else it stands, and who has looked."""
    looked = "" if link.confirmed else "（同一主机另有多个同样的结果，已用浏览器复核）"
    return f"{looked}；共 {link.places} 个页面有这个链接" if link.places > 1 else looked


def _gaps(links, depth, url, place):
    stopped, seen = links.stopped, links.within(depth)
    if depth == 1 and not seen:
        yield Unseen(url, "首页上没有可查的链接", Blame.SITE)
    if depth == 1:
        return
    if not seen and not links.pages:
        why = stopped.says if stopped else "待检查人员核定"
        yield Unseen(url, f"其他页面的链接没有逐个打开：{why}", stopped.blame if stopped else Blame.PERSON)
    elif stopped:
        yield Unseen(url, stopped.says, stopped.blame, place, several=True)
    if links.of > len(seen) > 0:
        yield Note(f"其他 {links.pages} 个页面共有 {links.of} 个不同的链接，按种子抽查了 {len(seen)} 个")
