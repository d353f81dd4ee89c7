"""Keeps calls within the exchange's limits, by the library `limits`.

One limiter may serve several clients; with a Redis URL it serves all processes and machines that share a key or address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from venues.core.request.limits import Charge, Limit
from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from venues.core.outcome.limits.in_memory import MemoryCounts
    from venues.core.outcome.limits.in_redis import RedisCounts
    from venues.core.outcome.limits.in_redis_async import AsyncRedisCounts

__all__ = ["Charge", "Limit", "Limiter", "NoLimiter", "limiter_of", "owner_of"]


def owner_of(api: str, by: str, key: str | None) -> str:
    """Name the owner of a limit: the address, or a hash of the API key."""
    if by == "ip" or key is None:
        return f"{api}:ip"
    return f"{api}:{hashlib.sha256(key.encode()).hexdigest()[:20]}"


class Limiter:
    """Counts calls in moving windows; by default in this process's memory, with a `redis://` URL in Redis."""

    def __init__(self, url: str = "memory://", *, wait: bool = True, longest: float = 60.0) -> None:
        """Make a limiter.

        Args:
            url: Where the counts are: `memory://`, or `redis://host:port/db` (needs the extra `redis`).
            wait: Whether a call waits until it may be sent; otherwise it raises `RateLimited` and nothing is sent.
            longest: Seconds that a call waits at most before it raises all the same.
        """
        if not isinstance(url, str) or not url.startswith(("memory:", "redis:", "rediss:", "unix:")):
            raise InvalidRequest("limiter is none of a `Limiter`, `memory://`, a `redis://` address and `off`")
        self.wait = wait
        self.longest = longest
        self._counts: MemoryCounts | RedisCounts
        self._async_counts: AsyncRedisCounts | None = None
        """What counts for async clients, where that takes waiting."""
        if url.startswith("memory:"):
            self._counts = _memory_counts()
        else:
            self._counts, self._async_counts = _redis_counts(url)

    def __repr__(self) -> str:
        return f"<Limiter {'in Redis' if self._async_counts else 'in memory'}>"

    def take(self, charges: Sequence[Charge], *owners: str) -> float:
        """Take from the limits; return 0, or the seconds after which it is worth trying again.

        Args:
            charges: What is taken from which limit.
            *owners: Whose calls these are; while one of them is blocked, nothing is taken.

        Raises:
            ConnectionFailed: if Redis can't be reached; nothing is sent then.
        """
        return self._counts.take(charges, owners)

    async def take_async(self, charges: Sequence[Charge], *owners: str) -> float:
        """Do what `take` does, without blocking the loop."""
        if self._async_counts is not None:
            return await self._async_counts.take(charges, owners)
        return self._counts.take(charges, owners)

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        self._counts.correct(charge, used)

    async def correct_async(self, charge: Charge, used: int) -> None:
        """Do what `correct` does, without blocking the loop."""
        if self._async_counts is not None:
            await self._async_counts.correct(charge, used)
        else:
            self._counts.correct(charge, used)

    def block(self, owner: str, seconds: float) -> None:
        """Send nothing for this owner for a while."""
        self._counts.block(owner, seconds)

    async def block_async(self, owner: str, seconds: float) -> None:
        """Do what `block` does, without blocking the loop."""
        if self._async_counts is not None:
            await self._async_counts.block(owner, seconds)
        else:
            self._counts.block(owner, seconds)

    def close(self) -> None:
        """Close the connections to Redis that sync clients opened; the limiter opens new ones when it is used again."""
        self._counts.close()

    async def close_async(self) -> None:
        """Close the connections to Redis that async clients of this event loop opened."""
        if self._async_counts is not None:
            await self._async_counts.close()
        else:
            self._counts.close()


def _memory_counts() -> MemoryCounts:
    from venues.core.outcome.limits.in_memory import MemoryCounts

    return MemoryCounts()


def _redis_counts(url: str) -> tuple[RedisCounts, AsyncRedisCounts]:
    from importlib.util import find_spec

    if find_spec("redis") is None:
        raise InvalidRequest("a limiter at a redis:// address needs the extra `redis`: pip install 'venues[redis]'")
    from venues.core.outcome.limits.in_redis import RedisCounts
    from venues.core.outcome.limits.in_redis_async import AsyncRedisCounts

    return RedisCounts(url), AsyncRedisCounts(url)


class NoLimiter(Limiter):
    """Counts nothing and never waits; what the exchange refuses is then refused."""

    def take(self, charges: Sequence[Charge], *owners: str) -> float:
        """Let everything pass."""
        return 0.0

    async def take_async(self, charges: Sequence[Charge], *owners: str) -> float:
        """Let everything pass."""
        return 0.0

    def correct(self, charge: Charge, used: int) -> None:
        """Count nothing."""

    async def correct_async(self, charge: Charge, used: int) -> None:
        """Count nothing."""

    def block(self, owner: str, seconds: float) -> None:
        """Block nothing."""

    async def block_async(self, owner: str, seconds: float) -> None:
        """Block nothing."""


def limiter_of(given: Limiter | str | None) -> Limiter:
    """Return a limiter: the given one, one at an address, `off`, or one in memory."""
    if isinstance(given, Limiter):
        return given
    if given == "off":
        return NoLimiter()
    return Limiter("memory://" if given is None else given)
