"""Works a signing rule out for one request: every value, and what is sent in the end."""

from __future__ import annotations

import hashlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from msgspec import Struct as Record
from msgspec import field

from generator.ground.json_text import Bare, json_text
from generator.model.api import Api
from generator.model.connections import LoginVector
from generator.model.signing import Scheme, Vector
from generator.model.signing_parts import SIGNATURE, TOKEN_NAMES, Member, Part, Value
from generator.model.types import Json
from generator.signing.clock import clock_values
from generator.signing.keys import Sign, signer
from generator.signing.requests import Draft, draft_of_vector

ENCODERS: Mapping[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "HEX": lambda raw: raw.hex().upper(),
    "base64": lambda raw: b64encode(raw).decode(),
    "base64url": lambda raw: urlsafe_b64encode(raw).rstrip(b"=").decode(),
    "hex-base64": lambda raw: b64encode(raw.hex().encode()).decode(),
}
"""How bytes become text; the runtime has its own, so that a mistake in one of them shows."""


class NotComputableError(Exception):
    """The rule needs a private key, and none is at hand here."""


class Worked(Record):
    """A request, and everything that a rule made of it."""

    draft: Draft
    known: dict[str, str]
    """Times, nonces and credentials."""

    query: str = ""
    body: str = ""
    parts: dict[str, list[tuple[Part, str]]] = field(default_factory=dict)
    """Value → its parts, and what they are here; bytes are shown in hex."""

    texts: dict[str, bytes] = field(default_factory=dict)
    """Value → the text that is hashed, signed or encoded."""

    digests: dict[str, bytes] = field(default_factory=dict)
    """Value → what its text was hashed or signed to, before that was written in an encoding."""

    values: dict[str, str | bytes] = field(default_factory=dict)
    written: tuple[str, str] = "", ""
    """Query and body before anything was added that depends on them."""

    @property
    def url(self) -> str:
        """Path and query as sent."""
        return f"{self.draft.path}?{self.query}" if self.query else self.draft.path


class Worker:
    """Works one rule out for one request."""

    def __init__(
        self,
        scheme: Scheme,
        draft: Draft,
        known: Mapping[str, str],
        sign: Sign | None,
        host: str,
        signature: str | None,
    ) -> None:
        self._scheme = scheme
        self._sign = sign
        self._host = host
        self._signature = signature
        self._done = Worked(draft, dict(known))

    def work(self) -> Worked:
        """Return everything that the rule makes of the request.

        Raises:
            NotComputableError: if it takes a private key, and the signature is not given.
        """
        scheme, done = self._scheme, self._done
        for value in scheme.values:
            if not value.is_late:
                self._make(value)
        for placement in scheme.placements:
            if not placement.is_late and not self._is_left_out(placement.part, left=placement.may_be_empty):
                done.draft.place(placement, self._text(placement.part))
        # Between early and late values: late ones sign the query and body as they are sent.
        written = done.query, done.body = done.written = self._written()
        for value in scheme.values:
            if value.is_late:
                self._make(value)
        for placement in scheme.placements:
            if placement.is_late and not self._is_left_out(placement.part, left=placement.may_be_empty):
                written = done.draft.add_last(placement, *written, self._text(placement.part))
        done.query, done.body = written
        if scheme.body_value:
            done.body = self._text(Part("value", scheme.body_value))
        return done

    def _written(self) -> tuple[str, str]:
        """Return the query and the body; where a value is the body, that comes later."""
        scheme, draft = self._scheme, self._done.draft
        query = draft.query_text(in_order=scheme.query_sorted)
        return query, "" if scheme.body_value else draft.body_text(scheme.body)

    def _is_left_out(self, part: Part, *, left: bool) -> bool:
        return left and not self._raw(part)

    def _make(self, value: Value) -> None:
        method = self._done.draft.method
        empty: str | bytes = b"" if value.is_bytes else ""
        if (value.methods and method not in value.methods) or (value.condition and not self._raw(value.condition)):
            self._done.values[value.name] = empty
            return
        if value.kind == "jwt":
            self._done.values[value.name] = self._token(value)
            return
        parts = value.parts_for(method)
        self._done.parts[value.name] = [(part, self._shown(part)) for part in parts]
        text = (
            json_text(self._object(value.members)).encode() if value.kind == "json" else b"".join(map(self._raw, parts))
        )
        self._done.texts[value.name] = text
        self._done.values[value.name] = self._digested(value, text)

    def _digested(self, value: Value, text: bytes) -> str | bytes:
        if value.is_signed and self._sign is None:
            # The published signature stands in for one that needs a private key, so the rest can still be compared.
            if value.name == SIGNATURE and self._signature is not None:
                return self._signature
            raise NotComputableError
        raw = (
            hashlib.new(value.hash, text).digest()
            if value.hash
            else self._sign(text) if value.is_signed and self._sign else text
        )
        if value.hash or value.is_signed:
            self._done.digests[value.name] = raw
        if value.encoding:
            return ENCODERS[value.encoding](raw)
        return raw if value.is_bytes else raw.decode()

    def _token(self, value: Value) -> str:
        if self._sign is None:
            raise NotComputableError
        head = {"alg": TOKEN_NAMES[self._scheme.algorithm or ""], "typ": "JWT", **self._object(value.token_header)}
        texts = [ENCODERS["base64url"](json_text(each).encode()) for each in (head, self._object(value.members))]
        self._done.texts[value.name] = ".".join(texts).encode()
        digest = self._done.digests[value.name] = self._sign(".".join(texts).encode())
        return ".".join([*texts, ENCODERS["base64url"](digest)])

    def _object(self, members: Iterable[Member]) -> dict[str, Json]:
        made: dict[str, Json] = {}
        for member in members:
            if member.is_spread:
                made |= self._done.draft.params()
            elif member.is_object:
                made[member.name] = self._done.draft.params()
            elif member.part is None:
                made[member.name] = member.constant
            elif not self._is_left_out(member.part, left=member.may_be_empty):
                text = self._text(member.part)
                made[member.name] = Bare(text) if member.is_number else text
        return made

    def _shown(self, part: Part) -> str:
        if part.kind == "value" and isinstance(self._done.values[part.name], bytes):
            return self._raw(part).hex()
        return self._text(part)

    def _text(self, part: Part) -> str:
        return self._raw(part).decode("utf-8", "replace")

    def _raw(self, part: Part) -> bytes:
        made = self._done.values.get(part.name, "") if part.kind == "value" else self._plain(part)
        return made if isinstance(made, bytes) else made.encode()

    def _plain(self, part: Part) -> str:
        done, draft = self._done, self._done.draft
        if part.kind == "literal":
            return part.name
        if part.kind == "param":
            return draft.sent(part.name)
        if part.kind == "constant":
            return draft.constants.get(part.name, "")
        if part.kind == "credential" or part.name in done.known:
            return done.known.get(part.name, "")
        return self._built_in(part.name)

    def _built_in(self, name: str) -> str:
        done, draft, scheme = self._done, self._done.draft, self._scheme
        if name in ("raw_query", "?raw_query"):
            raw = draft.raw_query_text(in_order=scheme.query_sorted)
            return f"?{raw}" if raw and name[0] == "?" else raw
        if name == "params":
            return draft.params_text(scheme.printing, [(n, self._text(part)) for n, part in scheme.printing.added])
        # All strings, so that an unknown name falls through to `?query`, the only part left.
        found = {"method": draft.method, "path": draft.path, "host": self._host, "query": done.query, "body": done.body}
        return found.get(name, f"?{done.query}" if done.query else "")


def host_of(api: Api) -> str:
    """Return the host of an API's first server."""
    return urlsplit(api.servers[0].rest).netloc if api.servers else ""


def work_out(scheme: Scheme, vector: Vector, host: str) -> Worked | None:
    """Return what a rule makes of a worked example; None if that takes a private key that is not there."""
    return _work_out(scheme, vector, draft_of_vector(vector), host)


def work_out_login(scheme: Scheme, vector: LoginVector) -> Worked | None:
    """Return what a rule makes of the worked example of a login; None if that takes a private key."""
    return _work_out(scheme, vector, Draft("GET", "", "query"), "")


def _work_out(scheme: Scheme, vector: Vector | LoginVector, draft: Draft, host: str) -> Worked | None:
    known = {**vector.credentials, **clock_values(scheme, vector.time, vector.nonce)}
    try:
        return Worker(scheme, draft, known, signer(scheme, vector.credentials), host, vector.signature or "").work()
    except NotComputableError:
        return None
