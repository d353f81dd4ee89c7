"""Channels of every API, and streams against a mock exchange."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any, Self
from unittest.mock import patch

from aiohttp import web

from tests.support.apis import APIS, Api
from tests.support.mocks import Deviations
from tests.support.waiting import PATIENCE, in_time, no_wait_in_vain
from venues.core.channels.examples import StreamExample
from venues.core.streams.protocol import ConnectionSpec, StreamProtocol
from venues.core.streams.session import Session
from venues.core.streams.subscription import Subscription
from venues.core.streams.sync_session import SyncSession
from venues.hooks import Hooks, Received, Sent, StreamNote
from venues.mock import Mock
from venues.retry import Retry

SOON = Retry(first=0.01, longest=0.05)
"""How soon tests connect again."""
BRIEF = 0.05
"""Seconds that a client waits for what a mock exchange never says."""


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
        self._answers: list[str] = []
        self._noted = asyncio.Event()

    def on_response(self, sent: Sent, received: Received) -> None:
        self._answers.append(sent.operation)
        self._noted.set()

    def on_stream(self, note: StreamNote) -> None:
        self.notes.append(note)
        self._noted.set()

    def on_overflow(self, api: str, channel: Any, dropped: int) -> None:
        self.dropped.append(dropped)

    async def told(self, what: str, times: int = 1) -> None:
        """Return when something was told so many times; for hooks of the loop that waits."""
        await self._until(lambda: times <= sum(note.what == what for note in self.notes))

    async def answered(self, operation: str, times: int) -> None:
        """Return when a REST call was answered so many times."""
        await self._until(lambda: times <= self._answers.count(operation))

    async def _until(self, met: Callable[[], bool]) -> None:
        while not met():
            self._noted.clear()
            await self._noted.wait()


def shorten(opened: Session) -> None:
    """Let streams wait no longer than `BRIEF` from now on."""
    object.__setattr__(opened._pool.context, "timeout", BRIEF)


class Brief(Watching):
    """Lets streams wait no longer than `BRIEF` as soon as they are connected: connecting may take its time."""

    opened: Session

    def on_stream(self, note: StreamNote) -> None:
        super().on_stream(note)
        if note.what == "open":
            shorten(self.opened)


@asynccontextmanager
async def streams(
    api: Api,
    mock: Mock,
    *,
    hooks: Hooks | None = None,
    like: StreamProtocol | None = None,
    seconds: float = PATIENCE,
    **options: Any,
) -> AsyncIterator[Session]:
    """Open streams against a mock exchange.

    Args:
        api: The API.
        mock: Its mock exchange.
        hooks: Are told what happens.
        like: Replaces how the streams speak.
        seconds: How long everything inside may take before the test fails, and says what came.
        **options: Those of the client.
    """
    chosen: Any = {"base_url": mock.url, "timeout": PATIENCE, "limiter": "off", "hooks": hooks, **options}
    with Seen(mock, hooks) as seen:
        async with in_time(seen.describe, seconds), api.async_client(**{**mock.credentials, **chosen}) as client:
            opened = client.streams(reconnect=SOON)
            if like is not None:
                opened._protocol = like
            if isinstance(hooks, Brief):
                hooks.opened = opened
            async with opened:
                yield opened


@contextmanager
def sync_streams(api: Api, mock: Mock, **options: Any) -> Iterator[SyncSession]:
    """Open the sync twin."""
    chosen: Any = {"base_url": mock.url, "timeout": PATIENCE, "limiter": "off", **options}
    with (
        Seen(mock, options.get("hooks")) as seen,
        no_wait_in_vain(seen.describe),
        api.client(**{**mock.credentials, **chosen}) as client,
        client.streams(reconnect=SOON) as opened,
    ):
        yield opened


class Seen:
    """What both sides saw of each other, for whoever waited in vain."""

    def __init__(self, mock: Mock, hooks: Hooks | None) -> None:
        self._floor = mock.streams
        self._hooks = hooks
        self._events: deque[object] = deque(maxlen=5)

    def __enter__(self) -> Self:
        real, events = Subscription.__anext__, self._events

        async def following(subscription: Subscription[Any]) -> Any:
            events.append(found := await real(subscription))
            return found

        self._patch = patch.object(Subscription, "__anext__", following)
        self._patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.stop()

    def describe(self) -> str:
        """Say it, the last of each."""
        floor, notes = self._floor, self._hooks.notes if isinstance(self._hooks, Watching) else []
        lines = [
            f"the consumer got last: {[*map(repr, self._events)] or 'nothing'}",
            f"the exchange received last: {floor.frames[-5:] or 'nothing'}",
            f"it has {floor.connected} of {floor.opened} connections, subscribed to {floor.topics or 'nothing'}",
            *(f"{note.connection}: {note.what} {note.detail}" for note in notes[-5:]),
        ]
        return "\n".join(lines)


def changed(spoken: StreamProtocol, **members: Any) -> StreamProtocol:
    """Return a protocol whose connections differ in some members."""
    made: dict[str, ConnectionSpec] = {name: replace(one, **members) for name, one in spoken.connections.items()}
    return replace(spoken, connections=made)


@asynccontextmanager
async def serving(answer: Any) -> AsyncIterator[str]:
    """Serve one handler on this machine; give its address."""
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield site.name.removeprefix("http://")
    finally:
        await runner.cleanup()
