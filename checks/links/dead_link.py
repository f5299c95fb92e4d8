"""Links that lead nowhere."""
from pytest_govsite import Blame, Finding, Home, Links, NotApplicable, Note, Unseen, check


@check("dead-link")
def check_dead_link(links: Links, home: Home, *, pages: str = "home"):
    """A link on the pages in question leads nowhere.

    Counts        each distinct address once: pages, pictures, attachments and frames. `pages` says whose links: home,
                  other, or any. The class of a finding is home or other.
    Excuses       an address that exists but may not be read by us: login, anti-bot wall.
    Undetermined  every link that could not be tried from here, when fewer than nine in ten could be; pages whose links
                  nobody has tried.

    A home page that only leads to columns hands its place to the pages behind it, as the tables say.
    """
    if home.doorway and pages == "other":
        raise NotApplicable("首页仅为栏目导航，其他页面的链接已按首页评定")
    for depth in {"home": [1, 2] if home.doorway else [1], "other": [2], "any": [1, 2]}[pages]:
        place = "home" if depth == 1 or home.doorway else "other"
        yield from _judge(links.within(depth), place)
        if not links.within(depth):
            yield _untried(depth, home.page.url)


def _judge(links, place):
    for link in links:
        if link.state == "dead":
            name = f"链接“{link.text}”" if link.text else "链接"
            yield Finding(link.page, link.url, f"{name}打不开：{link.why}", link.shot, class_=place)
    unknown = [link for link in links if link.state == "unknown"]
    if len(unknown) * 10 > len(links):
        yield from (Unseen(link.url, f"链接能否打开无法判断：{link.why}", Blame.VANTAGE) for link in unknown)
    elif unknown:
        yield Note(f"有 {len(unknown)} 个链接能否打开无法判断，如 {unknown[0].url}（{unknown[0].why}）", unknown[0].page)


def _untried(depth, url):
    if depth == 1:
        return Unseen(url, "首页上没有可查的链接", Blame.SITE)
    return Unseen(url, "其他页面的链接没有逐个打开，待检查人员核定", Blame.PERSON)
