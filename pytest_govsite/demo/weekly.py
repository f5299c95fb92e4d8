"""What towns and departments report to the portal: two items a week from each, as the county asks of them."""
from collections.abc import Iterator
from datetime import date, timedelta

from pytest_govsite.demo.columns import Column

WEEKS = 5  # complete ones, before the one under way


def reports(column: Column, as_of: date) -> Iterator[tuple[str, date, str]]:
    """(title, day, source) of all items of a column that units report to."""
    last = as_of - timedelta(days=column.late)
    monday = last - timedelta(days=last.weekday())
    for week in range(WEEKS + 1):
        begin = monday - timedelta(weeks=week)
        for place, (name, source) in enumerate(column.units):
            for turn in () if name in column.silent else (0,) if name in column.slow else (0, 1):
                day = begin + timedelta(days=(2 * place + 3 * turn) % 7)
                subject = column.titles[(2 * (begin.toordinal() // 7) + turn + 5 * place) % len(column.titles)]
                if day <= last:
                    yield subject.replace("{unit}", name), day, source
