"""Prints values of the model as Python expressions for the runtime; every text goes through `literal`."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from decimal import Decimal

from generator.model.operations import Operation
from generator.model.signing import Placement, Scheme
from generator.model.types import Condition, Json, Param, Rule
from generator.units import with_unit

WIDTH = 100
_RISKY_QUOTE = re.compile(r'''"(?="|\Z)|(?<=")"''')
"""A quote beside another, or at the end: three in a row would end a docstring."""


def literal(value: object) -> str:
    """Print a value as a Python literal; nothing in a text can leave it."""
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    if isinstance(value, str):
        return ascii(value) if _any_odd(value) else repr(value)
    if value is None or isinstance(value, (bool, int)):
        return repr(value)
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(literal, value))
        return f"({inner}{',' if len(value) == 1 else ''})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(member)}" for key, member in value.items()) + "}"
    raise TypeError(f"no literal for {type(value).__name__}")


def _odd(char: str) -> bool:
    """Control and format characters (direction marks among them), surrogates, private ones, and line ends of Unicode."""
    return unicodedata.category(char) in ("Zl", "Zp") or unicodedata.category(char)[0] == "C"


def _any_odd(text: str) -> bool:
    return not text.isprintable() and any(map(_odd, text))  # what is printable has none, and most is


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def doc(text: str, indent: int = 0, hang: int = 0) -> str:
    """Wrap a text for a docstring whose lines stand at `indent`; no text can end the docstring."""
    safe = text.replace("\\", "\\\\")
    if _any_odd(safe):
        safe = "".join(_escaped(char) if _odd(char) else char for char in safe)
    safe = _RISKY_QUOTE.sub(r"\"", safe)
    wrapped = textwrap.wrap(
        safe, WIDTH - indent, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False
    )
    return f"\n{' ' * indent}".join(wrapped)


def docstring(body: str, indent: int = 0) -> str:
    """Put quotes around a body that `doc` made."""
    if "\n" in body:
        return f'"""{body}\n{" " * indent}"""'
    # Formatters keep a blank between quotes; with it the last one needs no backslash.
    return f'"""{body[:-2]}" """' if body.endswith('\\"') else f'"""{body}"""'


def quoted_json(value: Json) -> str:
    """Print JSON with exact numbers in their plain form, as an exchange would send it."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{quoted_json(str(key))}:{quoted_json(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(quoted_json, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    import json

    return json.dumps(value, ensure_ascii=False)


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


def param(value: Param) -> str:
    """Print the runtime's description of a parameter."""
    kind = value.type.expression
    return call(
        "Param",
        literal(value.wire),
        literal(value.name),
        kind,
        required=value.required,
        place=literal(value.place) if value.elsewhere else None,
        write=literal(value.write) if value.write != "text" else None,
        default=literal(_text(value.default)) if value.default is not None else None,
        minimum=_maybe(value.minimum),
        maximum=_maybe(value.maximum),
        pattern=_maybe(value.pattern),
        min_length=_maybe(value.min_length),
        max_length=_maybe(value.max_length),
        min_items=_maybe(value.min_items),
        max_items=_maybe(value.max_items),
        values=literal(tuple(map(_text, value.values))) if value.values else None,
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
        values=literal(tuple(map(_text, value.values))) if value.values else None,
        present=_maybe(value.present),
        minimum=_maybe(value.minimum),
        maximum=_maybe(value.maximum),
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


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


def raises(operation: Operation) -> list[tuple[str, str]]:
    """Return (error class, codes) for the codes that callers should expect."""
    kinds: dict[str, list[str]] = {}
    for error in operation.errors:
        kinds.setdefault(error.kind, []).append(error.code)
    return [(kind, ", ".join(codes)) for kind, codes in sorted(kinds.items())]


def described(value: Param) -> str:
    """Return a parameter's sentence: what it means, its unit, default and range."""
    notes = []
    if value.type.kind == "timestamp_ms":
        notes.append("An aware datetime, or milliseconds since 1970.")
    if value.type.kind == "timestamp_s":
        notes.append("An aware datetime, or seconds since 1970.")
    if value.minimum is not None or value.maximum is not None:
        notes.append(_range(value.minimum, value.maximum))
    if value.pattern is not None:
        notes.append(f"Must match `{value.pattern}`.")
    if value.min_length is not None or value.max_length is not None:
        notes.append(sized(value.min_length, value.max_length, "character"))
    if value.min_items is not None or value.max_items is not None:
        notes.append(sized(value.min_items, value.max_items, "member"))
    if value.values:
        notes.append(f"One of {', '.join(f'`{_text(v)}`' for v in value.values)}.")
    if value.default is not None:
        notes.append(f"Default: `{_text(value.default)}`.")
    return " ".join([with_unit(value.doc, value.unit), *notes])


def sized(low: int | None, high: int | None, what: str) -> str:
    """Say how many there may be: `From 1 to 50 members.`"""
    words = _range(*(None if size is None else Decimal(size) for size in (low, high))).rstrip(".")
    last = low if high is None else high
    return f"{words} {what}." if last == 1 else f"{words} {what}s."


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return f"At most {high:f}."
    if high is None:
        return f"At least {low:f}."
    return f"From {low:f} to {high:f}."


def limit_words(operation: Operation) -> str:
    """Say in words how often an operation may be called."""
    limit = operation.limit
    if limit is None:
        return ""
    owner = {"ip": "address", "uid": "user", "key": "key"}[limit.by]
    per = re.sub(r"^1(?=[a-z])", "", limit.per)
    units = {"ms": "millisecond", "s": "second", "m": "minute", "h": "hour", "d": "day"}
    return f"at most {limit.amount} per {units.get(per, per)} per {owner}"
