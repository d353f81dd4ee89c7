"""Builds how requests are signed, with worked examples."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from generator.build.failures import failure_codes
from generator.build.signing_rules import LOGIN_PARTS, RuleBuilder, place_of
from generator.ground.naming import pascal
from generator.ground.problems import suggest
from generator.model.signing import Credential, Printing, Scheme, Signing, Vector
from generator.model.signing_parts import Part, Placement
from generator.model.types import Json
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def signing(api: str, at: Map, constants: Collection[str], notes: Notes) -> Signing:
    """Build how an API's requests are signed; `at` is the root of api.yaml, `constants` are those of all operations."""
    mock, root, at = read.mapping(at, "mock"), at, read.mapping(at, "signing")
    # The mock exchange needs credentials, too; `mock-…` can't be mistaken for a real key.
    credentials = tuple(
        Credential(name, read.text(c, "doc"), read.exact(c, "example") or f"mock-{name}", f"{api}_{name}".upper())
        for name, c in read.entries(at, "credentials")
    )
    names = {credential.name for credential in credentials}
    sent = {*read.mapping(root, "signed_params")}
    clock = read.mapping(at, "clock")
    window = read.maybe_span(clock, "max_age")
    # Without a documented `max_ahead`, a clock may be ahead by as much as behind.
    return Signing(
        credentials=credentials,
        window_ms=window,
        ahead_ms=read.maybe_span(clock, "max_ahead") or window,
        window_param=read.exact(clock, "max_age_param"),
        suspects=read.texts(clock, "may_mean_clock"),
        key=_key_placements(read.mapping(at, "key"), names, notes),
        schemes=tuple(_scheme(name, s, names, sent, constants, notes) for name, s in read.entries(at, "schemes")),
        failures=failure_codes(mock),
        wrong_credentials=read.pairs(mock, "wrong_credentials"),
        single_use=read.exact(at, "signature_once_under"),
        quirks=read.quirks(at),
    )


def _key_placements(at: Map, names: Collection[str], notes: Notes) -> tuple[Placement, ...]:
    """Build what calls carry that need only the key: credentials, as they are."""
    placements = []
    for item in read.maps(at, "place"):
        value = str(item["value"])
        if value not in names:
            what = f"`{value}` is not one of {', '.join(sorted(names))}{suggest(value, names)}"
            notes.add(item, "value", "signing.key.place", what)
        place = place_of(item)
        prefix = read.exact(item, "prefix") or ""
        placements.append(Placement(place, str(item[place]), value, prefix, Part("credential", value)))
    return tuple(placements)


def _scheme(
    name: str, at: Map, known: Collection[str], sent: Collection[str], constants: Collection[str], notes: Notes
) -> Scheme:
    where = f"signing.{name}"
    needed = read.texts(at, "credentials")
    for credential in needed:
        if credential not in known:
            notes.add(at, "credentials", where, f"no credential `{credential}`{suggest(credential, known)}")
    rule = RuleBuilder(at, where, needed, notes, sent=sent, constants=constants)
    values = rule.values()
    place, signature = rule.placements(values)
    secret, form = rule.secret()
    return Scheme(
        name=name,
        class_name=f"{pascal(name)}Signer",
        doc=read.text(at, "doc"),
        credentials=needed,
        time=rule.time,
        expires_ms=rule.expires_ms,
        nonce=rule.nonce,
        place=place,
        query_sorted=at.get("query") == "sorted",
        body=rule.body,
        printing=_printing(read.mapping(at, "print_params"), rule),
        values=values,
        algorithm=read.exact(at, "algorithm"),
        secret=secret,
        secret_form=form,
        signature=signature,
        vectors=tuple(_vector(v, where, needed, notes) for v in read.maps(at, "vectors")),
        quirks=read.quirks(at),
    )


def login_scheme(connection: str, name: str, at: Map, where: str, notes: Notes) -> Scheme:
    """Build one way to sign the login of a stream: there is no request, so only times and credentials are signed."""
    needed = read.texts(at, "credentials")
    rule = RuleBuilder(at, where, needed, notes, parts=LOGIN_PARTS)
    secret, form = rule.secret()
    return Scheme(
        name=name,
        class_name=f"{pascal(connection)}{pascal(name)}Login",
        doc="",
        credentials=needed,
        time=rule.time,
        expires_ms=rule.expires_ms,
        nonce=rule.nonce,
        place=(),
        query_sorted=False,
        body="given",
        printing=Printing(),
        values=rule.values(),
        algorithm=read.exact(at, "algorithm"),
        secret=secret,
        secret_form=form,
        signature=None,
        vectors=(),
        quirks=(),
    )


def _printing(at: Map, rule: RuleBuilder) -> Printing:
    added = read.mapping(at, "with")
    return Printing(
        is_sorted=at.get("order", "sorted") == "sorted",
        is_percent=at.get("encoding") == "percent",
        drops_empty=read.flag(at, "drop_empty"),
        sorts_inner=read.flag(at, "sort_inner"),
        is_flat=at.get("inner") == "flat",
        added=tuple((name, rule.part(str(part), added, name, "print_params.with")) for name, part in added.items()),
        pair=str(at.get("pair", "=")),
        join=str(at.get("join", "&")),
    )


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
        nonce=read.exact(at, "nonce"),
        method=str(request["method"]),
        path=str(request["path"]),
        query=read.json_map(request, "query"),
        json=cast("dict[str, Json] | list[Json]", read.json(request["json"])) if "json" in request else None,
        form=read.json_map(request, "form") if "form" in request else None,
        text=read.exact(at, "text"),
        signature=read.exact(at, "signature"),
        url=read.exact(at, "url"),
        headers=read.pairs(at, "headers"),
        body=read.exact(at, "body"),
    )
