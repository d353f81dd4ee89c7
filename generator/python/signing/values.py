"""Prints how a signing rule makes its values: texts that are joined, hashed, signed and encoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec.structs import replace

from generator.model.signing import Scheme
from generator.model.signing_parts import OTHER, SIGNATURE, TOKEN_NAMES, Member, Part, Value
from generator.python.signing.parts import part_expression, variable
from generator.words.literals import literal

ENCODINGS = {
    "hex": "{}.hex()",
    "HEX": "{}.hex().upper()",
    "base64": "base64_text({})",
    "base64url": "base64url_text({})",
    "hex-base64": "hex_base64_text({})",
}
# Python must be told that these are not used for security, or hardened systems refuse them.
WEAK = ("md5", "sha1")


def value_lines(scheme: Scheme, value: Value) -> Iterator[str]:
    """Print how a value is made; the text of the signature has a line of its own, for it is what one looks for."""
    if value.kind == "jwt":
        header = f", {_object(value.token_header)}" if value.token_header else ""
        algorithm = literal(TOKEN_NAMES[scheme.algorithm or "hmac-sha256"])
        made = f"json_web_token(self._sign, {algorithm}, {_object(value.members)}{header})"
        yield f"{variable(value.name)} = {_conditional(value, made)}"
        return
    is_bytes = False
    if value.kind == "json":
        text = f"json_text({_object(value.members)})"
    elif value.name == SIGNATURE or len(value.texts) > 1:
        text = "text" if value.name == SIGNATURE else f"{value.name}_text"
        is_bytes = any(_has_bytes(scheme, parts) for parts in value.texts.values())
        yield from _text_lines(scheme, value, text, is_bytes)
    else:
        parts = next(iter(value.texts.values()), ())
        is_bytes = _has_bytes(scheme, parts)
        text = _sum_of_parts(scheme, parts, is_bytes)
    yield f"{variable(value.name)} = {_conditional(value, _digest(value, text, is_bytes))}"


def _text_lines(scheme: Scheme, value: Value, name: str, is_bytes: bool) -> Iterator[str]:
    cases = list(value.texts.items())
    if len(cases) == 1:
        yield f"{name} = {_sum_of_parts(scheme, cases[0][1], is_bytes)}"
        return
    for index, (method, parts) in enumerate(cases):
        # The checks see to it that every method has a text, so the last one needs no condition.
        last = method == OTHER or index == len(cases) - 1
        yield "else:" if last else f"{'elif' if index else 'if'} draft.method == {literal(method)}:"
        yield f"    {name} = {_sum_of_parts(scheme, parts, is_bytes)}"


def _has_bytes(scheme: Scheme, parts: Iterable[Part]) -> bool:
    return any(part.kind == "value" and scheme.value(part.name).is_bytes for part in parts)


def _sum_of_parts(scheme: Scheme, parts: tuple[Part, ...], is_bytes: bool) -> str:
    """Print parts one after the other; beside bytes, texts are encoded."""
    if not is_bytes:
        return " + ".join(map(part_expression, parts))
    groups = []
    # Texts that follow one another are joined before they are encoded: one call instead of several.
    for raw, group in groupby(parts, lambda part: _has_bytes(scheme, [part])):
        words = " + ".join(map(part_expression, group))
        groups.append(words if raw else _bytes_of(words))
    return " + ".join(groups)


def _bytes_of(text: str) -> str:
    """Print the bytes of a text; a sum is put in parentheses."""
    return f"({text}).encode()" if " + " in text or text.startswith("(") else f"{text}.encode()"


def _digest(value: Value, text: str, is_bytes: bool) -> str:
    """Print the hash or the signature of a text, encoded."""
    if value.hash:
        raw = text if is_bytes else _bytes_of(text)
        weak = ", usedforsecurity=False" if value.hash in WEAK else ""
        digest = f"{value.hash}({raw}{weak})"
        if value.encoding in ("hex", "HEX"):
            return f"{digest}.hexdigest()" + (".upper()" if value.encoding == "HEX" else "")
        text = f"{digest}.digest()"
    elif value.is_signed:
        text = f"self._sign({text})"
    elif value.encoding:
        text = text if is_bytes else _bytes_of(text)
    return ENCODINGS[value.encoding].format(text) if value.encoding else text


def _conditional(value: Value, made: str) -> str:
    conditions = []
    if value.condition is not None:
        # With its question mark or without, a query is there or not.
        conditions.append(part_expression(replace(value.condition, name=value.condition.name.removeprefix("?"))))
    if len(value.methods) == 1:
        conditions.append(f"draft.method == {literal(value.methods[0])}")
    elif value.methods:
        conditions.append(f"draft.method in {literal(value.methods)}")
    return f"{made} if {' and '.join(conditions)} else {'b' if value.is_bytes else ''}\"\"" if conditions else made


def _object(members: tuple[Member, ...]) -> str:
    return "{" + ", ".join(map(_member, members)) + "}"


def _member(member: Member) -> str:
    if member.is_spread:
        return "**draft.params()"
    name = literal(member.name)
    if member.is_object:
        return f"{name}: draft.params()"
    if member.part is None:
        return (
            f"{name}: {member.constant}"
            if not isinstance(member.constant, str)
            else f"{name}: {literal(member.constant)}"
        )
    text = part_expression(member.part)
    if member.may_be_empty:
        return f"**if_any({{{name}: {text}}})"
    return f"{name}: int({text})" if member.is_number else f"{name}: {text}"
