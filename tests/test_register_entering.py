"""`govsite register`: what an import does to a sites file, and what it leaves alone."""
import os
import tomllib

import pytest

from pytest_govsite import cli, sites
from pytest_govsite.model.site import Registered
from pytest_govsite.register.cells import RegisterError
from pytest_govsite.register.entering import enter, save

FILE = """\
# 全县网站
[[site]]   # 县政府
id = "jiashi"
url = "http://www.jiashi.gov.cn/"  # 网址
editions = [
  "gb2019",  # 国办
]

[[site.column]]  # 手工写的
name = "新闻中心/局内要闻"   # 重要
owner = "老科室"

[[site.column]]
name = "公告"
url = "http://www.jiashi.gov.cn/gg/"
# 公告也在首页

# 以下是部门
[[site]]
id = "yishi"
url = "http://www.yishi.gov.cn/"
# 丙局
[[site]]
id = "bingshi"
url = "http://www.bingshi.gov.cn/"

[[account]]
id = "weibo"
platform = "新浪微博"
name = "甲市发布"
owner = "融媒体中心"
"""
NEWS = Registered("新闻中心/局内要闻", "http://www.jiashi.gov.cn/yw/", "动态要闻", "2w", "宣传科")
NOTICES = Registered("新闻中心/公告栏", "https://www.jiashi.gov.cn/gg", period="6mo")
NEW = Registered('法定公开/"本局"文件', owner="法制科")
AFTER = FILE.replace(
    'owner = "老科室"\n',
    'owner = "宣传科"\nurl = "http://www.jiashi.gov.cn/yw/"\ncategory = "动态要闻"\nperiod = "2w"\n',
).replace('name = "公告"\nurl = "http://www.jiashi.gov.cn/gg/"\n# 公告也在首页\n', (
    'name = "新闻中心/公告栏"\nurl = "https://www.jiashi.gov.cn/gg"\n# 公告也在首页\nperiod = "6mo"\n'
)).replace("\n# 以下是部门", '\n[[site.column]]\nname = "法定公开/\\"本局\\"文件"\nowner = "法制科"\n\n# 以下是部门')


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sites.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def columns_of(path, site_id):
    return {site.id: site.columns for site in sites.load(path).sites}[site_id]


def test_entries_are_completed_added_and_nothing_else_changes(file):
    change = enter(file, "jiashi", [NEWS, NOTICES, NEW])
    assert file.read_text(encoding="utf-8") == FILE
    save(change)
    assert file.read_text(encoding="utf-8") == AFTER
    assert (len(change.added), len(change.updated), change.same) == (1, 2, 0)
    again = enter(file, "jiashi", [NEWS, NOTICES, NEW])
    assert again.text == AFTER and (again.added, again.updated, again.same) == ((), (), 3)


@pytest.mark.parametrize("site_id", ["jiashi", "yishi", "bingshi"])
def test_columns_come_to_their_site_wherever_it_stands(file, site_id):
    others = {id: columns_of(file, id) for id in ("jiashi", "yishi", "bingshi") if id != site_id}
    save(enter(file, site_id, [NEW]))
    assert columns_of(file, site_id)[-1] == NEW
    assert {id: columns_of(file, id) for id in others} == others
    kept = iter(file.read_text(encoding="utf-8").splitlines())
    assert all(line in kept for line in FILE.splitlines()), "every line is still there, in its order"


def test_a_comment_stays_above_what_it_is_about(file):
    save(enter(file, "yishi", [NEW]))
    assert "# 丙局\n[[site]]\nid = \"bingshi\"" in file.read_text(encoding="utf-8")


def test_blank_cells_take_nothing_away(file):
    save(enter(file, "jiashi", [Registered("新闻中心 > 局内要闻", period="2w")]))
    assert columns_of(file, "jiashi")[0] == Registered("新闻中心/局内要闻", period="2w", owner="老科室")


def test_one_address_under_two_paths_stays_two_columns(file):
    twice = [Registered("甲", "http://www.jiashi.gov.cn/x/"), Registered("乙", "http://www.jiashi.gov.cn/x/")]
    save(enter(file, "yishi", twice))
    again = enter(file, "yishi", twice)
    assert columns_of(file, "yishi") == tuple(twice) and again.same == 2


def test_the_mark_the_line_ends_and_the_mode_of_the_file_stay(file):
    file.write_bytes(FILE.replace("\n", "\r\n").encode("utf-8-sig"))
    file.chmod(0o640)
    save(enter(file, "jiashi", [NEWS, NOTICES, NEW]))
    assert file.read_bytes() == AFTER.replace("\n", "\r\n").encode("utf-8-sig")
    assert file.stat().st_mode & 0o777 == 0o640 and os.listdir(file.parent) == ["sites.toml"]


def test_a_link_to_the_file_stays_a_link(file, tmp_path):
    link = tmp_path / "here.toml"
    link.symlink_to(file)
    save(enter(link, "jiashi", [NEW]))
    assert link.is_symlink() and columns_of(file, "jiashi")[-1] == NEW


REFUSED = {
    "no such site": ("jiasi", FILE, "没有网站 jiasi，是不是想写 jiashi"),
    "an account": ("weibo", FILE, "政务新媒体账号"),
    "a file that was wrong before": ("jiashi", FILE.replace("gb2019", "gb2018"), "没有指标表 gb2018"),
    "columns in one line": (
        "yishi", FILE.replace('id = "yishi"', 'id = "yishi"\ncolumn = [{ name = "甲" }]'), r"写成 \[\[site.column\]\]",
    ),
    "quoted headers": ("bingshi", FILE.replace('[[site]]\nid = "bingshi"', '[["site"]]\nid = "bingshi"'), "一个一个写成"),
    "a header within a text": (
        "jiashi", FILE.replace('id = "jiashi"\n', 'id = "jiashi"\nnotes = """\n[[site]]\n"""\n'), "没法稳妥地加进去|一个一个写成",
    ),
}


@pytest.mark.parametrize("site_id, text, words", REFUSED.values(), ids=REFUSED)
def test_nothing_is_half_done(file, site_id, text, words):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        save(enter(file, site_id, [NEW]))
    assert file.read_text(encoding="utf-8") == text and os.listdir(file.parent) == ["sites.toml"]


def test_a_file_that_would_be_wrong_is_not_written(file):
    with pytest.raises(RegisterError, match="sites.toml 第.*类别") as caught:
        save(enter(file, "jiashi", [Registered("甲", category="无此类别")]))
    assert ".new" not in str(caught.value)
    assert file.read_text(encoding="utf-8") == FILE


REGISTER = "一级栏目,二级栏目,更新周期,责任处室\n新闻中心,局内要闻,两周,宣传科\n,通知,视情况,办公室\n"


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "登记.csv"
    path.write_bytes(REGISTER.encode("gbk"))
    return path


def test_the_command_writes_and_reports(file, register, capsys):
    assert cli.main(["register", str(register), "--site", "jiashi", "--sites", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "登记栏目 2 个，新增 1 个，更新 1 个，不变 0 个" in out and "新闻中心/通知" in out
    assert "第3行“通知”" in err and "视情况" in err
    assert columns_of(file, "jiashi")[0] == Registered("新闻中心/局内要闻", period="2w", owner="宣传科")


def test_the_command_only_prints_when_asked(file, register, capsys):
    assert cli.main(["register", str(register), "--site", "yishi", "--sites", str(file), "--print"]) == 0
    printed = tomllib.loads(f"[[site]]\n{capsys.readouterr().out}")["site"][0]["column"]
    assert printed == [
        {"name": "新闻中心/局内要闻", "period": "2w", "owner": "宣传科"}, {"name": "新闻中心/通知", "owner": "办公室"},
    ]
    assert file.read_text(encoding="utf-8") == FILE


def test_wrong_use_is_told_with_the_file(file, register, capsys):
    register.write_text("甲,乙\n丙,丁\n", encoding="utf-8")
    assert cli.main(["register", str(register), "--site", "jiashi", "--sites", str(file)]) == 2
    out, err = capsys.readouterr()
    assert "登记.csv：没有认出表头" in err and "Traceback" not in err and out == ""
