"""The READMEs: whole, alike, and true. What they tell a newcomer to write is written and run."""
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faked import SPARE

from pytest_govsite import cli, editions, holidays, sites
from pytest_govsite.options import OPTIONS

ROOT = Path(__file__).parents[1]
ENGLISH, CHINESE = (ROOT / name for name in ("README.md", "README.zh-CN.md"))
READMES = (ENGLISH, CHINESE)
OTHERS = {"--alluredir"}  # documented, but not ours
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED_AS = re.compile(r"`((?:checks|pytest_govsite)/[\w/]+\.(?:py|toml))`")

each_readme = pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)


def blocks(path: Path, *languages: str) -> list[str]:
    return [text for language, text in BLOCK.findall(path.read_text(encoding="utf-8")) if language in languages]


def commands(path: Path) -> list[list[str]]:
    """Every command line of the file: of its shell blocks, and between back quotes."""
    text = path.read_text(encoding="utf-8")
    inline = re.findall(r"`((?:make|govsite|pytest) [^`]+)`", BLOCK.sub("", text))
    return [line.split() for line in [*"".join(blocks(path, "sh")).splitlines(), *inline]]


@each_readme
def test_the_first_two_commands_do_all_the_set_up(path):
    assert blocks(path, "sh")[0].splitlines() == ["make demo", "make test"]


@each_readme
def test_every_option_is_documented(path):
    documented = dict(re.findall(r"^\| `(--?[\w-]+)[^`]*`( ●)?", path.read_text(encoding="utf-8"), re.MULTILINE))
    for option in OPTIONS:
        assert option.short in documented, f"{option.short} is not in the table of options"
        assert bool(documented[option.short]) == bool(option.ini), f"{option.short}: ● says that there is an ini twin"
    ours = {option.short for option in OPTIONS}
    assert {name for name in documented if name.startswith("--")} == ours | OTHERS


@each_readme
def test_every_option_of_an_example_exists(path):
    known = {option.short for option in OPTIONS} | {option.long for option in OPTIONS} | OTHERS
    words = [word for line in commands(path) if line[0] == "pytest" for word in line]
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used and used <= known


@each_readme
def test_every_make_target_exists(path):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = {line[1] for line in commands(path) if line[0] == "make"}
    assert {"demo", "test"} <= used <= targets


@each_readme
def test_every_govsite_command_works(path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    used = {tuple(line[1:]) for line in commands(path) if line[0] == "govsite"}
    assert {arguments[0] for arguments in used} == {*cli.COMMANDS}
    for arguments in used:
        if arguments[0] in ("editions", "sites"):  # the others ask the machine or the network, or change a file
            assert cli.main(arguments) == 0, arguments
        elif len(arguments) > 1:
            cli.parser().parse_args(arguments)


@each_readme
def test_every_configuration_file_is_right(path, tmp_path):
    readers = {"[[site]]": sites.load, "years": holidays.load}
    for number, text in enumerate(blocks(path, "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        for start, load in readers.items():
            if text.startswith(start):
                assert load(file)


@each_readme
def test_every_edition_and_outcome_is_real(path):
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:gb|sichuan|hunan-\w+|supervision|xuanhan)20\d\d\b", text))
    assert named <= set(editions.ids())


def test_both_readmes_say_the_same():
    """Same sections, tables and examples; only words differ."""
    shapes = []
    for path in READMES:
        text = path.read_text(encoding="utf-8")
        prose = BLOCK.sub("", text)
        shapes.append({
            "sections": len(re.findall(r"^## ", prose, re.MULTILINE)),
            "rows": [row.split("`")[1] for row in prose.splitlines() if row.startswith("| `")],
            "points": len(re.findall(r"^- ", prose, re.MULTILINE)),
            "blocks": blocks(path, "sh", "python", "toml"),
            "files": SAVED_AS.findall(prose),
        })
    assert shapes[0] == shapes[1]


@pytest.mark.timeout(240)
def test_a_newcomer_adds_a_check_and_an_edition(tmp_path):
    """In a copy of the project, by the README's own words and nothing else."""
    copy = tmp_path / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "govsite-results", "tests", "bench"))
    edition = next(text for text in blocks(ENGLISH, "toml") if text.startswith("[edition]"))
    check = blocks(ENGLISH, "python")[0]
    for name, text in zip(SAVED_AS.findall(ENGLISH.read_text(encoding="utf-8")), (check, edition), strict=True):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", *blocks(ENGLISH, "sh")[-1].split(), "-p", "no:cacheprovider", *SPARE]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=200)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "village2026" in done.stdout and "titles.1" in done.stdout and "不足 80 个字" in done.stdout
