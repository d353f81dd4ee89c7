"""Reads what a description says of values beside their list: the default, the range, the unit of a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.drift.facts.facts import Fact

_NUMBER = r"[`'\"]?(-?\d+(?:\.\d+)?)(?![\w%])"
# `default: 100`, `Defaults to "GTC"`, `default value is 0.5`.
DEFAULT = re.compile(r"\bdefault(?:s| value)?(?: is| to)?\s*[:=]?\s*([`'\"]?)([\w.-]*\w)\1", re.IGNORECASE)
# Two figures; with a third one, they are a list of values.
RANGE = re.compile(
    rf"(?:\[|\bbetween ){_NUMBER}[`'\"]?\s*(?:,|-|~|–|to|and)\s*{_NUMBER}(?![`'\"]?\s*,\s*[`'\"]?\d)", re.IGNORECASE
)
# `1 <= x <= 500`, as references that are generated from schemas say it.
BETWEEN = re.compile(r"(-?\d+) ?(?:<=|≤) ?\w+ ?(?:<=|≤) ?(-?\d+)")
# `max 500`, `Maximum value is 1000`.
MOST = re.compile(rf"\bmax(?:imum)?(?: value)?(?: is)?\s*[:=]?\s*{_NUMBER}", re.IGNORECASE)
LEAST = re.compile(rf"\bmin(?:imum)?(?: value)?(?: is)?\s*[:=]?\s*{_NUMBER}", re.IGNORECASE)
# Short ones only in brackets: `ms` alone may be anything.
_UNIT = re.compile(
    r"\((?P<short>ns|us|µs|ms|s|secs?)\)|\b(?P<long>nano|micro|milli)seconds?\b|\b(?:in|unix) (?P<whole>seconds)\b",
    re.IGNORECASE,
)
_UNITS = {"nano": "ns", "micro": "us", "µs": "us", "milli": "ms", "sec": "s", "secs": "s", "seconds": "s"}
_FIXED = re.compile(r"-?\d+(?:\.\d+)?|true|false", re.IGNORECASE)


def bounds_of(text: str, kind: str, line: int) -> Iterator[tuple[str, Fact]]:
    """Yield the kinds of fact and the facts that the words of a parameter or field state; several values as `60|500`."""
    found = {"unit": _units(text)}
    found |= {"default": _defaults(text), "range": _ranges(text)} if kind == "param" else {}
    for what, values in found.items():
        if values:
            yield what, Fact("|".join(dict.fromkeys(values)), line=line)


def _defaults(text: str) -> list[str]:
    # Without quotes, the next word of a sentence is no value.
    return [match[2] for match in DEFAULT.finditer(text) if match[1] or _FIXED.fullmatch(match[2])]


def _ranges(text: str) -> list[str]:
    if both := [f"{m[1]}..{m[2]}" for pattern in (RANGE, BETWEEN) for m in pattern.finditer(text)]:
        return both
    least, most = LEAST.search(text), MOST.search(text)
    return [f"{least[1] if least else ''}..{most[1] if most else ''}"] if least or most else []


def _units(text: str) -> list[str]:
    words = (next(filter(None, match.groups())).lower() for match in _UNIT.finditer(text))
    return [_UNITS.get(word, word) for word in words]
