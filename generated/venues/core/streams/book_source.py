# Edited in templates/venues/core/streams/book_source.py; the copy in generated/ is imported.
"""What order books need of the streams that they are kept from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from venues.core.channels.channel import Channel
from venues.core.streams.address import Ask
from venues.core.streams.pool import ConnectionPool
from venues.errors import ConnectionLost


class BookSource:
    """The connections of a session, as the keeper of a book sees them."""

    def __init__(self, pool: ConnectionPool, ask: Ask) -> None:
        self._pool = pool
        self._ask = ask

    async def wait_live(self, channel: Channel[Any]) -> None:
        """Wait until pushes of a channel come that is subscribed to.

        Raises:
            ConnectionLost: if it is not subscribed to.
        """
        topic = self._pool.find_topic(channel)
        if topic is None:
            raise ConnectionLost(f"{channel!r} is not subscribed to")
        await topic.wait_live()

    def sees_gaps(self, channel: Channel[Any]) -> bool:
        """Whether the numbers of a channel's pushes show that one is missing."""
        topic = self._pool.find_topic(channel)
        return topic is not None and topic.tracker is not None and topic.tracker.finds_holes

    def renew(self, channel: Channel[Any]) -> None:
        """Subscribe to a channel again soon, for a new snapshot."""
        topic = self._pool.find_topic(channel)
        if topic is not None:
            self._pool.renew(topic)

    async def ask(self, operation: str, arguments: Mapping[str, object]) -> object:
        """Call a REST operation with parameters by wire name, and return the data of its answer."""
        return await self._ask(operation, arguments)
