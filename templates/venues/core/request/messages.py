# Edited in templates/venues/core/request/messages.py; the copy in generated/ is imported.
"""What a call sends and gets: a request, what a transport brings back, and the answer as the caller has it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

import msgspec

from venues.core.values.secrets import MASK

T = TypeVar("T")
WHOLE_BODY = "*"
"""Stands among hidden names for the body as a whole, where a signing rule writes secrets into it that can't be picked out."""


# Not frozen: that would make creating one five times as slow, and each call creates one.
@dataclass(slots=True)
class Request:
    """A request as it is sent, signature included; printing it shows no secret.

    `dataclasses.replace` makes a copy with changes.
    """

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    hidden: frozenset[str] = frozenset()
    """Headers and parameters that hold a key, a token or a signature."""
    client_id: str | None = None

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.masked_url}>"

    @property
    def masked_url(self) -> str:
        """The URL, its secrets masked."""
        return _mask_pairs(self.url, self.hidden)

    @property
    def masked_headers(self) -> dict[str, str]:
        """The headers, their secrets masked."""
        return {name: MASK if name in self.hidden else value for name, value in self.headers.items()}

    @property
    def masked_body(self) -> str:
        """The body, its secrets masked."""
        if WHOLE_BODY in self.hidden:
            return MASK
        return _mask_pairs(self.body.decode("utf-8", "replace"), self.hidden)

    @property
    def hidden_values(self) -> set[str]:
        """What is masked where the request is shown."""
        values = {value for name, value in self.headers.items() if name in self.hidden}
        texts = (self.url, self.body.decode("utf-8", "replace"))
        if WHOLE_BODY in self.hidden:
            values.add(texts[1])
        return values | {found for text in texts for found in _pairs(text, self.hidden)}

    def __reduce__(self) -> NoReturn:
        raise TypeError("a request can't be pickled, for it holds the key and the signature")

    def curl(self) -> str:
        """Return a command line that would send this, its secrets masked."""
        import shlex

        words = ["curl", "-X", self.method]
        for name, value in self.masked_headers.items():
            words += ["-H", f"{name}: {value}"]
        if self.body:
            # `--data` would read a file if the body began with an @.
            words += ["--data-raw", self.masked_body]
        return shlex.join([*words, self.masked_url])


def _pairs(text: str, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the values of parameters, in a query, a form, or compact JSON."""
    for name in hidden:
        # Names in full: `key` must not match inside `api_key`.
        yield from re.findall(rf"(?<![\w.-]){re.escape(name)}=([^&]+)", text)
        yield from re.findall(rf'"{re.escape(name)}":"((?:[^"\\]|\\.)*)"', text)


def _mask_pairs(text: str, hidden: frozenset[str]) -> str:
    """Mask the values of parameters, in a query, a form, or JSON."""
    # A name counts only as a whole: `key` must not be found inside `api_key` or `api-key`.
    # In JSON, a value may also be a number, true, false or null: then it ends before a comma or bracket.
    for name in sorted(hidden):
        text = re.sub(rf"(?<![\w.-]){re.escape(name)}=[^&]*", f"{name}={MASK}", text)
        text = re.sub(rf'"{re.escape(name)}":("(?:[^"\\]|\\.)*"|[^,}}\]]*)', f'"{name}":"{MASK}"', text)
    return text


class Reply(msgspec.Struct, frozen=True):
    """What a transport brings back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"<Reply {self.status}, {len(self.body)} bytes>"


class Response(msgspec.Struct, Generic[T], frozen=True):
    """An answer, decoded and whole."""

    data: T
    """The payload."""
    status: int
    """The HTTP status."""
    headers: Mapping[str, str]
    body: bytes
    """The whole body, as it came."""
    elapsed: float
    """Seconds from sending to the last byte."""
    request: Request
    used: Mapping[str, int] = {}
    """Limit → how much of it is used, as the exchange said in a header of this answer."""

    @property
    def raw(self) -> Any:  # Any: JSON as Python reads it
        """The whole body as JSON, envelope included; numbers with a point are exact decimals.

        Raises:
            ValueError: if the body is no JSON.
        """
        from decimal import Decimal
        from json import loads

        return loads(self.body, parse_float=Decimal)

    def __repr__(self) -> str:
        return f"<Response {self.status} to {self.request!r}: {self.data!r}>"
