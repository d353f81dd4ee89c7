"""Builds the signing rules and their vectors."""

from __future__ import annotations

from typing import Literal, cast

from generator.ground.naming import pascal
from generator.ground.problems import suggest
from generator.model.signing import Credential, Placement, Scheme, Signing, Vector
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

PARTS = ("timestamp", "method", "path", "query", "?query", "body", "params")
"""Parts that the text to sign can have, besides credentials and literals."""


def signing(api: str, at: Map, notes: Notes) -> Signing:
    """Build how an API's requests are signed; `at` is the root of api.yaml."""
    mock, at = read.mapping(at, "mock"), read.mapping(at, "signing")
    # The mock exchange needs credentials, too; `mock-…` can't be mistaken for a real key.
    credentials = tuple(
        Credential(name, read.text(c, "doc"), read.exact(c, "example") or f"mock-{name}", f"{api}_{name}".upper())
        for name, c in read.entries(at, "credentials")
    )
    names = {credential.name for credential in credentials}
    clock = read.mapping(at, "clock")
    window = read.maybe_span(clock, "max_age")
    # Without a documented `max_ahead`, a clock may be ahead by as much as behind.
    return Signing(
        credentials=credentials,
        window_ms=window,
        ahead_ms=read.maybe_span(clock, "max_ahead") or window,
        window_param=read.exact(clock, "max_age_param"),
        suspects=read.texts(clock, "may_mean_clock"),
        key=_placements(read.mapping(at, "key"), "signing.key", names, notes),
        schemes=tuple(_scheme(name, s, names, notes) for name, s in read.entries(at, "schemes")),
        failures=read.pairs(mock, "failures"),
        wrong_credentials=read.pairs(mock, "wrong_credentials"),
        single_use=read.exact(at, "signature_once_under"),
        quirks=read.quirks(at),
    )


def _placements(at: Map, where: str, values: set[str], notes: Notes) -> tuple[Placement, ...]:
    placements = []
    for item in read.maps(at, "place"):
        value = str(item["value"])
        if value not in values:
            what = f"`{value}` is not one of {', '.join(sorted(values))}{suggest(value, values)}"
            notes.add(item, "value", f"{where}.place", what)
        placements.append(_placement(item, value))
    return tuple(placements)


def _placement(at: Map, value: str) -> Placement:
    place = next(place for place in ("header", "query", "param") if place in at)
    return Placement(cast(Literal["header"], place), str(at[place]), value, read.exact(at, "prefix") or "")


def _scheme(name: str, at: Map, credentials: set[str], notes: Notes) -> Scheme:
    where = f"signing.{name}"
    needed = read.texts(at, "credentials")
    for credential in needed:
        if credential not in credentials:
            notes.add(at, "credentials", where, f"no credential `{credential}`{suggest(credential, credentials)}")
    payload = read.texts(at, "text")
    for part in payload:
        if part not in PARTS and part not in needed and not _literal(part):
            near = suggest(part, [*PARTS, *needed]) or "; literals need single quotes, such as '|'"
            notes.add(at, "text", f"{where}.text", f"no part `{part}`{near}")
    secret = read.exact(at, "secret")
    if secret is not None and secret not in needed:
        notes.add(at, "secret", where, f"`{secret}` is not one of its credentials{suggest(secret, needed)}")
    params = read.mapping(at, "print_params")
    return Scheme(
        name=name,
        class_name=f"{pascal(name)}Signer",
        doc=read.text(at, "doc"),
        credentials=needed,
        time="s" if at.get("timestamp") == "s" else "ms",
        place=_placements(at, where, {*needed, "timestamp"}, notes),
        query_sorted=at.get("query") == "sorted",
        params_sorted=params.get("order", "sorted") == "sorted",
        params_percent=params.get("encoding") == "percent",
        params_drop_empty=read.flag(params, "drop_empty"),
        params_sort_inner=read.flag(params, "sort_inner"),
        payload=payload,
        algorithm=read.exact(at, "algorithm"),
        secret=secret,
        encoding=read.exact(at, "encoding"),
        signature=_placement(read.mapping(at, "signature"), "signature") if "signature" in at else None,
        vectors=tuple(_vector(v, where, needed, notes) for v in read.maps(at, "vectors")),
        quirks=read.quirks(at),
    )


def _literal(part: str) -> bool:
    # An empty literal adds nothing to the text, so `''` is a mistake.
    return len(part) > 2 and part[0] == part[-1] == "'"


def _vector(at: Map, where: str, needed: tuple[str, ...], notes: Notes) -> Vector:
    request = read.mapping(at, "request")
    given = read.pairs(at, "credentials")
    where = f"{where}.vectors.{at['name']}"
    for credential in needed:
        if credential not in given:
            notes.add(at, "credentials", where, f"the credential `{credential}` is missing")
    # A vector with a foreign credential was probably written for another scheme.
    for credential in given:
        if credential not in needed:
            what = f"the scheme has no credential `{credential}`{suggest(credential, needed)}"
            notes.add(read.mapping(at, "credentials"), credential, where, what)
    if "json" in request and "form" in request:
        notes.add(request, "form", where, "a request has one body, either `json` or `form`")
    return Vector(
        name=read.text(at, "name"),
        origin=str(at["origin"]),
        note=read.maybe_text(at, "note"),
        credentials=given,
        time=read.integer(at, "at") or 0,
        method=str(request["method"]),
        path=str(request["path"]),
        query=read.json_map(request, "query"),
        json=read.json_map(request, "json") if "json" in request else None,
        form=read.json_map(request, "form") if "form" in request else None,
        text=str(at["text"]),
        signature=read.exact(at, "signature"),
        url=read.exact(at, "url"),
        headers=read.pairs(at, "headers"),
        body=read.exact(at, "body"),
    )
