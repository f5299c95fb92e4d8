"""Topics without news."""
from datetime import date

from pytest_govsite import Blame, Columns, Unseen, check, upkeep, windows


@check("stale-topic")
def check_stale_topic(columns: Columns, as_of: date, calendar: windows.Calendar, *, window: str = "6mo"):
    """A running topic is older than its deadline.

    Counts        each topic whose `period` in the sites file has passed.
    Excuses       finished topics: one to which nobody gave a period is never charged; topics on other hosts; a closed site.
    Undetermined  topics without a period to which the home page leads and which have had no news within `window`: whether
                  they still run is for a person to say; what could not be read; a search that was cut short.
    """
    upkeep.refuse_empty(columns)
    for unit in filter(None, (topic.unit for topic in upkeep.topics(columns, as_of.year))):
        topic = unit.heads[0]
        if topic.period and not topic.blank and topic.kind != "outside":
            yield from upkeep.tell(unit, as_of, topic.period, calendar)
        elif topic.on_home and any(map(upkeep.has_list, unit.members)):
            if not isinstance(unit.state(as_of, windows.back(as_of, window)), upkeep.Fresh):
                says = f"{unit.title} {windows.spoken(window)}内没有更新：是否已结束须由检查人员核定，仍在进行的请登记 period"
                yield Unseen(unit.url, says, Blame.PERSON)
    yield from upkeep.rest(columns)
