# Edited in templates/venues/mock/declared/streams.py; the copy in generated/ is imported.
"""The part of the specification about streams, as the mock exchange reads it from `mock.json`."""

from __future__ import annotations

import msgspec

from venues.mock.declared.channels import Channel
from venues.mock.declared.connections import Connection, Template


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
