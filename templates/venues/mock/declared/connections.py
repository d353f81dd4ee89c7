# Edited in templates/venues/mock/declared/connections.py; the copy in generated/ is imported.
"""What the specification says of connections: frames, logins, listen keys, heartbeats and limits."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

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
