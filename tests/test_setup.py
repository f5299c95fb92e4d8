"""Set-up of a machine, played with commands that only write down that they were called."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = """#!/bin/sh
echo "python $*" >>"$LOG"
case "$*" in
"-m pytest_govsite doctor browser font") [ -e browser ] && [ -e font ] ;;
"-m pytest_govsite doctor browser") [ -e browser ] ;;
"-m pytest_govsite doctor font") [ -e font ] ;;
"-m playwright install chromium") [ -e reachable ] && { [ -e lacks-libraries ] || touch browser; } ;;
"-m playwright install --with-deps chromium") [ -e reachable ] && touch browser ;;
"--version") echo Python 3.12.1 ;;
esac
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$LOG"
case "$*" in
*chromium-headless-shell) [ -e debian ] && touch browser ;;
*fonts-wqy-zenhei) touch font ;;
esac
"""


@pytest.fixture
def machine(tmp_path):
    """A clone with a virtual environment and commands of its own. Returns (run, calls)."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/setup.sh", tmp_path / "scripts")
    (tmp_path / "pyproject.toml").touch()
    for name, text in (("bin/apt-get", APT_GET), ("bin/id", "#!/bin/sh\necho 0\n"), (".venv/bin/python", PYTHON)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    log = tmp_path / "log"

    def run(*there: str) -> tuple[int, list[str]]:
        for name in there:
            (tmp_path / name).touch()
        log.write_text("")
        environment = {"PATH": f"{tmp_path / 'bin'}:{os.defpath}", "LOG": str(log)}
        done = subprocess.run(["sh", "scripts/setup.sh"], cwd=tmp_path, env=environment, capture_output=True, timeout=60)
        return done.returncode, log.read_text().splitlines()

    return run


def installed(calls: list[str]) -> list[str]:
    return [call.split()[-1] for call in calls if call.startswith("apt-get install") or "playwright install" in call]


SITUATIONS = {
    "everything is there": (("browser", "font"), 0, []),
    "a download does": (("font", "reachable"), 0, ["chromium"]),
    "a download that lacks libraries": (("font", "reachable", "lacks-libraries"), 0, ["chromium", "chromium"]),
    "no download, but the distribution has it": (("font", "debian"), 0, ["chromium", "chromium-headless-shell"]),
    "no font": (("browser",), 0, ["fonts-wqy-zenhei"]),
    "neither": (("debian",), 0, ["chromium", "chromium-headless-shell", "fonts-wqy-zenhei"]),
    "no browser to be had": (("font",), 1, ["chromium", "chromium-headless-shell", "chromium"]),
}


@pytest.mark.parametrize("there, status, wanted", SITUATIONS.values(), ids=SITUATIONS)
def test_only_what_is_missing_is_installed(machine, there, status, wanted):
    code, calls = machine(*there)
    assert (code, installed(calls)) == (status, wanted)


def test_the_second_time_nothing_is_installed(machine):
    first, second = machine("browser", "font")[1], machine()[1]
    assert any("pip install" in call for call in first)
    assert not any("install" in call for call in second)


def test_system_packages_are_brought_up_to_date_once(machine):
    assert machine("debian")[1].count("apt-get update -qq") == 1


@pytest.mark.parametrize("shell, script", [("sh", "scripts/setup.sh"), ("bash", ".ci/run")])
def test_scripts_parse(shell, script):
    assert subprocess.run([shell, "-n", ROOT / script], capture_output=True, timeout=30).stderr == b""
