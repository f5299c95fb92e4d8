"""One visit, one slot, one number, in the words of a reader."""
from datetime import date
from fractions import Fraction

from pytest_govsite.availability.counting import Slot, Standing
from pytest_govsite.model.availability import SHANGHAI, Sample
from pytest_govsite.model.missing import WORDS, Missing
from pytest_govsite.points import printed
from pytest_govsite.reading.plain import plain

STANDINGS: dict[Standing, str] = {
    "open": "打开", "failed": "打不开", "unsure": "打不开但未核实", "walled": "被防护拦截", "void": "作废", "missing": "没有访问",
}
PHASES = {"resolve": "解析域名", "connect": "建立连接", "tls": "加密握手", "first_byte": "等待应答", "body": "接收内容"}
FAMILIES = {4: "IPv4", 6: "IPv6", 0: "Chromium"}
WEEKDAYS = "一二三四五六日"
LONGEST_FACT = 60  # of what a site may say of itself in one sentence
DENOMINATORS = ((10**8, "亿"), (10**4, "万"), (1, ""))
RAREST = Fraction(1, 10**12)


def fact(sample: Sample) -> str:
    """What came of a visit, without its seconds: 打开, or why not and where it stopped."""
    if sample.state == "open":
        return "打开"
    words = Missing(sample.reason, sample.detail).says if sample.reason else sample.detail or STANDINGS[sample.state]
    told = sample.answered or sample.detail  # what the visitor says of it names the phase where that matters
    at = f"，停在{PHASES[phase]}" if (phase := ended_in(sample)) and not told else ""
    return f"{plain(words, LONGEST_FACT)}{at}"


def ended_in(sample: Sample) -> str:
    """The phase in which the visit ended; empty when that is not known."""
    return next((phase for phase in reversed(PHASES) if phase in sample.seconds), "")


def confirmed(slot: Slot) -> str:
    """What the second visit and Chromium saw, after a visit that failed or met a wall."""
    again, browser = slot.row("again"), slot.row("browser")
    second = f"复访{_outcome(again)}" if again else "没有复访"
    return f"{second}，Chromium {_outcome(browser)}" if browser else second


def _outcome(sample: Sample) -> str:
    return {"open": "打开", "failed": "仍打不开", "walled": "被防护拦截", "void": "作废"}[sample.state]


def cause(sample: Sample) -> str:
    """Why a visit failed, in words that stand for many visits."""
    words = WORDS[sample.reason] if sample.reason else STANDINGS[sample.state]
    return f"{words}（HTTP {sample.status}）" if sample.status >= 400 else words


def seconds(sample: Sample, places: int = 1) -> str:
    """How long the visit took: 0.8 秒."""
    return f"{sample.took:.{places}f} 秒"


def day_of(day: date) -> str:
    """11月13日"""
    return f"{day.month}月{day.day}日"


def time_of(sample: Sample, pattern: str = "%H:%M") -> str:
    """The time of day in China: 03:12."""
    return f"{sample.at.astimezone(SHANGHAI):{pattern}}"


def weekday(day: date) -> str:
    """周五"""
    return f"周{WEEKDAYS[day.weekday()]}"


def part_of_day(slot: Slot) -> str:
    """When the slot begins: 03:00."""
    minutes = slot.slot * 24 * 60 // slot.slots
    return f"{minutes // 60:02}:{minutes % 60:02}"


def share(part: int, whole: int) -> str:
    """Part of whole in percent, half up to two places: 5.36%."""
    return f"{printed(Fraction(100 * part, whole))}%" if whole else "—"


def odds(chance: Fraction) -> str:
    """A probability, to stand after a noun: 为 2.31%, and where it is small, one in how many: 约 1/3.6亿."""
    if chance >= Fraction(1, 1000):
        return f"为 {printed(100 * chance)}%"
    if chance < RAREST:
        return "不到 1/1万亿"
    size, unit = next((size, unit) for size, unit in DENOMINATORS if 1 / chance >= size)
    number = 1 / chance / size
    return f"约 1/{printed(Fraction(round(10 * number), 10) if number < 100 else Fraction(round(number)))}{unit}"
