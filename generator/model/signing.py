"""Who may call, and how a request proves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.documentation import Quirk
from generator.model.types import Json

TimeForm = Literal["ms", "s", "us", "ns", "s.ms", "iso", "iso-s"]
NonceForm = Literal["uuid", "uuid-hex", "s", "ms", "us", "ns", "s.ms"]
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


class Credential(Record, frozen=True):
    """One argument of the constructor."""

    name: str
    doc: str
    example: str
    variable: str
    """The environment variable that from_env() reads."""


class Vector(Record, frozen=True):
    """A worked example of a signing rule."""

    name: str
    origin: str
    note: str | None
    credentials: dict[str, str]
    time: int
    nonce: str | None
    method: str
    path: str
    query: dict[str, Json]
    json: dict[str, Json] | list[Json] | None
    form: dict[str, Json] | None
    text: str | None
    signature: str | None
    url: str | None
    headers: dict[str, str]
    body: str | None


class Printing(Record, frozen=True):
    """How the part `params` is printed."""

    # Sorted unless a spec says otherwise: most exchanges that sign parameters want them so.
    is_sorted: bool = True
    is_percent: bool = False
    drops_empty: bool = False
    sorts_inner: bool = False
    is_flat: bool = False
    """Whether lists and objects are printed without JSON's signs, one member after the other."""

    added: tuple[tuple[str, Part], ...] = ()
    """What is printed as if it were a parameter."""

    pair: str = "="
    join: str = "&"


class Scheme(Record, frozen=True):
    """One way to sign."""

    name: str
    class_name: str
    doc: str
    credentials: tuple[str, ...]
    time: TimeForm
    expires_ms: int | None
    nonce: NonceForm | None
    place: tuple[Placement, ...]
    query_sorted: bool
    body: str
    """`given`, `sorted`, `none`, or the value that is the body."""

    printing: Printing
    values: tuple[Value, ...]
    """In the order in which they can be computed; the signature is one of them."""

    algorithm: str | None
    secret: str | None
    secret_form: str | None
    signature: Placement | None
    vectors: tuple[Vector, ...]
    quirks: tuple[Quirk, ...]

    @property
    def signed(self) -> Value | None:
        """The value that is the signature; None where the rule has no text to sign."""
        return next((value for value in self.values if value.name == SIGNATURE), None)

    @property
    def encoding(self) -> str | None:
        """How the signature is written."""
        return self.signed.encoding if self.signed else None

    @property
    def placements(self) -> tuple[Placement, ...]:
        """Everything that is placed, the signature last."""
        return (*self.place, self.signature) if self.signature else self.place

    @property
    def body_value(self) -> str | None:
        """The value that is sent as the body."""
        return None if self.body in ("given", "sorted", "none") else self.body

    def value(self, name: str) -> Value:
        """Return a value by name."""
        # A value in a circle is left out, and was noted; what stands in for it lets the other checks go on.
        return next((value for value in self.values if value.name == name), Value(name))

    def used(self) -> frozenset[Part]:
        """Return every part that the rule uses anywhere."""
        parts = {placement.part for placement in self.placements}
        parts |= {part for value in self.values for part in value.parts()}
        return frozenset(parts | {part for _, part in self.printing.added})

    def uses(self, *names: str) -> bool:
        """Whether one of the parts that the language has is used anywhere."""
        return any(part.kind == "built_in" and part.name in names for part in self.used())

    def below(self, part: Part) -> Iterator[Part]:
        """Yield a part, and everything that can be read from it by who knows the rule."""
        yield part
        if part.kind == "value":
            value = self.value(part.name)
            for inner in value.parts() if value.is_revealing else ():
                if inner != value.condition:
                    yield from self.below(inner)

    def depends_on_secret(self, part: Part) -> bool:
        """Whether a part is made of a credential, or signed with one."""
        if part.kind == "credential":
            return True
        if part.kind != "value":
            return False
        value = self.value(part.name)
        return value.is_signed or any(self.depends_on_secret(inner) for inner in value.parts())


class Signing(Record, frozen=True):
    """Who may call, and how a request proves it."""

    credentials: tuple[Credential, ...] = ()
    window_ms: int | None = None
    ahead_ms: int | None = None
    window_param: str | None = None
    suspects: tuple[str, ...] = ()
    """Codes of rejections that may be due to a wrong clock."""

    key: tuple[Placement, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    # Only the mock exchange uses these codes: clients decide by the kind of a code, not by its cause.
    failures: dict[str, str] = field(default_factory=dict)
    """Name of a failure → its code, with the message behind it where that narrows the code."""

    # A passphrase beside the key, for instance, has a code of its own; the API key has one in `failures`.
    wrong_credentials: dict[str, str] = field(default_factory=dict)
    """Credential → the code of a request where it is wrong."""

    single_use: str | None = None
    """How paths begin where a signature is accepted once."""

    quirks: tuple[Quirk, ...] = ()


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
