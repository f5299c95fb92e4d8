"""The rows of a ledger as Allure results: small files, as few as there are rows, and a picture once however many show it.

Beyond some 30,000 rows those in which nothing was found and those that wait for an inspector are told together, one result
for each site: 80,000 results make more text than Allure can put into one page, and nobody reads them there.
"""
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.report import labels
from pytest_govsite.report.allure3 import telling
from pytest_govsite.report.allure3.judged import Judged
from pytest_govsite.report.allure3.pictures import Album
from pytest_govsite.report.allure3.rules import anchor
from pytest_govsite.report.wording import OUTCOMES, is_web, plain, why
from pytest_govsite.rows import Row

ONE_BY_ONE = 30_000
QUIET = frozenset({Outcome.PASS, Outcome.UNEARNED, Outcome.NOT_APPLICABLE})


def identity(row: Row) -> str:
    """What the row is in every run: `<site>/<edition>/<rule>`, as in the results that allure-pytest writes."""
    return "/".join(row.id)


def address(row: Row, judged: Judged) -> str:
    """What the result is called in which the row is told: by its own identity, or with others of its site."""
    if len(judged.rows) <= ONE_BY_ONE or not _is_quiet(row):
        return identity(row)
    return f"{row.site}/{row.edition}/{row.blame or row.outcome}"


def _is_quiet(row: Row) -> bool:
    told = row.findings or row.notes or row.open
    return not told and (row.outcome in QUIET or row.blame is Blame.PERSON)


def place_of(row: Row, judged: Judged) -> str:
    """Id of the row's page in the report: Allure 3 takes the MD5 of a result's uuid."""
    return md5(address(row, judged))


def md5(text: str) -> str:
    """As allure-pytest has it, for its history to go on."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def write(folder: Path, judged: Judged, album: Album) -> None:
    """Writes the results, a file each."""
    told: dict[str, list[Row]] = defaultdict(list)
    for row in judged.rows:
        told[address(row, judged)].append(row)
    for uuid, rows in told.items():
        alone = uuid == identity(rows[0])
        value = result(rows[0], judged, album) if alone else together(uuid, rows, judged)
        (folder / f"{value['historyId']}-result.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def result(row: Row, judged: Judged, album: Album) -> dict[str, Any]:
    """The object of one file. Times in milliseconds since 1970."""
    known = judged.rule(row)
    stop = round(row.found_at.timestamp() * 1000)
    value = {
        **_named(identity(row)), "name": labels.title(row.rule, known[2] if known else None), "status": labels.status(row),
        "start": stop - round(row.took * 1000), "stop": stop,
        "labels": [{"name": name, "value": text} for name, text in _labels(row, judged).items()],
        "links": list(_links(row, judged)), "attachments": list(album.attachments(row)),
    }
    words, more = telling.message(row), telling.description(row, judged)
    return value | ({"statusDetails": {"message": words}} if words else {}) | ({"descriptionHtml": more} if more else {})


def together(uuid: str, rows: Sequence[Row], judged: Judged) -> dict[str, Any]:
    """The object for rows of one site of which there is nothing more to say than which they are."""
    stop = max(round(row.found_at.timestamp() * 1000) for row in rows)
    word = labels.category(rows[0]) or OUTCOMES[rows[0].outcome]
    stands = {name: text for name, text in _labels(rows[0], judged).items() if name not in ("epic", "feature", "severity")}
    lines = Markup().join(map(Markup("<li>{}</li>").format, (_line(row, judged) for row in rows)))
    return {
        **_named(uuid), "name": f"{word}：{len(rows)} 条规则", "status": labels.status(rows[0]), "start": stop, "stop": stop,
        "labels": [{"name": name, "value": text} for name, text in stands.items()], "links": [],
        "descriptionHtml": str(Markup("<ol>{}</ol>").format(lines)),
    }


def _line(row: Row, judged: Judged) -> str:
    known = judged.rule(row)
    reason = f"（{why(row)}）" if row.outcome is Outcome.NOT_APPLICABLE else ""
    return labels.title(row.rule, known[2] if known else None) + reason


def _named(uuid: str) -> dict[str, str]:
    return {"uuid": uuid, "historyId": md5(uuid), "testCaseId": md5(uuid), "fullName": uuid}


def _labels(row: Row, judged: Judged) -> dict[str, str]:
    known = judged.rule(row)
    found = labels.rule_labels(*known) if known else {"epic": row.level1, "feature": row.level2}
    found.pop("story", None)  # the name says it
    return found | {
        "parentSuite": judged.group(row.site), "suite": suite(row, judged), "subSuite": judged.table(row.edition),
        labels.CATEGORY: labels.category(row) or OUTCOMES[row.outcome],
    }


def suite(row: Row, judged: Judged) -> str:
    """The site, and how it fared."""
    card = judged.card(row.site, row.edition)
    name = judged.site(row.site)
    return f"{name}（{plain(card['verdict'])}）" if card and not judged.several_editions else name


def _links(row: Row, judged: Judged) -> Iterator[dict[str, str]]:
    subject = judged.subjects.get(row.site)
    if subject and subject.url and is_web(subject.url):
        yield {"type": "link", "url": subject.url, "name": judged.site(row.site)}
    if judged.rule(row):
        yield {"type": "tms", "url": f"rules.html#{anchor(row.edition, row.rule)}", "name": f"规则 {row.rule}"}
