"""The day that an address holds: the usual systems file a page under the day it was made."""
import re
from calendar import monthrange
from datetime import date
from urllib.parse import urlsplit

LONGEST = 600  # characters of an address that are looked at
YEAR, MONTH, DAY = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12]\d|0?[1-9])"
MM, DD = r"(?P<m>1[0-2]|0[1-9])", r"(?P<d>3[01]|[12]\d|0[1-9])"
DAYS = tuple(re.compile(pattern, re.ASCII) for pattern in (
    rf"/[a-z]{{0,3}}{YEAR}{MM}{DD}[_-]\d",  # TRS t20220324_123456, W…; also 20220324_1
    rf"/{YEAR}[-_./]{MONTH}[-_./]{DAY}(?=[/_-]|\.s?html?|$)",  # Hanweb /art/2022/3/24/, Sichuan /2022/3/24/, /2022-03/24/
    rf"/{YEAR}/{MM}{DD}/",  # /2022/0324/
    rf"/{YEAR}{MM}/{DD}/",  # /202203/24/
    rf"/{YEAR}{MM}{DD}/",  # /20220324/
    rf"/{YEAR}(?:/[a-z_-]+)?/[a-z]+_{MM}{DD}(?=/|\.s?html?$)",  # a folder of the year, the day at the end of a name
    rf"[/_=-][a-z]?{YEAR}{MM}{DD}(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?(?:\d{{1,3}})?(?=[_./&-]|$)",  # with the time of day
    rf"[_=-]{YEAR}-?{MM}-?{DD}(?=[_./&-]|$)",
))
MONTHS = (
    re.compile(rf"/{YEAR}{MM}/", re.ASCII), re.compile(rf"/{YEAR}[-/]{MONTH}/", re.ASCII),
)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,}", re.IGNORECASE)
NUMBERED = re.compile(r"(?:content|post|art|article|info|node|id)[_=-]\d{6,}(?=[_./&-]|$)", re.IGNORECASE)


def day_in_url(url: str) -> str | None:
    """The day as YYYY-MM-DD that an address holds; None where it holds none, or only a number that looks like one.

    t20220324_1.html, /2022/3/24/, /2022-03/24/, /202203/24/, /20220324/, a time stamp. Running numbers and long
    hexadecimal ids hold no day.
    """
    path = _path(url)
    for pattern in DAYS:
        for found in pattern.finditer(path):
            day = _date(found)
            if day:
                return day.isoformat()
    return None


def span_in_url(url: str) -> tuple[date, date] | None:
    """First and last day that the address allows for: its day, else its month; None where it holds neither."""
    iso = day_in_url(url)
    if iso:
        return date.fromisoformat(iso), date.fromisoformat(iso)
    path = _path(url)
    for pattern in MONTHS:
        for found in pattern.finditer(path):
            year, month = int(found["y"]), int(found["m"])
            if 1990 <= year:
                return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return None


def _path(url: str) -> str:
    """Path and query without what is only a number."""
    try:
        parts = urlsplit(url[:LONGEST])
    except ValueError:
        return ""
    path = parts.path + ("?" + parts.query if parts.query else "")
    return NUMBERED.sub("~", UUID.sub("~", path))


def _date(found: re.Match) -> date | None:
    try:
        day = date(*(int(found[part]) for part in "ymd"))
    except ValueError:
        return None
    return day if day.year >= 1990 else None
