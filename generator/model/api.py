"""One exchange API as a whole."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.codes import ErrorCode
from generator.model.documentation import Coverage, Page, Quirk, Revision
from generator.model.limits import Limit
from generator.model.meaning import Meanings
from generator.model.operations import Group, Operation
from generator.model.signing import Signing
from generator.model.streams import Streams
from generator.model.types import Enum, Json, Struct


class Server(Record, frozen=True):
    """One environment."""

    name: str
    rest: str
    stream: str | None
    doc: str | None
    streams: dict[str, str] = field(default_factory=dict)
    """Connection → its address, where that is not `stream`."""

    def stream_of(self, connection: str) -> str | None:
        """Return the address of a kind of connection; none where the environment has no streams."""
        return self.streams.get(connection, self.stream) if self.stream else None


class Envelope(Record, frozen=True):
    """Where an answer has its code, message and payload."""

    code: str
    message: tuple[str, ...]
    data: str | None
    success: tuple[str, ...]
    base: Literal["string", "integer"]
    empty_is_missing: bool
    """Whether "" stands for an optional number, time, boolean or enum value that the exchange does not have."""
    other: dict[str, str]
    time: str | None
    """The member with the time of the answer, in milliseconds."""
    example: dict[str, Json]


class TimeSource(Record, frozen=True):
    """Where the exchange says its time."""

    operation: str
    field: str
    unit: Literal["ms", "s"]


class Symbols(Record, frozen=True):
    """Which parameters name a pair or contract, and what of it the mock exchange offers."""

    params: tuple[str, ...]
    offered: str


class Fees(Record, frozen=True):
    """What a fill costs, as a part of its value: decimals as text."""

    maker: str
    taker: str
    paid_in: Literal["quote", "received"]
    """Where coins are exchanged: always the quote coin, or the one that is received."""


class Interest(Record, frozen=True):
    """What loans cost."""

    daily: str
    """Part of the loan that is charged for a day."""

    every_ms: int
    """The period after which it is charged again."""


class TradingFacts(Record, frozen=True):
    """What words can't say of trading."""

    fees: Fees | None = None
    """None: nobody knows, and none are taken."""

    positions: Literal["one", "by_side"] = "one"
    """Of a contract there is one position, or always a long and a short one side by side."""

    leverage: int | None = None
    """Of a contract for which none was set."""

    cancels: tuple[str, ...] = ()
    """Failures for which an order is accepted, and canceled at once, in place of a refusal."""

    unfunded: bool = False
    """Whether an order that waits for a price locks its money only once it is triggered."""

    exits: Literal["position"] | None = None
    """What the exits of an order close; None where they are not simulated."""

    interest: Interest | None = None
    """What loans cost; None: nothing."""

    assumed: tuple[str, ...] = ()
    """Which of these no documentation says, and the failures whose code is a guess."""


class MarketFacts(Record, frozen=True):
    """What one market has of its own, where an API has several."""

    trading: TradingFacts = TradingFacts()
    failures: dict[str, str] = field(default_factory=dict)
    """Codes of rejected requests that differ from those of the API."""


class Half(Record, frozen=True):
    """One half of a call: the members of its answer that say what became of it."""

    result: str
    order: str


class Halves(Record, frozen=True):
    """How a call that cancels one order and places another says what became of each."""

    cancel: Half
    place: Half
    done: str
    failed: str
    untried: str
    goes_on: tuple[str, str]
    """The parameter and the value with which an order is placed even if the cancel fails."""

    some: str
    all: str
    """The codes if one of the two was done, and if neither was."""

    inside: str
    """The member that has the answer beside such a code."""


TIME_UNITS = {"ms": 1, "s": 1000}
"""Unit of a parameter that is a time → how many milliseconds it has."""


class Disconnect(Record, frozen=True):
    """That orders are canceled some time after the last connection with a subscription is gone."""

    call: str
    """Full name of the operation that sets the time."""

    product: str
    after: str
    """Its parameters."""

    usual_ms: int
    topics: dict[str, tuple[str, str]]
    """Topic → the product, and the market whose orders are canceled."""


class MockFacts(Record, frozen=True):
    """What only the mock exchange needs to know of the exchange."""

    form_or_query: tuple[str, ...] = ()
    """Methods whose parameters may stand in the query, in a form body, or in both."""

    one_with: dict[str, str] = field(default_factory=dict)
    """Full name of an operation → the parameter with which it answers one object in place of a list."""

    halves: dict[str, Halves] = field(default_factory=dict)
    """Full name of an operation that cancels one order and places another → how it says what became of each."""

    trading: TradingFacts = TradingFacts()
    disconnect: Disconnect | None = None
    """What is canceled where connections are lost."""

    markets: dict[str, MarketFacts] = field(default_factory=dict)
    """The markets in which it can trade, where an API has several."""


class Api(Record, frozen=True, dict=True):
    """One exchange API."""

    name: str
    title: str
    client: str
    summary: str
    products: tuple[str, ...]
    """What is traded."""

    deprecated: str | None
    """Why it should no longer be used; None while it is the current version."""

    servers: tuple[Server, ...]
    headers: dict[str, str]
    user_agent: str | None
    carriers: dict[str, str]
    """HTTP method → where its parameters go, if an operation does not say."""
    empty_body: Literal["none", "object"]
    # Written as `repeat`, `comma` or `json`; a parameter may say otherwise.
    list_form: str
    envelope: Envelope
    unlisted: Literal["unknown", "rejected"]
    """What a code that is not listed says of a call that must happen once."""

    signing: Signing
    clock: TimeSource | None
    limits: tuple[Limit, ...]
    default_limits: dict[str, Limit]
    pages: tuple[Page, ...]
    enums: tuple[Enum, ...]
    structs: tuple[Struct, ...]
    groups: tuple[Group, ...]
    errors: tuple[ErrorCode, ...]
    stream_errors: tuple[ErrorCode, ...]
    http_errors: tuple[ErrorCode, ...]
    coverage: tuple[Coverage, ...]
    quirks: tuple[Quirk, ...]
    history: tuple[Revision, ...]
    """What changed in the documentation, the newest first."""

    streams: Streams | None = None
    symbols: Symbols | None = None
    steps_from: Literal["zero", "minimum"] = "zero"
    market: str | None = None
    """The parameter (wire name) whose values are markets of their own, each with its symbols."""
    """From where multiples of ticks and steps are counted."""

    mock: MockFacts = field(default_factory=MockFacts)

    @cached_property
    def meanings(self) -> Meanings:
        """What its types mean, those of streams included."""
        return Meanings((*self.structs, *(self.streams.structs if self.streams else ())), self.enums)

    @cached_property
    def enums_by_name(self) -> dict[str, Enum]:
        """Its enums by name: printers look for one at each parameter."""
        return {enum.name: enum for enum in self.enums}

    @cached_property
    def structs_by_name(self) -> dict[str, Struct]:
        """Its structs by name, those of pushes aside."""
        return {struct.name: struct for struct in self.structs}

    @property
    def markets(self) -> tuple[str, ...]:
        """The values of the parameter that chooses a market; none where symbols are unique in all of the API."""
        choosing = (p.type.name for o in self.operations for p in o.params if p.wire == self.market)
        enum = next((enum for enum in self.enums if enum.name == next(choosing, None)), None)
        return tuple(str(member.value) for member in enum.members) if enum else ()

    def doing(self, verb: str, *things: str) -> tuple[Operation, ...]:
        """Return the operations that do this to one or several such things, in order."""
        return tuple(o for o in self.operations if any(o.does(verb, thing) for thing in things))

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in order."""
        return tuple(operation for group in self.groups for operation in group.operations)

    @cached_property
    def buckets(self) -> dict[str, Limit]:
        """Every bucket by name: shared ones, defaults, and those of single operations."""
        found = {limit.name: limit for limit in self.limits}
        found |= {limit.name: limit for limit in self.default_limits.values()}
        return found | {operation.full_name: operation.limit for operation in self.operations if operation.limit}
