"""One site: its week, its verdicts over time, what is new and what is fixed."""
from rich.console import Console

from pytest_govsite.commands.history import changes, verdicts, week
from pytest_govsite.commands.history.remembered import Remembered
from pytest_govsite.commands.printing import say
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.report.wording import plain


def show(console: Console, remembered: Remembered, last: int) -> None:
    """Prints all that is known of the sites that were asked for; of the past verdicts the `last` ones."""
    for number, subject in enumerate(remembered.subjects()):
        if number:
            console.print()
        say(console, named(subject), "bold")
        inspections = remembered.inspections(subject)
        if isinstance(subject, Site):
            week.show(console, remembered, subject, remembered.editions(subject, inspections))
        console.print()
        verdicts.show(console, inspections, last)
        changes.show(console, remembered, subject, inspections)


def named(subject: Subject) -> str:
    """宣汉县人民政府（xuanhan）"""
    title, id = plain(subject.title, 60), plain(subject.id, 60)
    return id if title == id else f"{title}（{id}）"
