"""Allure results of a run: labels, description and attachments of each rule, and results for what pytest never came to."""
import html
import json
import platform
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import allure
import allure_commons
import pytest
from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Label, Link, Status, StatusDetails, TestResult
from allure_commons.types import LabelType, LinkType
from allure_commons.utils import host_tag, md5, now, platform_label, thread_tag, uuid4
from allure_pytest.utils import ALLURE_DESCRIPTION_MARK, ALLURE_LABEL_MARK, ALLURE_LINK_MARK

from pytest_govsite import __version__
from pytest_govsite.model.edition import Edition, Item, Rule
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Subject
from pytest_govsite.report import labels
from pytest_govsite.report.executor import executor
from pytest_govsite.report.wording import BLAMES, is_web, plain, why
from pytest_govsite.rows import Row

# carries the title through allure-pytest, which knows titles of functions only; taken out before a result is written
TITLE = "govsite-title"
BLAME = "govsite-blame"  # likewise, the words with which the message of an open row begins
STYLE = "table{border-collapse:collapse;font:14px sans-serif}td{border:1px solid #ccc;padding:4px;word-break:break-all}"
SHOTS = 10  # of one rule: the number of files decides how long a report takes to build
NOTES = 5  # of one rule; as parameters they cost no file
NOTE = "提示"
DRAWN = ".svg"  # a picture that we drew; what it shows stands as a table in a text file beside it
PAGES = 3  # links of one result to the pages of its findings
THEIRS, OURS = labels.OPEN[Blame.SITE], labels.OPEN[Blame.TOOL]
# what is skipped or broken begins with the words of its blame (Identities); fits Java, JavaScript and Python alike
CATEGORIES = (
    ("单项否决", Status.FAILED, r"[\s\S]*\n单项否决[\s\S]*"),
    ("扣分", Status.FAILED, r"[\s\S]*\n扣分[\s\S]*"),
    *(
        (name, Status.SKIPPED, labels.words_of(name))
        for name in dict.fromkeys(labels.OPEN.values()) if name not in (THEIRS, OURS)
    ),
    (THEIRS, Status.BROKEN, labels.words_of(THEIRS)),
    (OURS, Status.BROKEN, rf"(?!{labels.words_of(THEIRS)})[\s\S]*"),
)


def marks_for(edition: Edition, item: Item, rule: Rule, subject: Subject, doc: str = "") -> list[pytest.MarkDecorator]:
    """The marks from which allure-pytest takes labels, link and description; `doc` is the check's documentation.

    To be asked for only where allure-pytest is loaded, which declares these marks.
    """
    stands = _rule_labels(edition, item, rule) | labels.subject_labels(subject)
    marks = [_label(name, value) for name, value in stands.items()]
    marks.append(_described(_description(edition, rule, doc)))
    return [*marks, _link(subject.url, subject.title)] if subject.url else marks


# a run may have tens of thousands of items; those of one rule or one site share their marks


@cache
def _label(name: str, value: str) -> pytest.MarkDecorator:
    return getattr(pytest.mark, ALLURE_LABEL_MARK)(value, label_type=name)


@cache
def _described(text: str) -> pytest.MarkDecorator:
    return getattr(pytest.mark, ALLURE_DESCRIPTION_MARK)(text)


@cache
def _link(url: str, name: str) -> pytest.MarkDecorator:
    return getattr(pytest.mark, ALLURE_LINK_MARK)(url, link_type=LinkType.LINK, name=name)


def _rule_labels(edition: Edition, item: Item, rule: Rule) -> dict[str, str]:
    return labels.rule_labels(edition, item, rule) | {TITLE: labels.title(rule.key, rule)}


def _description(edition: Edition, rule: Rule, doc: str) -> str:
    fenced = f"\n\n```\n{doc}\n```" if doc else ""
    return f"{rule.summary}\n\n《{edition.title}》 {rule.key}{fenced}"


class Identities:
    """Gives our results an identity that outlives moved checks and folders: `<site>/<edition>/<rule>`.

    allure-pytest would take the path of the check's file. Register it at allure_commons.plugin_manager.
    """

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        ours = {label.name: label.value for label in result.labels if label.name in (TITLE, BLAME)}
        if TITLE in ours:
            result.labels = [label for label in result.labels if label.name not in ours]
            _unquote(result)
            _link_once(result)
            _identify(result, result.fullName.partition("#")[2], ours[TITLE])
            _drop_idle_trace(result)
            _blame(result, ours.get(BLAME, ""))


def _identify(result: TestResult, identity: str, title: str) -> None:
    result.name = title
    result.fullName = identity
    result.testCaseId = result.historyId = md5(identity)
    result.titlePath = identity.split("/")


def _blame(result: TestResult, words: str) -> None:
    """Whose turn it is comes first: by that the categories tell open rows apart."""
    details = result.statusDetails
    if words and details and details.message:
        skipped, sign, reason = details.message.partition("Skipped: ")
        if not reason:
            details.message = f"{words}\n{details.message}"
        elif not skipped and not reason.startswith(words):
            details.message = f"{sign}{words}：{reason}"


def _unquote(result: TestResult) -> None:
    """allure-pytest writes values of parameters as Python would; ours are sentences."""
    for parameter in result.parameters:
        if parameter.name.startswith(NOTE):
            parameter.value = parameter.value[1:-1]


def _link_once(result: TestResult) -> None:
    """The site's own link has its name; the page of a finding may be the same."""
    links = {link.url: link for link in sorted(result.links, key=lambda link: link.name != link.url)}
    result.links = sorted(links.values(), key=lambda link: link.name == link.url)


def _drop_idle_trace(result: TestResult) -> None:
    """A trace that repeats the message, or names the line of ours that skips, helps nobody who repairs a website."""
    details = result.statusDetails
    if details and details.trace and (result.status == Status.SKIPPED or details.trace in details.message):
        details.trace = None


def register(config: pytest.Config) -> None:
    """Switches the identities on for this run."""
    identities = Identities()
    allure_commons.plugin_manager.register(identities)
    config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(identities))


def attach(row: Row, results_folder: Path) -> None:
    """Attaches what was found to the test that is running: a table and the pictures; notes become parameters.

    No file without findings, or a note that has a picture.
    """
    _sort_in(row)
    for number, note in enumerate(row.notes[:NOTES], 1):
        # excluded: what a note says would else make another test of it, without the history
        allure.dynamic.parameter(f"{NOTE} {number}", plain(note.says, 500), excluded=True)
    for page in list(dict.fromkeys(finding.at for finding in row.findings if is_web(finding.at)))[:PAGES]:
        allure.dynamic.link(page, name=plain(page))
    if row.findings:
        allure.attach(_table(row), name=f"发现（{len(row.findings)} 处）", attachment_type=allure.attachment_type.HTML)
    shots = dict.fromkeys(each.shot for each in (*row.findings, *row.notes) if each.shot)
    for number, shot in enumerate(list(shots)[:SHOTS], 1):
        _attach_picture(Path(results_folder) / shot, number)


def _sort_in(row: Row) -> None:
    if kind := labels.category(row):
        allure.dynamic.label(labels.CATEGORY, kind)
    if row.blame:
        allure.dynamic.label(BLAME, BLAMES[row.blame])


def _attach_picture(path: Path, number: int) -> None:
    if path.suffix != DRAWN:
        _attach_file(path, f"截图 {number}", allure.attachment_type.PNG)
        return
    _attach_file(path, f"图示 {number}", allure.attachment_type.SVG)
    _attach_file(path.with_suffix(".txt"), f"清单 {number}", allure.attachment_type.TEXT)


def _attach_file(path: Path, name: str, kind: allure.attachment_type) -> None:
    if path.is_file():
        allure.attach.file(str(path), name=name, attachment_type=kind)


def _table(row: Row) -> str:
    cells = [("事实", "位置", "豁免"), *((f.says, f.at, f.exempt or "") for f in row.findings)]
    lines = ["".join(f"<td>{html.escape(plain(cell, 500))}</td>" for cell in line) for line in cells]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><table>{body}</table>'


def write_lost(
    alluredir: Path, rows: Iterable[Row], subjects: Iterable[Subject], editions: Iterable[Edition],
    docs: Mapping[str, str] | None = None,
) -> None:
    """Writes the results that no worker could write: of rows that were never reached or whose worker died.

    docs: documentation by check id.
    """
    told, tables = {subject.id: subject for subject in subjects}, {edition.id: edition for edition in editions}
    logger = AllureFileLogger(str(alluredir))
    for row in rows:
        logger.report_result(_lost(row, told[row.site], tables[row.edition], docs or {}))


def _lost(row: Row, subject: Subject, edition: Edition, docs: Mapping[str, str]) -> TestResult:
    item, rule = edition.rule(row.rule)
    stands = _rule_labels(edition, item, rule) | labels.subject_labels(subject)
    title = stands.pop(TITLE)
    stands |= {
        LabelType.HOST: host_tag(), LabelType.THREAD: thread_tag(), LabelType.FRAMEWORK: "pytest",
        LabelType.LANGUAGE: platform_label(), labels.CATEGORY: labels.category(row) or "",
    }
    result = TestResult(
        uuid=uuid4(), status=Status.BROKEN, statusDetails=StatusDetails(message=_why(row)), start=now(), stop=now(),
        labels=[Label(name=name, value=value) for name, value in stands.items() if value],
        links=[Link(LinkType.LINK, subject.url, subject.title)] if subject.url else [],
        description=_description(edition, rule, docs.get(rule.check, "")),
    )
    _identify(result, "/".join(row.id), title)
    return result


def _why(row: Row) -> str:
    blame = BLAMES[row.blame] if row.blame else ""
    return "：".join(dict.fromkeys(part for part in (blame, why(row)) if part))


def write_environment(alluredir: Path, as_of: date, editions: Iterable[str], sites: int, seed: int | None) -> None:
    """Writes what the report says of the run as a whole: environment, categories, executor."""
    facts = {
        "as-of": as_of, "editions": " ".join(editions), "sites": sites,
        "seed": "by site and date" if seed is None else seed,
        "pytest-govsite": __version__, "Python": platform.python_version(), "platform": platform.platform(terse=True),
    }
    folder = Path(alluredir)
    folder.mkdir(parents=True, exist_ok=True)
    # ASCII only: Allure reads this one file as Latin-1, allure-framework/allure2 issue 3240
    properties = "".join(f"{name}={value}\n" for name, value in facts.items())
    (folder / "environment.properties").write_text(properties, encoding="ascii", errors="replace")
    _write_json(folder / "categories.json", [
        {"name": name, "matchedStatuses": [status], "messageRegex": regex} for name, status, regex in CATEGORIES
    ])
    _write_json(folder / "executor.json", executor())


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
