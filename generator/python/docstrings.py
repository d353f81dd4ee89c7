"""Writes what docstrings say beside descriptions: who may call, what it costs, rules about several parameters, oddities."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.fitting import wire_text
from generator.model.operations import Cost, ErrorCode, Operation
from generator.model.types import Param, Scalar, Struct
from generator.words.markdown import enumeration
from generator.words.phrases import condition_words, period_words, range_words, rule_words, size_words
from generator.words.quirks import quirk_text

AUTH = {"none": "Public", "key": "Needs the key", "signed": "Signed"}


def code_quirks(errors: Iterable[ErrorCode]) -> list[str]:
    """Return what is odd about error codes."""
    return [quirk_text(quirk, f" of {error.code}") for error in errors for quirk in error.quirks]


def in_python(text: str, params: Iterable[Param]) -> str:
    """Return a text in which parameters that stand between backticks have their Python names."""
    names = {param.wire: param.name for param in params}
    return re.sub(r"`(\w+)`", lambda found: f"`{names.get(found[1], found[1])}`", text)


def traits(api: Api, operation: Operation) -> str:
    """Say in a line who may call, how often, and what becomes of it when it fails."""
    words = [AUTH[operation.auth] + _credentials(api, operation)]
    if operation.permission and operation.auth != "none":
        words[0] += f" ({operation.permission})"
    if operation.limit:
        words.append(f"at most {operation.limit.amount} {period_words(operation.limit)}")
    if operation.costs:
        words.append(f"costs {enumeration([_cost(cost, operation) for cost in operation.costs])}")
    line = "; ".join(words) + "."
    if operation.effect == "once":
        line += " Never repeated by itself: see `ExecutionUnknown`."
    return line + (f" Deprecated: {operation.deprecated}" if operation.deprecated else "")


def _credentials(api: Api, operation: Operation) -> str:
    """Name what an operation is signed with, where not every scheme will do."""
    fitting = [scheme for scheme in api.signing.schemes if scheme.name in operation.schemes]
    named = [enumeration([f"`{name}`" for name in scheme.credentials]) for scheme in fitting]
    return f" with {enumeration(named, 'or')} only" if named else ""


def _cost(cost: Cost, operation: Operation) -> str:
    """Say what a call takes from a bucket: `1 of weight if …, otherwise 40`."""
    names = {param.wire: f"`{param.name}`" for param in operation.params}
    first, *more = [
        (case.amount, enumeration([condition_words(one, names.__getitem__) for one in case.when]))
        for case in cost.cases
    ]
    words = [f"{first[0]} of {cost.bucket}" + (f" if {first[1]}" if first[1] else "")]
    return ", ".join(words + [f"{amount} if {when}" if when else f"otherwise {amount}" for amount, when in more])


def param_doc(api: Api, param: Param) -> str:
    """Return a parameter's sentence, in the words of Python: what it means, its unit, default and range."""
    notes = []
    if param.type.kind == "timestamp_ms":
        notes.append("An aware datetime, or milliseconds since 1970.")
    if param.type.kind == "timestamp_s":
        notes.append("An aware datetime, or seconds since 1970.")
    if param.minimum is not None or param.maximum is not None:
        notes.append(range_words(param.minimum, param.maximum))
    if param.pattern is not None:
        notes.append(f"Must match `{param.pattern}`.")
    if param.min_length is not None or param.max_length is not None:
        notes.append(size_words(param.min_length, param.max_length, "character"))
    if param.min_items is not None or param.max_items is not None:
        notes.append(size_words(param.min_items, param.max_items, "member"))
    if param.values:
        notes.append(f"One of {', '.join(f'`{_in_python(api, param, value)}`' for value in param.values)}.")
    if param.default is not None:
        notes.append(f"Default: `{_in_python(api, param, param.default)}`.")
    return " ".join([with_unit(param.doc, param.unit), *notes])


def rule_sentences(api: Api, ruled: Operation | Struct) -> list[str]:
    """Say the rules of an operation, or of an object that is sent, a sentence each, in Python names."""
    params = {param.wire: param for param in ruled.params}

    def value_words(wire: str, value: Scalar) -> str:
        return _in_python(api, params[wire], value)

    return [rule_words(rule, lambda wire: f"`{params[wire].name}`", value_words, str) for rule in ruled.rules]


def _in_python(api: Api, param: Param, value: Scalar) -> str:
    """Print a value as a caller writes it: one of an enum by the name of its member."""
    if param.type.kind == "boolean":
        return str(value in (True, "true"))
    members = {str(m.value): m.name for enum in api.enums if enum.name == param.type.name for m in enum.members}
    text = wire_text(value)
    return f"{param.type.name}.{members[text]}" if text in members else text


def raises(operation: Operation) -> list[tuple[str, str]]:
    """Return (error class, codes) for the codes that callers should expect."""
    kinds: dict[str, list[str]] = {}
    for error in operation.errors:
        kinds.setdefault(error.kind, []).append(error.code)
    return [(kind, ", ".join(codes)) for kind, codes in sorted(kinds.items())]
