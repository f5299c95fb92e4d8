"""What the overview page costs: its size, the time to write it, the time until a reader can use it in Chromium.

    python bench/overview.py [sites [pictures]]

Invents the results of so many sites (800) under sichuan2021, a dozen findings each, and so many screenshots (400) that some
of the findings name; prints seconds, megabytes and what they are beside the ledger they come from.
"""
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from pytest_govsite import editions
from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.judging import planned
from pytest_govsite.ledger import LEDGER, Ledger, read_rows, write_scorecards
from pytest_govsite.model.edition import Item, Rule
from pytest_govsite.model.finding import Drawn, Finding
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.report import overview
from pytest_govsite.rows import SHANGHAI, Row
from pytest_govsite.scoring import score

SITES, PICTURES, GROUPS = 800, 400, 21
EDITION = editions.load("sichuan2021")
AS_OF, NOW = date(2026, 11, 20), datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI)
SAYS = ("链接“{}”打不开：HTTP 404", "缺少标签：ArticleTitle、PubDate（{}）", "栏目“{}”2周内没有更新，最新一条是 2026-10-28")
MEGABYTE = 1_000_000


def sites(count: int) -> list[Site]:
    return [
        Site(f"county{n:04}", f"https://www.county{n:04}.gov.cn/", f"某市第{n}县人民政府", "county-portal", group=f"某某{n % GROUPS + 1}市")
        for n in range(count)
    ]


def rows(site: Site, random: Random, shots: list[str]) -> Iterator[Row]:
    """Every rule of the table; faults in one of seven, every second one left to a person, as an inspection does."""
    sample = Drawn(random.randrange(10**6), tuple(address(site, random) for _ in range(10)), 400)
    for item, rule in planned(EDITION, site):
        place = (site.id, EDITION.id, rule.key, item.part, item.level1, item.level2)
        yield row(place, item, rule, site, random, sample, shots)


def row(place: tuple, item: Item, rule: Rule, site: Site, random: Random, sample: Drawn, shots: list[str]) -> Row:
    luck = random.random()
    if "website" not in item.target:
        return Row(*place, Outcome.NOT_APPLICABLE, AS_OF, NOW, reason="按账号评定")
    if rule.check == "attested" or luck < 0.1:
        return Row(*place, Outcome.UNDETERMINED, AS_OF, NOW, blame=Blame.PERSON, reason="待检查人员核定")
    if luck < 0.12:
        return Row(*place, Outcome.UNDETERMINED, AS_OF, NOW, blame=random.choice(list(Blame)), reason="等待超时")
    if luck < (0.16 if item.part == "veto" else 0.45) and item.part != "bonus":
        found = tuple(fault(site, random, shots) for _ in range(random.choice((1, 1, 2, 5))))
        price = None if item.part == "veto" else -Fraction(rule.points or rule.tiers[0].points)
        return Row(*place, Outcome.VETO if item.part == "veto" else Outcome.DEDUCT, AS_OF, NOW, price, findings=found, drawn=sample)
    return Row(*place, Outcome.UNEARNED if item.part == "bonus" else Outcome.PASS, AS_OF, NOW, Fraction(0))


def fault(site: Site, random: Random, shots: list[str]) -> Finding:
    shot = random.choice(shots) if shots and random.random() < 0.3 else None
    thing = f"关于第{random.randrange(10**5)}号事项的通知"
    return Finding(address(site, random), thing, random.choice(SAYS).format(thing), shot)


def address(site: Site, random: Random) -> str:
    return f"{site.url}zwgk/zdlyxx/t202611{random.randrange(10, 20)}_{random.randrange(10**7)}.html"


def draw_shots(folder: Path, count: int, random: Random) -> list[str]:
    """Pictures of the size of a browser's window, with lines where a page has text."""
    names = []
    for number in range(count):
        picture = Image.new("RGB", (1366, 768), "white")
        pen = ImageDraw.Draw(picture)
        for y in range(40, 740, 22):
            pen.text((80, y), " ".join(f"{random.randrange(10**6)}" for _ in range(24)), "black")
        path = Path("sites", f"county{number:04}", "shots", "shot.png")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        picture.save(folder / path)
        names.append(path.as_posix())
    return names


def invent(folder: Path, count: int, pictures: int) -> list[Site]:
    random, subjects = Random(7), sites(count)
    with Ledger(folder) as ledger:
        shots = draw_shots(folder, pictures, random)
        found = {site: list(rows(site, random, shots)) for site in subjects}
        ledger.plan([each for mine in found.values() for each in mine])
        write_scorecards(folder, [score(EDITION, site, mine) for site, mine in found.items()], [])
    return subjects


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def opened(path: Path) -> dict[str, float]:
    """Seconds in Chromium: until the overview stands there, until a filter has answered, until a site is open."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(find_chromium()), chromium_sandbox=False)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        seconds = {"usable": timed(lambda: (page.goto(path.as_uri(), wait_until="commit"), page.wait_for_selector(".sites tbody tr")))}
        seconds["filtered"] = timed(lambda: (page.fill("#by-text", "第7县"), page.locator("#count", has_text="符合条件").wait_for()))
        seconds["site"] = timed(lambda: (page.click(".sites tbody a"), page.wait_for_selector("#detail .row")))
        browser.close()
    return seconds


def measure(folder: Path, count: int, pictures: int) -> None:
    subjects = invent(folder, count, pictures)
    ledger = (folder / LEDGER).stat().st_size / MEGABYTE
    reading = timed(lambda: read_rows(folder))
    first = timed(lambda: overview.write(folder, subjects, [EDITION]))
    again = timed(lambda: overview.write(folder, subjects, [EDITION]))
    page = folder / overview.OVERVIEW
    size = page.stat().st_size / MEGABYTE
    bare = sum(len(line) for line in page.open(encoding="utf-8") if not line.startswith('<script type="image')) / MEGABYTE
    print(f"{count} sites, {count * len(list(planned(EDITION, subjects[0])))} rows, ledger {ledger:.1f} MB")
    print(f"page      {size:.1f} MB, {bare:.1f} million characters without pictures ({bare / ledger:.2f} of the ledger)")
    print(f"writing   {first:.1f} s, {again:.1f} s where the pictures are in the page already ({again / reading:.1f} x reading the ledger)")
    print("Chromium  " + ", ".join(f"{name} after {seconds:.2f} s" for name, seconds in opened(page).items()))


def main() -> None:
    count, pictures = (*map(int, sys.argv[1:3]), *(SITES, PICTURES)[len(sys.argv) - 1:])
    with tempfile.TemporaryDirectory(prefix="govsite-overview-") as folder:
        measure(Path(folder), count, pictures)


if __name__ == "__main__":
    main()
