"""What streams.yaml says, decided. Frames stay as templates: JSON with placeholders."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.documentation import Page, Quirk
from generator.model.operations import Shelf
from generator.model.signing import Scheme
from generator.model.types import Json, Param, Struct, Type

Frames = dict[str, tuple[Json, ...]]
"""What a frame means → how it may look."""


class Message(Record, frozen=True):
    """A message of a heartbeat."""

    kind: Literal["text", "json", "protocol"]
    value: Json


class Beat(Record, frozen=True):
    """One side's heartbeat."""

    send: Message
    every_ms: int
    answer: Message | None
    within_ms: int | None


class Heartbeat(Record, frozen=True):
    """How both sides know that the other lives."""

    silence_ms: int
    client: Beat | None = None
    server: Beat | None = None


class Rate(Record, frozen=True):
    """So many in so long a time."""

    calls: int
    per_ms: int


class StreamLimits(Record, frozen=True):
    """What one connection may carry."""

    messages: Rate | None = None
    subscriptions: Rate | None = None
    # In the spec: topics_per_connection, topics_per_frame and bytes_per_frame.
    streams: int | None = None
    topics: int | None = None
    bytes: int | None = None
    connections: int | None = None
    life_ms: int | None = None
    idle_ms: int | None = None
    reconnects: Rate | None = None


class LoginVector(Record, frozen=True):
    """A worked example of a login."""

    name: str
    origin: str
    scheme: str
    credentials: dict[str, str]
    time: int
    nonce: str | None
    text: str
    signature: str | None


class Login(Record, frozen=True):
    """A frame that proves who we are."""

    send: Json
    time: Literal["text", "number"]
    accepted: tuple[Json, ...]
    refused: tuple[Json, ...]
    window_ms: int | None
    schemes: tuple[Scheme, ...]
    failures: dict[str, str]
    wrong_credentials: dict[str, str]
    """Credential → the code of a login where it is wrong."""

    vectors: tuple[LoginVector, ...]


class Call(Record, frozen=True):
    """A REST operation and the parameters (wire names) that hold the listen key."""

    operation: str
    params: tuple[str, ...] = ()


class ListenKey(Record, frozen=True):
    """A key for one account's stream."""

    create: Call
    wire: str
    """The member of the answer that is the key, by its wire name."""

    name: str
    """The same, by ours."""

    keep: Call | None
    every_ms: int | None
    delete: Call | None
    life_ms: int
    expired: tuple[Json, ...]


class Token(Record, frozen=True):
    """Another way in."""

    credential: str
    path: str


class Connection(Record, frozen=True):
    """One kind of connection."""

    name: str
    doc: str
    path: str
    send: dict[str, Json]
    receive: Frames
    heartbeat: Heartbeat | None
    limits: StreamLimits
    login: Login | None
    listen_key: ListenKey | None
    token: Token | None
    ready: tuple[Json, ...]

    @property
    def private(self) -> bool:
        """Whether it needs credentials."""
        return bool(self.login or self.listen_key or self.token)


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


class Command(Record, frozen=True):
    """A frame of the client, and its answer."""

    send: Json
    answer: Json


class Combined(Record, frozen=True):
    """How a client chooses whether pushes name their topic."""

    raw: Json
    """A push that does not; `receive.push` is one that does."""

    set: Command | None
    get: Command | None


class MockAddress(Record, frozen=True):
    """One more address that the exchange accepts; only the mock exchange uses it."""

    path: str
    connection: str
    separator: str
    combined: bool


class MockLogin(Record, frozen=True):
    """One more form of a connection's login; only the mock exchange uses it."""

    connection: str
    send: Json
    text: tuple[str, ...]
    """The text to sign, in the words of the spec."""


class MockCommand(Record, frozen=True):
    """A frame that our client never sends, and its answer; only the mock exchange uses it."""

    connection: str
    send: Json
    answer: Json
    ends_login: bool
    """Whether pushes end that need a login."""
    then: Json
    """What is pushed if that ended something; None for nothing."""


class TimeUnits(Record, frozen=True):
    """How an address says in which unit times are pushed."""

    query: str
    ms: str
    us: str


class Streams(Record, frozen=True):
    """The streams of one API."""

    doc: str
    compression: Literal["none", "gzip"]
    ids: Literal["integer", "string"]
    snapshot: tuple[str, ...]
    refusal: str
    connections: tuple[Connection, ...]
    channels: tuple[Channel, ...]
    structs: tuple[Struct, ...]
    quirks: tuple[Quirk, ...] = field(default=())
    combined: Combined | None = None
    addresses: tuple[MockAddress, ...] = ()
    frame_codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Connection → why a frame is refused → its code; only the mock exchange uses it."""
    logins: tuple[MockLogin, ...] = ()
    commands: tuple[MockCommand, ...] = ()
    without_ids: bool = False
    """Whether the exchange accepts frames without an id; only the mock exchange uses it."""
    time_unit: TimeUnits | None = None

    def connection(self, name: str) -> Connection:
        """Return a connection by name."""
        return next(connection for connection in self.connections if connection.name == name)

    def logins_of(self, connection: Connection) -> tuple[MockLogin, ...]:
        """Return further forms of a connection's login."""
        return tuple(one for one in self.logins if one.connection == connection.name)

    @property
    def types(self) -> tuple[Type, ...]:
        """The types that channels use: of payloads, and of parameters."""
        return tuple(
            typed
            for channel in self.channels
            for typed in (*channel.types, *(param.param.type for param in channel.params))
        )
