"""Keeps calls within the exchange's limits, by the library `limits`.

One limiter may serve several clients; with a Redis URL it serves all processes and machines that share a key or address.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.aio.storage import Storage as AsyncStorage
    from limits.aio.strategies import MovingWindowRateLimiter as AsyncStrategy
    from limits.storage import Storage
    from limits.strategies import MovingWindowRateLimiter
    from redis import ConnectionPool
    from redis.asyncio import ConnectionPool as AsyncConnectionPool

LEAST = 0.001
"""The shortest pause, in seconds."""


@dataclass(frozen=True)
class Bucket:
    """So much in so long a time."""

    name: str
    amount: int
    per_ms: int
    by: str
    """Who shares it: `ip`, `uid` or `key`."""
    header: str | None = None
    """The response header that tells how much is used."""


@dataclass(frozen=True)
class Charge:
    """What one call takes from one bucket."""

    bucket: Bucket
    amount: int
    owner: str
    """Whose bucket it is; a hash, never a key."""


def owner_of(api: str, by: str, key: str | None) -> str:
    """Name the owner of a bucket: the address, or a hash of the API key."""
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
        if not url.startswith(("memory:", "redis:", "rediss:", "unix:")):
            raise InvalidRequest(
                f"a limiter counts in memory:// or at a redis:// address, not at {url.partition(':')[0]}:"
            )
        self._url = url
        self.wait = wait
        self.longest = longest
        self._sync: tuple[Storage, MovingWindowRateLimiter] | None = None
        self._async: tuple[AsyncStorage, AsyncStrategy] | None = None
        self._lock = threading.Lock()
        self._pool: ConnectionPool | None = None
        self._async_pool: AsyncConnectionPool | None = None
        self._items: dict[Bucket, RateLimitItem] = {}
        self._blocks: dict[str, float] = {}

    def __repr__(self) -> str:
        return f"<Limiter {'in memory' if self._memory else 'in Redis'}>"

    @property
    def _memory(self) -> bool:
        return self._url.startswith("memory:")

    def take(self, charges: Sequence[Charge], owner: str) -> float:
        """Take from the buckets; return 0, or the seconds after which it is worth trying again."""
        blocked = self._blocked_for(owner)
        if blocked or not charges:
            return blocked
        _, strategy = self._opened()
        items = [(self._item(charge.bucket), charge.owner, charge.amount) for charge in charges]
        if len(items) > 1:
            for item, whose, amount in items:
                if not strategy.test(item, whose, cost=amount):
                    return _until(strategy.get_window_stats(item, whose).reset_time)
        for item, whose, amount in items:
            if not strategy.hit(item, whose, cost=amount):
                return _until(strategy.get_window_stats(item, whose).reset_time)
        return 0.0

    async def take_async(self, charges: Sequence[Charge], owner: str) -> float:
        """Do what `take` does, without blocking the loop."""
        if self._memory:
            return self.take(charges, owner)
        storage, strategy = self._opened_async()
        if await storage.get(_blocked(owner)):
            return _until(await storage.get_expiry(_blocked(owner)))
        items = [(self._item(charge.bucket), charge.owner, charge.amount) for charge in charges]
        for item, whose, amount in items:
            if not await strategy.test(item, whose, cost=amount):
                return _until((await strategy.get_window_stats(item, whose)).reset_time)
        for item, whose, amount in items:
            if not await strategy.hit(item, whose, cost=amount):
                return _until((await strategy.get_window_stats(item, whose)).reset_time)
        return 0.0

    def _blocked_for(self, owner: str) -> float:
        if self._memory:
            return max(0.0, self._blocks.get(owner, 0.0) - time.time())
        storage, _ = self._opened()
        return _until(storage.get_expiry(_blocked(owner))) if storage.get(_blocked(owner)) else 0.0

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        _, strategy = self._opened()
        missing = self._missing(
            charge.bucket, used, strategy.get_window_stats(self._item(charge.bucket), charge.owner).remaining
        )
        if missing > 0:
            strategy.hit(self._item(charge.bucket), charge.owner, cost=missing)

    async def correct_async(self, charge: Charge, used: int) -> None:
        """Do what `correct` does, without blocking the loop."""
        if self._memory:
            self.correct(charge, used)
            return
        _, strategy = self._opened_async()
        stats = await strategy.get_window_stats(self._item(charge.bucket), charge.owner)
        missing = self._missing(charge.bucket, used, stats.remaining)
        if missing > 0:
            await strategy.hit(self._item(charge.bucket), charge.owner, cost=missing)

    def block(self, owner: str, seconds: float) -> None:
        """Send nothing for this owner for a while."""
        if self._memory:
            self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.time() + seconds)
        else:
            self._opened()[0].incr(_blocked(owner), ceil(seconds) or 1)

    async def block_async(self, owner: str, seconds: float) -> None:
        """Do what `block` does, without blocking the loop."""
        if self._memory:
            self.block(owner, seconds)
        else:
            await self._opened_async()[0].incr(_blocked(owner), ceil(seconds) or 1)

    @staticmethod
    def _missing(bucket: Bucket, used: int, remaining: int) -> int:
        counted = bucket.amount - remaining
        return min(used - counted, remaining)

    def _item(self, bucket: Bucket) -> RateLimitItem:
        found = self._items.get(bucket)
        if found is None:
            from limits import RateLimitItemPerSecond

            seconds = max(1, bucket.per_ms // 1000)
            amount = max(1, bucket.amount * seconds * 1000 // bucket.per_ms)
            found = self._items[bucket] = RateLimitItemPerSecond(amount, seconds, f"venues:{bucket.name}")
        return found

    def close(self) -> None:
        """Close the connections to Redis that sync clients opened; the limiter opens new ones when it is used again."""
        if self._pool is not None:
            self._pool.disconnect()
        self._sync = self._pool = None

    async def close_async(self) -> None:
        """Close the connections to Redis that async clients opened."""
        if self._async_pool is not None:
            await self._async_pool.disconnect()
        self._async = self._async_pool = None

    def _opened(self) -> tuple[Storage, MovingWindowRateLimiter]:
        if self._sync is None:
            with self._lock:
                self._sync = self._sync or self._made()
        return self._sync

    def _made(self) -> tuple[Storage, MovingWindowRateLimiter]:
        from limits.storage import MemoryStorage, RedisStorage
        from limits.strategies import MovingWindowRateLimiter

        if self._memory:
            storage: Storage = MemoryStorage()
        else:
            from redis import ConnectionPool

            self._pool = ConnectionPool.from_url(self._url)
            storage = RedisStorage(self._url, connection_pool=self._pool)
        return storage, MovingWindowRateLimiter(storage)

    def _opened_async(self) -> tuple[AsyncStorage, AsyncStrategy]:
        if self._async is None:
            from limits.aio.storage import RedisStorage
            from limits.aio.strategies import MovingWindowRateLimiter
            from redis.asyncio import ConnectionPool

            self._async_pool = ConnectionPool.from_url(self._url)
            pool: Any = self._async_pool  # the library's annotation of its options is narrower than what it takes
            storage = RedisStorage(f"async+{self._url}", implementation="redispy", connection_pool=pool)
            self._async = (storage, MovingWindowRateLimiter(storage))
        return self._async


class NoLimiter(Limiter):
    """Counts nothing and never waits; what the exchange refuses is then refused."""

    def take(self, charges: Sequence[Charge], owner: str) -> float:
        """Let everything pass."""
        return 0.0

    async def take_async(self, charges: Sequence[Charge], owner: str) -> float:
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
    return Limiter(given or "memory://")


def _blocked(owner: str) -> str:
    return f"venues:blocked:{owner}"


def _until(moment: float) -> float:
    return max(LEAST, moment - time.time())
