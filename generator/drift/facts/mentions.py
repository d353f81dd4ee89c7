"""Removes values that a description only mentions: names of members, and values of another parameter.

`orderId: either this or `orderLinkId`` lists no values, and nor does `symbol: required for `linear``, where `linear` is
a value of `category`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.drift.facts.facts import Facts

# Names that no value looks like by chance: a parameter `limit` may well stand beside the order type `limit`.
_NAME = re.compile(r"[a-z]+(?:[A-Z]\w*|_\w+)")
FREE = frozenset(
    {"symbol", "symbols", "coin", "coins", "currency", "asset", "pair", "qty", "quantity", "size", "price"}
) | {"amount", "leverage", "limit", "id", "time", "name", "msg", "message"}
"""Last words of names whose values no page lists: what it shows of them are examples."""
FEWEST = 2  # values; one alone is an example
Values = dict[str, list[str]]


def drop_mentions(facts: Facts) -> None:
    """Remove what is no value, of each operation."""
    names, values = dict[str, set[str]](), dict[str, Values]()
    for owner, kind, name in facts.facts:
        if kind in ("param", "field", "sample"):
            names.setdefault(owner, set()).add(_leaf(name))
        elif kind == "value" and "=" in name:
            path, _, value = name.partition("=")
            values.setdefault(owner, {}).setdefault(path, []).append(value)
    for owner, listed in values.items():
        earlier: Values = {}
        for path in listed:
            own = _own(path, listed[path], earlier, names.get(owner, set()))
            earlier[path] = listed[path]
            kept = own if len(own) >= FEWEST else []
            # A list that had one value from the beginning is none of a description.
            if len(listed[path]) >= FEWEST:
                for value in set(listed[path]) - set(kept):
                    del facts.facts[owner, "value", f"{path}={value}"]


def _own(path: str, values: list[str], earlier: Mapping[str, list[str]], names: set[str]) -> list[str]:
    """Return the values without those that are mentioned: of a parameter that stands before this one, and is another."""
    leaf = _leaf(path)
    others = {
        value
        for other, listed in earlier.items()
        if last_word(_leaf(other)) != last_word(leaf) and not set(values) >= set(listed)
        for value in listed
        if not value.lstrip("-").isdigit()  # every list of numbers has 1
    }
    mentioned = {value for value in values if value == leaf or (value in names and _NAME.fullmatch(value))}
    # Two parameters with the same values list them both; one that has only some of another's, mentions them.
    mentioned |= others & set(values) if not set(values) <= others else set()
    return [value for value in values if value not in mentioned and value.strip("\"'")]


def last_word(name: str) -> str:
    """Return the last word of a name in lower case: `baseCoin` is a coin."""
    return re.split(r"(?<=[a-z0-9])(?=[A-Z])|_", name)[-1].lower()


def _leaf(path: str) -> str:
    return path.rpartition(".")[2].removesuffix("[]")
