"""A closing notice (关停、迁移公告) that stands where the home page was: the site is closed, not stale or faulty."""
import re

from pytest_govsite.reading.text import visible_text

CLOSING = re.compile(r"(?:网站|本站|我站)[^。；\n]{0,30}?(?:已|将|现已)?(?:关停|关闭|停止(?:运行|服务|更新)|整合迁移|迁移至|下线)")
LONGEST = 800  # a notice stands alone; a home page that merely reports one is longer


def read_closing_notice(html: str) -> str:
    """The sentence that says so, bounded to 120 characters; empty when the page is no closing notice."""
    text = " ".join(visible_text(html).split())
    if len(text) > LONGEST:
        return ""
    found = CLOSING.search(text)
    return text[found.start(): found.start() + 120] if found else ""
