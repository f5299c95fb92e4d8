"""What makes a function a check."""
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from pytest_govsite.model.evidence import KINDS
from pytest_govsite.model.finding import Observation

CONTEXT = ("site", "as_of")


@dataclass(frozen=True)
class Check:
    """A discovered check: its id, function, the evidence kinds it needs and its thresholds with their defaults."""

    id: str
    function: Callable[..., tuple[Observation, ...]]
    evidence: tuple[str, ...]
    context: tuple[str, ...]
    thresholds: dict[str, object]

    @property
    def doc(self) -> str:
        """The public documentation."""
        return inspect.cleandoc(self.function.__doc__ or "")


def check(id: str) -> Callable:
    """Turns a generator function into a check.

    Positional parameters name evidence kinds, or the context `site` and `as_of`; keyword-only parameters with
    defaults are thresholds. The decorated function returns a tuple of observations.

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
    positional, thresholds = [], {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY:
            if parameter.default is parameter.empty:
                raise TypeError(f"check {id}: threshold {name} needs a default")
            thresholds[name] = parameter.default
        elif name in KINDS or name in CONTEXT:
            positional.append(name)
        else:
            raise TypeError(f"check {id}: {name} is no kind of evidence; known are {', '.join((*KINDS, *CONTEXT))}")
    evidence = tuple(name for name in positional if name in KINDS)
    context = tuple(name for name in positional if name in CONTEXT)
    return Check(id, run, evidence, context, thresholds)
