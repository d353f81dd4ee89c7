"""Writes docstrings: who may call, costs, rules about several parameters and quirks, besides descriptions."""

from __future__ import annotations

from collections.abc import Iterable

from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.codes import ErrorCode
from generator.model.fitting import wire_text
from generator.model.limits import Cost
from generator.model.operations import Operation
from generator.model.types import Param, Scalar, Struct
from generator.words.amounts import range_words, size_words
from generator.words.limits import amount_words, limit_words
from generator.words.literals import doc as paragraph
from generator.words.literals import docstring as quoted
from generator.words.markdown import enumeration
from generator.words.phrases import default_words, in_python, request_words
from generator.words.quirks import quirk_text
from generator.words.rules import condition_words, rule_words

AUTH = {"none": "Public", "key": "API key required", "signed": "Signed"}


def class_docstring(doc: str, sections: Iterable[tuple[str, Iterable[str]]], more: Iterable[str]) -> str:
    """Print the docstring of a class: what it is, sections of lines such as its members, and more paragraphs.

    `help()` shows no docstrings of members, so that of the class lists what they mean.
    """
    filled = [(title, list(lines)) for title, lines in sections]
    printed = [
        "\n        ".join([f"{title}:", *(paragraph(one, 8, 4) for one in lines)]) for title, lines in filled if lines
    ]
    return quoted("\n\n    ".join([paragraph(doc, 4), *printed, *(paragraph(one, 4) for one in more)]), 4)


def code_quirks(errors: Iterable[ErrorCode]) -> list[str]:
    """Return the quirks of error codes."""
    return [quirk_text(quirk, f" of {error.code}") for error in errors for quirk in error.quirks]


def traits(api: Api, operation: Operation) -> str:
    """Say in one line who may call, how often, and whether failures are retried."""
    words = [AUTH[operation.auth] + _credentials(api, operation)]
    if operation.permission and operation.auth != "none":
        words[0] += f" ({operation.permission} permission)"
    if operation.limit is not None:
        words.append(f"at most {limit_words(operation.limit)}")
    if operation.costs:
        words.append(f"costs {enumeration([_cost(cost, operation) for cost in operation.costs])}")
    line = "; ".join(words) + "."
    if operation.effect == "once":
        line += " Never retried automatically; not idempotent. See `ExecutionUnknown`."
    return line + (f" Deprecated: {operation.deprecated}" if operation.deprecated else "")


def _credentials(api: Api, operation: Operation) -> str:
    """Name the credentials of an operation that does not accept every scheme."""
    fitting = [scheme for scheme in api.signing.schemes if scheme.name in operation.schemes]
    named = [enumeration([f"`{name}`" for name in scheme.credentials]) for scheme in fitting]
    return f" with {enumeration(named, 'or')} only" if named else ""


def _cost(cost: Cost, operation: Operation) -> str:
    """Say what a call costs: `1 of weight if …, otherwise 40`."""
    names = {param.wire: f"`{param.name}`" for param in operation.params}
    first, *more = [
        (
            amount_words(case, names.__getitem__),
            enumeration([condition_words(one, names.__getitem__) for one in case.when]),
        )
        for case in cost.charging
    ]
    words = [f"{first[0]} of {cost.bucket}" + (f" if {first[1]}" if first[1] else "")]
    return ", ".join(words + [f"{amount} if {when}" if when else f"otherwise {amount}" for amount, when in more])


def param_doc(api: Api, param: Param) -> str:
    """Return the description of a parameter for Python: its meaning, unit, range and default."""
    notes = []
    if param.type.kind == "timestamp_ms":
        notes.append("Timezone-aware datetime, or Unix time in milliseconds.")
    if param.type.kind == "timestamp_s":
        notes.append("Timezone-aware datetime, or Unix time in seconds.")
    if param.minimum is not None or param.maximum is not None:
        notes.append(range_words(param.minimum, param.maximum))
    if param.pattern is not None:
        notes.append(f"Must match `{param.pattern}`.")
    if param.min_length is not None or param.max_length is not None:
        notes.append(size_words(param.min_length, param.max_length, "character"))
    if param.min_items is not None or param.max_items is not None:
        notes.append(size_words(param.min_items, param.max_items, "item"))
    if param.values:
        notes.append(f"One of {', '.join(f'`{_in_python(api, param, value)}`' for value in param.values)}.")
    else:
        notes += _members(api, param)
    if param.default is not None:
        notes.append(f"Default: `{_in_python(api, param, param.default)}`.")
    notes += default_words(param, lambda value: _in_python(api, param, value))
    return " ".join([with_unit(param.doc, param.unit), *notes])


def sent_docstring(api: Api, struct: Struct) -> str:
    """Print the docstring of a struct that is sent."""
    keys = [f"{param.name}: {in_python(param_doc(api, param), struct.params)}" for param in struct.params]
    return class_docstring(
        struct.doc, [("Keys", keys), ("Rules", rule_sentences(api, struct))], map(quirk_text, struct.quirks)
    )


def received_docstring(struct: Struct) -> str:
    """Print the docstring of a struct in a response."""
    fields = sorted(struct.fields, key=lambda field: field.optional)  # as the class has them
    attributes = [f"{field.name}: {with_unit(field.doc, field.unit)}" for field in fields]
    return class_docstring(struct.doc, [("Attributes", attributes)], map(quirk_text, struct.quirks))


def _members(api: Api, param: Param) -> list[str]:
    """List the members of the enum of a parameter, or of the items of a list."""
    found = next((api.enums_by_name[name] for name in param.type.names if name in api.enums_by_name), None)
    if found is None:
        return []
    return [f"`{found.name}`: {', '.join(f'`{member.name}`' for member in found.members)}."]


def rule_sentences(api: Api, ruled: Operation | Struct) -> list[str]:
    """Return the rules of an operation or a struct that is sent, one sentence each, in Python names."""
    params = {param.wire: param for param in ruled.params}

    def value_words(wire: str, value: Scalar) -> str:
        return _in_python(api, params[wire], value)

    return [
        rule_words(rule, lambda wire: f"`{params[wire].name}`", value_words, str)
        for rule in ruled.rules
        if not rule.is_obvious
    ]


def _in_python(api: Api, param: Param, value: Scalar) -> str:
    """Print a value as a caller writes it: members of an enum by name."""
    if param.type.kind == "boolean":
        # YAML may have the boolean or, where the exchange takes a text, the text.
        return str(value in (True, "true"))
    text = wire_text(value)
    enum = api.enums_by_name.get(param.type.name)
    name = next((member.name for member in enum.members if str(member.value) == text), None) if enum else None
    return text if name is None else f"{param.type.name}.{name}"


def endpoint(operation: Operation) -> str:
    """Return method and path, and how to get what the method does not return."""
    call = f"client.call(operations.{operation.constant}, …)"
    return f"{request_words(operation)} (headers and raw body: `{call}`)"


def source(documented: Operation | Channel) -> str:
    """Return the documentation page, and the date on which it was read."""
    return f"{documented.page.url} (read {documented.page.read})"
