# Edited in templates/venues/mock/request/proof.py; the copy in generated/ is imported.
"""Verifies who sent a request, and when: keys, timestamps and signatures, by the declared rules alone."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from base64 import b64decode
from collections.abc import Callable, Mapping

from venues.mock.declared.api import Api, Failure, Operation, Placement, Scheme
from venues.mock.request.received import Received, RequestRefused
from venues.mock.request.signed import signed_text

Verify = Callable[[str, bytes], bool]
"""Whether a signature belongs to a text."""

TIMESTAMP = "timestamp"
INTEGER = r"[0-9]{1,20}"
PUBLIC = ("rsa-sha256", "ed25519")
"""Algorithms whose secret stays with the caller; the exchange has the public key."""


class Proof:
    """Verifies requests of the only customer of the mock exchange, whose credentials it has."""

    def __init__(self, api: Api, credentials: Mapping[str, str], public_keys: Mapping[str, str]) -> None:
        self._api = api
        self._credentials = credentials
        self._verify = {scheme.name: _verifier(scheme, credentials, public_keys) for scheme in api.schemes}

    def check(self, operation: Operation, received: Received, now: int) -> str | None:
        """Verify a request that arrived at `now`, in milliseconds, and return its signature.

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
        allowed = [s for s in self._api.schemes if not operation.schemes or s.name in operation.schemes]
        there = [s for s in allowed if received.value_at(_key_placement(s), operation) is not None]
        return [s for s in there if _places(s) == _places(there[0]) and s.name in self._verify]

    def _check_scheme(self, scheme: Scheme, operation: Operation, received: Received, now: int) -> str:
        placed = [p for p in scheme.place if p.value != TIMESTAMP]
        times = [received.value_at(p, operation) for p in scheme.place if p.value == TIMESTAMP]
        signature = received.value_at(scheme.signature, operation) if scheme.signature else ""
        self._check_credentials(placed, operation, received)
        if None in times:
            raise RequestRefused("missing_time", "the request carries no time")
        if signature is None:
            raise RequestRefused("missing_signature", "the request carries no signature")
        if len(set(times)) > 1:
            raise RequestRefused("wrong_time", "the request carries different times")
        time = next((time for time in times if time is not None), "")
        if times:
            self._check_time(time, scheme, operation, received, now)
        self._check_signature(scheme, operation, received, time, signature)
        return signature

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
                failure: Failure = "unknown_key" if index == 0 else "wrong_credential"
                code = self._api.wrong_credentials.get(placement.value)
                raise RequestRefused(failure, f"{placement.name} is wrong", code=code)

    def _check_time(self, time: str, scheme: Scheme, operation: Operation, received: Received, now: int) -> None:
        if not re.fullmatch(INTEGER, time):
            raise RequestRefused("wrong_time", "the timestamp is not an integer")
        age = now - int(time) * (1000 if scheme.time == "s" else 1)
        window = self._window(operation, received)
        ahead = self._api.ahead_ms
        if window is not None and age > window:
            raise RequestRefused("wrong_time", f"the request is {age} ms old; at most {window} are allowed")
        if ahead is not None and -age > ahead:
            raise RequestRefused("wrong_time", f"the request is {-age} ms ahead; at most {ahead} are allowed")

    def _window(self, operation: Operation, received: Received) -> int | None:
        name = self._api.window_param
        sent = dict(received.pairs(operation)).get(name, "") if name else ""
        return int(sent) if re.fullmatch(INTEGER, sent) else self._api.window_ms

    def _check_signature(
        self, scheme: Scheme, operation: Operation, received: Received, time: str, signature: str
    ) -> None:
        if scheme.algorithm is None:
            return
        text = signed_text(scheme, operation, received, time, self._credentials)
        try:
            raw = bytes.fromhex(signature) if scheme.encoding == "hex" else b64decode(signature, validate=True)
        except (ValueError, binascii.Error):
            raise RequestRefused("wrong_signature", f"the signature is not {scheme.encoding}") from None
        if not self._verify[scheme.name](text, raw):
            raise RequestRefused("wrong_signature", "the signature belongs to another text or secret")


def _key_placement(scheme: Scheme) -> Placement:
    return next(p for p in scheme.place if p.value != TIMESTAMP)


def _places(scheme: Scheme) -> set[tuple[str, str]]:
    return {(p.place, p.name) for p in scheme.place}


def _verifier(scheme: Scheme, credentials: Mapping[str, str], public_keys: Mapping[str, str]) -> Verify:
    if scheme.algorithm in PUBLIC:
        pem = public_keys.get(scheme.secret)
        return verifier_of_key(pem) if pem is not None else lambda text, raw: False
    key = credentials.get(scheme.secret, "").encode()
    digest = hashlib.sha512 if scheme.algorithm == "hmac-sha512" else hashlib.sha256
    # A plain comparison: nobody can learn a secret from the time it takes, for the secret is an invented one.
    return lambda text, raw: raw == hmac.new(key, text.encode(), digest).digest()


def verifier_of_key(pem: str) -> Verify:
    """Return a function that verifies signatures with a public key, given as PEM text."""
    # Imported late: most schemes need no public keys, and cryptography takes a while to load.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(pem.encode())

    def verify(text: str, raw: bytes) -> bool:
        try:
            if isinstance(key, RSAPublicKey):
                key.verify(raw, text.encode(), PKCS1v15(), SHA256())
            elif isinstance(key, Ed25519PublicKey):
                key.verify(raw, text.encode())
            else:
                return False
        except InvalidSignature:
            return False
        return True

    return verify


def client_credentials(api: Api, credentials: Mapping[str, str]) -> dict[str, str]:
    """Return the credentials for a client; private keys that the specification invents are no keys, and left out."""
    private = {scheme.secret for scheme in api.schemes if scheme.algorithm in PUBLIC}
    return {name: value for name, value in credentials.items() if name not in private or "PRIVATE KEY" in value}
