"""Puts the model into English, for reference pages and docstrings: types, parameters, codes, sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from generator.model.codes import ErrorCode
from generator.model.documentation import Page, Quirk
from generator.model.fitting import wire_text
from generator.model.operations import Operation
from generator.model.types import Field, Param, Scalar, Struct, Type
from generator.words.amounts import range_words, size_words
from generator.words.markdown import code, codes, enumeration, inline, link, prose, sentence, url
from generator.words.rules import Namer, condition_words, rule_words

SCALARS = {
    "string": "string",
    "integer": "integer",
    "boolean": "boolean",
    "decimal": "decimal",
    "timestamp_ms": "Unix time in milliseconds",
    "timestamp_s": "Unix time in seconds",
    "json": "any JSON",
}

_NAMED = re.compile(r"`(\w+)`")


def type_words(typed: Type, home: str) -> str:
    """Name a type; `home` leads to the folder of the API."""
    if typed.item is not None:
        return f"{'list' if typed.kind == 'list' else 'object'} of {type_words(typed.item, home)}"
    return link(code(typed.name), f"{home}types/{typed.name}.md") if typed.name else SCALARS[typed.kind]


def sent_as(param: Param) -> str:
    """Return how a parameter is sent, if its type does not say so."""
    kind = param.type.kind
    if kind in ("list", "map", "struct", "json"):
        forms = {"comma": "comma-separated", "repeat": "name repeated for each item"}
        in_text = "as a JSON string" if param.place != "body" or param.write == "text" else ""
        return forms.get(param.write, in_text)
    if param.place == "body" and param.write == "text" and kind not in ("string", "enum"):
        return "sent as a string"
    return ""


def notes(param: Param) -> list[str]:
    """Return range, default and allowed values of a parameter, one sentence each."""
    found = [words for words in (range_words(param.minimum, param.maximum), _sizes(param)) if words]
    if param.pattern:
        found.append(f"Must match {code(param.pattern)}.")
    if param.values:
        found.append(f"One of {codes(map(wire_text, param.values), 'or')}.")
    if param.default is not None:
        found.append(f"Default: {code(wire_text(param.default))}.")
    return found + default_words(param, wire_text)


def default_words(param: Param, text: Callable[[Scalar], str]) -> list[str]:
    """Return what is used in some cases where a parameter is not sent, one sentence each."""
    return [
        f"Default: {code(text(value))} if {' and '.join(condition_words(one, code) for one in when)}."
        for value, when in param.default_cases
    ]


def _sizes(param: Param) -> str:
    sizes = ((param.min_length, param.max_length, "character"), (param.min_items, param.max_items, "item"))
    return " ".join(size_words(low, high, what) for low, high, what in sizes if (low, high) != (None, None))


def field_notes(field: Field) -> list[str]:
    """Return what is special about a field of a response."""
    as_text = field.text and field.type.kind not in ("string", "enum")
    others = " or ".join(map(code, field.also))
    return [*(["Sent as a string."] if as_text else []), *([f"May also arrive as {others}."] if others else [])]


def in_python(text: str, members: Iterable[Param | Field]) -> str:
    """Return a text with the Python names of parameters or fields between backticks."""
    if "`" not in text:
        return text
    names = {member.wire: member.name for member in members}
    # Only between backticks: outside of them, `side` and `type` are English words.
    return _NAMED.sub(lambda found: f"`{names.get(found[1], found[1])}`", text)


def python_prose(text: str, members: Iterable[Param | Field]) -> str:
    """Print a text of the spec as Markdown, with the Python names of parameters or fields."""
    return prose(in_python(text, members))


def request_words(operation: Operation) -> str:
    """Name what is called: method, path, and what distinguishes the calls that share them."""
    constants = ", ".join(f"{each.wire}={each.value}" for each in operation.constants if each.place != "text")
    return f"{operation.method} {operation.path}" + (f" ({constants})" if constants else "")


def quirk_words(quirk: Quirk) -> str:
    """Return a quirk, and the reason for the side that the spec takes."""
    seen = f" (seen {quirk.seen})" if quirk.seen else ""
    return f"{prose(sentence(quirk.what))} {prose(sentence(quirk.why))}{seen}"


def source_words(page: Page, heading: str) -> str:
    """Return where something is documented."""
    title = link(prose(page.title or page.name), url(page.url))
    return f"{title}{f', “{inline(heading)}”' if heading else ''}, read {page.read}"


def outcome(error: ErrorCode) -> str:
    """Return the outcome that an error code means."""
    return "done" if error.kind == "Success" else "unknown" if error.unknown else "rejected"


def struct_notes(struct: Struct, name: Namer) -> list[str]:
    """Return the rules and quirks of an object, one sentence each."""
    rules = struct_rules(struct, name) if struct.sent else []
    return [*rules, *(f"Quirk: {quirk_words(quirk)}" for quirk in struct.quirks)]


def struct_rules(struct: Struct, name: Namer) -> list[str]:
    """Return the rules of an object that is sent, one sentence each."""
    return [rule_words(rule, name, said=partial(python_prose, members=struct.params)) for rule in struct.rules]


def place_words(operation: Operation) -> str:
    """Return where the parameters are sent."""
    places = {param.place for param in operation.params}
    words = {"query": "the query", "path": "the path", "header": "headers"}
    words["body"] = "a form body" if operation.carrier == "form" else "a JSON body"
    if operation.is_bare:
        words["body"] = "a JSON body that is a bare list"
    return enumeration([words[place] for place in ("path", "query", "header", "body") if place in places])
