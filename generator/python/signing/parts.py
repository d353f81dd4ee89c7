"""Prints what stands for a part of a signing rule: a literal, a credential, a variable of the printed function."""

from __future__ import annotations

import builtins
import keyword

from generator.model.signing_parts import Part
from generator.words.literals import literal

BUILT_IN = {
    "method": "draft.method",
    "path": "draft.path",
    "host": "draft.host",
    "?query": '(f"?{query}" if query else "")',
    "?raw_query": '(f"?{raw_query}" if raw_query else "")',
}
"""Parts that are not called as they are in the printed function."""
TAKEN = frozenset(
    {
        "self",
        "draft",
        "milliseconds",
        "query",
        "raw_query",
        "body",
        "params",
        "text",
        "nonces",
        "unquote",
        "json_web_token",
        "if_any",
    }
    | {"json_text", "base64_text", "base64url_text", "hex_base64_text", "iso_text", "iso_seconds_text"}
    | {"with_first_param", "with_query", "md5", "sha1", "sha256", "sha384", "sha512"}
    | {*keyword.kwlist, *dir(builtins)}
)
"""Names that the printed function uses for something else than a value."""


def variable(name: str) -> str:
    """Return the variable of a value."""
    # As Python's own style has it for names that collide.
    return f"{name}_" if name in TAKEN else name


def part_expression(part: Part) -> str:
    """Print what a part stands for."""
    if part.kind == "literal":
        return literal(part.name)
    if part.kind == "credential":
        return f"self._{part.name}.reveal()"
    if part.kind == "value":
        return variable(part.name)
    if part.kind == "param":
        return f"draft.sent({literal(part.name)})"
    if part.kind == "constant":
        return f"draft.constants[{literal(part.name)}]"
    return BUILT_IN.get(part.name, part.name)
