"""Connections of streams: addresses, logins, keys, heartbeats and limits."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record

from generator.model.signing import Scheme
from generator.model.types import Json

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
