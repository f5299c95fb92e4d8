"""What Allure 3 is told: how results are grouped and sorted, which charts it draws, where the history lies."""
from pathlib import Path
from typing import Any

from pytest_govsite.report.allure3.judged import Judged
from pytest_govsite.report.labels import CATEGORIES, CATEGORY

CHARTS = (
    {"type": "currentStatus", "title": "本次各条规则"},
    {"type": "statusDynamics", "title": "历次结果", "limit": 10},
    {"type": "statusTransitions", "title": "与上次相比", "limit": 10},
    {"type": "testResultSeverities", "title": "按轻重"},
    {"type": "stabilityDistribution", "title": "按二级指标的稳定程度", "groupBy": "feature"},
)


def of(judged: Judged, output: Path, history: Path | None) -> dict[str, Any]:
    """The object of allurerc.json."""
    groups = ["parentSuite", "suite", *(["subSuite"] if judged.several_editions else [])]
    told = {
        "name": f"政府网站检查报告 {judged.days}", "output": str(output), "appendHistory": history is not None,
        "categories": {"rules": [_category(each) for each in CATEGORIES]},
        "plugins": {
            "awesome": {"options": {
                "singleFile": True, "reportLanguage": "zh", "groupBy": groups, "charts": list(CHARTS), "theme": "light",
                "sections": ["charts"], "defaultSortBy": "status,asc",
            }},
            "agent": {"enabled": False},  # else it joins by itself, and writes files for machines
        },
    }
    return told | ({"historyPath": str(history)} if history else {})


def _category(name: str) -> dict[str, Any]:
    return {"name": name, "matchers": [{"labels": {CATEGORY: name}}], "groupBy": [{"label": "suite"}], "groupByMessage": False}
