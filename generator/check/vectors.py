"""Computes the worked examples of signing rules again, and notes what does not come out of the rule."""

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

HASHES = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}


def check_vectors(at: Map, signing: Signing, notes: Notes) -> None:
    """Note the worked examples of requests that the rule does not make; `at` is `signing` in api.yaml."""
    for scheme in signing.schemes:
        place = read.mapping(read.mapping(at, "schemes"), scheme.name)
        for vector, told in zip(scheme.vectors, read.maps(place, "vectors"), strict=True):
            values = {placement.value for placement in scheme.place}
            if scheme.algorithm and _computable(scheme, vector, values):
                _note(told, f"signing.{scheme.name}.vectors.{vector.name}", _made(scheme, vector), notes)


def check_logins(at: Map, where: str, login: Login, notes: Notes) -> None:
    """Note the worked examples of a login that the rule does not make."""
    schemes = {scheme.name: scheme for scheme in login.schemes}
    for vector, told in zip(login.vectors, read.maps(at, "vectors"), strict=True):
        scheme = schemes.get(vector.scheme)
        for name in scheme.credentials if scheme is not None else ():
            if name not in vector.credentials:
                notes.add(told, "credentials", f"{where}.vectors.{vector.name}", f"the credential `{name}` is missing")
        if scheme is not None and _computable(scheme, vector, set()):
            _note(told, f"{where}.vectors.{vector.name}", _made_login(scheme, vector), notes)


def _computable(scheme: Scheme | LoginScheme, vector: Vector | LoginVector, values: set[str]) -> bool:
    """Whether an example has all that its rule takes; what it lacks is noted elsewhere."""
    words = {part for part in scheme.payload if part not in PARTS and not part.startswith("'")}
    return {scheme.secret, *values, *words} - {"timestamp"} <= vector.credentials.keys()


def _note(at: Map, where: str, made: Iterator[tuple[str, str | None, str | None]], notes: Notes) -> None:
    for key, told, computed in made:
        if told is not None and told != computed:
            what = f"is {told!r}, and the rule makes {computed!r}; mend the example or the rule"
            notes.add(at, key, f"{where}.{key}", what)


def _made(scheme: Scheme, vector: Vector) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (key, what the example says, what the rule makes)."""
    known = {**vector.credentials, "timestamp": _time(scheme.time, vector.time)}
    draft = draft_of_vector(vector)
    draft.place(scheme.place, known.__getitem__)
    query, body = draft.query_text(in_order=scheme.query_sorted), draft.body_text()
    text = "".join(part for _, part in payload_parts(draft, scheme, known.__getitem__, query, body))
    signature = _signature(scheme, vector.credentials, text) or vector.signature
    yield "text", vector.text, text
    yield "signature", vector.signature, signature
    if text == vector.text and signature is not None:
        query, body = draft.add_signature(scheme.signature, query, body, signature)
        yield "url", vector.url, f"{draft.path}?{query}" if query else draft.path
        yield "body", vector.body, body
        for name, told in vector.headers.items():
            yield "headers", f"{name}: {told}", f"{name}: {draft.headers.get(name)}"


def _made_login(scheme: LoginScheme, vector: LoginVector) -> Iterator[tuple[str, str | None, str | None]]:
    known = {**vector.credentials, "timestamp": _time(scheme.time, vector.time)}
    text = "".join(known[part] if part in known else part[1:-1] for part in scheme.payload)
    yield "text", vector.text, text
    yield "signature", vector.signature, _signature(scheme, vector.credentials, text) or vector.signature


def _time(unit: str, time: int) -> str:
    return str(time // 1000 if unit == "s" else time)


def _signature(scheme: Scheme | LoginScheme, credentials: Mapping[str, str], text: str) -> str | None:
    """Sign a text, where a shared secret is all it takes."""
    made = HASHES.get(scheme.algorithm or "")
    if made is None:
        return None
    digest = hmac.new(credentials[scheme.secret or ""].encode(), text.encode(), made).digest()
    return digest.hex() if scheme.encoding == "hex" else b64encode(digest).decode()
