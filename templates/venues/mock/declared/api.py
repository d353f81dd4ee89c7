# Edited in templates/venues/mock/declared/api.py; the copy in generated/ is imported.
"""The specification as the mock exchange reads it, from `mock.json`: the names are those of the generator's model.

Read with types, so that a declaration that lacks something fails at the start and not in the middle of a test.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache, cached_property
from statistics import mode
from typing import Any, Literal

import msgspec

from venues.catalog import declarations
from venues.mock.declared.conditions import Condition
from venues.mock.declared.signing import Placement, Scheme
from venues.mock.declared.streams import Streams
from venues.mock.declared.things import Orders, Things, Trading, Wallet

Failure = Literal[
    "missing_key",
    "unknown_key",
    "wrong_credential",
    "missing_signature",
    "wrong_signature",
    "missing_time",
    "wrong_time",
    "missing_param",
    "wrong_param",
    "unknown_symbol",
    "unknown_path",
    "too_many",
    "replayed",
    "duplicate_client_id",
    "unknown_order",
    "missing",
    "wrong_key",
    "insufficient_balance",
    "off_tick",
    "off_step",
    "price_too_low",
    "price_too_high",
    "quantity_too_low",
    "quantity_too_high",
    "value_too_low",
    "value_too_high",
    "too_many_orders",
    "no_position",
    "would_take",
    "would_trigger",
    "no_market",
    "wrong_position_side",
]
"""Why a request or a login is refused; the specification has codes for these words."""

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
    disconnect: Disconnect | None = None
    """What it sets of what becomes of orders whose owner is no longer connected."""

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


class Envelope(msgspec.Struct, frozen=True):
    """The members of an answer that hold its code, its message and its payload."""

    code: str
    message: tuple[str, ...]
    success: tuple[str, ...]
    data: str | None = None
    base: Literal["string", "integer"] = "string"
    time: str | None = None
    example: dict[str, Any] = {}  # JSON


class ErrorCode(msgspec.Struct, frozen=True):
    """An error code, and its meaning."""

    kind: str
    message: str
    http: int = 200
    unknown: bool = False


class Symbols(msgspec.Struct, frozen=True):
    """Which parameters name a symbol, and a pattern of the symbols that exist."""

    params: tuple[str, ...]
    offered: str


class TimeSource(msgspec.Struct, frozen=True):
    """The operation that returns the exchange's time."""

    operation: str
    field: str
    unit: Literal["ms", "s"]


class Market(msgspec.Struct, frozen=True):
    """One of several markets: what can be traded there, and how."""

    instruments: dict[str, dict[str, str]] = {}
    wallets: dict[str, Wallet] = {}
    trading: Trading = Trading()
    failures: dict[str, str] = {}
    """Codes that differ from those of the API."""


class Api(msgspec.Struct, frozen=True, dict=True):
    """One exchange API."""

    name: str
    title: str
    envelope: Envelope
    operations: tuple[Operation, ...]
    credentials: dict[str, str] = {}
    window_ms: int | None = None
    ahead_ms: int | None = None
    window_param: str | None = None
    key: tuple[Placement, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    failures: dict[str, str] = {}
    """Name of a failure → its code; one that means several things stands before the message that narrows it."""
    wrong_credentials: dict[str, str] = {}
    """Credential beside the key → the code with which a wrong one is refused."""
    single_use: str | None = None
    symbols: Symbols | None = None
    errors: dict[str, ErrorCode] = {}
    enums: dict[str, tuple[str, ...]] = {}
    structs: dict[str, Struct] = {}
    clock: TimeSource | None = None
    instruments: dict[str, dict[str, str]] = {}
    """Symbol → what the examples say of it: `step price`, `min value`; `market` before it where it is for market orders."""
    wallets: dict[str, Wallet] = {}
    trading: Trading = Trading()
    market: str | None = None
    """The parameter whose values are the markets, where there are several."""
    markets: dict[str, Market] = {}
    """Those of them in which can be traded."""
    streams: Streams | None = None

    def in_market(self, name: str) -> Api:
        """Return the API as it is in one of its markets."""
        own = self.markets[name]
        return msgspec.structs.replace(
            self,
            operations=tuple(operation.in_market(name) for operation in self.operations),
            instruments=own.instruments,
            wallets=own.wallets,
            trading=own.trading,
            failures=self.failures | own.failures,
        )

    @cached_property
    def usual_status(self) -> int:
        """The HTTP status that most codes are sent with."""
        # For codes that a test makes up: the most common status is the most realistic one.
        return mode(code.http for code in self.errors.values()) if self.errors else 400

    @cached_property
    def by_name(self) -> dict[str, Operation]:
        """Group and name → operation."""
        return {operation.full_name: operation for operation in self.operations}

    @cached_property
    def _routes(self) -> tuple[tuple[str, re.Pattern[str], Operation], ...]:
        # In the order of the specification: /orders/{id} would also match /orders/open, so the first one counts.
        return tuple((o.method, _pattern(o.path), o) for o in self.operations)

    def find(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
        """Return the operation of a method and path, and the values in the path; None if there is none."""
        return next(iter(self.candidates(method, path)), None)

    @cached_property
    def _known(self) -> dict[tuple[str, str], tuple[Candidate, ...]]:
        # Each call asks several times, and most paths hold no values.
        fixed = {(o.method, o.path) for o in self.operations if "{" not in o.path}
        return {route: tuple(self._matching(*route)) for route in fixed}

    def candidates(self, method: str, path: str) -> tuple[Candidate, ...]:
        """Return every operation of a method and path; constants tell those apart that share one."""
        known = self._known.get((method, path))
        return known if known is not None else tuple(self._matching(method, path))

    def _matching(self, method: str, path: str) -> Iterator[Candidate]:
        for at, pattern, operation in self._routes:
            found = pattern.fullmatch(path) if at == method else None
            if found:
                names = re.findall(r"\{(.+?)\}", operation.path)
                yield operation, dict(zip(names, found.groups(), strict=True))


def _pattern(path: str) -> re.Pattern[str]:
    # Split at the placeholders, because what is between them may hold signs with a meaning in patterns.
    parts = re.split(r"\{.+?\}", path)
    return re.compile("([^/]+)".join(map(re.escape, parts)))


_reading = threading.Lock()
"""msgspec (0.22) crashes where two threads use a struct for the first time at once; the runtime has the same guard."""


def load_api(api: str) -> Api:
    """Return the declarations of an API, which are read once in a process: nobody changes them.

    Raises:
        UnknownApi: if there is none of that name.
    """
    with _reading:
        return _read_api(api)


@cache
def _read_api(api: str) -> Api:
    # A bot's tests make a mock exchange for each test, and reading takes longer than everything else of that.
    return msgspec.json.decode(declarations(api), type=Api)
