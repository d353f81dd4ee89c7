"""Decides whether a value fits its type and range, and a call its rules; build and check judge examples by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from generator.model.types import Condition, Json, Param, Rule

LONGEST = 60
"""Characters of a value that a problem repeats, so that it stays on one line."""
# `\Z`, since `$` also matches before a final line break; `\d` would accept digits of other scripts.
_INTEGER = re.compile(r"-?[0-9]+\Z")


def exact(value: Json) -> Decimal | None:
    """Return a value as an exact number, or None if it is no finite number."""
    # To Python, True is an int; in a spec it is a boolean and no number.
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def holds(rule: Rule, given: Mapping[str, Json], params: Mapping[str, Param]) -> bool:
    """Whether a call with these parameters, by wire name, keeps a rule."""
    if not all(_meets(condition, given, params) for condition in rule.when):
        return True
    present = [wire for wire in rule.wires if given.get(wire) is not None]
    if rule.kind == "window":
        return len(present) < len(rule.wires) or _within(rule, given, params)
    return {
        "require": len(present) == len(rule.wires),
        "forbid": not present,
        "one_of": len(present) == 1,
        "at_least_one_of": len(present) >= 1,
        "at_most_one_of": len(present) <= 1,
    }[rule.kind]


def _within(rule: Rule, given: Mapping[str, Json], params: Mapping[str, Param]) -> bool:
    start, end = (exact(given[wire]) for wire in rule.wires)
    if start is None or end is None:
        return True
    if rule.within_ms is None:
        return start <= end
    first = params.get(rule.wires[0])
    # Both times of a rule have the same unit; its span is in milliseconds.
    scale = 1000 if first is not None and first.type.kind == "timestamp_s" else 1
    length = (end - start) * scale
    return 0 <= length <= rule.within_ms and not (rule.under and length == rule.within_ms)


def _meets(condition: Condition, given: Mapping[str, Json], params: Mapping[str, Param]) -> bool:
    value = given.get(condition.wire)
    if condition.present is not None:
        return (value is not None) == condition.present
    if value is None and condition.wire in params:
        # The exchange applies the default, so conditions are judged with it.
        value = params[condition.wire].default
    if value is None:
        return False
    if condition.values:
        # Compared as text: an example may have 1 where the rule has "1".
        return wire_text(value) in map(wire_text, condition.values)
    number = exact(len(value) if isinstance(value, list) else value)
    low, high = condition.minimum, condition.maximum
    return number is not None and (low is None or number >= low) and (high is None or number <= high)


def wire_text(value: Json) -> str:
    """Print a scalar as it reads on the wire: true, 10, 0.1."""
    if isinstance(value, Decimal):
        # Never with an exponent: some exchanges reject 1E-8.
        return format(value, "f")
    return str(value).lower() if isinstance(value, bool) else str(value)


def short_repr(value: Json) -> str:
    """Print a value for a message."""
    text = repr(value) if not isinstance(value, Decimal) else str(value)
    return text if len(text) < LONGEST else text[:LONGEST] + "…"


def fits(kind: str, value: Json) -> bool:
    """Whether a value can be a scalar of the language."""
    if kind == "json":
        return True
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean":
        return isinstance(value, bool) or value in ("true", "false")
    if kind == "decimal":
        return exact(value) is not None
    return isinstance(value, (int, str)) and not isinstance(value, bool) and bool(_INTEGER.match(str(value)))


def out_of_range(param: Param, value: Json) -> Iterator[str]:
    """Yield why a value of the right type is not allowed; nothing if it is."""
    number = exact(value)
    if number is not None and param.minimum is not None and number < param.minimum:
        yield f"{number} is below the minimum of {param.minimum}"
    if number is not None and param.maximum is not None and number > param.maximum:
        yield f"{number} is above the maximum of {param.maximum}"
    if param.pattern is not None and not re.fullmatch(param.pattern, wire_text(value)):
        yield f"{short_repr(value)} does not match {param.pattern}"
    if isinstance(value, str):
        yield from _size(len(value), param.min_length, param.max_length, "characters")
    if isinstance(value, list):
        yield from _size(len(value), param.min_items, param.max_items, "items")
    if param.values and wire_text(value) not in map(wire_text, param.values):
        yield f"{short_repr(value)} is not one of {', '.join(map(wire_text, param.values))}"


def _size(size: int, least: int | None, most: int | None, what: str) -> Iterator[str]:
    if least is not None and size < least:
        yield f"has {size} {what}; the minimum is {least}"
    if most is not None and size > most:
        yield f"has {size} {what}; the maximum is {most}"
