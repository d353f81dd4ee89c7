"""Prints values of the model as Python expressions for the runtime; every text goes through `literal`."""

from __future__ import annotations

from generator.model.fitting import wire_text
from generator.model.signing import Placement, Scheme
from generator.model.types import Condition, Param, Rule
from generator.words.annotations import MODULE, description
from generator.words.literals import literal


def call(name: str, *positional: str, **named: object) -> str:
    """Print a call; arguments that are None, empty or false are left out, texts are expressions."""
    kept = [
        f"{key}={value if isinstance(value, str) else literal(value)}"
        for key, value in named.items()
        if value not in (None, (), False, "")
    ]
    return f"{name}({', '.join([*positional, *kept])})"


def _maybe(value: object) -> str | None:
    return None if value is None else literal(value)


def param(value: Param, module: str = MODULE) -> str:
    """Print the runtime's description of a parameter, for a module that calls the structs of `params` so."""
    return call(
        "Param",
        literal(value.wire),
        literal(value.name),
        description(value.type, module),
        required=value.required,
        place=literal(value.place) if value.elsewhere else None,
        write=literal(value.write) if value.write != "text" else None,
        default=literal(wire_text(value.default)) if value.default is not None else None,
        minimum=_maybe(value.minimum),
        maximum=_maybe(value.maximum),
        pattern=_maybe(value.pattern),
        min_length=_maybe(value.min_length),
        max_length=_maybe(value.max_length),
        min_items=_maybe(value.min_items),
        max_items=_maybe(value.max_items),
        values=literal(tuple(map(wire_text, value.values))) if value.values else None,
    )


def rule(value: Rule) -> str:
    """Print the runtime's description of a rule."""
    when = [condition(c) for c in value.when]
    return call(
        "Rule",
        literal(value.kind),
        literal(value.wires),
        when=f"({', '.join(when)},)" if when else None,
        within=_maybe(value.within_ms),
        under=value.under,
        why=_maybe(value.why),
    )


def condition(value: Condition) -> str:
    """Print the runtime's description of a condition."""
    return call(
        "When",
        literal(value.wire),
        values=literal(tuple(map(wire_text, value.values))) if value.values else None,
        present=_maybe(value.present),
        minimum=_maybe(value.minimum),
        maximum=_maybe(value.maximum),
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


def placed(value: Placement) -> str:
    """Print the statement that puts a value into the draft."""
    source = "timestamp" if value.value == "timestamp" else f"self._{value.value}.reveal()"
    text = f"{literal(value.prefix)} + {source}" if value.prefix else source
    if value.place == "header":
        return f"draft.headers[{literal(value.name)}] = {text}"
    if value.place == "query":
        return f"draft.query[{literal(value.name)}] = {text}"
    return f"draft.add({literal(value.name)}, {'int(timestamp)' if value.value == 'timestamp' else text})"


def hidden(scheme: Scheme) -> tuple[str, ...]:
    """Return the headers and parameters that hold a credential or the signature."""
    names = {p.name for p in scheme.place if p.value != "timestamp"}
    if scheme.signature:
        names.add(scheme.signature.name)
    return tuple(sorted(names))
