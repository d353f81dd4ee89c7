"""Counts the calls of async clients in Redis, for all processes and machines that share a key or address.

Needs the extra `redis`. What counts for sync clients is derived from this module, by `in_redis.py.unasync`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from venues.core.outcome.limits.in_memory import Windows, shortfall
from venues.core.outcome.limits.redis_connections import (
    UNREACHABLE,
    AsyncConnections,
    block_key,
    log_uncounted,
    longest,
    seconds_until,
    unreachable,
)

if TYPE_CHECKING:
    from venues.core.request.limits import Charge


class AsyncRedisCounts:
    """What everyone at the same Redis has used."""

    def __init__(self, url: str) -> None:
        self._windows = Windows()
        self._connections = AsyncConnections(url)

    async def take(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Take from the limits, unless an owner is blocked; return 0, or the seconds to wait.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            return await self._block_left(owners) or await self._take(charges)
        except UNREACHABLE as error:
            failure = unreachable(error)
        raise failure

    async def _block_left(self, owners: Sequence[str]) -> float:
        """Return the seconds that the longest block of these owners has left."""
        asked = self._connections.counter().redis.pipeline(transaction=False)  # all in one round trip
        for owner in dict.fromkeys(owners):
            asked.pttl(block_key(owner))
        return longest(await asked.execute())

    async def _take(self, charges: Sequence[Charge]) -> float:
        strategy = self._connections.counter().strategy
        entries = [self._windows.entry(charge) for charge in charges]
        if len(entries) > 1:  # all or nothing: what one limit gave could not be given back where the next has no room
            for item, owner, amount in entries:
                if not await strategy.test(item, owner, cost=amount):
                    return seconds_until((await strategy.get_window_stats(item, owner)).reset_time)
        for item, owner, amount in entries:
            if not await strategy.hit(item, owner, cost=amount):
                return seconds_until((await strategy.get_window_stats(item, owner)).reset_time)
        return 0.0

    async def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        item, owner, _ = self._windows.entry(charge)
        try:
            strategy = self._connections.counter().strategy
            short = shortfall(item, used, (await strategy.get_window_stats(item, owner)).remaining)
            if short > 0:
                await strategy.hit(item, owner, cost=short)
        except UNREACHABLE as error:
            log_uncounted(error)

    async def block(self, owner: str, seconds: float) -> None:
        """Take nothing for this owner for a while."""
        try:
            redis = self._connections.counter().redis
            if await redis.pttl(block_key(owner)) < seconds * 1000:
                await redis.set(block_key(owner), 1, px=ceil(seconds * 1000) or 1)
        except UNREACHABLE as error:
            log_uncounted(error)

    async def close(self) -> None:
        """Close the connections of the running loop; new ones are opened when they are needed."""
        await self._connections.close()
