# Edited in templates/venues/mock/streams/login.py; the copy in generated/ is imported.
"""Verifies the logins of WebSocket connections, by the declared rules alone."""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode
from collections.abc import Mapping

from venues.mock.declared.streams import Login, LoginScheme
from venues.mock.exact import Json
from venues.mock.request.proof import verifier_of_key
from venues.mock.request.received import RequestRefused
from venues.mock.streams.frames import match_template

ASYMMETRIC = ("rsa-sha256", "ed25519")


class LoginVerifier:
    """Verifies logins of the only customer, whose credentials it has."""

    def __init__(self, login: Login, credentials: Mapping[str, str], public_keys: Mapping[str, str]) -> None:
        self._login = login
        self._credentials = credentials
        self._public_keys = public_keys

    def check(self, frame: Json, now: int) -> None:
        """Verify a login that arrived at `now`, in milliseconds.

        Raises:
            RequestRefused: if it does not prove who sent it.
        """
        given = match_template(self._login.send, frame)
        if given is None:
            raise RequestRefused("missing", "this is no login")
        signature = str(given.pop("signature", ""))
        time = str(given.pop("timestamp", ""))
        self._check_credentials(given)
        # The frame does not say how it was signed; one scheme that fits is enough.
        schemes = [s for s in self._login.schemes if self._has_key_for(s)]
        if not time.isdecimal() or not any(self._is_timely(s, time, now) for s in schemes):
            raise RequestRefused("wrong_time", "the clocks differ, or the timestamp is not an integer")
        if not any(self._is_signed(s, time, signature) for s in schemes):
            raise RequestRefused("wrong_signature", "the signature belongs to another text or secret")

    def _check_credentials(self, given: Mapping[str, Json]) -> None:
        for name, value in given.items():
            if name != "id" and value != self._credentials.get(name):
                # What has no code of its own is the key: every login sends that, and `wrong_key` is its code.
                code = self._login.wrong_credentials.get(name)
                raise RequestRefused("wrong_credential" if code else "wrong_key", f"{name} is wrong", code=code)

    def _has_key_for(self, scheme: LoginScheme) -> bool:
        return scheme.algorithm not in ASYMMETRIC or scheme.secret in self._public_keys

    def _is_timely(self, scheme: LoginScheme, time: str, now: int) -> bool:
        age = abs(now - int(time) * (1000 if scheme.time == "s" else 1))
        return self._login.window_ms is None or age <= self._login.window_ms

    def _is_signed(self, scheme: LoginScheme, time: str, signature: str) -> bool:
        words = [
            part[1:-1] if part[0] == "'" else time if part == "timestamp" else self._credentials.get(part, "")
            for part in scheme.payload
        ]
        try:
            raw = bytes.fromhex(signature) if scheme.encoding == "hex" else b64decode(signature, validate=True)
        except (ValueError, binascii.Error):
            return False
        text = "".join(words)
        if scheme.algorithm in ASYMMETRIC:
            return verifier_of_key(self._public_keys[scheme.secret])(text, raw)
        digest = hashlib.sha512 if scheme.algorithm == "hmac-sha512" else hashlib.sha256
        return raw == hmac.new(self._credentials.get(scheme.secret, "").encode(), text.encode(), digest).digest()
