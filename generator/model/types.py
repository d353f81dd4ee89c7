"""Types, the parameters and fields that have them, and the rules that parameters obey."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.documentation import Quirk

# No float: 0.1 is not a tenth, and examples of prices must be printed as they are written.
Scalar = str | int | Decimal | bool
# Not a recursive type: mypy would then demand proof at each step into an example that a schema has checked.
Json = object
"""str, int, Decimal, bool, None, list or dict: JSON with exact numbers."""

Place = Literal["query", "body", "path", "header"]
TIMES = frozenset({"timestamp_ms", "timestamp_s"})
INTEGERS = TIMES | {"integer"}
NUMBERS = INTEGERS | {"decimal"}
"""Kinds of types: times, whole numbers, all numbers."""


class Type(Record, frozen=True):
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


class Member(Record, frozen=True):
    """One value of an enum."""

    name: str
    value: str | int
    doc: str
    means: tuple[str, ...] | None = None
    """What it says: several words at once, or nothing special. None: unknown."""

    only: dict[str, tuple[Scalar, ...]] = field(default_factory=dict)
    """Parameter (wire name) → its values with which this one exists; in all cases where there are none."""

    is_deprecated: bool = False
    """Whether it should no longer be used; the description says why."""


class Enum(Record, frozen=True):
    """A set of known values."""

    name: str
    doc: str
    base: Literal["string", "integer"]
    members: tuple[Member, ...]
    quirks: tuple[Quirk, ...] = ()


class Condition(Record, frozen=True):
    """Something about another parameter; `values`, `present` or a range."""

    wire: str
    values: tuple[Scalar, ...] = ()
    present: bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    counts: bool = False
    """Whether it is a list whose members are counted."""


class Phrase(Record, frozen=True):
    """What a member or parameter is, in one case."""

    text: str
    """As in the spec: `id`, `filled quantity`, `order.id`."""

    when: tuple[Condition, ...] = ()
    market: bool = False
    """Whether it holds for market orders only."""

    limit: bool = False
    """Whether it holds for orders with a price only."""


class Meaning(Record, frozen=True):
    """What a member or parameter is, whatever it is called."""

    phrases: tuple[Phrase, ...] = ()
    """Its cases, of which the first that holds counts; none where it changes nothing that is remembered."""

    reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Its values → what they say, where no enum does."""

    signed: bool = False
    """Whether its sign gives the side."""

    negative: bool = False
    """Whether it is counted the other way."""

    @property
    def phrase(self) -> str | None:
        """What it is in every case, if that is one thing."""
        if len(self.phrases) != 1 or self.phrases[0].when or self.phrases[0].market or self.phrases[0].limit:
            return None
        return self.phrases[0].text


class Thing(Record, frozen=True):
    """What a struct is, in one case."""

    name: str
    when: tuple[Condition, ...] = ()


class Field(Record, frozen=True):
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

    means: Meaning | None = None
    """What it is. None: unknown."""

    keys: str | None = None
    """What the keys of a map are."""

    also: tuple[str, ...] = ()
    """Other wire names under which it arrives."""

    only: dict[str, tuple[Scalar, ...]] = field(default_factory=dict)
    """Parameter (wire name) → its values with which this member exists; in all cases where there are none."""

    is_deprecated: bool = False
    """Whether it should no longer be used; the description says why."""

    @property
    def phrase(self) -> str | None:
        """What it is, if that is one thing in every case."""
        return self.means.phrase if self.means else None


class Param(Record, frozen=True):
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
    default_cases: tuple[tuple[Scalar, tuple[Condition, ...]], ...] = ()
    """What the exchange uses in some cases only; callers count with none of it."""

    always: bool = False
    """Whether the default is sent where nothing is given."""

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

    without_slash: bool = False
    """Whether it names a symbol, and this exchange has no slash in symbols: then BTC/USDT is a spelling of others."""

    means: Meaning | None = None
    """What it is, said or inherited from the thing that the call is about. None: unknown."""

    unique: str | None = None
    """For how long the exchange refuses the same id of the caller's: `always`, `open` or a time such as `7d`."""

    is_deprecated: bool = False
    """Whether it should no longer be used; the description says why."""

    @property
    def phrase(self) -> str | None:
        """What it is, if that is one thing in every case."""
        return self.means.phrase if self.means else None


class Rule(Record, frozen=True):
    """A rule about several parameters."""

    kind: Literal["require", "forbid", "one_of", "at_least_one_of", "at_most_one_of", "window"]
    wires: tuple[str, ...]
    when: tuple[Condition, ...] = ()
    within_ms: int | None = None
    """How far apart the times of a window may be; None where only the start may not be after the end."""

    under: bool = False
    """Whether the times of a window must be less than that apart."""
    why: str | None = None

    @property
    def is_obvious(self) -> bool:
        """Whether it needs no mention: that a start is not after its end is true everywhere, for no special reason."""
        return self.kind == "window" and self.within_ms is None and not self.when and self.why is None


class Struct(Record, frozen=True):
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

    things: tuple[Thing, ...] = ()
    """What it is: all cases that hold. None: a wrapper, whose members belong to the thing around it."""

    def is_a(self, thing: str) -> bool:
        """Whether it is such a thing, in some case."""
        return any(each.name == thing for each in self.things)
