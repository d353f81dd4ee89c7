# Edited in templates/venues/core/streams/push_watch.py; the copy in generated/ is imported.
"""Waits for pushes that another consumer takes, to learn only that something has happened."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator

from venues.core.streams.pool import ConnectionPool
from venues.core.streams.topic import Topic


def count_pushes(pool: ConnectionPool, names: Collection[str]) -> int | None:
    """Return how many pushes have come through channels of these names; None where none is subscribed to."""
    topics = list(_topics(pool, names))
    return sum(topic.pushes for topic in topics) if topics else None


async def wait_push(pool: ConnectionPool, names: Collection[str], before: int, seconds: float) -> None:
    """Wait until more pushes have come than before, but no longer than so many seconds."""
    watcher, topics = asyncio.Event(), list(_topics(pool, names))
    for topic in topics:
        topic.watchers.add(watcher)
    try:
        async with asyncio.timeout(seconds):
            while count_pushes(pool, names) == before:
                watcher.clear()
                await watcher.wait()
    except TimeoutError:
        return
    finally:
        for topic in topics:
            topic.watchers.discard(watcher)


def _topics(pool: ConnectionPool, names: Collection[str]) -> Iterator[Topic]:
    for supervisor in list(pool):
        yield from (topic for topic in list(supervisor.topics.values()) if topic.channel.SPEC.name in names)
