# Edited in templates/venues/core/streams/login.py; the copy in generated/ is imported.
"""The login frame and its signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from venues.core.request import signing
from venues.core.request.signing import Mac
from venues.core.request.texts import base64_text
from venues.core.streams.frames import fill
from venues.core.streams.protocol import Login, LoginScheme
from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest

MACS: Mapping[str, Callable[[Secret], Mac]] = {
    "hmac-sha256": signing.hmac_sha256,
    "hmac-sha512": signing.hmac_sha512,
    "rsa-sha256": signing.rsa_sha256,
    "ed25519": signing.ed25519,
}


class LoginSigner:
    """Builds login frames with the first scheme whose credentials are all given.

    Raises:
        InvalidRequest: if there is no such scheme.
    """

    def __init__(self, login: Login, given: Mapping[str, Secret]) -> None:
        self._login = login
        self._given = given
        scheme = next((s for s in login.schemes if all(name in given for name in s.credentials)), None)
        if scheme is None:
            needed = ", or ".join(" and ".join(s.credentials) for s in login.schemes)
            raise InvalidRequest(f"this stream needs credentials: {needed}")
        self._scheme: LoginScheme = scheme
        self._mac = MACS[scheme.algorithm](given[scheme.secret])

    def __call__(self, milliseconds: int, number: object) -> Any:  # Any: JSON
        """Return the frame for a login at that time."""
        timestamp = milliseconds // 1000 if self._scheme.unit == "s" else milliseconds
        values: dict[str, object] = {name: secret.reveal() for name, secret in self._given.items()}
        values["id"] = number
        # Exchanges differ in whether the frame has the time as a number or a string; the signed text is the same.
        values["timestamp"] = timestamp if self._login.time == "number" else str(timestamp)
        values["signature"] = self.sign(self.text(timestamp))
        return fill(self._login.send, values)

    def text(self, timestamp: int) -> str:
        """Return the text to sign."""
        return "".join(self._part(part, timestamp) for part in self._scheme.payload)

    def sign(self, text: str) -> str:
        """Return the signature of a text."""
        digest = self._mac(text)
        return base64_text(digest) if self._scheme.encoding == "base64" else digest.hex()

    def _part(self, part: str, timestamp: int) -> str:
        if part == "timestamp":
            return str(timestamp)
        return part[1:-1] if part.startswith("'") else self._given[part].reveal()
