# Edited in templates/venues/mock/declared/streams.py; the copy in generated/ is imported.
"""The part of the specification about streams, as the mock exchange reads it from `mock.json`."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from venues.mock.declared.holders import Holder
from venues.mock.declared.signing import Scheme

# Placeholders may stand anywhere, so a frame has no type of its own.
Template = Any  # JSON with placeholders


class Message(msgspec.Struct, frozen=True):
    """A message of a heartbeat."""

    kind: Literal["text", "json", "protocol"]
    value: Template


class Beat(msgspec.Struct, frozen=True):
    """The heartbeat of one side: what it sends and how often, and what the other side answers."""

    send: Message
    every_ms: int
    answer: Message | None = None
    # Only the mock needs it: it ends the connection of a client that does not answer in time.
    within_ms: int | None = None


class FurtherLogin(msgspec.Struct, frozen=True):
    """Another form of a login frame."""

    send: Template
    schemes: tuple[Scheme, ...]


class Login(msgspec.Struct, frozen=True):
    """The frame with which a client logs in, and the answers to it."""

    send: Template
    accepted: Template
    refused: Template
    schemes: tuple[Scheme, ...]
    window_ms: int | None = None
    failures: dict[str, str] = {}
    wrong_credentials: dict[str, str] = {}
    """Credential beside the key → the code with which a wrong one is refused."""
    further: tuple[FurtherLogin, ...] = ()

    @property
    def forms(self) -> tuple[Login | FurtherLogin, ...]:
        """All forms of the frame, with the ways to sign each."""
        return (self, *self.further)


class ListenKey(msgspec.Struct, frozen=True):
    """Listen keys: made by a REST call, part of the address, and alive for a time."""

    create: str
    wire: str
    life_ms: int
    keep: str | None = None
    delete: str | None = None
    expired: Template = None


class Connection(msgspec.Struct, frozen=True):
    """One kind of connection."""

    name: str
    path: str = ""
    token: str | None = None
    send: dict[str, Template] = {}
    receive: dict[str, Template] = {}
    ready: Template = None
    client: Beat | None = None
    server: Beat | None = None
    messages: tuple[int, int] | None = None
    subscriptions: tuple[int, int] | None = None
    streams: int | None = None
    bytes: int | None = None
    life_ms: int | None = None
    codes: dict[str, str] = {}
    """Why a frame is refused → its code."""
    login: Login | None = None
    listen_key: ListenKey | None = None


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


class Command(msgspec.Struct, frozen=True):
    """A frame of the client, and its answer."""

    send: Template
    answer: Template


class FurtherCommand(msgspec.Struct, frozen=True):
    """A frame that is neither a subscription nor a login, and its answer."""

    connection: str
    send: Template
    answer: Template
    ends_login: bool = False
    """Whether pushes end that need a login."""
    then: Template = None
    """What is pushed if that ended something."""


class Combined(msgspec.Struct, frozen=True):
    """How a client chooses whether pushes name their topic."""

    raw: Template
    """A push that does not; the connection's `push` is one that does."""
    set: Command | None = None
    get: Command | None = None


class MockAddress(msgspec.Struct, frozen=True):
    """One more address that the exchange accepts, beside those of the connections."""

    path: str
    connection: str
    separator: str
    combined: bool


class TimeUnits(msgspec.Struct, frozen=True):
    """How an address says in which unit times are pushed."""

    query: str
    ms: str
    us: str
    times: tuple[str, ...] = ()
    """Members of pushes that are times."""


class Streams(msgspec.Struct, frozen=True):
    """The streams of one API."""

    connections: tuple[Connection, ...]
    channels: tuple[Channel, ...]
    unknown_topic: str
    too_many: str
    path: str = ""
    combined: Combined | None = None
    commands: tuple[FurtherCommand, ...] = ()
    addresses: tuple[MockAddress, ...] = ()
    time_unit: TimeUnits | None = None
    gzip: bool = False
    number_codes: bool = False
    """Whether frames have codes as numbers, as the answers of REST have."""
    text_ids: bool = False
    snapshot: str | None = None
    errors: dict[str, str] = {}

    def written_code(self, code: str) -> int | str:
        """Return a code as frames have it."""
        return int(code) if self.number_codes and code.lstrip("-").isdecimal() else code
