"""What the visits of the week met: outages that are the site's fault, weeks that prove nothing, and what only looks like an outage."""
from pytest_govsite.demo.fault import Fault
from pytest_govsite.demo.monitoring import Incident, Trouble, at
from pytest_govsite.model.availability import SLOTS
from pytest_govsite.model.missing import Reason

ALL_SILENT = "对照站点用 IPv4 访问，6 个中有 6 个没有应答"
SITE = "站点无法访问"  # what findings call the thing

_SILENT = Trouble("failed", Reason.TIMEOUT, "15 秒，停在建立连接", seconds={"resolve": 0.01, "connect": 14.99})
_LATE = Trouble(
    "failed", Reason.TIMEOUT, "15 秒，停在等待应答", seconds={"resolve": 0.01, "connect": 0.03, "tls": 0.05, "first_byte": 14.91},
)
_RESET = Trouble("failed", Reason.RESET, "没有应答就断开了", seconds={"resolve": 0.01, "connect": 0.03, "tls": 0.02, "first_byte": 0.4})
_BUSY = Trouble(
    "failed", Reason.HTTP_ERROR, "HTTP 503", 503, {"resolve": 0.01, "connect": 0.03, "tls": 0.05, "first_byte": 0.2, "body": 0.01},
)
_UNTRUSTED = Trouble("failed", Reason.TLS, "证书链不全，或签发机构不受信任", seconds={"resolve": 0.01, "connect": 0.03, "tls": 0.1})
_WALL = Trouble(
    "walled", Reason.WALL, "HTTP 412", 412, {"resolve": 0.01, "connect": 0.03, "tls": 0.05, "first_byte": 0.1, "body": 0.01},
)

SILENT, LATE = _SILENT.confirmed("failed", "failed"), _LATE.confirmed("failed", "failed")
BUSY = _BUSY.confirmed("open", "open")  # a 503 that is gone after a minute was still a 503
PASSING = _RESET.confirmed("open", "open")
CHAIN = _UNTRUSTED.confirmed("failed", "open")  # browsers fetch the missing link of the chain
CHECKED, SHUT = _WALL.confirmed("walled", "open"), _WALL.confirmed("walled", "walled")
OURS = Trouble(
    "void", Reason.TIMEOUT, f"{ALL_SILENT}；15 秒，停在建立连接", seconds={"resolve": 0.01, "connect": 14.99}, round=ALL_SILENT,
)
SLOW = Trouble("open", seconds={"resolve": 0.02, "connect": 0.04, "tls": 0.06, "first_byte": 14.3, "body": 0.5})
MISSED = None
WHOLE = range(SLOTS)

# of every week that has no outage of its own: a careless judge counts 26 failures here, and there are 5 of 163
TRAPS: tuple[Incident, ...] = (
    *at(5, OURS, 0, 1, 2, 3), *at(5, OURS, 0, 1, 2, 3, family=6),  # our own network; 20 visits of that day are left
    *at(2, MISSED, 12), *at(2, MISSED, 12, family=6),  # the sampler was not running
    *at(3, CHECKED, 10, 14), *at(6, CHAIN, 12), *at(1, SLOW, 9),
    *at(1, PASSING, 3), *at(2, PASSING, 4), *at(6, PASSING, 23),
    *at(4, SILENT, 2, 3), *at(7, SILENT, 5), *at(2, BUSY, 2, 22),
    *at(4, _SILENT, *range(8, 18), family=6),  # IPv6 is information
)


def _both(ago: int, trouble: Trouble | None, *hours: int) -> tuple[Incident, ...]:
    return (*at(ago, trouble, *hours), *at(ago, trouble, *hours, family=6))


def _outage(variant: str, why: str, *incidents: Incident, planted: bool = False) -> Fault:
    also = ("hunan-city2021/availability.2",)
    return Fault(f"availability.1:{variant}", SITE, "home", why, week=incidents, planted=planted, also=also)


WEEK_FAULTS = (
    _outage(
        "night", "一夜连不上，另有三次等满 15 秒：168 次中 9 次", *at(4, SILENT, *range(1, 7)), *at(2, LATE, 9, 15), *at(6, LATE, 10),
        planted=True,
    ),
    _outage("busy", "每天早上答 503", *(one for ago in range(1, 8) for one in at(ago, BUSY, 8, 9))),
    Fault("week:short", "", "home", "监测才开始三天", week=tuple(one for ago in range(4, 8) for one in _both(ago, MISSED, *WHOLE))),
    Fault("week:walled", "", "home", "一周里有三天都要求安全验证", week=tuple(one for ago in (2, 3, 4) for one in at(ago, SHUT, *WHOLE))),
    Fault("week:ours", "", "home", "一周里有两天是监测点自己断网", week=tuple(one for ago in (2, 3) for one in _both(ago, OURS, *WHOLE))),
    Fault("week:passing", "", "home", "十次打不开，半分钟后又都能打开", week=at(3, PASSING, *range(10))),
)
