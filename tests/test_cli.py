"""The console script: answers, plain errors, exit statuses."""
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_govsite
from pytest_govsite import doctor, editions
from pytest_govsite.cli import main
from pytest_govsite.gather.trial import Trial
from pytest_govsite.model.missing import Missing, Reason

SITES = """
[[site]]
id = "xuanhan"
name = "宣汉县人民政府"
url = "http://www.xuanhan.gov.cn/"
kind = "county-portal"
region = "511722"
editions = ["sichuan2021"]
group = "达州市"
"""


def test_editions_are_listed_with_what_a_machine_judges(capsys):
    assert main(["editions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(editions.ids())
    row = next(line.split() for line in lines if line.startswith("sichuan2021"))
    assert row[2] == "99" and row[4:] == ["120", "72", "96"]


def test_every_rule_of_an_edition_is_listed(capsys):
    assert main(["editions", "sichuan2021"]) == 0
    out = capsys.readouterr().out
    keys = [rule.key for item in editions.load("sichuan2021").items for rule in item.rules]
    assert [line.split()[0] for line in out.splitlines() if line.split()[:1] and line.split()[0] in keys] == keys


EXPLAINED = {
    "a check and its documentation": (
        "sichuan2021", "page-labels.1",
        ("扣分 / 功能设计 / 页面标签", "-0.1（该项最多 1 分）", "5 个", "检查 unlabelled-page", "Undetermined"),
    ),
    "a contradiction of the table": ("sichuan2021", "site-marks.1", ("原表自相矛盾处", "1.2分")),
    "a variant for some kinds of site": ("sichuan2021", "org-functions.1", ("省级部门网站：2 分",)),
    "a parent": ("sichuan2021", "site-search.2", ("从属于", "site-search.1")),
    "a veto": ("gb2019", "home-stale.1", ("否决", "2w")),
}


@pytest.mark.parametrize("edition, rule, words", EXPLAINED.values(), ids=EXPLAINED)
def test_a_rule_is_explained(capsys, edition, rule, words):
    assert main(["editions", edition, rule]) == 0
    out = capsys.readouterr().out
    assert [each for each in words if each not in out] == []
    assert editions.load(edition).rule(rule)[1].summary in "".join(out.split("\n"))


@pytest.mark.parametrize("id", editions.ids())
def test_every_rule_can_be_explained(capsys, id):
    for item in editions.load(id).items:
        for rule in item.rules:
            assert main(["editions", id, rule.key]) == 0
    assert "《" in capsys.readouterr().out


def test_a_right_sites_file_is_listed(capsys, tmp_path):
    path = tmp_path / "sites.toml"
    path.write_text(SITES, encoding="utf-8")
    assert main(["sites", str(path)]) == 0
    out = capsys.readouterr().out
    assert "宣汉县人民政府" in out and "县级政府门户网站" in out
    assert "没有问题：网站 1 个，账号 0 个，分组 1 个" in out


WRONG = {
    "no such edition": (["editions", "sichuan2012"], "sichuan2021"),
    "no such rule": (["editions", "sichuan2021", "page-labels.9"], "没有规则 page-labels.9"),
    "no such file": (["sites", "nowhere.toml"], "nowhere.toml"),
    "a wrong file": (["sites", "wrong.toml"], "wrong.toml"),
    "no such part": (["doctor", "liver"], "没有 liver 这一项"),
}


@pytest.mark.parametrize("arguments, words", WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_in_a_sentence(capsys, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    Path("wrong.toml").write_text(SITES.replace("county-portal", "county"), encoding="utf-8")
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert words in err and err.startswith("govsite: ") and "Traceback" not in err and out == ""


@pytest.fixture
def machine(monkeypatch):
    """A machine on which everything works but what a test breaks. Starts no browser."""
    versions = {"chromium": "150.0", "firefox": "140.0", "webkit": "2.44"}
    trials = {engine: Trial(version, draws_chinese=True) for engine, version in versions.items()}
    monkeypatch.setattr(doctor, "_trial", trials.__getitem__)
    monkeypatch.setattr(doctor, "has_ipv6_route", lambda: True)
    monkeypatch.setattr(doctor, "ENOUGH_DISK", 0)
    monkeypatch.setattr(doctor, "_resolve", lambda host: ["10.0.0.1"])
    monkeypatch.setattr(doctor, "upstream_for", lambda scheme, host, port: None)
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    return trials


def test_the_doctor_finds_a_good_machine_good(machine, capsys):
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "✗" not in out and "  →" not in out
    assert "Chromium 150.0 能启动" in out and "能画出汉字" in out and "Python 3." in out


GONE = {"chromium": Missing(Reason.BROWSER_MISSING)}
ONE_ENGINE = {"firefox": Missing(Reason.ENGINE_MISSING)}
SICK = {
    "no browser": ([], GONE, 1, "本机没有可用的 Chromium", "playwright install --with-deps chromium"),
    "no font": ([], {"chromium": Trial("150.0", False)}, 1, "画不出汉字", "fonts-wqy-zenhei"),
    "no Firefox is no reason to stop": ([], ONE_ENGINE, 0, "Firefox 不能用", "firefox-esr"),
    "but it is when it was asked for": (["engines"], ONE_ENGINE, 1, "Firefox 不能用", "firefox-esr"),
    "others are not asked": (["font"], ONE_ENGINE, 0, "能画出汉字", ""),
}


@pytest.mark.parametrize("parts, trials, status, fact, remedy", SICK.values(), ids=SICK)
def test_the_doctor_says_what_is_missing_and_what_to_do(machine, capsys, parts, trials, status, fact, remedy):
    machine.update(trials)
    assert main(["doctor", *parts]) == status
    out = capsys.readouterr().out
    assert fact in out and remedy in out


def test_the_doctor_tells_about_the_network(machine, capsys, monkeypatch):
    monkeypatch.setattr(doctor, "has_ipv6_route", lambda: False)
    monkeypatch.setattr(doctor, "_resolve", lambda host: [])
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    assert main(["doctor", "ipv6", "dns", "ca"]) == 1
    out = capsys.readouterr().out
    assert "IPv6 出口：没有" in out and "查不到" in out and "/nowhere/ca.pem" in out


def test_the_doctor_keeps_passwords_of_proxies_to_himself(monkeypatch, capsys):
    monkeypatch.setenv("https_proxy", "http://clerk:secret@127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    assert main(["doctor", "proxy"]) == 1
    out = capsys.readouterr().out
    assert "127.0.0.1:1，连不上" in out and "secret" not in out


def test_the_doctor_really_starts_chromium(capsys):
    assert main(["doctor", "browser"]) == 0
    assert "能启动" in capsys.readouterr().out


def test_the_module_is_the_script():
    home = Path(pytest_govsite.__file__).parents[1]
    command = [sys.executable, "-m", "pytest_govsite", "--version"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == f"pytest-govsite {pytest_govsite.__version__}"
