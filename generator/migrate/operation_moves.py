"""Moves of keys of a single operation: how it is looked up, what it returns, how its answers vary."""

from __future__ import annotations

from generator.migrate.lifting import within_braces
from generator.migrate.texts import (
    Edit,
    Mapping,
    Pair,
    Text,
    Undecided,
    end_of,
    indent_of,
    is_flow,
    line_of,
    pair_of,
    pairs,
    reindent,
    start_of,
)


def move_conclusive(_: Text, __: Mapping, conclusive: Pair) -> list[Edit]:
    """`move_lookup` moves it; one that is left has no list of lookups beside it."""
    raise Undecided(line_of(conclusive.key), "belongs in `lookup` now, but there is no list of lookups beside it")


def move_lookup(text: Text, operation: Mapping, lookup: Pair) -> list[Edit]:
    """A list of lookups becomes `tries`, with `conclusive` beside it."""
    conclusive = pair_of(operation, "conclusive")
    value = lookup.value
    edits = [text.cut(operation, conclusive, moved=not is_flow(value))] if conclusive else []
    if is_flow(value):
        more = f", conclusive: {text.slice(conclusive.value)}" if conclusive else ""
        return [*edits, Edit(start_of(value), end_of(value), f"{{tries: {text.slice(value)}{more}}}")]
    indent = indent_of(lookup.key) + 2
    start, end = text.line_end(start_of(lookup.key)), text.end_of_lines(value)
    tries = " " * indent + "tries:\n" + reindent(text.text[start:end], indent + 2 - indent_of(value))
    return [*edits, Edit(start, end, tries + (reindent(text.lines(conclusive), 2) if conclusive else ""))]


def move_returns(text: Text, operation: Mapping, returns: Pair) -> list[Edit]:
    """A struct in place becomes a type, with the struct beside it."""
    value = returns.value
    struct, listed = pair_of(value, "struct"), pair_of(value, "list")
    if struct is None or not isinstance(value, Mapping):
        raise Undecided(
            line_of(returns.key), "a struct without a name; write its type here, and move the struct to `struct`"
        )
    typed = str(struct.value.value)
    if listed is not None and text.slice(listed.value) == "true":
        typed = f'"list[{typed}]"' if is_flow(operation) else f"list[{typed}]"
    edits = [text.cut(value, listed, moved=False)] if listed else []
    edits.append(Edit(start_of(struct.key), end_of(struct.key), "name"))
    if is_flow(value):
        gap = ", " if is_flow(operation) else "\n" + " " * indent_of(returns.key)
        return [*edits, Edit(start_of(value), start_of(value), f"{typed}{gap}struct: ")]
    start, end = end_of(returns.key) + 1, text.line_end(end_of(returns.key))
    comment = text.text[start:end]
    return [*edits, Edit(start, end, f" {typed}{comment}{' ' * indent_of(returns.key)}struct:\n")]


def move_tolerances(text: Text, operation: Mapping, pair: Pair) -> list[Edit]:
    """`single` and `unwrap` are ways in which answers vary."""
    found = [p for p in pairs(operation) if p.name in ("single", "unwrap")]
    ways = []
    for each in sorted(found, key=lambda each: each.name):
        if each.name == "unwrap":
            ways.append(f"{{inside: {within_braces(text, each.value)}}}")
        elif text.slice(each.value) == "true":
            ways.append("one_for_list")
    if not ways:
        return [text.cut(operation, each, moved=False) for each in found]
    tolerates = Edit(start_of(pair.key), end_of(pair.value), f"tolerates: [{', '.join(ways)}]")
    return [tolerates, *(text.cut(operation, each, moved=False) for each in found if each.key is not pair.key)]
