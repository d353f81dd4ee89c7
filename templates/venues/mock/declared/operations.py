# Edited in templates/venues/mock/declared/operations.py; the copy in generated/ is imported.
"""What the specification says of each operation, as the mock exchange reads it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

import msgspec

from venues.mock.declared.conditions import Condition
from venues.mock.declared.listing import Listing
from venues.mock.declared.things import Orders, Things

Paths = tuple[tuple[str | int, ...], ...]


class Type(msgspec.Struct, frozen=True):
    """A type of the specification language."""

    kind: str
    name: str = ""
    item: Type | None = None


class Param(msgspec.Struct, frozen=True):
    """A parameter, or a member of an object that is sent."""

    wire: str
    type: Type
    place: Literal["query", "body", "path", "header"]
    write: Literal["text", "number", "json", "comma", "repeat"]
    required: bool = False
    default: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    values: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True):
    """A rule about several parameters."""

    kind: Literal["require", "forbid", "one_of", "at_least_one_of", "at_most_one_of", "window"]
    wires: tuple[str, ...]
    when: tuple[Condition, ...] = ()
    within_ms: int | None = None
    """None where only the order of the two times counts."""

    under: bool = False


class Struct(msgspec.Struct, frozen=True):
    """An object that is sent."""

    params: tuple[Param, ...] = ()
    rules: tuple[Rule, ...] = ()


class Spots(msgspec.Struct, frozen=True):
    """Where something may be put into the example answer."""

    enums: Paths = ()
    blanks: Paths = ()
    client_id: Paths = ()
    echoes: tuple[tuple[str, tuple[str | int, ...]], ...] = ()
    """Parameters, and where the answer repeats what was sent in them."""


class Find(msgspec.Struct, frozen=True):
    """How an operation's answer finds an order, or whatever else another operation made."""

    operation: str
    param: str | None = None
    """The parameter that holds the id; a list without one shows what was made last."""
    client_id: Paths = ()
    made: Paths = ()
    """Where it says when the thing came to be, in milliseconds."""
    echoes: tuple[tuple[str, tuple[str | int, ...]], ...] = ()
    """Parameters of the call that made it, and where its answer repeats them."""
    lists: Paths = ()
    absent: tuple[str, ...] = ()


class Batch(msgspec.Struct, frozen=True):
    """Where the items of a batch have their ids."""

    list: str
    """The parameter that holds the items."""
    member: str
    ids: tuple[str | None, ...] = ()
    """The ids of the items of the example; its answer repeats them."""


class Constant(msgspec.Struct, frozen=True):
    """What every call of an operation sends or signs, whatever the caller passes."""

    wire: str
    text: str
    place: Literal["query", "body", "header", "text"]
    """Where it goes; `text`: it is only signed."""


class Variant(msgspec.Struct, frozen=True):
    """What an operation answers in a case."""

    when: tuple[Condition, ...]
    response: str


class Join(msgspec.Struct, frozen=True):
    """Two lists of an answer whose items belong together; the examples have them joined."""

    into: tuple[str, ...]
    """From the top of the body, as the next one."""
    source: tuple[str, ...]
    members: tuple[str, ...]
    """What is sent in the second list."""


class Protected(msgspec.Struct, frozen=True):
    """The orders that depend on a connection."""

    product: str
    market: str


class Disconnect(msgspec.Struct, frozen=True):
    """How long after the last connection with a subscription is gone orders are canceled, and which."""

    product: str
    after: str
    """The parameters that set it."""
    unit_ms: int
    usual_ms: int
    """The time until one is set."""
    topics: dict[str, Protected]


class InMarket(msgspec.Struct, frozen=True):
    """What an operation does in one of several markets."""

    response: str
    """The whole body of the example answer, as JSON text."""
    orders: Orders | None = None
    things: Things | None = None
    groups: Orders | None = None


class Operation(msgspec.Struct, frozen=True, dict=True):
    """One HTTP call."""

    group: str
    name: str
    method: str
    path: str
    auth: Literal["none", "key", "signed"]
    effect: Literal["read", "repeatable", "once"]
    carrier: Literal["query", "json", "form"]
    # Text, because a JSON reader would turn its decimals into floats.
    response: str
    """The whole body of the example answer, as JSON text."""
    summary: str = ""
    bare: bool = False
    """Whether the JSON body is the value of its only parameter, a bare list."""
    payload: Literal["data", "body"] = "data"
    form_or_query: bool = False
    """Whether parameters may stand in the query, in a form body, or in both, whatever the carrier."""
    one_with: str | None = None
    """The parameter with which one object is returned in place of a list."""
    schemes: tuple[str, ...] = ()
    client_id: str | None = None
    batch: Batch | None = None
    errors: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    constants: tuple[Constant, ...] = ()
    rules: tuple[Rule, ...] = ()
    places: Spots = Spots()
    finds: tuple[Find, ...] = ()
    shows: tuple[Find, ...] = ()
    variants: tuple[Variant, ...] = ()
    """Other example answers, of which the first that fits what is asked counts."""
    joins: Join | None = None
    orders: Orders | None = None
    """What it does with orders, where the mock exchange can remember them."""
    groups: Orders | None = None
    """What it does with groups of orders, such as OCO, where the mock exchange keeps them."""

    things: Things | None = None
    """What it does with fills, money and prices."""
    beside: tuple[tuple[str, tuple[str | int, ...]], ...] = ()
    """Parameters, and where the answer repeats them beside the things that it has."""
    markets: dict[str, InMarket] = {}
    """What it does in each market that can be traded in, where a parameter chooses one."""
    listing: tuple[Listing, ...] = ()
    """Where its answer lists instruments."""
    disconnect: Disconnect | None = None
    """What it sets for orders whose owner is no longer connected."""

    @cached_property
    def kept(self) -> Orders | Things | None:
        """What it does with anything that is remembered; None where its example is played back."""
        return self.orders or self.groups or self.things

    @cached_property
    def full_name(self) -> str:
        """Group and name."""
        return f"{self.group}.{self.name}"

    @cached_property
    def is_kept(self) -> bool:
        """Whether it is about something that can be remembered."""
        return self.kept is not None or bool(self.markets) or self.disconnect is not None

    def in_market(self, name: str) -> Operation:
        """Return the operation as it is in one market."""
        own = self.markets.get(name)
        if own is None:
            return self
        return msgspec.structs.replace(
            self, response=own.response, variants=(), orders=own.orders, things=own.things, groups=own.groups
        )


Candidate = tuple[Operation, Mapping[str, str]]
"""An operation, and the values in the path with which it was asked."""
