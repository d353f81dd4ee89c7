"""Channels: what one subscribes to, what it pushes, and how a book is kept from it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.deeds import Shelf
from generator.model.documentation import Page, Quirk
from generator.model.types import Json, Param, Type


class Sequence(Record, frozen=True):
    """Members that number pushes, by their wire names."""

    last: str
    first: str | None = None
    previous: str | None = None
    step: int | None = None
    grows: bool = False
    resubscribe: bool = False
    joins: bool = False
    """Whether a gap is healed by a snapshot that is asked for."""


class BookArguments(Record, frozen=True):
    """Which arguments of a channel give an order book, by wire names; all others are the symbol or not needed."""

    depth: str | None = None
    """The parameter that says how many levels a side come."""

    depths: dict[int, Json] = field(default_factory=dict)
    """Number of levels → its value."""

    constants: dict[str, Json] = field(default_factory=dict)
    """Another parameter → its value."""


class BookJoin(Record, frozen=True):
    """The snapshot that changes of an order book continue."""

    operation: str
    at: str
    """The member of the answer that numbers its last change, by its wire name."""

    begins: Literal["at", "after"]
    params: dict[str, str] = field(default_factory=dict)
    """Parameter of the operation → parameter of the channel."""

    constants: dict[str, Json] = field(default_factory=dict)
    """Another parameter of the operation → its value."""

    levels: int | None = None
    """How many levels a side it has at most."""


class ChannelParam(Record, frozen=True):
    """One parameter of a channel: as those of operations, and how the topic wants it."""

    param: Param
    case: Literal["lower", "upper"] | None = None
    suffix: str | None = None

    @property
    def wire(self) -> str:
        """The exchange's word."""
        return self.param.wire


class ChannelExample(Record, frozen=True):
    """A push, and the parameters of the subscription that gets it."""

    params: dict[str, Json]
    push: Json


class Channel(Record, frozen=True):
    """Something that can be subscribed to."""

    name: str
    class_name: str
    summary: str
    doc: str | None
    connection: str
    """The connection that carries it; the first of several."""

    topic: Json
    pushed: Json
    params: tuple[ChannelParam, ...]
    payload: Type | None
    at: str | None
    """Where a payload says what it is, if there are several types."""

    events: dict[str, Type]
    # Decides what a gap means: after a lost change the book is wrong until the next snapshot.
    delivers: Literal["snapshot", "change", "snapshot_then_change"]
    every: str | None
    sequence: Sequence | None
    examples: tuple[ChannelExample, ...]
    quirks: tuple[Quirk, ...]
    page: Page
    heading: str
    book: BookArguments | None = None
    join: BookJoin | None = None
    shelf: Shelf = field(default_factory=Shelf)
    """Where the things that it carries are listed and found."""

    chosen_by: str | None = None
    """The parameter (wire name) whose value is the connection, where there are several."""

    connections: tuple[str, ...] = ()
    """Every connection that can carry it."""

    @property
    def types(self) -> tuple[Type, ...]:
        """The types of payload that it carries."""
        # A dict in place of a set keeps the order of the spec, and so the same output for the same input.
        return (self.payload,) if self.payload else tuple(dict.fromkeys(self.events.values()))

    @property
    def event_class(self) -> str:
        """The class of its events."""
        return f"{self.class_name}Event"
