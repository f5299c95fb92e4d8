"""Where things stand on a site, in the manner of the content system that runs it."""
import hashlib

from estate.plan import Channel, Story


def listing(vendor: str, channel: Channel, page: int = 0) -> str:
    """Address of a column's list; page 0 is the first."""
    n = channel.id
    if vendor == "trs":
        return f"/zwgk/c{n}/" + (f"index_{page}.html" if page else "")
    if vendor == "hanweb":
        return f"/col/col{n}/index.html" + (f"?uid={n}&pageNum={page + 1}" if page else "")
    if vendor == "kaipuyun":
        return f"/c{n}424/list{f'_{page + 1}' if page else ''}.shtml"
    if vendor == "boda":
        return f"/zwgk/lm{n}{f'/{page}' if page else ''}.htm"
    if vendor == "gkmlpt":
        return f"/zwgk/lm{n}/index{f'_{page + 1}' if page else ''}.html"
    return f"/10462/{n}/list{f'_{page + 1}' if page else ''}.shtml"


def article(vendor: str, channel: Channel, story: Story) -> str:
    """Address of an article."""
    day, n, c = story.address_day, story.number, channel.id
    token = hashlib.md5(f"{c}-{n}".encode(), usedforsecurity=False).hexdigest()
    return {
        "trs": f"/zwgk/c{c}/{day:%Y%m}/t{day:%Y%m%d}_{n}.html",
        "hanweb": f"/art/{day.year}/{day.month}/{day.day}/art_{c}_{n}.html",
        "kaipuyun": f"/c{c}424/{day:%Y%m}/c{n}{c}.shtml",
        "boda": f"/info/1{c}/{n}.htm",
        "gkmlpt": f"/zwgk/lm{c}/content/post_7{n}.html",
        "sichuan": f"/10462/{c}/{day.year}/{day.month}/{day.day}/{token}.shtml",
    }[vendor]


def feed(channel: Channel) -> str:
    """Address from which a script draws the rows of a list."""
    return f"/api/rows/{channel.id}.json"


def standing(number: int) -> str:
    """Address of a page of text."""
    return f"/about/{number}.html"
