"""Words the steps of a worked example: what is known, what each value is made of, what is written and where it goes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct as Record

from generator.model.connections import LoginVector
from generator.model.signing import Scheme, Vector
from generator.model.signing_parts import CLOCKED, SIGNATURE, Value
from generator.reference.shell import sign_command
from generator.reference.signing import ALGORITHMS, ENCODINGS, FORMS, NONCES, TIMES, hash_words, part_words
from generator.signing.keys import key_of
from generator.signing.texts import percent
from generator.signing.worked import Worked
from generator.words.markdown import code, code_block

COMPARE = "{size} bytes; SHA-256 {hash}. Compare that where no difference can be seen, such as a line break at the end."


class Step(Record, frozen=True):
    """One step of a worked example; all its words are Markdown."""

    title: str
    note: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """What goes in, as the rows of a table."""

    results: tuple[tuple[str, str], ...] = ()
    """What comes out: its name, if it needs one, and a block of code to compare with."""


def known_steps(scheme: Scheme, vector: Vector | LoginVector, done: Worked) -> Iterator[Step]:
    """Yield what a program knows before it begins: credentials, time and nonce."""
    used = {scheme.secret, *scheme.credentials}
    keys = tuple((code(name), code(value)) for name, value in vector.credentials.items() if name in used)
    yield Step("The credentials", head=("Name", "Value"), rows=keys)
    rows = tuple(
        (code(name), code(done.known[name]), _clock_words(name, scheme)) for name in CLOCKED if scheme.uses(name)
    )
    if rows:
        moment = datetime.fromtimestamp(vector.time / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        yield Step("The time", f"It is {code(moment)} in UTC.", ("Name", "Value", "Form"), rows)


def _clock_words(name: str, scheme: Scheme) -> str:
    return NONCES[scheme.nonce or "uuid"] if name == "nonce" else TIMES[scheme.time]


def value_steps(scheme: Scheme, done: Worked, *, is_late: bool) -> Iterator[Step]:
    """Yield how each value is made, of those made before the query and the body are written, or after."""
    for value in scheme.values:
        if value.is_late is not is_late:
            continue
        if value.name not in done.texts:
            yield Step(f"The value {code(value.name)}", "It is empty: the rule does not make it for such a request.")
            continue
        yield _text_step(value, scheme, done)
        yield from _made_steps(value, scheme, done)


def _text_step(value: Value, scheme: Scheme, done: Worked) -> Step:
    """Show the parts of a text, and the text."""
    title = "The string to sign" if value.name == SIGNATURE else f"The value {code(value.name)}: its text"
    text = done.texts[value.name]
    rows = tuple(
        (part_words(part, scheme), code(shown) if shown else "empty") for part, shown in done.parts.get(value.name, ())
    )
    note = COMPARE.format(size=len(text), hash=code(hashlib.sha256(text).hexdigest()))
    words = "The parts, joined" if rows else "The text"
    if len(rows) == 1:  # a table of one row would say the text twice
        words, rows = rows[0][0], ()
    words += "" if _is_text(text) else " (in hex, for it is no text)"
    block = code_block("text", _text(text))
    return Step(title, note, ("Part", "Value"), rows, ((f"{words[0].upper()}{words[1:]}", block),))


def _made_steps(value: Value, scheme: Scheme, done: Worked) -> Iterator[Step]:
    """Show what is made of a text: the key and the digest where it is signed or hashed, and what that is written as."""
    made, digest = done.values[value.name], done.digests.get(value.name)
    key = key_of(scheme, done.known) if value.is_signed else None
    if key is not None and scheme.secret_form:
        how = f"{code(scheme.secret or '')} {FORMS[scheme.secret_form]}"
        yield Step(
            "The key",
            f"{how[0].upper()}{how[1:]}: {len(key)} bytes.",
            results=(("In hex", code_block("text", key.hex())),),
        )
    shown = as_text(made)
    if digest is not None and digest.hex() != shown:
        yield Step(_digest_words(value, scheme), results=(("In hex", code_block("text", digest.hex())),))
    is_same = made == done.texts[value.name].decode("utf-8", "replace")
    if not is_same:
        yield _result_step(value, scheme, done, shown)


def _digest_words(value: Value, scheme: Scheme) -> str:
    if value.hash:
        return f"The {hash_words(value.hash)} of the text"
    key = "the key" if scheme.secret_form else code(scheme.secret or "")
    return f"{ALGORITHMS[scheme.algorithm or '']} of the text, with {key}"


def _result_step(value: Value, scheme: Scheme, done: Worked, shown: str) -> Step:
    how = f", {ENCODINGS[value.encoding]}" if value.encoding else ""
    results = [("The signature" if value.name == SIGNATURE else "The value", code_block("text", shown))]
    if value.name != SIGNATURE:
        hashed = f", hashed with {hash_words(value.hash)}" if value.hash else ""
        how = how or (", in hex" if value.is_bytes else "")
        return Step(f"The value {code(value.name)}{hashed}{how}", results=(("", results[0][1]),))
    command = _shell(scheme, done)
    if command:
        results.append(("In a shell", code_block("sh", command)))
    made_by = ALGORITHMS.get(scheme.algorithm or "", "")
    note = "" if value.name in done.digests else f"{made_by}; published, for it takes the private key."
    if not note and done.digests[value.name].hex() == shown:
        note = f"{made_by} with {'the key' if scheme.secret_form else code(scheme.secret or '')}."
    return Step(f"The signature{how}", note, results=tuple(results))


def _shell(scheme: Scheme, done: Worked) -> str | None:
    """Print the command that signs, where the text is one that a shell can hold."""
    # Bytes that are no text would be changed by the shell, and give another signature.
    text = done.texts[SIGNATURE]
    return sign_command(scheme, text.decode(), done.known[scheme.secret or ""]) if _is_text(text) else None


def written_step(scheme: Scheme, done: Worked) -> Step:
    """Show query and body as they are written before anything is added that depends on them."""
    query, body = done.written
    order = "sorted by name" if scheme.query_sorted else "in the order given"
    results = [(f"The query, percent-encoded, {order}", query)] if query else []
    results += [(f"The body, {len(body.encode())} bytes", body)] if body else []
    signed = {part.name for value in scheme.values for part in value.parts_for(done.draft.method)}
    note = "Sign exactly the characters that you send." if signed & {"query", "?query", "body"} else ""
    return Step(
        "Query and body as written", note, results=tuple((words, code_block("text", text)) for words, text in results)
    )


def placed_step(scheme: Scheme, done: Worked) -> Step:
    """Show what the rule adds to the request, and where."""
    rows = tuple(_placed_rows(scheme, done))
    encoded = any(where != "header" and percent(value) != value for where, _, value in rows)
    note = "In the address, signs of base64 such as `+`, `/` and `=` are percent-encoded." if encoded else ""
    return Step("What goes where", note, ("Where", "Name", "Value"), tuple((w, code(n), code(v)) for w, n, v in rows))


def _placed_rows(scheme: Scheme, done: Worked) -> Iterator[tuple[str, str, str]]:
    """Yield where everything goes that the rule adds, and what it is here."""
    draft = done.draft
    yield from (("header", name, text) for name, text in draft.headers.items())
    early = {placement.name for placement in scheme.placements if placement.place != "header" and not placement.is_late}
    for name, text in (*draft.query.items(), *draft.body.items()):
        if name in early:
            yield "query" if name in draft.query else "body", name, str(text)
    for placement in scheme.placements:
        if placement.is_late and placement.place != "header" and placement.part.kind == "value":
            in_query = placement.place == "query" or draft.carrier == "query"
            yield "query" if in_query else "body", placement.name, as_text(done.values[placement.part.name])


def _is_text(raw: bytes) -> bool:
    return raw == raw.decode("utf-8", "replace").encode()


def _text(raw: bytes) -> str:
    return raw.decode() if _is_text(raw) else raw.hex()


def as_text(made: str | bytes) -> str:
    """Return a value as a page shows it: bytes in hex."""
    return made.hex() if isinstance(made, bytes) else made
