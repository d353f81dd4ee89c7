"""Prints parameters, rules and signing rules as Python for the runtime."""

from __future__ import annotations

from generator.model.fitting import wire_text
from generator.model.signing import Placement, Scheme
from generator.model.types import Condition, Param, Rule
from generator.python.calls import OMIT, Code, call, row, unless
from generator.words.annotations import MODULE, description
from generator.words.literals import literal


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


def payload(scheme: Scheme) -> str:
    """Print the text to sign as an f-string's parts: what a signing rule says, in order."""
    parts = {
        "timestamp": "timestamp",
        "method": "draft.method",
        "path": "draft.path",
        "query": "query",
        "?query": '(f"?{query}" if query else "")',
        "body": "body",
        "params": "params",
    }
    words = [
        parts.get(part) or (literal(part[1:-1]) if part.startswith("'") else f"self._{part}.reveal()")
        for part in scheme.payload
    ]
    return " + ".join(words)


def placement_statement(value: Placement) -> str:
    """Print the statement that puts a value into the draft."""
    source = "timestamp" if value.value == "timestamp" else f"self._{value.value}.reveal()"
    text = f"{literal(value.prefix)} + {source}" if value.prefix else source
    if value.place == "header":
        return f"draft.headers[{literal(value.name)}] = {text}"
    if value.place == "query":
        return f"draft.query[{literal(value.name)}] = {text}"
    return f"draft.add({literal(value.name)}, {'int(timestamp)' if value.value == 'timestamp' else text})"


def secret_names(scheme: Scheme) -> tuple[str, ...]:
    """Return the headers and parameters that hold a credential or the signature."""
    names = {p.name for p in scheme.place if p.value != "timestamp"}
    if scheme.signature:
        names.add(scheme.signature.name)
    return tuple(sorted(names))
