# Edited in templates/venues/core/streams/protocol.py; the copy in generated/ is imported.
"""What a client knows about the streams of one API; made from its specification. Times are in seconds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from venues.core.answer.envelope import ErrorCode
from venues.core.channels.channel import Channel
from venues.core.values.secrets import Secret
from venues.errors import ApiError

Template = Any  # JSON with placeholders
Frames = Mapping[str, tuple[Template, ...]]
"""What a frame means → how it may look."""


@dataclass(frozen=True)
class Message:
    """A message of a heartbeat."""

    kind: Literal["text", "json", "protocol"]
    value: Template


@dataclass(frozen=True)
class Beat:
    """One side's heartbeat."""

    send: Message
    every: float
    answer: Message | None = None


@dataclass(frozen=True)
class HeartbeatSpec:
    """How both sides know that the other lives."""

    silence: float
    """A connection on which nothing was received for so long is dead."""
    client: Beat | None = None
    """What we send."""
    server: Beat | None = None
    """What the server sends, and what we answer."""


@dataclass(frozen=True)
class Rate:
    """So many in so long a time."""

    calls: int
    per: float


@dataclass(frozen=True)
class Limits:
    """What one connection may carry."""

    messages: Rate | None = None
    subscriptions: Rate | None = None
    streams: int | None = None
    topics: int | None = None
    size: int | None = None
    """Bytes of one subscribe frame."""
    connections: int | None = None
    life: float | None = None
    idle: float | None = None
    """Seconds after which the exchange ends a connection without topics."""
    reconnects: Rate | None = None
    """How many lost connections may be replaced."""


class LoginRule(ABC):
    """One way to sign a login, with its credentials."""

    name: ClassVar[str]
    credentials: ClassVar[tuple[str, ...]]
    """The credentials it needs."""

    @abstractmethod
    def __init__(self, given: Mapping[str, Secret]) -> None:
        """Parse the credentials."""

    @abstractmethod
    def __call__(self, milliseconds: int) -> dict[str, str]:
        """Return what the placeholders of the frame stand for, credentials aside."""


@dataclass(frozen=True)
class Login:
    """A frame that proves who we are."""

    send: Template
    schemes: tuple[type[LoginRule], ...]
    time: Literal["text", "number"] = "text"
    accepted: tuple[Template, ...] = ()
    refused: tuple[Template, ...] = ()


@dataclass(frozen=True)
class Call:
    """A REST operation, and its parameters (wire names) that hold the listen key."""

    operation: str
    params: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListenKey:
    """A key for one account's stream, made by REST."""

    create: Call
    field: str
    life: float
    keep: Call | None = None
    every: float | None = None
    delete: Call | None = None
    expired: tuple[Template, ...] = ()


@dataclass(frozen=True)
class Token:
    """Another way in, by a credential in the address."""

    credential: str
    path: str


@dataclass(frozen=True)
class ConnectionSpec:
    """One kind of connection."""

    name: str
    path: str = ""
    send: Mapping[str, Template] = field(default_factory=dict)
    receive: Frames = field(default_factory=dict)
    heartbeat: HeartbeatSpec | None = None
    limits: Limits = Limits()
    login: Login | None = None
    listen_key: ListenKey | None = None
    token: Token | None = None
    ready: tuple[Template, ...] = ()
    events: frozenset[str] = frozenset()
    """What payloads say that they are, over all channels of this kind of connection."""


@dataclass(frozen=True)
class StreamProtocol:
    """The streams of one API."""

    connections: Mapping[str, ConnectionSpec]
    codes: Callable[[], Mapping[str, ErrorCode]]
    refusal: type[ApiError]
    """What a refusal is whose code the specification does not list."""
    time_unit: tuple[str, str, str] | None = None
    """A name in the query of addresses, and its values for milliseconds and microseconds, where there is a choice."""
    gzip: bool = False
    text_ids: bool = False
    snapshot: frozenset[str] = frozenset()
    """What `{action}` says of a push that is the whole state."""
    books: Callable[[], tuple[type[Channel[Any]], ...]] = tuple
    """Returns the channels that give order books."""
