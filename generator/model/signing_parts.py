"""What a signing rule is made of: parts, the values that it makes of them, and where these go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.types import Json

PartKind = Literal["literal", "built_in", "credential", "value", "param", "constant"]
WHOLE_NUMBERS = frozenset({"s", "ms", "us", "ns"})
"""Forms of a time that are numbers in JSON."""
TOKEN_NAMES = {
    "hmac-sha256": "HS256",
    "hmac-sha384": "HS384",
    "hmac-sha512": "HS512",
    "rsa-sha256": "RS256",
    "ecdsa-sha256": "ES256",
    "ed25519": "EdDSA",
}
"""Algorithm → what tokens call it (RFC 7518)."""
SIGNATURE = "signature"
OTHER = "other"
"""Stands for the methods that a text has no parts for."""
CLOCKED = ("timestamp", "expires", "nonce")
"""Parts that the client makes up for each request."""
WRITTEN = ("query", "?query", "raw_query", "?raw_query", "body", "params")
"""Parts that are known when all parameters are."""


class Part(Record, frozen=True):
    """Something that stands for a text."""

    kind: PartKind
    name: str
    """The name of what it stands for; of a literal, the text."""

    @property
    def word(self) -> str:
        """The part as a spec writes it."""
        return f"'{self.name}'" if self.kind == "literal" else self.name

    @property
    def is_written_last(self) -> bool:
        """Whether it is known only when all parameters are."""
        return self.kind == "built_in" and self.name in WRITTEN


class Placement(Record, frozen=True):
    """Where a value goes."""

    place: Literal["header", "query", "param"]
    name: str
    value: str
    """The part as the spec writes it."""

    prefix: str = ""
    part: Part = Part("literal", "")
    is_number: bool = False
    """Whether it is a number in JSON."""

    is_first: bool = False
    """Whether it comes before the operation's own parameters."""

    is_late: bool = False
    """Whether it depends on the query or the body, and so is added after them."""

    may_be_empty: bool = False
    """Whether it is left out where it is empty."""


class Member(Record, frozen=True):
    """A member of a JSON object that a rule makes."""

    name: str
    part: Part | None
    """None for a constant."""

    constant: Json = None
    is_number: bool = False
    is_object: bool = False
    """Whether the part is the object of all parameters, and not a text."""

    is_spread: bool = False
    """Whether all parameters stand here themselves."""

    may_be_empty: bool = False
    """Whether it is left out where it is empty."""


class Value(Record, frozen=True):
    """A named text that a rule makes; the signature is one of them."""

    name: str
    texts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    """Method → the parts; `other` for all methods that are not there."""

    members: tuple[Member, ...] = ()
    token_header: tuple[Member, ...] = ()
    kind: Literal["of", "json", "jwt"] = "of"
    hash: str | None = None
    is_signed: bool = False
    encoding: str | None = None
    condition: Part | None = None
    """It is empty where this part is."""

    methods: tuple[str, ...] = ()
    """It is empty for other methods; none means that it is made for all."""

    is_late: bool = False
    """Whether it depends on the query or the body."""

    @property
    def is_bytes(self) -> bool:
        """Whether it is bytes and not a text."""
        return (self.hash is not None or (self.is_signed and self.kind != "jwt")) and self.encoding is None

    @property
    def may_be_empty(self) -> bool:
        """Whether there are requests in which it is empty on purpose."""
        return self.condition is not None or bool(self.methods)

    @property
    def is_revealing(self) -> bool:
        """Whether what it is made of can be read from it."""
        return self.hash is None and (not self.is_signed or self.kind == "jwt")

    def parts(self) -> Iterator[Part]:
        """Yield every part that it may be made of."""
        for parts in self.texts.values():
            yield from parts
        yield from (member.part for member in (*self.token_header, *self.members) if member.part)
        if self.condition is not None:
            yield self.condition

    def parts_for(self, method: str) -> tuple[Part, ...]:
        """Return the parts for a method."""
        # Some exchanges sign other parts for GET than for POST; `other` covers the rest.
        return self.texts.get(method) or self.texts.get(OTHER, ())


def in_order(values: Iterable[Value]) -> tuple[list[Value], list[str]]:
    """Sort values so that each comes after those it is made of; return those apart for which that can't be, by name."""
    left, done = {value.name: value for value in values}, list[Value]()
    while left:
        ready = [v for v in left.values() if not any(p.kind == "value" and p.name in left for p in v.parts())]
        if not ready:
            return done, list(left)
        done += ready
        for value in ready:
            del left[value.name]
    return done, []
