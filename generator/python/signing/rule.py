"""Prints a whole signing rule, step by step, as the straight lines of one Python function."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from generator.model.connections import Connection, Login
from generator.model.frames import placeholders
from generator.model.signing import Scheme
from generator.model.signing_parts import CLOCKED, WHOLE_NUMBERS
from generator.model.streams import Streams
from generator.python.signing.parts import part_expression, variable
from generator.python.signing.placing import if_present, late_statement, placement_statement
from generator.python.signing.values import value_lines
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
        lines += value_lines(scheme, value)
    for placement in scheme.placements:
        if not placement.is_late:
            lines += if_present(placement, placement_statement(placement))
    lines += _written_lines(scheme)
    for value in late:
        lines += value_lines(scheme, value)
    for placement in scheme.placements:
        if placement.is_late:
            lines += if_present(placement, late_statement(placement))
    if scheme.body_value:
        lines.append(f"body = {variable(scheme.body_value)}")
    return lines


def login_lines(scheme: Scheme, login: Login) -> list[str]:
    """Print the rule of a login, and what it returns: what the frame needs beside credentials."""
    made = {*CLOCKED, *(value.name for value in scheme.values)}
    sent = [name for name in placeholders(login.send) if name in made]
    lines = [*_clock_lines(scheme, sent)]
    for value in scheme.values:
        lines += value_lines(scheme, value)
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
