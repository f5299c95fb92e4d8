"""From what was judged to the report on disk."""
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_govsite.ledger import replace_file
from pytest_govsite.report.allure3 import config, front, program, results, rules, sealing, surroundings, trend
from pytest_govsite.report.allure3.judged import Judged
from pytest_govsite.report.allure3.pictures import Album
from pytest_govsite.report.allure3.program import ReportError

INDEX = "index.html"
PICTURES = 30 * 10**6  # bytes; a report of some 40 MB still opens at once


@dataclass(frozen=True)
class Built:
    """What came of it: the page, and what the reader should know of it."""

    path: Path
    rows: int
    size: int
    remarks: tuple[str, ...]


def build(judged: Judged, out: Path, allure: str, history: Path, overview: Path | None = None, pictures: int = PICTURES) -> Built:
    """Writes index.html and rules.html into the folder `out`.

    allure    the program, see program.find.
    history   where the points of earlier reports lie; this one is added.
    overview  the overview page, to link to.
    pictures  how many bytes of them go in.

    Raises ReportError in one sentence; then the folder is as it was.
    """
    if not judged.rows:
        raise ReportError(f"{judged.folder} 的台账里没有结果，做不出报告")
    with tempfile.TemporaryDirectory(prefix="govsite-report-") as place:
        work = Path(place)
        (work / "results").mkdir()
        album = Album(judged.folder, work / "results", pictures)
        album.take(judged.rows)
        results.write(work / "results", judged, album)
        surroundings.write(work / "results", judged)
        run, earlier, lent = trend.run_of(judged.rows), trend.read(history), work / "history.jsonl"
        trend.lend(earlier, run, lent)
        _generate(judged, work, allure, lent)
        remarks = tuple(_remarks(album, judged))
        opening = front.page(judged, _seen_from(out, overview), remarks)
        page = sealing.seal((work / "out" / INDEX).read_text(encoding="utf-8"), opening)
        at = round(max(row.found_at for row in judged.rows).timestamp() * 1000)
        points = trend.take_back(earlier, run, lent, at)
    _deliver(out, page, rules.page(judged))
    trend.write(history, points)
    return Built(out / INDEX, len(judged.rows), len(page), remarks)


def _generate(judged: Judged, work: Path, allure: str, lent: Path) -> None:
    told = config.of(judged, work / "out", lent)
    (work / "allurerc.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    program.generate(allure, work / "allurerc.json", work / "results")
    if not (work / "out" / INDEX).is_file():
        raise ReportError("Allure 没有写出报告：请安装 npm 包 allure@3.18")


def _remarks(album: Album, judged: Judged) -> Iterator[str]:
    if judged.several_editions:
        yield "合格、不合格和待定按网站和指标各计一次。"
    if len(judged.rows) > results.ONE_BY_ONE:
        yield f"结果超过 {results.ONE_BY_ONE} 条：没有问题的和待检查人员核定的规则，每个网站合并成一条，点开可以看到各是哪些。"
    if album.skipped:
        yield f"有 {album.skipped} 张截图因篇幅没有放进本报告，见结果目录里的原图。"


def _seen_from(out: Path, overview: Path | None) -> str:
    if overview is None:
        return ""
    return Path(os.path.relpath(overview, out)).as_posix()


def _deliver(out: Path, page: str, rulebook: str) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        replace_file(out / rules.PAGE, rulebook)
        replace_file(out / INDEX, page)
    except OSError as error:
        raise ReportError(f"无法写入 {out}：{error.strerror or error}") from error
