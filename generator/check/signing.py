"""Finds contradictions in the signing rules, in their clock, and in the headers of limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.model.api import Api
from generator.model.fitting import wire_text
from generator.model.operations import METHODS, Operation
from generator.model.signing import Scheme
from generator.model.signing_parts import OTHER, SIGNATURE, Part, Placement
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""A header name as HTTP defines it (`token` of RFC 9110). Libraries refuse others, or send them and break the request."""
NO_HEADER = "`{}` is not a valid header name"


def check_signing(at: Map, api: Api, notes: Notes) -> None:
    """Note every contradiction; `at` is the root of api.yaml."""
    signing = read.mapping(at, "signing")
    _check_credentials(read.mapping(signing, "credentials"), api, notes)
    for scheme in api.signing.schemes:
        schemes = read.mapping(signing, "schemes")
        found = (*_scheme_problems(scheme), *_literal_problems(scheme, api), *_method_problems(scheme, api))
        note_problems(read.mapping(schemes, scheme.name), f"signing.{scheme.name}", found, notes)
    for what in _header_problems(api.signing.key):
        notes.add(signing, "key", "signing.key", what)
    limits = read.mapping(at, "limits")
    for limit in (*api.limits, *api.default_limits.values()):
        if limit.header is not None and not TOKEN.fullmatch(limit.header):
            notes.add(
                read.mapping(limits, limit.name), "header", f"limits.{limit.name}", NO_HEADER.format(limit.header)
            )
    _check_clock(read.mapping(signing, "clock"), api, notes)
    _check_server_time(read.mapping(at, "server_time"), api, notes)


def note_problems(rule: Map, where: str, found: Iterable[tuple[str, str]], notes: Notes) -> None:
    """Note problems of a signing rule, those of a value at the value's own place."""
    for key, what in found:
        word, _, name = key.partition(".")
        place = read.mapping(rule, word) if name else rule
        notes.add(place, name or key, f"{where}.{name}" if name else where, what)


def _check_credentials(at: Map, api: Api, notes: Notes) -> None:
    used = {name for scheme in api.signing.schemes for name in scheme.credentials}
    used |= {placement.value for placement in api.signing.key}
    for name in at:
        if name not in used:
            notes.add(at, name, f"signing.credentials.{name}", "is not used by any scheme; use it or remove it")


def _scheme_problems(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Yield (key, what) for each contradiction of a scheme."""
    placed = scheme.placements
    yield from (("place", what) for what in _header_problems(scheme.place))
    yield from (("signature", what) for what in _header_problems(placed[len(scheme.place) :]))
    names = [(placement.place, placement.name) for placement in placed]
    for place, name in sorted({each for each in names if names.count(each) > 1}):
        yield "place", f"two values have the {place} `{name}`; one would overwrite the other"
    if not placed and scheme.body_value is None:
        yield "credentials", "nothing that is sent says who calls; add `place`"
    yield from undeclared(scheme)
    yield from _clock_problems(scheme)
    yield from value_problems(scheme)


def _literal_problems(scheme: Scheme, api: Api) -> Iterator[tuple[str, str]]:
    """Yield literals that are signed in place of a parameter that a caller may set otherwise."""
    common = {param.wire: param for operation in api.operations for param in operation.params if param.common}
    signed = {part.name for part in scheme.used() if part.kind == "param"}
    literals = {part.name for value in scheme.values for part in value.parts() if part.kind == "literal"}
    for operation in _signed_by(scheme, api):
        for own in operation.params:
            if (
                own.place == "header"
                and not own.common
                and own.default is not None
                and wire_text(own.default) in literals
            ):
                literal = f"`'{wire_text(own.default)}'` is signed, but callers of {operation.name} may set"
                yield "text", f"{literal} `{own.wire}` to something else; make that one of `signed_params`, and sign it"
    for wire, param in common.items():
        written = scheme.uses("params") or (param.place in ("query", "body") and scheme.uses("query", "?query", "body"))
        if param.default is not None and wire_text(param.default) in literals and wire not in signed and not written:
            literal = wire_text(param.default)
            yield "text", f"`'{literal}'` is signed, but callers may set `{wire}` to something else; sign `{wire}`"


def _method_problems(scheme: Scheme, api: Api) -> Iterator[tuple[str, str]]:
    """Yield texts that have no parts for the method of some operation."""
    used = {operation.method for operation in _signed_by(scheme, api)}
    for value in scheme.values:
        key = "text" if value.name == SIGNATURE else f"values.{value.name}"
        for method in sorted(used if value.texts else ()):
            if not value.parts_for(method) and (not value.methods or method in value.methods):
                yield key, f"has no parts for {method}, which signed operations use; add it, or `other`"


def _signed_by(scheme: Scheme, api: Api) -> list[Operation]:
    """Return the operations that may be signed by a scheme."""
    return [o for o in api.operations if o.auth == "signed" and (not o.schemes or scheme.name in o.schemes)]


def _clock_problems(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with times and nonces."""
    sent = {part.name for placement in scheme.placements for part in scheme.below(placement.part)}
    if scheme.body_value:
        sent |= {part.name for part in scheme.below(Part("value", scheme.body_value))}
    for name in ("timestamp", "expires", "nonce"):
        # The server can't check the signature without the time that was signed.
        if scheme.uses(name) and name in _declared(scheme) and name not in sent:
            yield "text", f"`{name}` is signed but not sent; add it to `place`"


def _declared(scheme: Scheme) -> set[str]:
    """Return the parts for each request of which the rule says what they are."""
    given = {"timestamp": True, "expires": scheme.expires_ms is not None, "nonce": scheme.nonce is not None}
    return {name for name, is_given in given.items() if is_given}


def undeclared(scheme: Scheme, sent: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield times and nonces that are used and not described, or described and not used; `sent` are those of a frame."""
    used, declared = {*sent}, _declared(scheme)
    for name in ("expires", "nonce"):
        is_used = scheme.uses(name) or name in used
        if is_used and name not in declared:
            yield "text", f"`{name}` is used, but the rule does not say what it is; add `{name}`"
        elif name in declared and not is_used:
            yield name, "is not used; use it as a part, or remove it"


def value_problems(scheme: Scheme, sent: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with intermediate values, the signature among them; `sent` are those that a frame has."""
    needed = {*sent} | {part.name for part in scheme.used() if part.kind == "value"} | {scheme.body_value}
    for value in scheme.values:
        if not value.texts and not value.members:  # it stands in for one that can't be made, which was noted
            continue
        key = "text" if value.name == SIGNATURE else f"values.{value.name}"
        if value.name not in needed:
            yield key, (
                "the signature is not sent; add `signature`"
                if value.name == SIGNATURE
                else "is not used; use it or remove it"
            )
        if value.is_signed and scheme.algorithm is None:
            yield key, "is signed, but the rule has no `algorithm` and `secret`"
        if value.hash and value.is_signed:
            yield key, "is hashed and signed at once; make a value of the hash, and sign that"
        if len(value.texts) > len(METHODS) and OTHER in value.texts:
            yield key, "all methods are listed, so `other` is never reached"
        if scheme.body == "none" and Part("built_in", "body") in value.parts():
            yield key, "`body` is always empty, because the rule sends none; remove it"
        for part in value.parts():
            if part.kind == "value" and scheme.value(part.name).is_bytes and (value.members or part == value.condition):
                yield key, f"`{part.name}` is bytes, which only `text` and `of` can hold; give it an `encoding`"
    if scheme.algorithm and not any(value.is_signed for value in scheme.values):
        yield "algorithm", "nothing is signed with it; add `text`, or a value with `sign` or `jwt`"
    for placement in scheme.placements:
        if placement.part.kind == "value" and scheme.value(placement.part.name).is_bytes:
            yield "place", f"`{placement.value}` is bytes, which can't be sent; give it an `encoding`"


def _header_problems(placements: tuple[Placement, ...] | list[Placement]) -> Iterator[str]:
    names = [placement.name for placement in placements if placement.place == "header"]
    yield from (NO_HEADER.format(name) for name in names if not TOKEN.fullmatch(name))


def _check_clock(at: Map, api: Api, notes: Notes) -> None:
    codes = {error.code for error in (*api.errors, *api.http_errors)}
    for code in api.signing.suspects:
        notes.check_known(at, "may_mean_clock", "signing.clock.may_mean_clock", code, codes, "code")
    if api.signing.window_param is not None:
        wires = {param.wire for operation in api.operations for param in operation.params}
        notes.check_known(at, "max_age_param", "signing.clock", api.signing.window_param, wires, "parameter", "unused")


def _check_server_time(at: Map, api: Api, notes: Notes) -> None:
    clock = api.clock
    operation = next((o for o in api.operations if clock is not None and o.full_name == clock.operation), None)
    struct = next(
        (s for s in api.structs if operation and operation.returns and s.name == operation.returns.name), None
    )
    if clock is None or struct is None:
        return
    kinds = {field.wire: field.type.kind for field in struct.fields}
    notes.check_known(at, "field", "server_time", clock.field, kinds, f"member of {struct.name}")
    kind = kinds.get(clock.field, "")
    if kind.startswith("timestamp") and kind != f"timestamp_{clock.unit}":
        notes.add(at, "unit", "server_time", f"is {clock.unit}, but `{clock.field}` is {kind}")
