"""Finds the values that a description lists: `1: buy, 2: sell`, `"A", "B"`, `GTC / IOC`, `M1, M5, H1`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# A number and its meaning: `1: buy`, `2 - sell`, `3 for both`. Four digits at most, to leave out times and amounts.
_NUMBERED = re.compile(
    r"(?:^|[\s,;，；(（:：])`?(-?\d{1,4})`?\s*(?:[:：=]\s*|\s-\s|\sfor\s|\s+(?=[a-z]))(?=[A-Za-z\u4e00-\u9fff])"
)
_BACKTICKED = re.compile(r"`([^`\s]{1,40})`")
_QUOTED = re.compile(r"[\"“]([A-Za-z0-9_-]{1,40})[\"”]")
_WORD = r"[A-Z0-9][A-Za-z0-9_]{0,39}"
# Not inside a path or a date.
_SLASHED = re.compile(rf"(?<![\w/]){_WORD}(?:\s?/\s?{_WORD})+(?![\w/])")
# Words in capitals only: commas also separate the words of a sentence.
_CAPS = r"(?=\w*[A-Z])[A-Z0-9][A-Z0-9_]*(?![a-z])"
_COMMAS = re.compile(rf"(?<![\w,]){_CAPS}(?:\s?[,，、]\s?{_CAPS})+")


def values_in(text: str, finders: Sequence[str]) -> tuple[str, ...]:
    """Return the values that a description lists, by the first way of listing that finds at least two."""
    for finder in finders:
        found = tuple(dict.fromkeys(_FINDERS[finder](text)))
        # One value is an example; more than sixty are a list of symbols, which changes every day.
        if 2 <= len(found) <= 60:
            return found
    return ()


def _pairs(text: str) -> list[str]:
    return _NUMBERED.findall(text)


def _quoted(text: str) -> list[str]:
    return _QUOTED.findall(text) if len(_QUOTED.findall(text)) >= 2 else []


def _code(text: str) -> list[str]:
    found = _BACKTICKED.findall(text)
    listed = re.findall(r"`[^`\s]{1,40}`(?=\s*(?:/|,|or |、|[.)\]]*\s*$|\s\w+))", text)
    return [f for f in found if f"`{f}`" in listed]


def _slashes(text: str) -> list[str]:
    return [value.strip() for run in _SLASHED.findall(text) for value in run.split("/")]


def _commas(text: str) -> list[str]:
    return [value.strip() for run in _COMMAS.findall(text) for value in re.split("[,，、]", run)]


_FINDERS: dict[str, Callable[[str], list[str]]] = {
    "pairs": _pairs,
    "quoted": _quoted,
    "code": _code,
    "slashes": _slashes,
    "commas": _commas,
}
