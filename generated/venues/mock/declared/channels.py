# Edited in templates/venues/mock/declared/channels.py; the copy in generated/ is imported.
"""What the specification says of channels: their topics, the examples of their pushes, and what these carry."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from venues.mock.declared.connections import Template
from venues.mock.declared.holders import Holder


class ChannelExample(msgspec.Struct, frozen=True):
    """A push, and the topic to which it belongs."""

    push: str
    topic: Any = None  # a string or an object; None where pushes come without a subscription


class SymbolParam(msgspec.Struct, frozen=True):
    """The parameter of a channel that names the symbol, and how a topic writes it."""

    wire: str
    case: Literal["lower", "upper"] | None = None
    suffix: str = ""


class StepParam(msgspec.Struct, frozen=True):
    """The parameter of a channel that says how long candles are."""

    wire: str
    lengths: dict[str, str]
    """Value → length, such as `15m` or `1mo`."""


class LevelsParam(msgspec.Struct, frozen=True):
    """The parameter of a channel that says how many levels a side an order book has."""

    wire: str
    counts: dict[str, int] = {}


class Numbers(msgspec.Struct, frozen=True):
    """The members of a payload that number the pushes."""

    last: str
    first: str | None = None
    previous: str | None = None
    begins: Literal["at", "after"] | None = None
    """Whether the first change after a snapshot holds the snapshot's number, or the next one."""


class Action(msgspec.Struct, frozen=True):
    """The member of a push that says whether it is the whole state or what has changed."""

    wire: str
    snapshot: str
    change: str


class EventMember(msgspec.Struct, frozen=True):
    """A member of an order that says what happened to it."""

    wire: str
    filled: str
    """What it says where a fill did."""

    amended: str | None = None
    """What it says where its owner has changed the order; None where that has no word of its own."""

    known: tuple[str, ...] = ()
    """All that it may say; some of it in the words of the order's status."""


class PushedThing(msgspec.Struct, frozen=True):
    """One kind of thing that a channel pushes, and how a push of it looks."""

    holder: Holder
    """Where a push has it, from the top of the frame."""

    push: str
    """The example, as JSON text."""

    values: dict[str, str] = {}
    """The arguments of the example, as its topic has them."""

    base: tuple[str, ...] = ()
    """Where a push has its payload."""

    times: tuple[tuple[str, ...], ...] = ()
    """Where it says when it was sent, outside of the thing."""

    beside: tuple[tuple[str, ...], ...] = ()
    """Lists of other things, which may have nothing new."""

    event: EventMember | None = None


class Carried(msgspec.Struct, frozen=True):
    """What a channel pushes of its own accord where the mock exchange remembers."""

    things: tuple[PushedThing, ...]
    shelf: str = ""
    within: str = ""
    """The market that it is about, where its connection says so."""

    choice: str | None = None
    """The parameter of its topics that says so."""

    symbol: SymbolParam | None = None
    step: StepParam | None = None
    levels: LevelsParam | None = None
    numbers: Numbers | None = None
    action: Action | None = None
    begins: bool = False
    """Whether it sends the whole state first, then what changes."""

    whole: bool = False
    """Whether each push is the whole state."""


class Channel(msgspec.Struct, frozen=True):
    """A channel, with examples of its pushes."""

    name: str
    connection: str
    topic: Template = None
    pushed: Template = None
    suffixes: dict[str, str] = {}
    """Parameter → what topics append to its value."""

    examples: tuple[ChannelExample, ...] = ()
    carried: Carried | None = None
