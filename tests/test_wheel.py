"""The package as users get it: built, installed, started from an empty folder.

The virtual environments see the packages of the environment that runs the tests (a .pth file names its folders), so
that nothing is downloaded; only pytest-govsite itself is installed into them.
"""
import json
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir")
pytestmark = pytest.mark.timeout(300)


def call(*command, cwd, **more) -> subprocess.CompletedProcess:
    """Runs a program without what the surrounding test run put into the environment."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "PYTEST_", "COV_"))}
    return subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, timeout=200, **more)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """The project without what building and testing left in it: hatchling takes whatever lies there."""
    folder = tmp_path_factory.mktemp("source") / "clone"
    waste = shutil.ignore_patterns("__pycache__", ".git", ".venv", "*-results", "*-report", "build", "dist", ".*cache*")
    shutil.copytree(ROOT, folder, ignore=waste)
    return folder


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = call(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source, cwd=folder)
    assert built.returncode == 0, built.stderr
    path, = folder.glob("*.whl")
    return path


def install(folder: Path, *what) -> Path:
    """A virtual environment with our package in it; returns its python."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    packages = call(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip()
    theirs = dict.fromkeys([*site.getsitepackages(), sysconfig.get_path("platlib")])
    Path(packages, "surrounding.pth").write_text("\n".join(theirs))
    done = call(*PIP, "--python", python, "install", "--no-deps", "--no-build-isolation", *what, cwd=folder)
    assert done.returncode == 0, done.stderr
    return python


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    return install(tmp_path_factory.mktemp("installed"), wheel)


def rows(folder: Path) -> list[dict]:
    lines = (folder / "govsite-results" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_wheel_carries_everything(wheel, source):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {path.relative_to(source).as_posix() for path in (source / "pytest_govsite").rglob("*") if path.is_file()}
    checks = {f"pytest_govsite/{path.relative_to(source).as_posix()}" for path in (source / "checks").rglob("*.py")}
    assert package | checks <= names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "checks/", "conftest"))]


def test_the_wheel_works_in_an_empty_folder(python, tmp_path):
    """The embedded site, without a browser: what only people decide, and IPv6."""
    ran = call(python, "-m", "pytest", "--site=demo-clean", "--govsite-crawl-pages=8", "-k", "attested or incomplete_ipv6", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    checks = python.parents[1].rglob("pytest_govsite/checks")
    assert any(str(path) in ran.stdout for path in checks), "the header says where the checks are from"
    outcomes = {row["rule"]: row["outcome"] for row in rows(tmp_path)}
    assert outcomes["ipv6.1"] in ("pass", "undetermined") and len(outcomes) > 50


def test_both_forms_of_an_option(python, tmp_path):
    ran = call(
        python, "-m", "pytest", "--site", "www.example.gov.cn", "--edition", "gb2019", "--results", "govsite-results",
        "-m", "rule(id='site-search.1')", "--collect-only", "-q", cwd=tmp_path,
    )
    assert "::www.example.gov.cn/gb2019/site-search.1" in ran.stdout and "1/" in ran.stdout.splitlines()[-1]


def test_without_our_options_it_is_not_there(python, tmp_path):
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    ran = call(python, "-m", "pytest", cwd=tmp_path)
    assert ran.returncode == 0 and "1 passed" in ran.stdout
    assert "govsite" not in "".join(line for line in ran.stdout.splitlines() if not line.startswith("plugins:"))
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith((".", "__"))) == ["test_own.py"]


def test_the_console_script_is_there(python, tmp_path):
    ran = call(python.with_name("govsite"), "editions", cwd=tmp_path)
    assert ran.returncode == 0 and "gb2019" in ran.stdout


def test_an_installed_clone_works_from_anywhere(source, tmp_path):
    """Its conftest.py stays out of the way: the plugin is registered once, by its entry point."""
    python = install(tmp_path / "venv", "--editable", source)
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (empty, source):
        results = f"--results={tmp_path / folder.name}-results"
        ran = call(python, "-m", "pytest", "--site=demo-clean", "-k", "attested", results, cwd=folder)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert str(source / "checks") in ran.stdout


THEIRS = (
    "--splits=1", "--group=1", "--html=report.html", "--self-contained-html", "--timeout=60", "--browser=chromium",
    "--tracing=off", "--base-url=http://example.com", "--junitxml=junit.xml",
)
BESIDE = {
    "pytest-split": ("--splits=2", "--group=1"),
    "pytest-split, -html, -timeout, -playwright, -base-url": THEIRS,
    "and xdist": (*THEIRS, "-n2"),
}


@pytest.mark.parametrize("options", BESIDE.values(), ids=BESIDE)
def test_other_plugins_and_ours_let_each_other_work(python, tmp_path, options):
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    own = call(python, "-m", "pytest", *options, "test_own.py", cwd=tmp_path)
    assert own.returncode == 0 and "1 passed" in own.stdout, own.stdout + own.stderr
    ran = call(python, "-m", "pytest", *options, "--site=demo-clean", "-k", "attested", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert {row["blame"] for row in rows(tmp_path)} <= {"person", None} and "skipped" in ran.stdout
    assert ("--html=report.html" in options) == (tmp_path / "report.html").exists()
    assert "Traceback" not in ran.stdout + ran.stderr
