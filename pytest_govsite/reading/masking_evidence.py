"""Personal data of citizens in evidence: every text of it masked, wherever it stands; addresses stay, for they are keys."""
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TypeVar

from pytest_govsite.reading.masking import is_suspect, masked

T = TypeVar("T")
# addresses and names of files: what they hold tells things apart
AS_THEY_ARE = frozenset({
    "url", "final_url", "href", "page", "target", "host", "shot", "shots", "chart", "beside", "beside_inner", "drawn", "redirects",
    "mixed", "failed", "digest", "address", "results", "registers", "id", "site", "system",
})


def masked_evidence(value: T) -> T:
    """The value with all its texts masked; the very same value where nothing is to be masked."""
    if isinstance(value, str):
        return masked(value) if is_suspect(value) else value
    if isinstance(value, tuple):
        fresh = tuple(masked_evidence(one) for one in value)
        return value if all(map(_same, fresh, value)) else fresh
    if isinstance(value, dict):
        fresh = {key: masked_evidence(one) for key, one in value.items()}
        return value if all(one is value[key] for key, one in fresh.items()) else fresh
    return _masked_fields(value) if is_dataclass(value) else value


def _masked_fields(value: T) -> T:
    fresh = {}
    for name in _names(type(value)):
        one = getattr(value, name)
        if is_dataclass(one) or name not in AS_THEY_ARE:
            other = masked_evidence(one)
            if other is not one:
                fresh[name] = other
    return replace(value, **fresh) if fresh else value


def _same(one: object, other: object) -> bool:
    return one is other


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
