"""How faults are planted: functions that turn a good text into a faulty one.

Templates fence what can be taken away with comments, `<!--police-->...<!--/police-->`, as content systems do.
"""
import re
from collections.abc import Callable

Plant = Callable[[str], str]
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def _fenced(name: str) -> re.Pattern:
    return re.compile(rf"<!--{name}-->.*?<!--/{name}-->", re.DOTALL)


def without(*names: str) -> Plant:
    """Takes away what stands between the fences of these names."""

    def plant(text: str) -> str:
        for name in names:
            text = _fenced(name).sub("", text)
        return text

    return plant


def instead(name: str, new: str) -> Plant:
    """Puts something else between the fences."""
    return lambda text: _fenced(name).sub(lambda _: new, text)


def beside(name: str, new: str) -> Plant:
    """Adds something at the end of what is fenced."""
    return lambda text: text.replace(f"<!--/{name}-->", f"{new}<!--/{name}-->", 1)


def swap(old: str, new: str) -> Plant:
    """Replaces a text."""
    return lambda text: text.replace(old, new)


def whole(new: str) -> Plant:
    """Replaces everything."""
    return lambda text: new


def reformatted(text: str) -> str:
    """Writes the fenced day in Chinese: 2026年11月20日."""
    return _fenced("day").sub(lambda found: DAY.sub(r"\1年\2月\3日", found.group()), text)


def _label(name: str) -> re.Pattern:
    return re.compile(rf"<meta\b[^>]*\bname=(?P<q>[\"']){name}(?P=q)[^>]*>\s*", re.IGNORECASE)


def unlabelled(*names: str) -> Plant:
    """Takes labels away."""

    def plant(text: str) -> str:
        for name in names:
            text = _label(name).sub("", text)
        return text

    return plant


def labelled(value: str, *names: str) -> Plant:
    """Gives labels another content."""

    def plant(text: str) -> str:
        for name in names:
            text = _label(name).sub(lambda found: _with_content(found.group(), value), text)
        return text

    return plant


def _with_content(tag: str, value: str) -> str:
    return re.sub(r"content=(\"[^\"]*\"|'[^']*')", f'content="{value}"', tag, flags=re.IGNORECASE)
