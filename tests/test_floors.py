"""The house rules that a machine can read: who may import whom, what a check looks like, how long things may grow."""
import ast
import io
import tokenize
from functools import cache, wraps
from pathlib import Path

import pytest

import pytest_govsite
from pytest_govsite import checking, editions

PACKAGE = Path(pytest_govsite.__file__).parent
ROOT = Path(__file__).parents[1]
CHECKS = sorted(checking.folder().rglob("*.py"))
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if checking.folder() not in path.parents)
OURS = [*SOURCES, *CHECKS, *sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])]

FLOORS = {
    0: ("model", "checking"),
    1: (
        "__init__", "reading", "editions", "judging", "pricing", "points", "windows", "scoring", "gating",
        "availability", "comparing", "deadlines", "holidays", "upkeep", "weeks",
        "sites", "tomlfile", "processors", "exemptions", "ledger", "rows", "storage",
    ),
    2: ("gather", "history", "dossier", "report"),
    3: (
        "plugin", "hooks", "activation", "options", "planning", "collecting", "running", "outcomes", "distributing",
        "baseline", "patience", "shortening", "overdue", "ending", "bookkeeping", "books", "housekeeping", "sweeping", "remembering", "cli", "commands", "doctor", "demo", "embedded", "register",
        "__main__",
    ),
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}
MAY_VISIT_NEIGHBOUR = {("gather", "history")}

ASYNC_ROOMS = ("gather", "demo")
LIBRARY_PLACES = {
    "playwright": ("gather/",),
    "aiohttp": ("gather/wire.py", "demo/"),
    "dns": ("gather/dns.py", "demo/"),
    "sqlalchemy": ("history/",),
    "alembic": ("history/",),
    "distributed": ("sweeping/",),
    "dask": ("sweeping/",),
}
HARMLESS_IN_CHECKS = ("re.", "itertools.", "collections.", "datetime.", "urllib.parse.")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "base", "common", "misc"}
HEADINGS = ["Counts", "Excuses", "Undetermined"]
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_CHECK = 40, 400, 80


def name_of(path: Path) -> str:
    home = PACKAGE if PACKAGE in path.parents else ROOT
    return path.relative_to(home).as_posix() if home in path.parents else path.name


def each(paths):
    """Makes one test of each folder's files: a test of each file would be a third of all tests there are."""
    folders = {folder: [path for path in paths if path.parent == folder] for folder in {path.parent: None for path in paths}}

    def over(test):
        @pytest.mark.parametrize("folder", folders, ids=name_of)
        @wraps(test)
        def test_of_each(folder):
            amiss = []
            for path in folders[folder]:
                try:
                    test(path)
                except AssertionError as error:
                    amiss.append(f"{name_of(path)}: {error}")
            assert not amiss, "\n".join(amiss)
        del test_of_each.__wrapped__  # whose arguments pytest would ask for
        return test_of_each
    return over


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@cache
def imports_of(path: Path) -> list[str]:
    """Dotted names of all that a file imports, wherever it does so; `from a import b` gives a.b."""
    names = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(path)}:{node.lineno}: imports are absolute: a reader can follow them"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def rooms_imported(path: Path) -> set[str]:
    parts = [name.split(".") for name in imports_of(path) if name.startswith("pytest_govsite.")]
    return {part[1] if part[1] in FLOOR_OF else "__init__" for part in parts}


@each(SOURCES)
def test_imports_go_down_only(path):
    room = room_of(path)
    assert room in FLOOR_OF, f"{room} has no floor yet: name it in FLOORS, so that it is clear what may import it"
    for other in rooms_imported(path) - {room, "__init__"}:
        assert FLOOR_OF[other] <= FLOOR_OF[room], f"{room} imports {other}, a floor above: pull the shared part down"
        if FLOOR_OF[room] == FLOOR_OF[other] == 2:
            assert (room, other) in MAY_VISIT_NEIGHBOUR, f"{room} imports its neighbour {other}: the plugin joins them"
        if room == "demo":
            assert other == "model", f"demo imports {other}: a website knows nothing of who inspects it"


@each(SOURCES)
def test_async_stays_in_its_rooms(path):
    """Judging and reporting must stay readable and testable without an event loop."""
    coroutines = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.AsyncFunctionDef)]
    asynchronous = coroutines or "asyncio" in imports_of(path)
    assert not asynchronous or room_of(path) in ASYNC_ROOMS, f"only {' and '.join(ASYNC_ROOMS)} are asynchronous"


@each(SOURCES)
def test_network_libraries_stay_in_their_places(path):
    """Each way out has one door, where deadlines and the guard of private addresses stand."""
    for name in imports_of(path):
        places = LIBRARY_PLACES.get(name.split(".")[0], ("",))
        assert name_of(path).startswith(places), f"{name} may be imported in {', '.join(places)} only"


def test_inspections_in_a_clone_do_not_load_what_only_tests_need():
    """`pytest --site=…` reads the conftest.py of the tests, in every worker."""
    imported = [node for node in tree_of(ROOT / "tests" / "conftest.py").body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {name.name for node in imported if isinstance(node, ast.Import) for name in node.names}
    assert not [node for node in imported if isinstance(node, ast.ImportFrom)] and names <= {"gc", "os", "tempfile", "pytest"}


def test_files_that_begin_first_are_there():
    """A name that is no file's would only cost time, and nobody would see it."""
    assigned = [node for node in tree_of(ROOT / "tests" / "conftest.py").body if isinstance(node, ast.Assign)]
    lists = {node.targets[0].id: ast.literal_eval(node.value) for node in assigned}
    assert not [name for name in (*lists["LONG"], *lists["SLOW"]) if not (ROOT / "tests" / name).exists()]


@each(CHECKS)
def test_checks_import_the_facade_only(path):
    """A check judges what it is handed; what it could import, it could fetch."""
    for name in imports_of(path):
        head, _, rest = name.partition(".")
        if head == "pytest_govsite":
            assert rest in pytest_govsite.__all__, f"{name} is no part of the facade"
        else:
            assert f"{name}.".startswith(HARMLESS_IN_CHECKS), f"{name}: what can do I/O, a check does not import"


@each(CHECKS)
def test_checks_know_no_edition(path):
    """A new province is one TOML file and no Python."""
    text = path.read_text(encoding="utf-8")
    assert not [id for id in editions.ids() if id in text], "thresholds come from the edition's `with`, not its name"


@each(CHECKS)
def test_check_file_id_and_function_agree(path):
    """Whoever reads a rule finds its check by name alone."""
    assert checking.read_check(path).id == path.stem.replace("_", "-")


@each(CHECKS)
def test_check_documents_itself(path):
    """The docstring is the public documentation: `govsite editions` and Allure print it."""
    doc = checking.read_check(path).doc
    first, *rest = doc.splitlines()
    assert first.endswith(".") and first[0].isupper(), "the first line names the fault in one sentence"
    starts = [line.split()[0] for line in rest if line[:1].isupper()]
    headings = [word for word in starts if word in HEADINGS]
    assert headings == HEADINGS, f"the headings are {', '.join(HEADINGS)}, in this order, each followed by its text"


@each(CHECKS)
def test_check_is_short(path):
    """A longer check gathers, renders or prices: that has its own rooms."""
    assert lines_of(path) <= LONGEST_CHECK


@each(OURS)
def test_files_and_functions_stay_short(path):
    assert lines_of(path) <= LONGEST_FILE, "a file this long holds two thoughts"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines: give its parts names"


@each(OURS)
def test_files_are_named_for_what_they_hold(path):
    assert not {path.stem, path.parent.name} & BANNED_NAMES, "such a name attracts whatever has no home"


@each(OURS)
def test_nothing_is_left_undone(path):
    """Unfinished work belongs to the issues, where somebody reads it."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    assert not [comment for comment in comments if any(word in comment for word in ("TODO", "FIXME", "XXX"))]
