# Edited in templates/venues/core/request/wire.py; the copy in generated/ is imported.
"""Requests before they are signed, and how their parameters are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Literal
from urllib.parse import quote

import msgspec

# The characters that RFC 3986 leaves unencoded; `quote` alone would also leave the slash, which signatures count.
SAFE = "-._~"
_is_safe = re.compile(r"[A-Za-z0-9._~-]*").fullmatch
_encode_json = msgspec.json.Encoder().encode


def text_of(value: object) -> str:
    """Print an encoded value as it stands in a query: booleans in lower case, objects as compact JSON."""
    if isinstance(value, str):
        return value
    # Before int: to Python, True is an int.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return msgspec.json.encode(value).decode()


def percent(text: str) -> str:
    """Percent-encode a text, slashes included."""
    return text if _is_safe(text) else quote(text, safe=SAFE)


def join_pairs(pairs: list[tuple[str, object]]) -> str:
    """Write parameters as a query or form: k=v joined by &, percent-encoded."""
    return "&".join(
        [
            f"{key}={percent(text_of(one))}"
            for key, value in pairs
            for one in (value if isinstance(value, Repeated) else (value,))
        ]
    )


class Repeated(list[object]):
    """A list that is sent as the same key several times."""


@dataclass
class RequestDraft:
    """A request before it is signed: values are as they will be written."""

    method: str
    path: str
    carrier: Literal["query", "json", "form"]
    """Where the operation's own parameters go."""
    query: dict[str, object] = field(default_factory=dict, repr=False)
    body: dict[str, object] = field(default_factory=dict, repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    empty_body: bool = False
    """Whether a body without members is sent as {}."""

    def add(self, name: str, value: object) -> None:
        """Add a parameter where the operation's own parameters go."""
        (self.query if self.carrier == "query" else self.body)[name] = value

    def query_text(self) -> str:
        """Return the query as it will be sent."""
        return join_pairs(list(self.query.items())) if self.query else ""

    def sorted_query_text(self) -> str:
        """Return the query as it will be sent, sorted by key."""
        return join_pairs(sorted(self.query.items(), key=itemgetter(0))) if self.query else ""

    def body_text(self) -> str:
        """Return the body as it will be sent."""
        if self.carrier == "form":
            return join_pairs(list(self.body.items()))
        if self.body or (self.empty_body and self.carrier == "json"):
            # Compact, without spaces: what is signed must be what is sent, byte for byte.
            return _encode_json(self.body).decode()
        return ""

    def params_text(self, *, in_order: bool, percent_encoded: bool, drop_empty: bool, sort_inner: bool) -> str:
        """Return all parameters as k=v joined by &, as a signing rule wants them printed."""
        pairs = [*self.query.items(), *self.body.items()]
        if in_order:
            pairs.sort(key=itemgetter(0))
        written = [(key, text_of(_inner(value, sort_inner, drop_empty))) for key, value in pairs]
        kept = [(key, text) for key, text in written if text or not drop_empty]
        return "&".join(f"{key}={percent(text) if percent_encoded else text}" for key, text in kept)


def _inner(value: object, in_order: bool, drop_empty: bool) -> object:
    """Print what lies inside lists and objects by the same rule as the parameters themselves."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=itemgetter(0)) if in_order else value.items()
        return {key: _inner(member, in_order, drop_empty) for key, member in members if member != "" or not drop_empty}
    if isinstance(value, list):
        return [_inner(item, in_order, drop_empty) for item in value]
    return value
