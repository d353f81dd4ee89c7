# Edited in templates/venues/mock/request/proof.py; the copy in generated/ is imported.
"""Verifies who sent a request, and when: keys, timestamps and signatures, by the declared rules alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NoReturn

import msgspec

from venues.mock.declared.api import Api, Failure
from venues.mock.declared.operations import Operation
from venues.mock.declared.signing import CLOCKED, SIGNATURE, Placement, Scheme
from venues.mock.exact import Json, text_of
from venues.mock.request.digests import can_verify, verifier
from venues.mock.request.facts import facts_of
from venues.mock.request.making import UnprovedError
from venues.mock.request.received import Received, RequestRefused
from venues.mock.request.signed import Working
from venues.mock.request.times import milliseconds_of
from venues.mock.request.usual import TIMESTAMP, UsualProof, usual_proof

INTEGER = re.compile(r"[0-9]{1,20}")


class Proved(msgspec.Struct, frozen=True, gc=False):
    """What a request in order has proved."""

    signature: str = ""
    params: Mapping[str, Json] | None = None
    """The parameters, where the signing rule writes them into a JSON object of its own."""


class Allowed:
    """The schemes by which one operation may be signed, sought once."""

    def __init__(self, operation: Operation, schemes: Iterable[Scheme], usable: Collection[str]) -> None:
        self.schemes: list[Scheme] = [s for s in schemes if not operation.schemes or s.name in operation.schemes]
        self.is_alike: bool = all(s.key_placement == self.schemes[0].key_placement for s in self.schemes)
        """Whether all have the key in one place, so that a request has all their keys or none."""
        self.usable: list[Scheme] = _usable(self.schemes, usable)


def _usable(there: list[Scheme], usable: Collection[str]) -> list[Scheme]:
    found = [s for s in there if s.places == there[0].places and s.name in usable]
    # Without the public key nothing can be verified, and everything is refused.
    return found or there[:1]


class Proof:
    """Verifies requests of the only customer of the mock exchange, whose credentials it has."""

    def __init__(self, api: Api, credentials: Mapping[str, str], public_keys: Mapping[str, str]) -> None:
        self._api = api
        self._credentials = credentials
        self._verify = {scheme.name: verifier(scheme, credentials, public_keys) for scheme in api.schemes}
        self._placed: dict[tuple[str, str, str], list[Placement]] = {}
        self._allowed: dict[int, Allowed] = {}
        self._usuals: dict[tuple[int, int], UsualProof | None] = {}
        self._usable = {scheme.name for scheme in api.schemes if can_verify(scheme, credentials, public_keys)}

    def check(self, operation: Operation, received: Received, now: int) -> Proved | None:
        """Verify a request that arrived at `now`, in milliseconds, and return what it has proved.

        Raises:
            RequestRefused: if it does not prove who sent it.
        """
        if operation.auth == "none":
            return None
        if operation.auth == "key":
            self._check_credentials(self._api.key, operation, received)
            return None
        refusals = []
        for scheme in self._candidate_schemes(operation, received):
            try:
                return self._check_scheme(scheme, operation, received, now)
            except RequestRefused as refused:
                refusals.append(refused)
        # The first scheme is the usual one, so its refusal says most.
        raise refusals[0] if refusals else RequestRefused("missing_key", "the request carries no key")

    def _candidate_schemes(self, operation: Operation, received: Received) -> list[Scheme]:
        """Return the first scheme whose key was sent, and all others that place the same values.

        Those, such as HMAC and RSA with the same headers, differ only in the signature: the right one must fit.
        """
        found = self._allowed.get(id(operation))
        if found is None:
            found = self._allowed[id(operation)] = Allowed(operation, self._api.schemes, self._usable)
        if found.is_alike:
            return found.usable if found.schemes and _has_key(found.schemes[0], operation, received) else []
        return _usable([s for s in found.schemes if _has_key(s, operation, received)], self._usable)

    def _check_scheme(self, scheme: Scheme, operation: Operation, received: Received, now: int) -> Proved:
        usual = self._usual_of(scheme, operation)
        said = usual.said(received) if usual is not None else None
        if usual is not None and said is not None:
            self._check_time(int(said[0]), operation, received, now)
            if usual.is_signed(received, *said):
                return Proved(said[1])
        return self._work_out(scheme, operation, received, now)

    def _usual_of(self, scheme: Scheme, operation: Operation) -> UsualProof | None:
        key = id(scheme), id(operation)
        if key not in self._usuals:
            self._usuals[key] = usual_proof(scheme, operation, self._credentials, self._verify[scheme.name])
        return self._usuals[key]

    def _work_out(self, scheme: Scheme, operation: Operation, received: Received, now: int) -> Proved:
        """Verify a request part by part, as the rule says."""
        self._check_credentials(self._credentials_of(scheme, operation), operation, received)
        working = Working(scheme, self._credentials, facts_of(scheme, operation, received), self._verify[scheme.name])
        try:
            self._learn(working, scheme, operation, received)
            self._check_said(working, scheme)
            self._check_times(working, scheme, operation, received, now)
            working.check()
        except UnprovedError as error:
            self._refuse(scheme, error)
        if working.revealed is not None and scheme.body_value is None:
            _check_copy(working.revealed, scheme, operation, received)
        return Proved(working.said.get(SIGNATURE, ""), working.revealed)

    def _credentials_of(self, scheme: Scheme, operation: Operation) -> list[Placement]:
        """Return where credentials are placed, and nothing that the call has beside them."""
        # Kept, for it is the same for all calls of an operation.
        key = scheme.name, operation.group, operation.name
        if key not in self._placed:
            others = {param.wire for param in operation.params} | {constant.wire for constant in operation.constants}
            self._placed[key] = [each for each in scheme.placed_credentials if each.value not in others]
        return self._placed[key]

    def _learn(self, working: Working, scheme: Scheme, operation: Operation, received: Received) -> None:
        """Read everything that the rule places."""
        sent = [(placement, received.value_at(placement, operation)) for placement in scheme.placements]
        missing = [pair for pair in sent if pair[1] is None]
        for placement, _ in sorted(missing, key=lambda pair: pair[0].value not in CLOCKED):
            if placement.may_be_empty:
                working.miss(placement.value)
            else:
                failure, what = MISSING.get(placement.value, ("missing_signature", placement.name))
                raise RequestRefused(failure, f"the request carries no {what}")
        for placement, text in sent:
            if text is not None:
                working.learn(placement.value, text)
        if scheme.body_value is not None:
            body = received.body.decode("utf-8", "replace")
            working.learn(scheme.body_value, body) if body else working.miss(scheme.body_value)

    def _check_said(self, working: Working, scheme: Scheme) -> None:
        """Check what stands inside other values: credentials, and literals."""
        for word, text in working.said.items():
            if word[:1] == "'" and text != word[1:-1]:
                raise UnprovedError(word, f"{text!r} was sent where the rule has {word}")
            if word in scheme.credentials and text != self._credentials.get(word):
                self._refuse_credential(word, scheme.credentials.index(word) == 0, word)

    def _refuse(self, scheme: Scheme, error: UnprovedError) -> NoReturn:
        if error.part in CLOCKED:
            raise RequestRefused("wrong_time", str(error)) from None
        raise RequestRefused("wrong_signature", str(error)) from None

    def _check_credentials(
        self, placed: list[Placement] | tuple[Placement, ...], operation: Operation, received: Received
    ) -> None:
        """Check the key, which is placed first, and the credentials beside it, such as a passphrase."""
        for index, placement in enumerate(placed):
            found = received.value_at(placement, operation)
            if index == 0 and found is None:
                raise RequestRefused("missing_key", f"{placement.name} is missing")
            # No secret to protect: compared as it is, and said plainly which credential is wrong.
            if found != self._credentials.get(placement.value):
                self._refuse_credential(placement.value, index == 0, placement.name)

    def _refuse_credential(self, credential: str, is_key: bool, name: str) -> NoReturn:
        failure: Failure = "unknown_key" if is_key else "wrong_credential"
        raise RequestRefused(failure, f"{name} is wrong", code=self._api.wrong_credentials.get(credential))

    def _check_times(
        self, working: Working, scheme: Scheme, operation: Operation, received: Received, now: int
    ) -> None:
        time, until = working.said.get(TIMESTAMP), working.said.get("expires")
        if time is not None:
            self._check_time(milliseconds_of(time, scheme.time), operation, received, now)
        if until is not None and milliseconds_of(until, scheme.time) < now - 1000:  # it may be in whole seconds
            raise RequestRefused("wrong_time", "the request has expired")

    def _check_time(self, time: int, operation: Operation, received: Received, now: int) -> None:
        age = now - time
        window = self._window(operation, received)
        ahead = self._api.ahead_ms
        if window is not None and age > window:
            raise RequestRefused("wrong_time", f"the request is {age} ms old; at most {window} are allowed")
        if ahead is not None and -age > ahead:
            raise RequestRefused("wrong_time", f"the request is {-age} ms ahead; at most {ahead} are allowed")

    def _window(self, operation: Operation, received: Received) -> int | None:
        name = self._api.window_param
        sent = received.headers.get(name) or received.last_value(name, operation) if name else ""
        return int(sent) if INTEGER.fullmatch(sent) else self._api.window_ms


MISSING: Mapping[str, tuple[Failure, str]] = {
    TIMESTAMP: ("missing_time", "time"),
    "expires": ("missing_time", "time"),
    "nonce": ("missing_time", "nonce"),
    SIGNATURE: ("missing_signature", "signature"),
}
"""What is missed, and what it is called."""


def _check_copy(signed: Mapping[str, Json], scheme: Scheme, operation: Operation, received: Received) -> None:
    """Check that what is sent beside a signed copy of the parameters says the same."""
    added = scheme.late_names | {placement.name for placement in scheme.place}
    for name, value in received.pairs(operation):
        one = signed.get(name)
        if name not in added and value not in (text_of(one), *map(text_of, one if isinstance(one, list) else ())):
            raise RequestRefused("wrong_signature", f"{name} is not what was signed")


def _has_key(scheme: Scheme, operation: Operation, received: Received) -> bool:
    """Whether a request carries what says who sent it."""
    placement = scheme.key_placement
    return bool(received.body) if placement is None else received.value_at(placement, operation) is not None
