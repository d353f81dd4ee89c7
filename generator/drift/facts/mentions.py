"""Removes values that a description only mentions: names of members, and values of another parameter.

`orderId: either this or `orderLinkId`` lists no values, and nor does `symbol: required for `linear``, where `linear` is
a value of `category`.
"""

from __future__ import annotations

import re

from generator.drift.facts.facts import Facts

# Names that no value looks like by chance: a parameter `limit` may well stand beside the order type `limit`.
_NAME = re.compile(r"[a-z]+(?:[A-Z]\w*|_\w+)")
FREE = frozenset(
    {"symbol", "symbols", "coin", "coins", "currency", "asset", "pair", "qty", "quantity", "size", "price"}
) | {"amount", "leverage", "limit", "id", "time", "name", "msg", "message"}
"""Last words of names whose values no page lists: what it shows of them are examples."""
FEWEST = 2  # values; one alone is an example
Values = dict[str, list[str]]
Earlier = dict[str, dict[frozenset[str], set[str]]]
"""Value → the lists that have it → the last words of their parameters; so each is looked at once, however many there are."""
MOST = 200  # lists with one value, and values of a list: more are no enumerations


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
        earlier: Earlier = {}
        for path in listed:
            own = _own(path, listed[path], earlier, names.get(owner, set()))
            _remember(path, listed[path], earlier)
            kept = own if len(own) >= FEWEST else []
            # A list that had one value from the beginning is none of a description.
            if len(listed[path]) >= FEWEST:
                for value in set(listed[path]) - set(kept):
                    del facts.facts[owner, "value", f"{path}={value}"]


def _remember(path: str, values: list[str], earlier: Earlier) -> None:
    for value in values if len(values) < MOST else ():
        lists = earlier.setdefault(value, {})
        if len(lists) < MOST:
            lists.setdefault(frozenset(values), set()).add(last_word(_leaf(path)))


def _own(path: str, values: list[str], earlier: Earlier, names: set[str]) -> list[str]:
    """Return the values without those that are mentioned: of a parameter that stands before this one, and is another."""
    leaf, own = _leaf(path), frozenset(values)
    mine = {last_word(leaf)}
    others = {
        value
        for value in own
        if not value.lstrip("-").isdigit()  # every list of numbers has 1
        and any(words - mine and not own >= listed for listed, words in earlier.get(value, {}).items())
    }
    mentioned = {value for value in values if value == leaf or (value in names and _NAME.fullmatch(value))}
    # Two parameters with the same values list them both; one that has only some of another's, mentions them.
    mentioned |= others if others != own else set()
    return [value for value in values if value not in mentioned and value.strip("\"'")]


def last_word(name: str) -> str:
    """Return the last word of a name in lower case: `baseCoin` is a coin."""
    return re.split(r"(?<=[a-z0-9])(?=[A-Z])|_", name)[-1].lower()


def _leaf(path: str) -> str:
    return path.rpartition(".")[2].removesuffix("[]")
