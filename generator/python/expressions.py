"""Prints parameters and rules as Python for the runtime."""

from __future__ import annotations

from generator.model.fitting import wire_text
from generator.model.types import Condition, Param, Rule
from generator.python.calls import OMIT, Code, call, row, unless
from generator.words.annotations import MODULE, description


def param(value: Param, module: str = MODULE) -> Code:
    """Print the runtime's description of a parameter, for a module that calls the structs of `params` so."""
    return call(
        "Param",
        value.wire,
        value.name,
        Code(description(value.type, module)),
        required=unless(False, value.required),
        place=value.place if value.elsewhere else OMIT,
        write=unless("text", value.write),
        default=OMIT if value.default is None else wire_text(value.default),
        always=unless(False, value.always),
        minimum=unless(None, value.minimum),
        maximum=unless(None, value.maximum),
        pattern=unless(None, value.pattern),
        min_length=unless(None, value.min_length),
        max_length=unless(None, value.max_length),
        min_items=unless(None, value.min_items),
        max_items=unless(None, value.max_items),
        values=unless((), tuple(map(wire_text, value.values))),
        without_slash=unless(False, value.without_slash),
    )


def rule(value: Rule) -> Code:
    """Print the runtime's description of a rule."""
    return call(
        "Rule",
        value.kind,
        value.wires,
        when=row(map(condition, value.when)),
        within=unless(None, value.within_ms),
        under=unless(False, value.under),
        why=unless(None, value.why),
    )


def condition(value: Condition) -> Code:
    """Print the runtime's description of a condition."""
    return call(
        "Condition",
        value.wire,
        values=unless((), tuple(map(wire_text, value.values))),
        present=unless(None, value.present),
        minimum=unless(None, value.minimum),
        maximum=unless(None, value.maximum),
    )
