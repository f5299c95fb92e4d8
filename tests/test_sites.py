"""The sites file: what is accepted, what is refused and in which words, and what --site names."""
import re
from pathlib import Path

import pytest

from pytest_govsite import sites
from pytest_govsite.model.site import Account, Registered, Site

SHIPPED = Path(__file__).parents[1] / "sites.toml"

SOUND = """\
[[site]]
id = "xuanhan"
name = "宣汉县人民政府"
url = "http://www.xuanhan.gov.cn/"
region = "511722"
editions = ["sichuan2021"]
group = "达州市"
[[site.column]]
name = "部门动态"
url = "http://www.xuanhan.gov.cn/bmdt/"
category = "动态要闻"
period = "2w"
owner = "综合处"

[[site]]
id = "bureau"
url = "https://jyj.dazhou.gov.cn/"
kind = "city-department"
service_duty = false
code = "5117000015"
resolve = ["jyj.dazhou.gov.cn:443:10.1.2.3", "jyj.dazhou.gov.cn:443:[fd00::3]:8443"]
aliases = ["edu.dazhou.gov.cn"]

[[account]]
id = "weibo"
platform = "新浪微博"
name = "中国宣汉"
owner = "县融媒体中心"
"""


@pytest.fixture
def write(tmp_path):
    """Writes a sites file and gives its path."""

    def write(text):
        path = tmp_path / "sites.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_sound_file_is_read_whole(write):
    column = Registered("部门动态", "http://www.xuanhan.gov.cn/bmdt/", "动态要闻", "2w", "综合处")
    first, second = Site(
        id="xuanhan", name="宣汉县人民政府", url="http://www.xuanhan.gov.cn/", kind="county-portal", region="511722",
        editions=("sichuan2021",), group="达州市", columns=(column,),
    ), Site(
        id="bureau", url="https://jyj.dazhou.gov.cn/", kind="city-department", service_duty=False, code="5117000015",
        resolve=("jyj.dazhou.gov.cn:443:10.1.2.3", "jyj.dazhou.gov.cn:443:[fd00::3]:8443"),
        aliases=("edu.dazhou.gov.cn",),
    )
    file = sites.load(write(SOUND))
    assert file.sites == (first, second)
    assert file.accounts == (Account("weibo", "新浪微博", "中国宣汉", "县融媒体中心"),)


def test_an_edition_of_ones_own_is_named_beside_the_sites_file(write, tmp_path):
    (tmp_path / "mine.toml").write_text(
        '[edition]\nid = "mine"\ntitle = "t"\nissuer = "i"\ncite = "c"\nfull = "1"\n'
        '[[item]]\nid = "a"\npart = "veto"\nlevel1 = "b"\nlevel2 = "c"\n'
        '[[item.rule]]\nn = 1\nsummary = "s"\nkind = "flat"\ncheck = "attested"\n',
        encoding="utf-8",
    )
    file = sites.load(write(SOUND.replace('"sichuan2021"', '"mine.toml"')))
    assert file.sites[0].editions == (str(tmp_path / "mine.toml"),)


WRONG = {
    "no id": ('id = "xuanhan"\n', "", ["第1行", "缺少 id", "xuanhan"]),
    "id with a slash": ('id = "xuanhan"', 'id = "a/b"', ["第2行", "“a/b”", "英文字母"]),
    "Chinese id": ('id = "xuanhan"', 'id = "宣汉"', ["第2行", "英文字母"]),
    "id that leaves the folder": ('id = "xuanhan"', 'id = ".."', ["第2行", "英文字母"]),
    "id of the demo": ('id = "xuanhan"', 'id = "demo"', ["第2行", "演示"]),
    "id twice": ('id = "bureau"', 'id = "xuanhan"', ["第16行", "与第2行的重复"]),
    "id twice but for the case": ('id = "bureau"', 'id = "XuanHan"', ["第16行", "与第2行的重复"]),
    "id of a site and an account": ('id = "weibo"', 'id = "xuanhan"', ["[[account]] xuanhan", "已经是一个网站的"]),
    "host twice": ("https://jyj.dazhou.gov.cn/", "https://xuanhan.gov.cn/a", ["第17行", "xuanhan.gov.cn", "第4行"]),
    "no url": ('url = "http://www.xuanhan.gov.cn/"\n', "", ["[[site]] xuanhan", "缺少 url", "http://"]),
    "url without scheme": (
        '"http://www.xuanhan.gov.cn/"', '"www.xuanhan.gov.cn"', ["第4行", "开头不是 http://", "如 \"http://"],
    ),
    "url without host": ('"http://www.xuanhan.gov.cn/"', '"http:///x"', ["第4行", "域名的写法不对"]),
    "url with a space": ('"http://www.xuanhan.gov.cn/"', '"http://www.xuan han.gov.cn/"', ["第4行", "空格"]),
    "url with a password": ('"http://www.xuanhan.gov.cn/"', '"http://a:b@www.xuanhan.gov.cn/"', ["第4行", "密码"]),
    "url with a port out of range": ("www.xuanhan.gov.cn/", "www.xuanhan.gov.cn:99999/", ["第4行", "端口的写法不对"]),
    "url with half a bracket": ("www.xuanhan.gov.cn/", "[::1/", ["第4行", "端口的写法不对"]),
    "url of a column": ('"http://www.xuanhan.gov.cn/bmdt/"', '"/bmdt/"', ["第10行", "[[site.column]] 部门动态", "url"]),
    "unknown kind": ('"city-department"', '"city-departement"', ["第18行", "是不是想写 city-department"]),
    "unknown edition": ('"sichuan2021"', '"sichuan2012"', ["第6行", "是不是想写 sichuan2021"]),
    "edition file that is not there": ('"sichuan2021"', '"mine.toml"', ["第6行", "没有这个文件"]),
    "editions without brackets": ('["sichuan2021"]', '"sichuan2021"', ["第6行", "editions", "如 [\"sichuan2021\"]"]),
    "region of five digits": ('"511722"', '"51172"', ["第5行", "region", "6位"]),
    "region of no province": ('"511722"', '"991722"', ["第5行", "不是行政区划代码"]),
    "region without quotes": ('"511722"', "511722", ["第5行", "加引号"]),
    "code of nine digits": ('"5117000015"', '"511700001"', ["code", "10位网站标识码"]),
    "service duty in quotes": ("= false", '= "false"', ["service_duty", "true 或 false"]),
    "resolve without port": ("gov.cn:443:10.1.2.3", "gov.cn:10.1.2.3", ["resolve", "不是 主机:端口:地址"]),
    "resolve to port 0": ("gov.cn:443:10.1.2.3", "gov.cn:0:10.1.2.3", ["resolve", "不是 主机:端口:地址"]),
    "resolve to a name": ("443:10.1.2.3", "443:www.a.cn", ["resolve", "不是 主机:端口:地址"]),
    "resolve IPv6 without brackets": ("[fd00::3]:8443", "fd00::3", ["resolve", "方括号"]),
    "resolve twice for one family": ("[fd00::3]:8443", "10.1.2.4", ["resolve", "各只能写一条"]),
    "alias that is no host": ('"edu.dazhou.gov.cn"', '"http://edu.dazhou.gov.cn/"', ["aliases", "域名的写法不对"]),
    "period nobody understands": ('"2w"', '"两周"', ["第12行", "period", "\"2w\""]),
    "column without a name": ('"部门动态"', '" / "', ["第9行", "没有写出名称", "工作动态/部门动态"]),
    "column of no category": ('"动态要闻"', '"新闻"', ["第11行", "不是栏目的类别", "概况信息"]),
    "column twice": (
        '[[site.column]]\n', '[[site.column]]\nname = "部门动态"\n[[site.column]]\n', ["第11行", "前面已经写过"],
    ),
    "column twice at one address": (
        '[[site.column]]\n',
        '[[site.column]]\nname = "部门动态"\nurl = "http://www.xuanhan.gov.cn/bmdt/"\n[[site.column]]\n',
        ["第12行", "不同的 url"],
    ),
    "unit twice": ('group = "达州市"', 'units = ["石桥镇", "石桥镇"]', ["第7行", "“石桥镇”写了两次"]),
    "parent that is nobody": ('group = "达州市"', 'parent = "bureaux"', ["第7行", "没有 id 为“bureaux”", "是不是想写 bureau"]),
    "parent of itself": ('group = "达州市"', 'parent = "xuanhan"', ["第7行", "回到本网站"]),
    "parents in a circle": (
        'code = "5117000015"', 'code = "5117000015"\nparent = "xuanhan"\n[[site]]\nid = "c"\nurl = "http://c.gov.cn/"\nparent = "c"', ["parent", "回到本网站"],
    ),
    "unknown key": ("group =", "gruop =", ["第7行", "不认识 gruop", "是不是想写 group"]),
    "unknown table": ("[[account]]", "[[acount]]", ["不认识 acount", "是不是想写 account"]),
    "single brackets": (SOUND, '[site]\nid = "a"\n', ["第1行", "[[site]]"]),
    "account without owner": ('owner = "县融媒体中心"\n', "", ["[[account]] weibo", "缺少 owner"]),
    "empty name": ('"宣汉县人民政府"', '""', ["第3行", "name", "不能为空"]),
    "empty file": (SOUND, "", ["文件是空的"]),
    "no TOML": ('name = "宣汉县人民政府"', "name = 宣汉县人民政府", ["第3行", "双引号"]),
}


@pytest.mark.parametrize(("old", "new", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused(write, old, new, words):
    assert old in SOUND
    with pytest.raises(sites.SitesError) as refusal:
        sites.load(write(SOUND.replace(old, new, 1)))
    assert not [word for word in ["sites.toml", *words] if word not in str(refusal.value)], str(refusal.value)


def test_all_faults_are_told_at_once_in_the_order_of_the_file(write):
    text = SOUND.replace('"511722"', '"5"').replace('"xuanhan"', '"bureau"')
    text = text.replace("city-department", "bureau").replace("owner =", "boss =")
    with pytest.raises(sites.SitesError) as refusal:
        sites.load(write(text))
    lines = [int(line) for line in re.findall(r"^sites.toml 第(\d+)行", str(refusal.value), re.MULTILINE)]
    assert lines == sorted(lines) and len(lines) == 6


@pytest.mark.parametrize(
    ("content", "words"), [(None, "没有这个文件"), ("网站".encode("gbk"), "UTF-8")], ids=["no file", "GBK file"],
)
def test_a_file_that_cannot_be_read(tmp_path, content, words):
    path = tmp_path / "sites.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(sites.SitesError, match=words):
        sites.load(path)


NAMED = {
    "id": ("xuanhan", "xuanhan"),
    "account": ("weibo", "weibo"),
    "domain": ("www.xuanhan.gov.cn", "xuanhan"),
    "domain without www": ("xuanhan.gov.cn", "xuanhan"),
    "domain in capitals": ("XUANHAN.GOV.CN", "xuanhan"),
    "address of a page": ("https://www.xuanhan.gov.cn/xxgk/1.html?a=b", "xuanhan"),
    "alias": ("edu.dazhou.gov.cn", "bureau"),
    "www of a department": ("www.jyj.dazhou.gov.cn", "bureau"),
    "another port": ("www.xuanhan.gov.cn:8080", "www.xuanhan.gov.cn-8080"),
    "stranger": ("www.kaijiang.gov.cn", "www.kaijiang.gov.cn"),
    "Chinese domain": ("http://宣汉.政务/", "xn--vbt600b.xn--zfr164b"),
    "address without name": ("http://127.0.0.1:8000/", "127.0.0.1-8000"),
}


@pytest.mark.parametrize(("text", "id"), NAMED.values(), ids=NAMED)
def test_named(write, text, id):
    assert sites.named(text, sites.load(write(SOUND))).id == id


def test_a_stranger_has_an_address_and_nothing_else():
    assert sites.named("kaijiang.gov.cn", None) == Site(id="kaijiang.gov.cn", url="http://kaijiang.gov.cn/")


NOBODY = {
    "mistyped id": ("xuanhann", "是不是想写 xuanhan"),
    "word": ("something", "域名、网址"),
    "nothing": ("", "域名、网址"),
    "other scheme": ("ftp://www.xuanhan.gov.cn/", "域名、网址"),
    "space": ("www xuanhan.gov.cn", "域名、网址"),
}


@pytest.mark.parametrize(("text", "words"), NOBODY.values(), ids=NOBODY)
def test_named_nobody(write, text, words):
    with pytest.raises(sites.SitesError, match=words):
        sites.named(text, sites.load(write(SOUND)))


KINDS = {
    "province": ("510000", "www.sc.gov.cn", "provincial-portal"),
    "city": ("511700", "www.dazhou.gov.cn", "city-portal"),
    "county": ("511722", "www.xuanhan.gov.cn", "county-portal"),
    "host in capitals": ("511722", "WWW.XUANHAN.GOV.CN", "county-portal"),
    "department's host": ("511700", "jyj.dazhou.gov.cn", None),
    "portal without www": ("511722", "xuanhan.gov.cn", None),
    "other domain": ("511722", "www.xuanhan.com.cn", None),
    "no region": (None, "www.xuanhan.gov.cn", None),
    "no division code": ("51172", "www.xuanhan.gov.cn", None),
    "no such province": ("990000", "www.xuanhan.gov.cn", None),
}


@pytest.mark.parametrize(("region", "host", "kind"), KINDS.values(), ids=KINDS)
def test_derive_kind(region, host, kind):
    assert sites.derive_kind(region, host) == kind


FAMILY = """\
[[site]]
id = "sc"
url = "https://www.sc.gov.cn/"
region = "510000"
[[site]]
id = "dazhou"
name = "达州市人民政府"
url = "http://www.dazhou.gov.cn/"
region = "511700"
[[site]]
id = "xuanhan"
name = "宣汉县人民政府"
url = "http://www.xuanhan.gov.cn/"
region = "511722"
[[site]]
id = "jyj"
name = "宣汉县教育局"
url = "http://jyj.xuanhan.gov.cn/"
region = "511722"
parent = "xuanhan"
[[site]]
id = "mianyang-county"
url = "http://www.santai.gov.cn/"
region = "510722"
[[site]]
id = "gov"
url = "http://www.gov.cn/"
kind = "state-council-portal"
"""


def test_lower_sites_follow_from_division_codes_and_parents(write):
    below = {site.id: [name for name, _ in site.below] for site in sites.load(write(FAMILY)).sites}
    assert below == {"sc": ["达州市人民政府"], "dazhou": ["宣汉县人民政府"], "xuanhan": ["宣汉县教育局"], "jyj": [], "mianyang-county": [], "gov": []}


def test_a_parent_goes_before_the_division_code(write):
    text = FAMILY.replace('region = "511722"\n[[site]]\nid = "jyj"', 'region = "511722"\nparent = "sc"\n[[site]]\nid = "jyj"', 1)
    below = {site.id: [name for name, _ in site.below] for site in sites.load(write(text)).sites}
    assert below["sc"] == ["达州市人民政府", "宣汉县人民政府"] and below["dazhou"] == []


def test_the_districts_of_a_municipality_are_below_it(write):
    text = FAMILY.replace("510000", "110000").replace("511722", "110101")
    assert [name for name, _ in sites.load(write(text)).sites[0].below][:1] == ["宣汉县人民政府"]


def test_the_shipped_file_is_ready_for_use():
    file = sites.load(SHIPPED)
    assert file.sites[0].id == "xuanhan" and file.sites[0].editions == ("sichuan2021", "xuanhan2022")
    assert not [site.id for site in file.sites if site.kind != sites.derive_kind(site.region, site.host)]
    assert not [site.id for site in file.sites if not (site.name and site.group and site.editions)]


SHIPPED_EDITIONS = {
    "a county of Sichuan": ("510104", ("sichuan2021",)),
    "the province of Sichuan": ("510000", ("sichuan2021",)),
    "a city of Hunan": ("430100", ("hunan-city2021",)),
    "a county of Hunan has no table of its own": ("430121", ("gb2019",)),
}


@pytest.mark.parametrize(("region", "editions"), SHIPPED_EDITIONS.values(), ids=SHIPPED_EDITIONS)
def test_editions_of_the_shipped_sites(region, editions):
    assert [site.editions for site in sites.load(SHIPPED).sites if site.region == region] == [editions]
