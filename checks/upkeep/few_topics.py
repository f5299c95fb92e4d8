"""Topics opened in a year."""
from datetime import date

from pytest_govsite import Blame, Columns, Finding, Note, Site, Unseen, check, upkeep


@check("few-topics")
def check_few_topics(columns: Columns, site: Site, as_of: date, *, at_least: int = 2):
    """Fewer original topics were opened this year than the table asks for.

    Counts        each topic that is lacking to `at_least`, of those opened in the calendar year of the inspection: a topic
                  whose name says the year, or whose oldest item is of this year.
    Excuses       a topic of which only the newest pages were seen may have been opened this year; a closed site.
    Undetermined  as long as the year has not ended: before December a topic that is lacking may still be opened; topics on
                  other hosts; a search that was cut short. Whether a topic is original is for a person to say.
    """
    upkeep.refuse_empty(columns)
    found = list(upkeep.topics(columns, as_of.year))
    opened = [topic.name for topic in found if topic.opened]
    unclear = [topic.name for topic in found if topic.opened is None]
    if opened:
        yield Note(f"{as_of.year}年新开的专题有：{'、'.join(opened)}；是否原创须由检查人员核定", site.url)
    for number in range(len(opened), at_least):
        why = _why_open(columns, unclear[number - len(opened):], as_of)
        says = f"{as_of.year}年新开的专题只找到 {len(opened)} 个，应有 {at_least} 个"
        lacking = f"第{number + 1}个新开专题"
        yield Unseen(site.url, f"{says}；{why[0]}", why[1]) if why else Finding(site.url, lacking, says)


def _why_open(columns, unclear, as_of):
    """What keeps a lacking topic from being a fault, and on whose account; nothing when it is one."""
    if unclear:
        return f"专题“{unclear[0]}”何时开设看不出来", Blame.PERSON
    if gap := upkeep.unread(columns):
        return f"栏目没有看完：{gap.says}", gap.blame
    elsewhere = [each for each in columns.mentions if each.category == "专题专栏"]
    if elsewhere and not columns.of("专题专栏"):
        return f"链接“{elsewhere[0].text}”通往的专题没有看", Blame.PERSON
    return None if as_of.month == 12 else ("这一年还没有结束", Blame.PERSON)
