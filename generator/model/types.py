"""Types, the parameters and fields that have them, and the rules that parameters obey."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from generator.model.documentation import Quirk

# No float: 0.1 is not a tenth, and examples of prices must be printed as they are written.
Scalar = str | int | Decimal | bool
# Not a recursive type: mypy would then demand proof at each step into an example that a schema has checked.
Json = object
"""str, int, Decimal, bool, None, list or dict: JSON with exact numbers."""

Place = Literal["query", "body", "path", "header"]


@dataclass(frozen=True)
class Type:
    """A type of the spec language, as a tree: what it is called in Python is the printers' business."""

    kind: str
    """string, integer, …, enum, struct, list or map."""

    name: str = ""
    """The enum or struct, if it is one."""

    item: Type | None = None
    """The members' type of a list or map."""

    @property
    def spec(self) -> str:
        """As the spec has it: `list[Order]`."""
        return f"{self.kind}[{self.item.spec}]" if self.item else self.name or self.kind

    @property
    def names(self) -> tuple[str, ...]:
        """The enum or struct in it, however deep; a tree without branches has one at most."""
        # Lists and maps have one item type each, and an enum or struct ends the chain.
        return self.item.names if self.item else (self.name,) if self.name else ()


@dataclass(frozen=True)
class Member:
    """One value of an enum."""

    name: str
    value: str | int
    doc: str


@dataclass(frozen=True)
class Enum:
    """A set of known values."""

    name: str
    doc: str
    base: Literal["string", "integer"]
    members: tuple[Member, ...]
    quirks: tuple[Quirk, ...] = ()


@dataclass(frozen=True)
class Field:
    """A member of an answer."""

    wire: str
    name: str
    type: Type
    doc: str
    optional: bool
    text: bool
    """Whether a number or boolean arrives inside a string."""

    unit: str | None = None
    example: Json = None
    flat: bool = False
    """Whether the members of its members follow one another in one list."""

    secret: bool = False
    """Whether it must not be shown."""

    means: str | None = None
    """What it is, whatever it is called."""


@dataclass(frozen=True)
class Param:
    """A request parameter, or a member of a struct that is sent."""

    wire: str
    name: str
    type: Type
    doc: str
    required: bool
    place: Place
    elsewhere: bool
    """Whether the spec sends it somewhere else than the others of its operation."""

    write: str
    """How the runtime prints it: text, number, json, comma or repeat."""

    unit: str | None = None
    default: Scalar | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    values: tuple[Scalar, ...] = ()
    example: Json = None
    secret: bool = False
    """Whether it must not be shown."""

    common: bool = False
    """Whether all signed operations have it."""

    means: str | None = None
    """What it is, whatever it is called."""


@dataclass(frozen=True)
class Condition:
    """Something about another parameter; `values`, `present` or a range."""

    wire: str
    values: tuple[Scalar, ...] = ()
    present: bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True)
class Rule:
    """A rule about several parameters."""

    kind: Literal["require", "forbid", "one_of", "at_least_one_of", "at_most_one_of", "window"]
    wires: tuple[str, ...]
    when: tuple[Condition, ...] = ()
    within_ms: int | None = None
    under: bool = False
    """Whether the times of a window must be less than that apart."""
    why: str | None = None


@dataclass(frozen=True)
class Struct:
    """An object with known members."""

    name: str
    doc: str
    array: bool
    fields: tuple[Field, ...]
    params: tuple[Param, ...] = ()
    """The same members, as they are sent."""

    rules: tuple[Rule, ...] = ()
    quirks: tuple[Quirk, ...] = ()
    sent: bool = False
    """Whether it is part of a request."""

    received: bool = True
    """Whether it is part of an answer."""
