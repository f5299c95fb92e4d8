"""The npm package `allure` (Allure 3): found on this machine and run."""
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

PACKAGE = "allure@3"
VARIABLE = "GOVSITE_ALLURE"
LOCAL = Path("node_modules", ".bin", "allure")
MAJOR = "3."
ANSWER_SECONDS = 60
BUILD_SECONDS = 1800  # 80,000 results take some four minutes on two cores
HEAP = "--max-old-space-size=8192"  # megabytes; a limit, not a demand


class ReportError(ValueError):
    """One sentence for the person who wants the report."""


def find(given: str | None = None) -> str:
    """The program: as given, or GOVSITE_ALLURE, or on the PATH, or ./node_modules. Raises ReportError when there is none."""
    named = given or os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named) or shutil.which(Path(named) / LOCAL)
        if not found or not _is_allure3(found):
            raise ReportError(f"{named} 不是 Allure 3：{'--allure' if given else VARIABLE} 要写 npm 包 {PACKAGE} 的程序 allure 的路径")
        return os.path.abspath(found)
    found = next(filter(_is_allure3, _usual()), None)
    if not found:
        raise ReportError(f"没有找到 Allure 3：先装 Node.js 20 以上，再运行 npm install {PACKAGE}（或用 --allure 指出它在哪里）")
    return found


def _usual() -> Iterator[str]:
    for place in ("allure", str(LOCAL.absolute())):
        if found := shutil.which(place):
            yield found


def _is_allure3(program: str) -> bool:
    """Allure 2, a Java program, has the same name."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=ANSWER_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0 and told.stdout.strip().startswith(MAJOR)


def generate(program: str, config: Path, results: Path) -> None:
    """Builds the report that `config` describes. Raises ReportError with the program's last words when it cannot."""
    command = [program, "generate", "--config", str(config), "--cwd", str(config.parent), str(results)]
    with tempfile.TemporaryFile("w+", errors="replace") as said:  # Node loses what it has not yet written to a pipe
        try:
            status = _run(command, config.parent, said)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ReportError(f"Allure 没有完成：{error}") from error
        said.seek(0)
        if status:
            last = " ".join(said.read().split())[-300:]
            raise ReportError(f"Allure 没有完成（退出状态 {status}）：{last}")


def _run(command: list[str], folder: Path, said: IO[str]) -> int:
    """Away from the folder of the user: the report would tell the name and the branch of the repository around it."""
    return subprocess.run(command, cwd=folder, stdout=said, stderr=said, env=_environment(), timeout=BUILD_SECONDS).returncode


def _environment() -> dict[str, str]:
    """Without what would send a report somewhere, or add the name of a build to its title."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALLURE_", "GITHUB_", "CI", "GITLAB_"))}
    return kept | {"NODE_OPTIONS": " ".join(filter(None, (kept.get("NODE_OPTIONS"), HEAP)))}
