# Edited in templates/venues/core/streams/login.py; the copy in generated/ is imported.
"""The login frame and its signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from venues.core.streams.frames import fill
from venues.core.streams.protocol import Login, LoginRule
from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest

TIMES = ("timestamp", "expires")


class LoginSigner:
    """Builds login frames with the first rule whose credentials are all given.

    Raises:
        InvalidRequest: if there is no such rule, or a credential can't be read.
    """

    def __init__(self, login: Login, given: Mapping[str, Secret]) -> None:
        self._login = login
        self._given = given
        rule = next((rule for rule in login.schemes if all(name in given for name in rule.credentials)), None)
        if rule is None:
            needed = ", or ".join(" and ".join(rule.credentials) for rule in login.schemes)
            raise InvalidRequest(f"this stream needs credentials: {needed}")
        self._sign: LoginRule = rule(given)

    def __call__(self, milliseconds: int, number: object) -> Any:  # Any: JSON
        """Return the frame for a login at that time."""
        values: dict[str, object] = {name: secret.reveal() for name, secret in self._given.items()}
        values["id"] = number
        # Exchanges differ in whether the frame has the time as a number or a string; the signed text is the same.
        for name, text in self._sign(milliseconds).items():
            values[name] = int(text) if self._login.time == "number" and name in TIMES else text
        return fill(self._login.send, values)
