"""Home pages that do not open."""
from pytest_govsite import Blame, Finding, Note, Site, Undetermined, Unseen, Week, availability, check

telling = availability.telling


@check("unreachable-site")
def check_unreachable_site(week: Week, site: Site, *, per_day: int = 20, days: int = 7, percent: int = 5):
    """Of the visits in the week before the inspection too many did not open the home page within 15 s.

    Counts        once, when the visits that failed make up the percentage or more of those that count. A slot of the day
                  counts once; a failure is firm when a second visit half a minute later failed as well and Chromium could
                  not open the page either, or when the site itself answered with an error.
    Excuses       an anti-bot wall; our own network, machine or clock, by canaries; a chain of certificates that only
                  browsers can complete; IPv6, where the site opens over IPv4; a place that others contradict.
    Undetermined  fewer visits than asked for on any day; failures that a second visit does not confirm and that would be
                  enough; so many failures of our own that a healthy site shows as much more than once in 100,000 times.
    Source        国办秘函〔2019〕19号: a week, 20 visits a day or more, 15 s, 5 %.
    """
    if week.trouble:
        raise Undetermined(week.trouble, Blame.VANTAGE)
    slots = availability.slots_of(week.samples, week.as_of, days)
    if blame := availability.lack(slots, per_day):
        raise Undetermined(telling.too_few(week, slots, per_day, blame), blame)
    yield _judge(week, slots, site, percent)
    if failures := telling.failures(slots):
        yield Note(failures, site.url)
    if beside := telling.beside(week, slots):
        yield Note(beside, site.url, week.chart)


def _judge(week, slots, site, percent):
    sums, health = availability.tally(slots), week.health
    if sums.failed * 100 >= percent * sums.valid:
        if availability.may_be_accident(sums.failed, sums.valid, health):
            return Unseen(site.url, telling.too_likely(slots, health), Blame.VANTAGE)
        says = telling.fault(slots, health, percent)
        return Finding(site.url, "站点无法访问", says, week.chart, sums.failed)
    if (sums.failed + sums.unsure) * 100 >= percent * sums.valid:
        return Unseen(site.url, telling.doubtful(slots, health), Blame.VANTAGE)
    return Note(telling.measured(slots, health), site.url)
