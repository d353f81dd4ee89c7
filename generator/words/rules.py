"""Puts rules and conditions into English: which parameters go together, and when."""

from __future__ import annotations

from collections.abc import Callable

from generator.model.fitting import wire_text
from generator.model.types import Condition, Param, Rule, Scalar
from generator.words.amounts import range_words, size_words, span_words
from generator.words.markdown import anchor, code, codes, enumeration, link, prose


class Namer:
    """Prints wire names as Python names, linked to the parameters of the same page."""

    def __init__(self, kind: str, params: tuple[Param, ...], *path: str) -> None:
        self._links = {p.wire: link(code(p.name), f"#{anchor(kind, *path, p.wire)}") for p in params}

    def __call__(self, wire: str) -> str:
        """Print a wire name."""
        return self._links.get(wire) or code(wire)


ValueWords = Callable[[str, Scalar], str]
"""Prints a value of the parameter with a wire name."""


def wire_value(_: str, value: Scalar) -> str:
    """Print a value as the exchange has it."""
    return wire_text(value)


def rule_words(
    rule: Rule,
    name: Callable[[str], str],
    value: ValueWords = wire_value,
    said: Callable[[str], str] = prose,
) -> str:
    """Return a rule about several parameters; `name` prints a wire name, `said` a sentence."""
    words = _demand(rule, name)
    if rule.when:
        words = f"If {enumeration([condition_words(c, name, value) for c in rule.when])}: {words}"
    else:
        words = words[0].upper() + words[1:]
    return f"{words}. {said(rule.why)}" if rule.why else f"{words}."


def _demand(rule: Rule, name: Callable[[str], str]) -> str:
    wires = [name(wire) for wire in rule.wires]
    be = "is" if len(wires) == 1 else "are"
    if rule.kind == "window":
        if rule.within_ms is None:
            return f"{wires[0]} must not be after {wires[1]}"
        distance = f"{'less than' if rule.under else 'at most'} {span_words(rule.within_ms)}"
        return f"{enumeration(wires)} must be {distance} apart"
    if rule.kind == "require":
        return f"{enumeration(wires)} {be} required"
    if rule.kind == "forbid":
        return f"{enumeration(wires)} {be} not allowed"
    many = {"one_of": "exactly one", "at_least_one_of": "at least one", "at_most_one_of": "at most one"}[rule.kind]
    return f"{many} of {enumeration(wires)} is {'allowed' if rule.kind == 'at_most_one_of' else 'required'}"


def condition_words(condition: Condition, name: Callable[[str], str], value: ValueWords = wire_value) -> str:
    """Return a condition on another parameter."""
    who = name(condition.wire)
    if condition.values:
        return f"{who} is {codes((value(condition.wire, one) for one in condition.values), 'or')}"
    if condition.present is not None:
        return f"{who} is {'given' if condition.present else 'not given'}"
    if condition.counts:
        least, most = (None if bound is None else int(bound) for bound in (condition.minimum, condition.maximum))
        return f"{who} has {size_words(least, most, 'item').rstrip('.').lower()}"
    return f"{who} is {range_words(condition.minimum, condition.maximum).rstrip('.').lower()}"
