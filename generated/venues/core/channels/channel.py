# Edited in templates/venues/core/channels/channel.py; the copy in generated/ is imported.
"""Channels, and what comes through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

import msgspec

from venues.core.channels.book_rule import BookRule
from venues.core.channels.topics import TopicParam, fill_topic, key_of, write_arguments
from venues.core.values.checks import check_arguments
from venues.errors import ApiError

E_co = TypeVar("E_co", covariant=True)
C = TypeVar("C")
D = TypeVar("D")

Reason = Literal["disconnected", "silence", "expired", "life", "sequence", "overflow", "unreadable", "failed"]
"""Why something may have been missed; see `Gap.reason`."""


# `gc=False`: events hold no circles, and collecting millions of them would interrupt the program.
class Event(msgspec.Struct, Generic[C, D], frozen=True, gc=False):
    """A push of a channel."""

    channel: C
    """The channel."""
    data: D
    """The payload."""
    snapshot: bool
    """Whether this is the whole state, rather than a change."""
    time: int | None
    """The exchange's time of the push, in milliseconds since 1970, where it has one beside the payload."""
    received: int
    """When it arrived here, in milliseconds since 1970."""


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Something may have been missed between the events before this and those after it."""

    channel: Channel[Any]
    """The channel."""
    reason: Reason
    """Why something may have been missed.

    - `disconnected`, `silence`: the connection was lost.
    - `expired`: the listen key has expired.
    - `life`: the API ends connections of this age; another one took over, but nothing proves that it missed nothing.
    - `sequence`: the exchange's numbers have a hole.
    - `overflow`: you were too slow, and chose to lose events.
    - `unreadable`: a push could not be read, or a frame so broken that its channel is unknown.
    - `failed`: the exchange pushed an error instead of data; see `error`.
    """
    last: int | None = None
    """The number or version of the last push before the gap, where the API has one."""
    next: int | None = None
    """The number or version of the first push after it, where that is known already."""
    missed: int | None = None
    """How many events were lost, where that is known."""
    error: ApiError | None = None
    """The exchange's error, where `reason` is `failed`."""
    at: int = 0
    """When it was noticed, in milliseconds since 1970."""


class UnknownEvent(msgspec.Struct, frozen=True):
    """A push of a kind that the specification does not list."""

    channel: Channel[Any]
    """The channel."""
    kind: str
    """What the exchange calls it."""
    data: Any
    """The payload, as JSON."""


@dataclass(frozen=True)
class Numbering:
    """Attributes of a payload by which pushes are numbered; specs/README.md explains them."""

    last: str
    first: str | None = None
    previous: str | None = None
    step: int | None = None
    grows: bool = False
    resubscribe: bool = False


@dataclass(frozen=True, eq=False)
class ChannelSpec:
    """What a client knows about a channel."""

    api: str
    """Name of the API that has it."""
    name: str
    connection: str
    """The kind of connection that carries it; the first of several."""
    event: type[Event[Any, Any]]
    topic: Any = None  # a text or an object of texts; None where nothing is to be subscribed to
    pushed: Any = None
    params: tuple[TopicParam, ...] = ()
    payload: Any = None  # a type
    at: tuple[str, ...] = ()
    """Where a payload says of which kind it is, if there are several types."""
    events: Mapping[str, Any] = field(default_factory=dict)
    lax: bool = False
    """Whether numbers arrive inside strings."""
    also: tuple[str, ...] = ()
    """Other names that members of the data may have; their structs say whose."""
    empty_is_missing: bool = False
    """Whether "" stands for an optional number, time, boolean or enum value that the exchange does not have."""
    delivers: Literal["snapshot", "change", "snapshot_then_change"] = "change"
    sequence: Numbering | None = None
    book: BookRule | None = None
    """How it gives an order book, if it does."""
    chosen_by: str | None = None
    """The parameter (wire name) whose value is the kind of connection, where there are several."""
    connections: tuple[str, ...] = ()
    """These kinds of connection."""


class Channel(Generic[E_co]):
    """Something that can be subscribed to; two with the same arguments are equal."""

    SPEC: ClassVar[ChannelSpec]
    __slots__ = ("_given", "connection", "key", "pushed_key", "topic")

    def __new__(cls, *unnamed: object, **given: object) -> Self:
        """Say which argument was meant, before Python says only which one is not known."""
        check_arguments(cls.__init__, given, unnamed=len(unnamed))
        return super().__new__(cls)

    def __init__(self, arguments: Mapping[str, object]) -> None:
        spec = self.SPEC
        values = write_arguments(spec.params, arguments)
        # For `repr` only, as the caller wrote them; the topic has them in the exchange's form.
        self._given = {each.param.name: arguments[each.param.wire] for each in spec.params}
        self.connection: str = values[spec.chosen_by] if spec.chosen_by else spec.connection
        """The kind of connection that carries it."""
        self.topic: object = fill_topic(spec.topic, values)
        """The exchange's name of what is subscribed to."""
        self.key: str = spec.name if spec.topic is None else key_of(self.topic)
        self.pushed_key: str = key_of(fill_topic(spec.pushed, values)) if spec.pushed is not None else self.key

    @property
    def api(self) -> str:
        """The API that has it; its events are in `venues.<api>.streams.events`."""
        return self.SPEC.api

    @property
    def arguments(self) -> Mapping[str, object]:
        """What it was made with, by Python name; None where an argument was not given."""
        return self._given

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self._given.items() if value is not None)
        return f"{type(self).__name__}({given})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Channel) or type(self) is not type(other):
            return False
        return (self.key, self.connection) == (other.key, other.connection)

    def __hash__(self) -> int:
        return hash((type(self), self.key, self.connection))
