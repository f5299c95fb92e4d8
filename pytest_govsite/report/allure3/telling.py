"""One row in words: the message that Allure shows first, and the description under it."""
from collections.abc import Iterator

from markupsafe import Markup, escape

from pytest_govsite.model.finding import Finding
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.points import printed
from pytest_govsite.report.allure3.judged import Judged
from pytest_govsite.report.wording import BLAMES, OUTCOMES, is_web, plain, why
from pytest_govsite.rows import Row

IN_MESSAGE = 5  # a message goes into every later report, as part of the history
LISTED, NOTES = 200, 20
LONG = 500


def message(row: Row) -> str:
    """What is wrong, or why nobody knows; empty for what needs no word."""
    if row.outcome is Outcome.UNDETERMINED:
        blame = BLAMES[row.blame]
        return "：".join(dict.fromkeys((blame, why(row))))
    if row.outcome is Outcome.NOT_APPLICABLE:
        return f"{OUTCOMES[row.outcome]}：{why(row)}"
    if row.outcome not in (Outcome.VETO, Outcome.DEDUCT):
        return ""
    live = [finding for finding in row.findings if not finding.exempt]
    lines = [f"{number}. {plain(finding.says)}" for number, finding in enumerate(live[:IN_MESSAGE], 1)]
    more = [f"另有 {len(live) - IN_MESSAGE} 处"] if len(live) > IN_MESSAGE else []
    return "\n".join((result(row), *lines, *more))


def result(row: Row) -> str:
    """The outcome and what it costs or earns."""
    points = f" {printed(abs(row.points))} 分" if row.points else ""
    return f"{OUTCOMES[row.outcome]}{points}"


def description(row: Row, judged: Judged) -> str:
    """HTML with the rule, all findings and notes; empty where there is nothing but the rule."""
    if not (row.findings or row.notes or row.open):
        return ""
    return str(Markup().join([*_rule(row, judged), *_findings(row), *_remarks(row)]))


def _rule(row: Row, judged: Judged) -> Iterator[Markup]:
    if known := judged.rule(row):
        edition, item, rule = known
        cap = f"（该项最多 {printed(item.cap)} 分）" if item.cap is not None else ""
        yield Markup("<p><b>{}</b>{}<br>《{}》{} / {}</p>").format(rule.summary, cap, edition.title, item.level1, item.level2)


def _findings(row: Row) -> Iterator[Markup]:
    if not row.findings:
        return
    yield Markup("<ol>{}</ol>").format(Markup().join(map(_finding, row.findings[:LISTED])))
    if len(row.findings) > LISTED:
        yield Markup("<p>另有 {} 处，见台账</p>").format(len(row.findings) - LISTED)


def _finding(finding: Finding) -> Markup:
    exempt = Markup("<br>已豁免，不扣分：{}").format(plain(finding.exempt, LONG)) if finding.exempt else ""
    return Markup("<li>{}<br>{}{}</li>").format(plain(finding.says, LONG), page(finding.at), exempt)


def _remarks(row: Row) -> Iterator[Markup]:
    if row.open:
        yield Markup("<p>另有 {} 处未能查看，只计入最低分</p>").format(row.open)
    for note in row.notes[:NOTES]:
        yield Markup("<p>提示（不扣分）：{} {}</p>").format(plain(note.says, LONG), page(note.at))
    if len(row.notes) > NOTES:
        yield Markup("<p>另有提示 {} 条，见台账</p>").format(len(row.notes) - NOTES)


def page(address: str) -> Markup:
    """An address that a site named: a link when it is one of the web, else plain text."""
    shown = plain(address, LONG)
    if not is_web(address):
        return escape(shown)
    return Markup('<a href="{}" target="_blank" rel="noreferrer noopener">{}</a>').format(address, shown)
