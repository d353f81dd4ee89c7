"""Reads lines and tables of figures: rate limits and weights."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.drift.facts.profile import Profile
from generator.drift.facts.tables import cells
from generator.drift.pages.blocks import Table
from generator.drift.pages.words import Words

_UNITS = {
    "ms": r"ms|milliseconds?",
    "s": r"s|secs?|seconds?|秒",
    "m": r"m|mins?|minutes?|分钟|分",
    "h": r"h|hrs?|hours?|小时",
    "d": r"d|days?|天",
}
_PER = re.compile(r"(?P<count>\d*)\s*(?P<unit>[^\W\d]+)")
# `10/s`, `60 req/min`, `5 requests per 10 seconds`: the whole cell, so that a path or a date is none.
_RATE = re.compile(
    r"(?P<calls>\d+)\s*(?:req(?:uest)?s?|calls?|times?|次)?\s*(?:/|per|every)\s*(?P<per>\d*\s*[^\W\d]+)", re.IGNORECASE
)


def figures_of(text: str, profile: Profile) -> tuple[str, str] | None:
    """Return `limit` or `weight`, and its figures; None if a line states neither."""
    for pattern in profile.limits:
        if match := pattern.match(text):
            value = f"{match.group('calls')}/{_span(match.group('per'))} {match.groupdict().get('by') or ''}"
            return "limit", value.strip().lower()
    for pattern in profile.weights:
        if match := pattern.match(text):
            return "weight", "|".join(re.findall(r"\d+", match.group("weight")))
    return None


def weights_in(table: Table, words: Words) -> tuple[str, str]:
    """Return the weights of a table, one for each case, and the cases: heading, condition and weight, one on each line."""
    found = [(row.cells, by["weight"]) for row, by in cells(table, words) if by.get("weight", "").isdigit()]
    # Of three columns, the first one names the parameter that is the heading of others.
    headed = [(cells[:2] if len(cells) > 2 else (table.header[0], cells[0]), weight) for cells, weight in found]
    cases = [f"{heading}\t{condition}\t{weight}" for (heading, condition), weight in headed]
    return "|".join(weight for _, weight in found), "\n".join(cases)


def rates_in(texts: Iterable[str]) -> str:
    """Return the rates in the cells of one row, each once: `10/1s|20/1s` where they differ by product."""
    found = (_RATE.fullmatch(text.strip("`* ")) for text in texts)
    return "|".join(dict.fromkeys(f"{match['calls']}/{_span(match['per'])}" for match in found if match))


def _span(per: str) -> str:
    """Return a span of time as the spec language has it; an unknown one stays as it is."""
    match = _PER.fullmatch(per.strip())
    units = (unit for unit, words in _UNITS.items() if match and re.fullmatch(words, match["unit"], re.IGNORECASE))
    unit = next(units, "")
    return f"{match['count'] or 1}{unit}" if match and unit else per.strip()
