"""What streams.yaml says, decided. Frames stay as templates: JSON with placeholders."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.channels import Channel
from generator.model.connections import Connection
from generator.model.documentation import Quirk
from generator.model.types import Json, Struct, Type


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
