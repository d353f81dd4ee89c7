# Edited in templates/venues/mock/declared/things.py; the copy in generated/ is imported.
"""What the specification says of things: which call does what with them, and where their meanings stand."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from venues.mock.declared.conditions import Condition
from venues.mock.declared.holders import Fixed, Holder, Path, Says, Words


class Case(msgspec.Struct, frozen=True):
    """What a parameter means under some conditions."""

    phrase: str
    when: tuple[Condition, ...] = ()


class Sent(msgspec.Struct, frozen=True):
    """A parameter, and what it means."""

    wire: str
    phrase: str = ""
    """Such as `client_id` or `filled quantity`; empty if unknown, or if it depends on others."""

    cases: tuple[Case, ...] = ()
    """What it means then; the first that holds counts."""

    says: Says = {}
    default: str | None = None
    harmless: bool = False
    """Whether it changes nothing that is remembered."""

    unit: str | None = None
    """Of a distance or a time."""


class Items(msgspec.Struct, frozen=True):
    """A parameter with which a batch is given its orders."""

    wire: str
    phrase: str = ""
    """What its members are, where they are only ids: `id` or `client_id`."""

    sent: tuple[Sent, ...] = ()
    """Else what the members of each order mean."""


class Paging(msgspec.Struct, frozen=True):
    """How the pages of a list are asked for."""

    by: Literal["time", "id", "cursor", "page"]
    start: str
    """The parameter that moves from page to page."""

    end: str | None = None
    limit: str | None = None
    size: int | None = None
    goes: Literal["up", "down"] | None = None
    keeps: Literal["first", "last"] | None = None
    """Of what is more than one page, by time."""

    begin: str | None = None
    total: Path = ()
    next: Path = ()
    number: Path = ()
    """Members of the answer, from the top of the body."""


class OfCase(msgspec.Struct, frozen=True):
    """Which orders a call finds under some conditions."""

    of: Literal["open", "closed", "all", "some"]
    when: tuple[Condition, ...]


class Leg(msgspec.Struct, frozen=True):
    """One order of a group that a call places."""

    name: str
    sent: tuple[Sent, ...] = ()
    kind: Words = ()
    """The features that it always has."""

    after: str | None = None
    """The leg that must be filled before; None where it is placed at once."""


class Half(msgspec.Struct, frozen=True):
    """One half of a call: the members of its answer that give its outcome."""

    result: str
    order: str
    """Holds the order, or the refusal."""


class Halves(msgspec.Struct, frozen=True):
    """How a call that cancels one order and places another reports the outcome of each."""

    cancel: Half
    place: Half
    done: str
    failed: str
    untried: str
    """The three values of `result`."""

    goes_on: Fixed
    """The parameter and value with which an order is placed even if the cancel fails."""

    some: str
    """The code where one half was done."""

    all: str
    """The code where neither was done."""

    inside: str
    """The member that has the answer beside such a code."""


class Orders(msgspec.Struct, frozen=True):
    """What a call does with orders."""

    does: Literal["place", "amend", "cancel", "cancel_all", "close", "close_all", "get", "list"]
    of: Literal["open", "closed", "all", "some"] = "some"
    of_cases: tuple[OfCase, ...] = ()
    """Which others it finds under some conditions; the first that holds counts."""

    shelf: str = ""
    """What is identified and listed together."""

    becomes: str | None = None
    """The shelf of the order that a conditional order becomes when it is triggered; None where it stays the same."""

    wallet: str = ""
    """The account that pays, where there are several."""

    sent: tuple[Sent, ...] = ()
    items: tuple[Items, ...] = ()
    """With which a batch is given its orders; none where a call is about one."""

    span: tuple[str, ...] = ()
    """The parameters between which orders were placed."""

    paging: Paging | None = None
    holders: tuple[Holder, ...] = ()
    absent: str | None = None
    """The code for an order that is not there."""

    duplicate: str | None = None
    unique: str | None = None
    """For how long the exchange refuses the same client id: `always`, `open` or a time."""

    legs: tuple[Leg, ...] = ()
    """The orders of a group that it places."""

    halves: Halves | None = None
    """Of a call that places an order in place of another one, which is canceled first."""

    @property
    def held(self) -> Holder | None:
        """Where the answer has orders as objects, if it does."""
        return next((h for h in self.holders if h.thing == "order" and h.example), None)


class Things(msgspec.Struct, frozen=True):
    """What a call does with things that are no orders: fills, money, prices."""

    does: Literal["get", "list", "place", "set", "amend"]
    wallet: str = ""
    sent: tuple[Sent, ...] = ()
    span: tuple[str, ...] = ()
    paging: Paging | None = None
    holders: tuple[Holder, ...] = ()


class Wallet(msgspec.Struct, frozen=True):
    """An account with money of its own."""

    contracts: bool = False
    """Whether orders there open and close positions; else coins are exchanged."""

    per_symbol: bool = False
    """Whether each pair has money of its own."""


class Fees(msgspec.Struct, frozen=True):
    """What a fill costs, as a part of its value."""

    maker: Decimal
    taker: Decimal
    paid_in: Literal["quote", "received"] = "quote"
    """The coin that is paid in, where coins are exchanged: always the quote coin, or the one that is received."""

    def with_rates(self, maker: Decimal, taker: Decimal) -> Fees:
        """Return other rates that are paid in the same coin."""
        return Fees(maker, taker, self.paid_in)


class Interest(msgspec.Struct, frozen=True):
    """What loans cost: once when they are taken, and again after each period."""

    daily: Decimal
    """Part of the loan that is charged for a day."""

    every_ms: int


class Trading(msgspec.Struct, frozen=True):
    """What words can't say of trading at an exchange."""

    fees: Fees | None = None
    """None: no fees are taken."""

    positions: Literal["one", "by_side"] = "one"
    """Of a contract there is one position, or a long and a short one side by side."""

    hedges: bool = False
    """Whether a call decides if long and short positions stand side by side."""

    leverage: int = 1
    """Of a contract whose leverage was not set."""

    cancels: tuple[str, ...] = ()
    """Failures for which an order is accepted, and canceled at once, in place of a refusal."""

    unfunded: bool = False
    """Whether an order that waits for a price locks its money only once it is triggered, unless it says otherwise."""

    exits: Literal["position"] | None = None
    """What the take-profit and stop-loss of an order close once it is filled; None where they are not simulated."""

    interest: Interest | None = None
    """What loans cost; None: nothing."""

    assumed: tuple[str, ...] = ()
    """Which of these no documentation says, and the failures whose code is a guess."""
