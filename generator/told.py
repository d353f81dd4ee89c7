"""Says in docstrings what lies beside the descriptions: rules about several parameters, and oddities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from generator.model import Api, Condition, ErrorCode, Operation, Param, Quirk, Rule, Struct
from generator.reference.words import rule_words


def quirk_lines(quirks: Iterable[Quirk], of: str = "") -> list[str]:
    """Say what is odd, and why the spec has it as it does, a paragraph each."""
    return [f"Quirk{of}: {quirk.what} {quirk.why}" for quirk in quirks]


def told(text: str, quirks: Iterable[Quirk]) -> list[str]:
    """Return what something is, and what is odd about it."""
    return [text, *quirk_lines(quirks)]


def code_quirks(errors: Iterable[ErrorCode]) -> list[str]:
    """Return what is odd about error codes."""
    return [line for error in errors for line in quirk_lines(error.quirks, f" of {error.code}")]


def rules_told(api: Api, ruled: Operation | Struct) -> list[str]:
    """Say the rules of an operation, or of an object that is sent, a sentence each, in Python names."""
    params = {param.wire: param for param in ruled.params}
    return [
        rule_words(_in_python(api, rule, params), lambda wire: f"`{params[wire].name}`", str) for rule in ruled.rules
    ]


def _in_python(api: Api, rule: Rule, params: dict[str, Param]) -> Rule:
    return replace(rule, when=tuple(_named(api, condition, params[condition.wire]) for condition in rule.when))


def _named(api: Api, condition: Condition, param: Param) -> Condition:
    """Call values of enums by the names of their members."""
    if param.type.kind == "boolean":
        return replace(condition, values=tuple(str(value in (True, "true")) for value in condition.values))
    members = {str(m.value): m.name for enum in api.enums if enum.name == param.type.name for m in enum.members}
    named = (f"{param.type.name}.{members[str(v)]}" if str(v) in members else v for v in condition.values)
    return replace(condition, values=tuple(named))
