"""Computes the worked examples of signing rules again, and notes where the rule gives something else."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.connections import Login, LoginVector
from generator.model.signing import Scheme, Vector
from generator.model.signing_parts import SIGNATURE
from generator.signing.worked import host_of, work_out, work_out_login
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def check_vectors(at: Map, api: Api, notes: Notes) -> None:
    """Note the worked examples of requests that the rule does not reproduce; `at` is `signing` in api.yaml."""
    for scheme in api.signing.schemes:
        rule = read.mapping(read.mapping(at, "schemes"), scheme.name)
        for vector, place in zip(scheme.vectors, read.maps(rule, "vectors"), strict=True):
            where = f"signing.{scheme.name}.vectors.{vector.name}"
            if _is_whole(scheme, vector, place, where, notes):
                _note_differences(place, where, _compute(api, scheme, vector), notes)


def check_logins(at: Map, where: str, login: Login, notes: Notes) -> None:
    """Note the worked examples of a login that the rule does not reproduce."""
    schemes = {scheme.name: scheme for scheme in login.schemes}
    for vector, place in zip(login.vectors, read.maps(at, "vectors"), strict=True):
        scheme = schemes.get(vector.scheme)
        own = f"{where}.vectors.{vector.name}"
        for name in scheme.credentials if scheme is not None else ():
            if name not in vector.credentials:
                notes.add(place, "credentials", own, f"the credential `{name}` is missing")
        if scheme is not None and _is_whole(scheme, vector, place, own, notes):
            _note_differences(place, own, _compute_login(scheme, vector), notes)


def _is_whole(scheme: Scheme, vector: Vector | LoginVector, at: Map, where: str, notes: Notes) -> bool:
    """Whether an example has all that its rule needs; credentials that are missing are noted elsewhere."""
    needed = {part.name for part in scheme.used() if part.kind == "credential"}
    if scheme.secret is not None:
        needed.add(scheme.secret)
    if scheme.uses("nonce") and vector.nonce is None:
        notes.add(at, "name", where, "the rule has a nonce; say with `nonce` which one this example has")
        return False
    return needed <= vector.credentials.keys()


def _note_differences(at: Map, where: str, results: Iterator[tuple[str, str | None, str | None]], notes: Notes) -> None:
    for key, printed, computed in results:
        if printed is not None and printed != computed:
            what = f"is {printed!r}, but the rule gives {computed!r}; fix the example or the rule"
            notes.add(at, key, f"{where}.{key}", what)


def _compute(api: Api, scheme: Scheme, vector: Vector) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (key, value in the example, value by the rule)."""
    done = work_out(scheme, vector, host_of(api))
    if done is None:
        return
    text, signature = done.texts.get(SIGNATURE), done.values.get(SIGNATURE)
    if text is not None:
        yield "text", vector.text, text.decode("utf-8", "replace")
        yield "signature", vector.signature, str(signature)
        # Where the text already differs, everything that follows from it would differ, too.
        if vector.text not in (None, text.decode("utf-8", "replace")) or not signature:
            return
    yield "url", vector.url, done.url
    yield "body", vector.body, done.body
    headers = {**api.headers, **done.draft.headers}
    for name, value in vector.headers.items():
        yield "headers", f"{name}: {value}", f"{name}: {headers.get(name)}"


def _compute_login(scheme: Scheme, vector: LoginVector) -> Iterator[tuple[str, str | None, str | None]]:
    done = work_out_login(scheme, vector)
    if done is None:
        return
    yield "text", vector.text, done.texts[SIGNATURE].decode("utf-8", "replace")
    yield "signature", vector.signature, str(done.values[SIGNATURE])
