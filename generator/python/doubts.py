"""Prints the rules of an operation as one straight line.

The rules are declarations, which messages, documentation and the command line read. To judge a call by them takes a loop
over rules, and in it loops over conditions. The function printed here looks at what is sent once, and names the first
rule that may be broken. It may name one that is kept, for the declared rule has the last word; it must never miss one
that is broken.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.fitting import wire_text
from generator.model.operations import Operation
from generator.model.types import Condition, Param, Rule, Scalar


def doubt_name(operation: Operation) -> str | None:
    """Name the function of an operation; None where so little is to be judged that a loop does not matter."""
    return f"_doubt_{operation.name}" if any(rule.when for rule in operation.rules) else None


def doubt_lines(operation: Operation) -> list[str]:
    """Return the body of the function: `sent` holds what is sent, by wire name."""
    params = {param.wire: param for param in operation.params}
    asked = [condition for rule in operation.rules for condition in rule.when if _is_read(condition)]
    read = {
        condition.wire: f"{_variable(params[condition.wire])} = {_read(params[condition.wire])}" for condition in asked
    }
    judged = [
        line
        for place, rule in enumerate(operation.rules)
        for line in (f"if {_test(rule, params)}:", f"    return {place}")
    ]
    return [*read.values(), *judged, "return None"]


def _is_read(condition: Condition) -> bool:
    # A list has no text; its members are counted by the declared rule.
    return condition.present is None and not condition.counts


def _variable(param: Param) -> str:
    # `sent` is what the function is given.
    return f"{param.name}_" if param.name in ("sent", "text_in") else param.name


def _read(param: Param) -> str:
    """Print how the text of a parameter is read; what a query holds is text already."""
    default = "" if param.default is None else f", {wire_text(param.default)!r}"
    # The runtime writes bools and numbers as themselves only into JSON.
    is_text = param.write == "text"
    return f"sent.get({param.wire!r}{default})" if is_text else f"text_in(sent, {param.wire!r}{default})"


def _test(rule: Rule, params: dict[str, Param]) -> str:
    return " and ".join([*(_holds(condition, params[condition.wire]) for condition in rule.when), _broken(rule)])


def _holds(condition: Condition, param: Param) -> str:
    name = _variable(param)
    if condition.present is not None:
        return f"{condition.wire!r} {'in' if condition.present else 'not in'} sent"
    if condition.counts:
        return f"{condition.wire!r} in sent"
    if condition.values:
        return _is_one_of(name, condition.values)
    # A range: the declared condition reads the number.
    return f"{name} is not None"


def _is_one_of(name: str, values: Iterable[Scalar]) -> str:
    texts = tuple(wire_text(value) for value in values)
    return f"{name} == {texts[0]!r}" if len(texts) == 1 else f"{name} in {texts!r}"


def _broken(rule: Rule) -> str:
    given = [f"{wire!r} in sent" for wire in rule.wires]
    if rule.kind == "window":
        return " and ".join(given)  # the declared rule reads the times
    if rule.kind == "require":
        return f"{rule.wires[0]!r} not in sent" if len(given) == 1 else f"not ({' and '.join(given)})"
    if rule.kind == "forbid":
        return given[0] if len(given) == 1 else f"({' or '.join(given)})"
    if rule.kind == "at_least_one_of":
        return f"not ({' or '.join(given)})"
    counted = " + ".join(f"({each})" for each in given)
    return f"{counted} != 1" if rule.kind == "one_of" else f"{counted} > 1"
