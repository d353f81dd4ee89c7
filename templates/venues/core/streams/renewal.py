"""New snapshots: a topic is given up and subscribed to again, one topic after the other."""

from __future__ import annotations

import asyncio
import time

from venues.core.streams.outbox import Outbox
from venues.core.streams.topic import Topic
from venues.errors import ConnectionLost

PAUSE = 5.0
"""Seconds between two attempts for the same topic."""


class Renewals:
    """The topics of one connection that wait for a new snapshot."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._wanted: asyncio.Queue[Topic] = asyncio.Queue()
        self._last: dict[str, float] = {}

    def want(self, topic: Topic) -> None:
        """Get a new snapshot of a topic, soon."""
        if not topic.outdated and topic.channel.topic is not None:
            topic.outdated = True
            self._wanted.put_nowait(topic)

    async def run(self) -> None:
        """Renew what is wanted, until this is cancelled.

        Raises:
            ConnectionLost: if the exchange refuses, for then only a new connection helps.
            RequestTimeout: if it says nothing.
        """
        while True:
            topic = await self._wanted.get()
            await asyncio.sleep(self._last.get(topic.key, -PAUSE) + PAUSE - time.monotonic())
            self._last[topic.key] = time.monotonic()
            if topic.listeners and topic.outdated:
                await self._renew(topic)

    async def _renew(self, topic: Topic) -> None:
        topic.hold()
        await self._outbox.ask("unsubscribe", [topic])
        refused = await self._outbox.ask("subscribe", [topic], topic.begin)
        for error in refused.values():
            raise ConnectionLost(f"{topic.channel!r} was not subscribed to again: {error}")
