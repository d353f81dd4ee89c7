"""Who may call, and how a request proves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.documentation import Quirk
from generator.model.signing_parts import SIGNATURE, Part, Placement, Value
from generator.model.types import Json

TimeForm = Literal["ms", "s", "us", "ns", "s.ms", "iso", "iso-s"]
NonceForm = Literal["uuid", "uuid-hex", "s", "ms", "us", "ns", "s.ms"]


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
