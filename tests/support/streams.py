"""Channels of every API, and streams against a mock exchange."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any

from tests.support.apis import APIS, Api
from tests.support.mocks import Deviations
from venues.core.channels.examples import StreamExample
from venues.core.streams.protocol import ConnectionSpec, StreamProtocol
from venues.core.streams.session import Session
from venues.core.streams.sync_session import SyncSession
from venues.hooks import Hooks, StreamNote
from venues.mock import Mock
from venues.retry import Retry

SOON = Retry(first=0.01, longest=0.05)
"""How soon tests connect again."""
PATIENCE = 20.0
"""Seconds that tests wait for what must come, on a machine that is busy with other things."""


def examples(api: Api) -> tuple[StreamExample, ...]:
    """Return the examples of an API's channels."""
    found: tuple[StreamExample, ...] = import_module(f"venues.{api.name}.streams.examples").EXAMPLES
    return found


def protocol(api: Api) -> StreamProtocol:
    """Return how an API's streams speak."""
    found: StreamProtocol = import_module(f"venues.{api.name}.streams.protocol").PROTOCOL
    return found


EXAMPLES = [(api, example) for api in APIS for example in examples(api)]


class Watching(Deviations):
    """Remembers what streams tell."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[StreamNote] = []
        self.dropped: list[int] = []

    def on_stream(self, note: StreamNote) -> None:
        self.notes.append(note)

    def on_overflow(self, api: str, channel: Any, dropped: int) -> None:
        self.dropped.append(dropped)


@asynccontextmanager
async def streams(
    api: Api, mock: Mock, *, hooks: Hooks | None = None, like: StreamProtocol | None = None, **options: Any
) -> AsyncIterator[Session]:
    """Open streams against a mock exchange; `like` replaces how they speak."""
    chosen: Any = {"base_url": mock.url, "timeout": PATIENCE, "limiter": "off", "hooks": hooks, **options}
    async with api.async_client(**{**mock.credentials, **chosen}) as client:
        opened = client.streams(reconnect=SOON)
        if like is not None:
            opened._protocol = like
        async with opened:
            yield opened


@contextmanager
def sync_streams(api: Api, mock: Mock, **options: Any) -> Iterator[SyncSession]:
    """Open the sync twin."""
    chosen: Any = {"base_url": mock.url, "timeout": PATIENCE, "limiter": "off", **options}
    with api.client(**{**mock.credentials, **chosen}) as client, client.streams(reconnect=SOON) as opened:
        yield opened


def changed(spoken: StreamProtocol, **members: Any) -> StreamProtocol:
    """Return a protocol whose connections differ in some members."""
    made: dict[str, ConnectionSpec] = {name: replace(one, **members) for name, one in spoken.connections.items()}
    return replace(spoken, connections=made)
