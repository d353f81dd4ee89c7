"""Prints a signing rule as the straight lines of one Python function."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from msgspec.structs import replace

from generator.model.connections import Connection, Login
from generator.model.frames import placeholders
from generator.model.signing import (
    CLOCKED,
    OTHER,
    SIGNATURE,
    TOKEN_NAMES,
    WHOLE_NUMBERS,
    Member,
    Part,
    Placement,
    Scheme,
    Value,
)
from generator.model.streams import Streams
from generator.words.literals import literal

TIMES = {
    "ms": "str({})",
    "s": "str({} // 1000)",
    "us": "str({} * 1000)",
    "ns": "str({} * 1_000_000)",
    "iso": "iso_text({})",
    "iso-s": "iso_seconds_text({})",
}
NONCES = {"uuid": "nonces.random_uuid()", "uuid-hex": 'nonces.random_uuid().replace("-", "")'}
"""How nonces are made that count nothing."""
ENCODINGS = {
    "hex": "{}.hex()",
    "HEX": "{}.hex().upper()",
    "base64": "base64_text({})",
    "base64url": "base64url_text({})",
    "hex-base64": "hex_base64_text({})",
}
# Python must be told that these are not used for security, or hardened systems refuse them.
WEAK = ("md5", "sha1")
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
WHOLE_BODY = "*"
"""Stands among the hidden names for the body as a whole."""


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


def opening_lines(scheme: Scheme) -> list[str]:
    """Print how a signer reads its key, and what it counts with."""
    lines = []
    if scheme.algorithm and scheme.secret:
        form = f", {literal(scheme.secret_form)}" if scheme.secret_form else ""
        function = scheme.algorithm.replace("-", "_")
        lines.append(f"self._sign = {function}(given[{literal(scheme.secret)}]{form})")
    # Made once per client: such nonces must grow from call to call.
    if scheme.nonce in WHOLE_NUMBERS:
        lines.append(f"self._nonce = nonces.GrowingNonce({literal(scheme.nonce)})")
    elif scheme.nonce == "s.ms":
        lines.append("self._nonce = nonces.GrowingSeconds()")
    return lines


def kept_credentials(scheme: Scheme) -> list[str]:
    """Return the credentials that are placed or signed as they are."""
    used = {part.name for part in scheme.used() if part.kind == "credential"}
    return [name for name in scheme.credentials if name in used]


def signing_lines(scheme: Scheme) -> list[str]:
    """Print the whole rule: what is made up, placed, written, signed, and added last."""
    early = [value for value in scheme.values if not value.is_late]
    late = [value for value in scheme.values if value.is_late]
    lines = [*_clock_lines(scheme)]
    for value in early:
        lines += _value_lines(scheme, value)
    for placement in scheme.placements:
        if not placement.is_late:
            lines += _if_present(placement, placement_statement(placement))
    lines += _written_lines(scheme)
    for value in late:
        lines += _value_lines(scheme, value)
    for placement in scheme.placements:
        if placement.is_late:
            lines += _if_present(placement, _late_statement(placement))
    if scheme.body_value:
        lines.append(f"body = {variable(scheme.body_value)}")
    return lines


def login_lines(scheme: Scheme, login: Login) -> list[str]:
    """Print the rule of a login, and what it returns: what the frame needs beside credentials."""
    made = {*CLOCKED, *(value.name for value in scheme.values)}
    sent = [name for name in placeholders(login.send) if name in made]
    lines = [*_clock_lines(scheme, sent)]
    for value in scheme.values:
        lines += _value_lines(scheme, value)
    return [*lines, "return {" + ", ".join(f"{literal(name)}: {variable(name)}" for name in sent) + "}"]


def logins(streams: Streams | None) -> list[tuple[Connection, Scheme]]:
    """Return every way to sign a login, with its connection."""
    connections = streams.connections if streams else ()
    return [(each, scheme) for each in connections if each.login for scheme in each.login.schemes]


def _clock_lines(scheme: Scheme, sent: Collection[str] = ()) -> Iterator[str]:
    """Print what is made up for each request; `sent` are parts that a frame has, signed or not."""
    if scheme.uses("timestamp") or "timestamp" in sent:
        yield f"timestamp = {_time(scheme, 'milliseconds')}"
    if scheme.uses("expires") or "expires" in sent:
        yield f"expires = {_time(scheme, f'(milliseconds + {scheme.expires_ms})')}"
    if scheme.uses("nonce") or "nonce" in sent:
        yield f"nonce = {NONCES.get(scheme.nonce or '', 'self._nonce(milliseconds)')}"


def _time(scheme: Scheme, milliseconds: str) -> str:
    if scheme.time == "s.ms":
        return f'f"{{{milliseconds} // 1000}}.{{{milliseconds} % 1000:03d}}"'
    return TIMES[scheme.time].format(milliseconds.strip("()") if scheme.time == "ms" else milliseconds)


def _written_lines(scheme: Scheme) -> Iterator[str]:
    order = "sorted_" if scheme.query_sorted else ""
    yield f"query = draft.{order}query_text()"
    if scheme.body == "none":
        yield 'body = ""'
    elif not scheme.body_value:
        yield f"body = draft.{'sorted_' if scheme.body == 'sorted' else ''}body_text()"
    if scheme.uses("raw_query", "?raw_query"):
        yield 'raw_query = unquote(query) if "%" in query else query'
    if scheme.uses("params"):
        yield f"params = {_params(scheme)}"


def _params(scheme: Scheme) -> str:
    how = scheme.printing
    words = [
        f"in_order={how.is_sorted}",
        f"percent_encoded={how.is_percent}",
        f"drop_empty={how.drops_empty}",
        f"sort_inner={how.sorts_inner}",
    ]
    if how.is_flat:
        words.append("flat=True")
    if how.added:
        words.append("added={" + ", ".join(f"{literal(n)}: {part_expression(p)}" for n, p in how.added) + "}")
    words += [
        f"{word}={literal(text)}"
        for word, text, usual in (("pair", how.pair, "="), ("join", how.join, "&"))
        if text != usual
    ]
    # The comma after the last argument makes the formatter put each on a line.
    return f"draft.params_text({', '.join(words)},)"


def _value_lines(scheme: Scheme, value: Value) -> Iterator[str]:
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


def placement_statement(value: Placement) -> str:
    """Print the statement that puts a value into the draft."""
    text = _placed_text(value)
    if value.place == "header":
        return f"draft.headers[{literal(value.name)}] = {text}"
    if value.place == "query":
        return (
            f"draft.insert_query({literal(value.name)}, {text})"
            if value.is_first
            else f"draft.query[{literal(value.name)}] = {text}"
        )
    if value.is_number and not value.is_first:
        return f"draft.add_number({literal(value.name)}, {text})"
    text = f"int({text})" if value.is_number else text
    return f"draft.{'insert' if value.is_first else 'add'}({literal(value.name)}, {text})"


def _late_statement(value: Placement) -> str:
    """Print the statement that adds a value to what is written already."""
    if value.place == "header":
        return placement_statement(value)
    if value.place == "query":
        return f"query = with_query(query, {literal(value.name)}, {_placed_text(value)})"
    call = "with_first_param(draft, " if value.is_first else "draft.with_param("
    return f"query, body = {call}query, body, {literal(value.name)}, {_placed_text(value)})"


def _placed_text(value: Placement) -> str:
    text = part_expression(value.part)
    return f"{literal(value.prefix)} + {text}" if value.prefix else text


def _if_present(value: Placement, statement: str) -> list[str]:
    return [f"if {part_expression(value.part)}:", f"    {statement}"] if value.may_be_empty else [statement]


def secret_names(scheme: Scheme) -> tuple[str, ...]:
    """Return the headers and parameters that hold a credential or a signature."""
    names = {placement.name for placement in scheme.placements if scheme.depends_on_secret(placement.part)}
    if scheme.body_value:
        names |= set(_secret_members(scheme, scheme.value(scheme.body_value)))
    return tuple(sorted(names))


def _secret_members(scheme: Scheme, body: Value) -> Iterator[str]:
    # A member can be masked only if the body is readable JSON; otherwise the body is hidden as a whole.
    if body.kind != "json" or body.encoding:
        if any(map(scheme.depends_on_secret, body.parts())):
            yield WHOLE_BODY
        return
    yield from (member.name for member in body.members if member.part and scheme.depends_on_secret(member.part))
