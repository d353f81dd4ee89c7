"""Computes the worked examples of signing rules again, and notes where the rule gives something else."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping

from generator.build.signing import PARTS
from generator.model.signing import Scheme, Signing, Vector
from generator.model.streams import Login, LoginScheme, LoginVector
from generator.signing.requests import draft_of_vector, payload_parts
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

# RSA and Ed25519 are missing: their examples need a private key, which documentation rarely shows.
HASHES = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}


def check_vectors(at: Map, signing: Signing, notes: Notes) -> None:
    """Note the worked examples of requests that the rule does not reproduce; `at` is `signing` in api.yaml."""
    for scheme in signing.schemes:
        rule = read.mapping(read.mapping(at, "schemes"), scheme.name)
        for vector, place in zip(scheme.vectors, read.maps(rule, "vectors"), strict=True):
            values = {placement.value for placement in scheme.place}
            if scheme.algorithm and _computable(scheme, vector, values):
                _note_differences(
                    place, f"signing.{scheme.name}.vectors.{vector.name}", _compute(scheme, vector), notes
                )


def check_logins(at: Map, where: str, login: Login, notes: Notes) -> None:
    """Note the worked examples of a login that the rule does not reproduce."""
    schemes = {scheme.name: scheme for scheme in login.schemes}
    for vector, place in zip(login.vectors, read.maps(at, "vectors"), strict=True):
        scheme = schemes.get(vector.scheme)
        for name in scheme.credentials if scheme is not None else ():
            if name not in vector.credentials:
                notes.add(place, "credentials", f"{where}.vectors.{vector.name}", f"the credential `{name}` is missing")
        if scheme is not None and _computable(scheme, vector, set()):
            _note_differences(place, f"{where}.vectors.{vector.name}", _compute_login(scheme, vector), notes)


def _computable(scheme: Scheme | LoginScheme, vector: Vector | LoginVector, values: set[str]) -> bool:
    """Whether an example has every credential that its rule needs; missing ones are noted elsewhere."""
    words = {part for part in scheme.payload if part not in PARTS and not part.startswith("'")}
    return {scheme.secret, *values, *words} - {"timestamp"} <= vector.credentials.keys()


def _note_differences(at: Map, where: str, results: Iterator[tuple[str, str | None, str | None]], notes: Notes) -> None:
    for key, printed, computed in results:
        if printed is not None and printed != computed:
            what = f"is {printed!r}, but the rule gives {computed!r}; fix the example or the rule"
            notes.add(at, key, f"{where}.{key}", what)


def _compute(scheme: Scheme, vector: Vector) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (key, value in the example, value by the rule)."""
    known = {**vector.credentials, "timestamp": _time(scheme.time, vector.time)}
    draft = draft_of_vector(vector)
    draft.place(scheme.place, known.__getitem__)
    query, body = draft.query_text(in_order=scheme.query_sorted), draft.body_text()
    text = "".join(part for _, part in payload_parts(draft, scheme, known.__getitem__, query, body))
    signature = _signature(scheme, vector.credentials, text) or vector.signature
    yield "text", vector.text, text
    yield "signature", vector.signature, signature
    # Where the text already differs, everything that follows from it would differ, too.
    if text == vector.text and signature is not None:
        query, body = draft.add_signature(scheme.signature, query, body, signature)
        yield "url", vector.url, f"{draft.path}?{query}" if query else draft.path
        yield "body", vector.body, body
        for name, value in vector.headers.items():
            yield "headers", f"{name}: {value}", f"{name}: {draft.headers.get(name)}"


def _compute_login(scheme: LoginScheme, vector: LoginVector) -> Iterator[tuple[str, str | None, str | None]]:
    known = {**vector.credentials, "timestamp": _time(scheme.time, vector.time)}
    text = "".join(known[part] if part in known else part[1:-1] for part in scheme.payload)
    yield "text", vector.text, text
    yield "signature", vector.signature, _signature(scheme, vector.credentials, text) or vector.signature


def _time(unit: str, time: int) -> str:
    return str(time // 1000 if unit == "s" else time)


def _signature(scheme: Scheme | LoginScheme, credentials: Mapping[str, str], text: str) -> str | None:
    """Return the signature of a text, or None where it takes more than a shared secret."""
    hash_function = HASHES.get(scheme.algorithm or "")
    if hash_function is None:
        return None
    digest = hmac.new(credentials[scheme.secret or ""].encode(), text.encode(), hash_function).digest()
    return digest.hex() if scheme.encoding == "hex" else b64encode(digest).decode()
