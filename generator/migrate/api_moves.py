"""Moves of keys that concern a whole API: requests, limits, credentials, what the mock exchange knows."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from generator.migrate.lifting import lift, within_braces
from generator.migrate.texts import (
    Edit,
    Mapping,
    Pair,
    Text,
    Undecided,
    end_of,
    indent_of,
    is_flow,
    line_of,
    pair_of,
    pairs,
    reindent,
    start_of,
)
from generator.model.operations import METHODS


def move_requests(text: Text, root: Mapping, requests: Pair) -> list[Edit]:
    """`requests` becomes `carriers`, `headers` and `writing`, beside one another."""
    _refuse_present(root, "carriers", "headers", "writing")
    parts = {pair.name: pair for pair in pairs(requests.value)}
    others = [*_headers(text, parts), *_writing(text, parts)]
    carriers = {name: pair for name, pair in parts.items() if name in METHODS}
    if not carriers and not others:
        return [text.cut(root, requests, moved=False)]
    # In braces there are no lines to move, so the whole mapping is rewritten.
    if is_flow(requests.value):
        carried = ", ".join(text.text[start_of(pair.key) : end_of(pair.value)] for pair in carriers.values())
        lines = [f"carriers: {{{carried}}}"] * bool(carriers) + [line.rstrip("\n") for line in others]
        return [Edit(start_of(requests.key), end_of(requests.value), "\n".join(lines))]
    start, end = text.line_start(start_of(requests.key)), text.end_of_lines(requests.value)
    head = "carriers" + text.text[end_of(requests.key) : text.line_end(end_of(requests.key))]
    chunks = [chunk for pair, chunk in text.chunks(requests.value) if pair.name in METHODS]
    return [Edit(start, end, "".join([head, *chunks, *others] if chunks else others))]


def _headers(text: Text, parts: dict[str, Pair]) -> Iterator[str]:
    """Yield `headers`; the User-Agent is one of them."""
    headers, agent = parts.get("headers"), parts.get("user_agent")
    if agent is None:
        yield from [lift(text, headers, "headers")] if headers else []
        return
    line = f"User-Agent: {within_braces(text, agent.value)}"
    yield _join(text, headers, "headers", line)


def _writing(text: Text, parts: dict[str, Pair]) -> Iterator[str]:
    """Yield `writing`: how values are written, and what an empty body is."""
    wire, empty = parts.get("wire"), parts.get("empty_body")
    if empty is None:
        yield from [lift(text, wire, "writing")] if wire else []
        return
    yield _join(text, wire, "writing", f"empty_body: {text.slice(empty.value)}")


def _join(text: Text, pair: Pair | None, name: str, member: str) -> str:
    """Return a mapping under a new name, with one more member."""
    if pair is None:
        return f"{name}: {{{member}}}\n"
    lifted = lift(text, pair, name)
    if not is_flow(pair.value):
        return f"{lifted}  {member}\n"
    inner = text.slice(pair.value)
    return lifted.replace(inner, f"{inner[:-1]}, {member}}}" if pairs(pair.value) else f"{{{member}}}", 1)


def move_default_limit(text: Text, root: Mapping, limits: Pair) -> list[Edit]:
    """The limits of calls that name none become limits like others, which say `each`."""
    edits = [edit for pair in pairs(limits.value) for edit in _name_limit(text, pair)]
    known = pair_of(root, "limits")
    if known is None:
        return [Edit(start_of(limits.key), end_of(limits.key), "limits"), *edits]
    names = {f"default_{pair.name}" for pair in pairs(limits.value)} & {pair.name for pair in pairs(known.value)}
    if names or is_flow(limits.value) or is_flow(known.value):
        raise Undecided(line_of(limits.key), "move these limits into `limits`, each with `each: none|key|signed`")
    start, end = text.line_end(start_of(limits.key)), text.end_of_lines(limits.value)
    place = text.end_of_lines(known.value)
    return [Edit(place, place, text.apply(edits, start, end)), text.cut(root, limits, moved=False)]


def _name_limit(text: Text, limit: Pair) -> Iterator[Edit]:
    """Yield the edits that give a default limit a name, and let it say whose it is."""
    yield Edit(start_of(limit.key), end_of(limit.key), f"default_{limit.name}")
    # `each` says whose calls count, so it is written beside `by`, who they count for.
    by = pair_of(limit.value, "by") or pairs(limit.value)[-1]
    if is_flow(limit.value):
        yield Edit(end_of(by.value), end_of(by.value), f", each: {limit.name}")
    else:
        place = text.end_of_lines(by.value)
        yield Edit(place, place, f"{' ' * indent_of(by.key)}each: {limit.name}\n")


def move_failures(text: Text, mapping: Mapping, failures: Pair) -> list[Edit]:
    """`failures` is only used by the mock exchange, and moves to `mock` at the root."""
    mock = pair_of(text.root, "mock")
    known = pair_of(mock.value, "failures") if mock else None
    if known is not None and text.slice(known.value) == text.slice(failures.value):
        return [text.cut(mapping, failures, moved=False)]
    return [text.cut(mapping, failures, moved=True), _add_to_mock(text, "failures", failures)]


def move_wrong_passphrase(text: Text, failures: Mapping, pair: Pair) -> list[Edit]:
    """Credentials beside the key have their codes in a mapping of their own, by their names."""
    mock = pair_of(text.root, "mock")
    if mock is None or is_flow(mock.value) or pair_of(mock.value, "wrong_credentials"):
        raise Undecided(line_of(pair.key), "put it into `mock`, as `wrong_credentials: {passphrase: …}`")
    place, indent = text.line_end(end_of(mock.key)), indent_of(pairs(mock.value)[0].key)
    line = f"{' ' * indent}wrong_credentials: {{passphrase: {text.slice(pair.value)}}}\n"
    whole = pair_of(mock.value, "failures")
    if len(pairs(failures)) == 1 and whole is not None and isinstance(mock.value, Mapping):
        return [Edit(place, place, line), text.cut(mock.value, whole, moved=False)]
    return [Edit(place, place, line), text.cut(failures, pair, moved=False)]


def move_symbols(text: Text, symbols: Mapping, offered: Pair) -> list[Edit]:
    """`offered` is only used by the mock exchange, and moves to `mock`."""
    return [text.cut(symbols, offered, moved=True), _add_to_mock(text, "symbols", offered)]


def _add_to_mock(text: Text, name: str, pair: Pair) -> Edit:
    """Return the edit that writes a pair into `mock`, which is made after the last block that it belongs to."""
    root = text.root
    lines = reindent(lift(text, pair, name), 2)
    known = pair_of(root, "mock")
    if known is not None:
        if pair_of(known.value, name) or is_flow(known.value):
            raise Undecided(line_of(pair.key), f"`mock` exists already; move `{name}` into it")
        place = text.line_end(end_of(known.key))
        return Edit(place, place, lines)
    # Every file with a word that belongs in `mock` has one of these blocks.
    after = next(p for n in ("symbols", "signing", "connections") if (p := pair_of(root, n)) is not None)
    place = text.end_of_lines(after.value)
    gap = "\n" if text.text[place : place + 1] == "\n" else ""
    return Edit(place, place, f"{gap}mock:\n{lines}")


def move_vector_scheme(text: Text, vector: Mapping, scheme: Pair) -> list[Edit]:
    """The credentials of a login's vector say which scheme it is for, as those of a caller do."""
    logins = [mapping for path, mapping in text.mappings() if path and path[-1] == "login"]
    schemes = next((pair_of(login, "schemes") for login in logins if _holds(login, vector)), None)
    given = pair_of(vector, "credentials")
    names = {pair.name for pair in pairs(given.value)} if given else set()
    # As the runtime chooses it: the first scheme whose credentials are all given.
    chosen = next((s.name for s in pairs(schemes.value) if _credential_names(s) <= names), None) if schemes else None
    if chosen != scheme.value.value:
        raise Undecided(line_of(scheme.key), "give this vector only the credentials of its scheme, and remove this")
    return [text.cut(vector, scheme, moved=False)]


def _holds(login: Mapping, vector: Mapping) -> bool:
    found = pair_of(login, "vectors")
    return found is not None and isinstance(found.value, yaml.SequenceNode) and vector in found.value.value


def _credential_names(scheme: Pair) -> set[str]:
    found = pair_of(scheme.value, "credentials")
    return {str(member.value) for member in found.value.value} if found else set()


def _refuse_present(mapping: Mapping, *names: str) -> None:
    for name in names:
        if (found := pair_of(mapping, name)) is not None:
            raise Undecided(line_of(found.key), f"`{name}` exists already; merge the two by hand")
