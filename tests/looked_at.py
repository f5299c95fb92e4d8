"""Sites whose columns somebody looked at: stored by an inspection, or seen by a collector that invents them."""
from concurrent.futures import Future
from pathlib import Path

import evidence

from pytest_govsite.dossier import Dossier, Meta
from pytest_govsite.model.columns import Columns
from pytest_govsite.model.missing import Missing
from pytest_govsite.model.site import Site

OLD = {"name": "公告栏", "category": "通知公告", "articles": ["2026-04-01"], "owner": "办公室"}
SOON = {"name": "要闻", "category": "动态要闻", "articles": ["2026-11-10"], "owner": "宣传科"}
HOLLOW = {"name": "部门文件", "category": "政策文件", "blank": "只写着“暂无信息”", "path": ["公开", "部门文件"]}
GONE = {"name": "视频", "kind": "unknown", "unread": "timeout"}
FORGOTTEN = {"name": "园区", "articles": ["2020-01-01"]}
STANDING = {"name": "简介", "category": "概况信息", "kind": "text"}
ELSEWHERE = {"name": "招商网", "kind": "outside"}
ALL = (OLD, SOON, HOLLOW, GONE, FORGOTTEN, STANDING, ELSEWHERE)

SITES = """
[[site]]
id = "jia"
name = "甲县人民政府"
url = "http://jia.gov.cn/"
kind = "county-portal"
editions = ["sichuan2021"]
group = "东"

[[site]]
id = "yi"
name = "乙县人民政府"
url = "http://yi.gov.cn/"
kind = "county-portal"
editions = ["sichuan2021"]
group = "西"

[[account]]
id = "weibo"
platform = "新浪微博"
name = "甲县发布"
owner = "融媒体中心"
"""


def site(id: str) -> Site:
    """A county portal."""
    name = {"jia": "甲县人民政府", "yi": "乙县人民政府"}[id]
    return Site(id, f"http://{id}.gov.cn/", name, "county-portal", editions=("sichuan2021",))


def columns(*specs: dict, **more) -> Columns:
    """These columns and no others."""
    return evidence.columns({"only": list(specs or ALL)} | more)


def store(folder: Path, **seen: Columns | Missing) -> None:
    """What an inspection leaves in its results folder, by site."""
    dossier = Dossier(folder)
    for id, value in seen.items():
        dossier.begin(Meta(site(id), evidence.AS_OF, 7, "1.0.0"))
        dossier.store(id, "columns", value)


class Invented:
    """Stands in for gather.collector.Collector: sees `views` by site id, and notes what it was asked."""

    def __init__(self, **views: Columns | Missing) -> None:
        self.views, self.asked, self.settings = views, [], {}

    def __call__(self, settings, folder, on_event=None) -> "Invented":
        self.settings_of = settings
        return self

    def want(self, site: Site, kind: str) -> Future:
        self.asked.append(("want", site.id))
        self.settings[site.id] = self.settings_of(site)
        future: Future = Future()
        future.set_result(self.views[site.id])
        return future

    def finish(self, site: Site) -> None:
        self.asked.append(("finish", site.id))

    def close(self) -> None:
        self.asked.append(("close", ""))


