"""Page labels: the <meta> tags that 国办发〔2017〕47号, annex 网页设计规范, asks for."""
import re
from collections.abc import Iterable

from pytest_govsite.model.page import Label
from pytest_govsite.reading.codes import firm, printed
from pytest_govsite.reading.flow import parse

SITE = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
CONTENT = ("ArticleTitle", "PubDate", "ContentSource")

# what an editor or a template left where the value belongs
PLACEHOLDER = re.compile(
    r"null|undefined|none|nan|n/?a|x{2,}|\?+|[-_.·—/\\|*#]+|无|暂无|空|请选择.*|请输入.*|请填写.*|未填写|未设置"
    r"|[$#]?\{+[^{}]*\}+|<%.*%>|\[!?--.*--\]|\{\$.*|@\w+",
    re.IGNORECASE,
)


def read_labels(html: str, dom: str | None = None) -> tuple[Label, ...]:
    """All <meta> tags with a name and a content, those that the server sent first.

    `html` is the page as sent, `dom` as rendered: what stands only there was written by a script, `sent` is False.
    """
    sent = _read(html)
    if dom is None:
        return tuple(Label(name, content) for name, content in sent)
    known = {(name.lower(), content) for name, content in sent}
    added = [Label(name, content, sent=False) for name, content in _read(dom) if (name.lower(), content) not in known]
    return (*(Label(name, content) for name, content in sent), *added)


def _read(html: str) -> list[tuple[str, str]]:
    tags = []
    for node in parse(html).css("meta[name][content]"):
        name = (node.attributes.get("name") or "").strip()
        if name:
            tags.append((name, (node.attributes.get("content") or "").strip()))
    return tags


def label(labels: Iterable[Label], name: str) -> str:
    """The content of a label, its name in any case; empty when it is missing, empty, or only a placeholder.

    Where a page carries it several times, the first with a content counts, one that the server sent before one that a
    script wrote.
    """
    contents = (tag.content for tag in labels if tag.name.strip().lower() == name.lower())
    return next((content for content in contents if content and not PLACEHOLDER.fullmatch(content)), "")


def missing(labels: Iterable[Label], names: Iterable[str]) -> list[str]:
    """Those of the names that have no content."""
    labels = tuple(labels)
    return [name for name in names if not label(labels, name)]


def foreign_code(labels: Iterable[Label], site_code: str | None, footer_code: str, entry_code: str) -> str:
    """The code in SiteIDCode when it firmly is another site's, else empty (ruling 8).

    Firm is the code of the sites file, or footer and 找错 entry saying the same.
    """
    code = printed(label(labels, "SiteIDCode"))
    own = firm(site_code, footer_code, entry_code)
    return code if code and own and code != own else ""
