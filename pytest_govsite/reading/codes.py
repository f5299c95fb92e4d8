"""The site code (政府网站标识码): which one is printed, and which one is firmly the site's own."""
import re

CODE = re.compile(r"(?<![0-9A-Za-z])(?:bm\d{8}|\d{10})(?!\d)", re.IGNORECASE)


def printed(text: str) -> str:
    """The first site code in a text, in lower case; empty when there is none.

    Ten digits for local sites, `bm` and eight digits for bodies under the State Council.
    """
    found = CODE.search(text)
    return found.group().lower() if found else ""


def firm(known: str | None, *witnesses: str) -> str:
    """The site's own code where that is beyond doubt, else empty.

    Beyond doubt is what the sites file says, or what two places of the page say alike: a single place may be
    the very one that a template got wrong.
    """
    if known:
        return printed(known)
    codes = {printed(text) for text in witnesses}
    return codes.pop() if len(codes) == 1 and len(witnesses) > 1 else ""
