"""What Allure shows of the run as a whole: what was inspected by what, and who ran it."""
import json
from collections import Counter
from pathlib import Path

from pytest_govsite.report.allure3.judged import Judged
from pytest_govsite.report.executor import executor


def write(folder: Path, judged: Judged) -> None:
    """Writes environment.properties (Allure 3 reads UTF-8) and executor.json beside the results."""
    lines = [f"{name}={' '.join(value.split())}\n" for name, value in _facts(judged).items()]
    (folder / "environment.properties").write_text("".join(lines), encoding="utf-8")
    (folder / "executor.json").write_text(json.dumps(executor(), ensure_ascii=False), encoding="utf-8")


def _facts(judged: Judged) -> dict[str, str]:
    verdicts = Counter(card["verdict"] for card in judged.cards)
    return {
        "检查日期": judged.days, "指标": "、".join(map(judged.table, judged.tables)), "网站": str(len({row.site for row in judged.rows})),
        "结论": "，".join(f"{name} {count}" for name, count in sorted(verdicts.items())), "govsite": judged.rows[0].tool,
    }
