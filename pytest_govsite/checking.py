"""What makes a function a check."""
import functools
import importlib.util
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_govsite.model.evidence import KINDS
from pytest_govsite.model.finding import Observation
from pytest_govsite.model.missing import Missing

CONTEXT = ("site", "as_of", "calendar")


@dataclass(frozen=True)
class Check:
    """A discovered check.

    evidence    the kinds it needs; `may_miss` those of them that it wants to see even when they are Missing.
    context     `site`, `as_of` and `calendar`, when it asks for them.
    thresholds  with their defaults.
    """

    id: str
    function: Callable[..., tuple[Observation, ...]]
    evidence: tuple[str, ...]
    context: tuple[str, ...]
    thresholds: dict[str, object]
    may_miss: tuple[str, ...] = ()

    def stopped_by(self, values: Mapping[str, object]) -> Missing | None:
        """The first missing evidence without which this check cannot run; None when it can."""
        needed = (values[kind] for kind in self.evidence if kind not in self.may_miss)
        return next((value for value in needed if isinstance(value, Missing)), None)

    @property
    def doc(self) -> str:
        """The public documentation."""
        return inspect.cleandoc(self.function.__doc__ or "")


def check(id: str) -> Callable:
    """Turns a generator function into a check.

    Positional parameters name evidence kinds, or the context: `site`, `as_of`, and `calendar`
    (a windows.Calendar with the holidays that the user configured); keyword-only parameters with
    defaults are thresholds. The decorated function returns a tuple of observations.

    Missing evidence stops a check, unless the parameter is annotated `X | Missing`: then the check is handed the
    Missing itself and answers with Unseen for what it could not judge.

    Raises TypeError for a parameter that is neither, or a threshold without default.
    """

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def run(*args, **kwargs) -> tuple[Observation, ...]:
            return tuple(function(*args, **kwargs) or ())

        run.check = _read_signature(id, run, function)
        return run

    return decorate


def _read_signature(id: str, run: Callable, function: Callable) -> Check:
    positional, thresholds, may_miss = [], {}, []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY:
            if parameter.default is parameter.empty:
                raise TypeError(f"check {id}: threshold {name} needs a default")
            thresholds[name] = parameter.default
        elif name in KINDS or name in CONTEXT:
            positional.append(name)
            if Missing in typing.get_args(parameter.annotation):
                may_miss.append(name)
        else:
            raise TypeError(f"check {id}: {name} is no kind of evidence; known are {', '.join((*KINDS, *CONTEXT))}")
    evidence = tuple(name for name in positional if name in KINDS)
    context = tuple(name for name in positional if name in CONTEXT)
    return Check(id, run, evidence, context, thresholds, tuple(may_miss))


def folder() -> Path:
    """Where the checks lie: inside the installed package, else beside it in a clone."""
    package = Path(__file__).parent
    return next((place for place in (package / "checks", package.parent / "checks") if place.is_dir()))


def discover(root: Path) -> dict[str, Check]:
    """All checks under a folder by id, each with one file of its own.

    Raises ImportError for a file that holds no check of its own name, or a name that stands twice.
    """
    found: dict[str, Check] = {}
    for path in sorted(root.rglob("*.py")):
        check = read_check(path)
        if check.id in found:
            raise ImportError(f"{path}: a second check {check.id}")
        found[check.id] = check
    return found


def read_check(path: Path) -> Check:
    """The check that a file holds: `dead_link.py` holds `check_dead_link` with the id `dead-link`."""
    spec = importlib.util.spec_from_file_location(f"pytest_govsite_checks.{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(getattr(module, f"check_{path.stem}", None), "check", None)
    if found is None or found.id != path.stem.replace("_", "-"):
        raise ImportError(f"{path}: no function check_{path.stem} with @check({path.stem.replace('_', '-')!r})")
    return found
