# Edited in templates/venues/core/request/wire.py; the copy in generated/ is imported.
"""Requests before they are signed, and how their parameters are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote

import msgspec

# The characters that RFC 3986 leaves unencoded; `quote` alone would also leave the slash, which signatures count.
SAFE = "-._~"
_is_safe = re.compile(r"[A-Za-z0-9._~-]*").fullmatch
_SAFE_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
NO_CONSTANTS: Mapping[str, str] = MappingProxyType({})
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


def flat_text(value: object) -> str:
    """Print a value without the signs of JSON: members one after the other, of objects each name and value, sorted."""
    if isinstance(value, dict):
        return "".join([f"{name}{flat_text(member)}" for name, member in sorted(value.items(), key=itemgetter(0))])
    if isinstance(value, list):
        return "".join([flat_text(member) for member in value])
    return text_of(value)


def percent(text: str) -> str:
    """Percent-encode a text, slashes included."""
    return text if _is_safe(text) else quote(text, safe=SAFE)


class _Names(dict[str, str]):
    """Name of a parameter → the same, percent-encoded. A spec has few names, and each call writes them again."""

    def __missing__(self, name: str) -> str:
        self[name] = percent(name)
        return self[name]


NAMES = _Names()


def join_pairs(pairs: Collection[tuple[str, Any]]) -> str:  # Any: what is no text yet shows when it is joined
    """Write parameters as a query or form: k=v joined by &, percent-encoded."""
    try:
        text = "&".join(map("=".join, pairs))
    except TypeError:  # a value that is no text yet
        text = ""
    # Nearly always nothing needs to be encoded. That shows in the text as a whole: without the characters that never are,
    # nothing is left of it but the signs between names and values, as many as there must be.
    if text.encode().translate(None, _SAFE_BYTES) == (b"&=" * len(pairs))[1:]:
        return text
    return "&".join(
        [
            f"{NAMES[key]}={one if type(one) is str and _is_safe(one) else percent(text_of(one))}"
            for key, value in pairs
            for one in (value if type(value) is Repeated else (value,))
        ]
    )


def with_query(query: str, name: str, value: str) -> str:
    """Append one parameter to a query that is written already."""
    # Encoded: base64 contains +, / and =, which mean something else in an address.
    pair = f"{NAMES[name]}={value if _is_safe(value) else quote(value, safe=SAFE)}"
    return f"{query}&{pair}" if query else pair


class Repeated(list[object]):
    """A list that is sent as the same key several times."""


# A struct, which C fills: of a dataclass, Python sets each field, for each call.
class RequestDraft(msgspec.Struct):
    """A request before it is signed: values are as they will be written."""

    method: str
    path: str
    carrier: Literal["query", "json", "form"]
    """Where the operation's own parameters go."""
    query: dict[str, object] = {}
    body: dict[str, object] = {}
    headers: dict[str, str] = {}
    empty_body: bool = False
    """Whether a body without members is sent as {}."""
    host: str = ""
    """The host that it goes to, with its port if the address has one."""
    constants: Mapping[str, str] = NO_CONSTANTS
    """What every call of the operation sends or signs, as text."""
    led: int = 0
    """How many parameters stand before the operation's own."""

    def __repr__(self) -> str:
        return f"<RequestDraft {self.method} {self.path}>"  # the rest may hold secrets

    def add(self, name: str, value: object) -> None:
        """Add a parameter where the operation's own parameters go."""
        (self.query if self.carrier == "query" else self.body)[name] = value

    def add_number(self, name: str, digits: str) -> None:
        """Add a number, such as a time: in JSON it is one, elsewhere a text."""
        if self.carrier == "json":
            self.body[name] = int(digits)
        else:
            (self.query if self.carrier == "query" else self.body)[name] = digits

    def insert(self, name: str, value: object) -> None:
        """Add a parameter where the operation's own go, before them and after its constants."""
        if self.carrier == "query":
            self.query = self._inserted(self.query, name, value)
        else:
            self.body = self._inserted(self.body, name, value)

    def _inserted(self, into: dict[str, object], name: str, value: object) -> dict[str, object]:
        pairs = list(into.items())
        pairs.insert(self.led, (name, value))
        self.led += 1
        return dict(pairs)

    def insert_query(self, name: str, value: object) -> None:
        """Add a query parameter before the operation's own and after its constants."""
        self.query = self._inserted(self.query, name, value)

    def with_param(self, query: str, body: str, name: str, value: str) -> tuple[str, str]:
        """Append a parameter, such as the signature, as the last of what is written already, wherever the others are."""
        if self.carrier == "query":
            return with_query(query, name, value), body
        if self.carrier == "form":
            return query, with_query(body, name, value)
        self.body[name] = value
        return query, self.body_text()

    def sent(self, name: str) -> str:
        """Return a parameter as it is sent, wherever it goes; empty if it is not."""
        places: tuple[Mapping[str, object], ...] = (self.headers, self.query, self.body)
        for place in places:
            if name in place:
                return text_of(place[name])
        return ""

    def query_text(self) -> str:
        """Return the query as it will be sent."""
        return join_pairs(self.query.items()) if self.query else ""

    def sorted_query_text(self) -> str:
        """Return the query as it will be sent, sorted by key."""
        return join_pairs(sorted(self.query.items(), key=itemgetter(0))) if self.query else ""

    def body_text(self) -> str:
        """Return the body as it will be sent."""
        if self.carrier == "form":
            return join_pairs(self.body.items())
        if self.body or (self.empty_body and self.carrier == "json"):
            # Compact, without spaces: what is signed must be what is sent, byte for byte.
            return _encode_json(self.body).decode()
        return ""

    def sorted_body_text(self) -> str:
        """Return the body as it will be sent, sorted by key."""
        self.body = dict(sorted(self.body.items(), key=itemgetter(0)))
        return self.body_text()

    def params(self) -> dict[str, object]:
        """Return all parameters."""
        return {**self.query, **self.body}

    def params_text(
        self,
        *,
        in_order: bool,
        percent_encoded: bool,
        drop_empty: bool,
        sort_inner: bool,
        flat: bool = False,
        added: Mapping[str, object] | None = None,
        pair: str = "=",
        join: str = "&",
    ) -> str:
        """Return all parameters as k=v joined by &, as a signing rule wants them printed.

        A list that is sent as the same key several times is printed so, too.
        """
        pairs = [*self.query.items(), *self.body.items()]
        if added:
            pairs += added.items()
        if in_order:
            pairs.sort(key=itemgetter(0))
        write = flat_text if flat else text_of
        written = [
            (key, one if type(one) is str else write(_inner(one, sort_inner, drop_empty)))
            for key, value in pairs
            for one in (value if type(value) is Repeated else (value,))
        ]
        kept = [(key, text) for key, text in written if text or not drop_empty]
        if percent_encoded:
            return join.join([f"{NAMES[key]}{pair}{percent(text)}" for key, text in kept])
        return join.join([f"{key}{pair}{text}" for key, text in kept])


def _inner(value: object, in_order: bool, drop_empty: bool) -> object:
    """Print what lies inside lists and objects by the same rule as the parameters themselves."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=itemgetter(0)) if in_order else value.items()
        return {key: _inner(member, in_order, drop_empty) for key, member in members if member != "" or not drop_empty}
    if isinstance(value, list):
        return [_inner(item, in_order, drop_empty) for item in value]
    return value


class QueryDraft(RequestDraft):
    """The same of a request whose own parameters go into the query, where that is known before."""

    def add(self, name: str, value: object) -> None:
        """Add a parameter where the operation's own parameters go."""
        self.query[name] = value

    def add_number(self, name: str, digits: str) -> None:
        """Add a number as a text."""
        self.query[name] = digits

    def with_param(self, query: str, body: str, name: str, value: str) -> tuple[str, str]:
        """Append a parameter as the last of the query that is written already."""
        return with_query(query, name, value), body


class FormDraft(RequestDraft):
    """The same of a request whose own parameters go into a form, where that is known before."""

    def add(self, name: str, value: object) -> None:
        """Add a parameter where the operation's own parameters go."""
        self.body[name] = value

    def add_number(self, name: str, digits: str) -> None:
        """Add a number as a text."""
        self.body[name] = digits

    def body_text(self) -> str:
        """Return the body as it will be sent."""
        return join_pairs(self.body.items())

    def with_param(self, query: str, body: str, name: str, value: str) -> tuple[str, str]:
        """Append a parameter as the last of the form that is written already."""
        # As `with_query` does, in place: a call less, in each order of many exchanges.
        pair = f"{NAMES[name]}={value if _is_safe(value) else quote(value, safe=SAFE)}"
        return query, f"{body}&{pair}" if body else pair


DRAFTS: Mapping[str, type[RequestDraft]] = {"query": QueryDraft, "form": FormDraft}
"""Where the operation's own parameters go → the draft of such a request."""


class BareDraft(RequestDraft):
    """A request before it is signed whose JSON body is the value of its only parameter, a bare list."""

    def body_text(self) -> str:
        """Return the body as it will be sent."""
        (listed,) = self.body.values()
        return _encode_json(listed).decode()
