# Edited in templates/venues/mock/request/usual.py; the copy in generated/ is imported.
"""Proofs as most callers write them, made ready once for each operation: what is surely in order passes at once.

What does not pass may still be in order, or say more exactly what is wrong: it is worked out by the rule, part by part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from venues.mock.declared.operations import Operation
from venues.mock.declared.signing import SIGNATURE, Placement, Scheme
from venues.mock.request.digests import Verify, decode
from venues.mock.request.facts import BUILT_IN, params_of, sent_text
from venues.mock.request.printing import joined
from venues.mock.request.received import Received

Read = Callable[[Received], str | None]
"""Reads a value that was sent; None where it is missing."""
Part = Callable[[Received, str], str]
"""Makes a part of the signed text of a request and its time."""
TIMESTAMP = "timestamp"
DIGITS = 20


class UsualProof:
    """One rule for one operation, where it places nothing but credentials, a time in milliseconds and a signature."""

    def __init__(
        self, scheme: Scheme, operation: Operation, credentials: Mapping[str, str], verify: Verify, parts: list[Part]
    ) -> None:
        self._verify, self._encoding, self._parts = verify, scheme.encoding or "hex", parts
        placed = [(each.value, _reader(each, operation)) for each in scheme.placements]
        self._credentials = [(read, credentials[value]) for value, read in placed if value in credentials]
        self._time, *self._times = [read for value, read in placed if value == TIMESTAMP]
        self._signature = placed[-1][1]

    def said(self, received: Received) -> tuple[str, str] | None:
        """Return the time and the signature of a request with the right credentials; None where anything is unusual."""
        for read, expected in self._credentials:
            if read(received) != expected:
                return None
        time, signature = self._time(received), self._signature(received)
        if not time or not signature or len(time) > DIGITS or not time.isascii() or not time.isdecimal():
            return None
        return (time, signature) if all(read(received) == time for read in self._times) else None

    def is_signed(self, received: Received, time: str, signature: str) -> bool:
        """Whether a signature is surely right."""
        raw = decode(signature, self._encoding)
        return raw is not None and self._verify("".join([part(received, time) for part in self._parts]).encode(), raw)


def usual_proof(
    scheme: Scheme, operation: Operation, credentials: Mapping[str, str], verify: Verify
) -> UsualProof | None:
    """Make a rule ready for an operation; return None where it says more than is usual."""
    placed, how = {each.value for each in scheme.place}, scheme.params
    is_signed = scheme.signature is not None and scheme.signature.value == SIGNATURE and SIGNATURE in scheme.every_value
    is_timed = TIMESTAMP in placed and scheme.time == "ms" and scheme.expires_ms is None and scheme.nonce is None
    is_plain = not (scheme.values or scheme.body_value or how.added or any(p.may_be_empty for p in scheme.placements))
    known = {name for name in scheme.credentials if credentials.get(name)}
    if not (is_signed and is_timed and is_plain and placed - {TIMESTAMP} <= known):
        return None
    words = scheme.every_value[SIGNATURE].parts(operation.method)
    parts = [_part(word, scheme, operation, credentials) for word in words]
    return UsualProof(scheme, operation, credentials, verify, parts)


def _reader(placement: Placement, operation: Operation) -> Read:
    """Return what reads a value as `Received.value_at` does."""
    name = placement.name
    if placement.place == "header" and not placement.prefix:
        return lambda received: received.headers.get(name)
    if placement.prefix:
        return lambda received: received.value_at(placement, operation)
    if operation.bare or operation.carrier == "json" or placement.place == "query":
        return lambda received: received.first_in_query.get(name) or received.value_at(placement, operation)
    return lambda received: received.first_in_query.get(name) or received.first_in_form.get(name)


def _part(word: str, scheme: Scheme, operation: Operation, credentials: Mapping[str, str]) -> Part:
    """Return what makes a part of the signed text; the first that knows the word counts, as by the rule."""
    if word[:1] == "'":
        return lambda received, time: word[1:-1]
    if word == TIMESTAMP:
        return lambda received, time: time
    if word == "params":
        return lambda received, time: joined(params_of(scheme, operation, received), scheme)
    if word in BUILT_IN:
        make = BUILT_IN[word]
        return lambda received, time: make(scheme, operation, received)
    if word in credentials:
        return lambda received, time: credentials[word]
    return lambda received, time: sent_text(word, scheme, operation, received)
