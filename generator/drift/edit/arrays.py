"""Names what stands at the positions of arrays: `["15100", "0.2"]` is a price and a quantity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.drift.facts.facts import Fact
from generator.ground.naming import python_name, snake

_LEVELS = frozenset({"bids", "asks", "bid", "ask", "b", "a"})
_SIDES = ("price", "quantity")
_LONGEST = 4  # words; more are a sentence, whose first words name nothing
# What begins an explanation: `Close price. Is the last …`, `Start time of the candle (ms)`.
_MORE = re.compile(r"[(（,.;:。|\[]|\s(?:of|in|for|that|which|when|if)\s")


def has_meaning(list_name: str, row: Mapping[int, Fact]) -> bool:
    """Whether each position means something of its own; else it is a list of lists."""
    said = any(fact.text or fact.title for fact in row.values())
    figures = sum(re.fullmatch(r"-?\d+(?:\.\d+)?", fact.shown) is not None for fact in row.values())
    several = len({fact.value for fact in row.values()}) > 1
    return said or several or figures == len(row) or list_name.lower() in _LEVELS


def named_positions(list_name: str, row: Mapping[int, Fact]) -> Iterator[tuple[str, Fact]]:
    """Yield the members of an array, each with a name: the page's, else one of its words, else a place for one."""
    taken = set[str]()
    is_level = list_name.lower() in _LEVELS and set(row) == {0, 1}
    for at in range(max(row, default=-1) + 1):
        fact = row.get(at, Fact())
        name = _SIDES[at] if is_level else name_of(fact)
        if not name or name in taken:
            name = f"todo_{at + 1}"
        taken.add(name)
        yield name, fact


def name_of(fact: Fact) -> str:
    """Return a name for what has none: the page's own, else its first words; empty where they are a sentence."""
    words = snake(fact.title) if fact.title else "_".join(re.findall(r"[A-Za-z]\w*", _MORE.split(fact.text)[0])).lower()
    name = python_name(words, None, {}) if words else ""
    return name if name.isidentifier() and name.count("_") < _LONGEST else ""
