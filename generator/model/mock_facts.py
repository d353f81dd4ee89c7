"""What only the mock exchange needs to know of an exchange, and what no word of its operations can say."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record
from msgspec import field


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
    """None: unknown, and none are charged."""

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
    """One half of a call: the members of its answer that give its outcome."""

    result: str
    order: str


class Halves(Record, frozen=True):
    """How a call that cancels one order and places another reports the outcome of each."""

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
    """Full name of an operation that cancels one order and places another → how it reports the outcome of each."""

    trading: TradingFacts = TradingFacts()
    disconnect: Disconnect | None = None
    """What is canceled where connections are lost."""

    markets: dict[str, MarketFacts] = field(default_factory=dict)
    """The markets in which it can trade, where an API has several."""
