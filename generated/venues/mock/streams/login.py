# Edited in templates/venues/mock/streams/login.py; the copy in generated/ is imported.
"""Verifies the logins of WebSocket connections, by the declared rules alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from venues.mock.declared.connections import Login
from venues.mock.declared.signing import CLOCKED, Scheme
from venues.mock.exact import Json, text_of
from venues.mock.request.digests import can_verify, verifier
from venues.mock.request.making import Facts, UnprovedError
from venues.mock.request.received import RequestRefused
from venues.mock.request.signed import Working
from venues.mock.request.times import milliseconds_of
from venues.mock.streams.frames import match_template

MAX_AGE = "max_age"
"""What a login may say of itself: for how many milliseconds it is valid."""


class LoginVerifier:
    """Verifies logins of the only customer, whose credentials it has."""

    def __init__(self, login: Login, credentials: Mapping[str, str], public_keys: Mapping[str, str]) -> None:
        self._login = login
        self._credentials = credentials
        self._public_keys = public_keys

    def is_login(self, frame: Json) -> bool:
        """Whether a frame is a login, whatever it is worth."""
        return any(match_template(form.send, frame) is not None for form in self._login.forms)

    def check(self, frame: Json, now: int) -> None:
        """Verify a login that arrived at `now`, in milliseconds.

        Raises:
            RequestRefused: if it does not prove who sent it.
        """
        fitting = ((form, match_template(form.send, frame)) for form in self._login.forms)
        form, given = next(((form, given) for form, given in fitting if given is not None), (self._login, None))
        if given is None:
            raise RequestRefused("missing", "this is no login")
        window = given.pop(MAX_AGE, self._login.window_ms)
        made = {value for scheme in form.schemes for value in scheme.every_value}
        said = {name: text_of(given.pop(name)) for name in {*CLOCKED, *made} & given.keys()}
        self._check_credentials(given)
        # The frame does not say how it was signed; one scheme that fits is enough.
        schemes = [s for s in form.schemes if can_verify(s, self._credentials, self._public_keys)]
        if not any(_is_timely(s, said, now, window) for s in schemes):
            raise RequestRefused("wrong_time", "the clocks differ, or the timestamp has another form")
        if not any(self._is_signed(s, said, text_of(window)) for s in schemes):
            raise RequestRefused("wrong_signature", "the signature belongs to another text or secret")

    def _check_credentials(self, given: Mapping[str, Json]) -> None:
        for name, value in given.items():
            if name != "id" and value != self._credentials.get(name):
                # What has no code of its own is the key: every login sends that, and `wrong_key` is its code.
                code = self._login.wrong_credentials.get(name)
                raise RequestRefused("wrong_credential" if code else "wrong_key", f"{name} is wrong", code=code)

    def _is_signed(self, scheme: Scheme, said: Mapping[str, str], window: str) -> bool:
        facts = Facts("GET", {}, [], lambda name: window if name == MAX_AGE else "")
        verify = verifier(scheme, self._credentials, self._public_keys)
        working = Working(scheme, self._credentials, facts, verify)
        try:
            for word, text in said.items():
                working.learn(word, text)
            working.check()
        except UnprovedError:
            return False
        return all(name in working.said for name in scheme.every_value if name == "signature")


def _is_timely(scheme: Scheme, said: Mapping[str, str], now: int, window: Json) -> bool:
    try:
        if "expires" in said and milliseconds_of(said["expires"], scheme.time) < now - 1000:
            return False
        age = abs(now - milliseconds_of(said["timestamp"], scheme.time)) if "timestamp" in said else 0
    except RequestRefused:
        return False
    if isinstance(window, bool) or not isinstance(window, (int, Decimal)):
        return window is None
    return age <= window
