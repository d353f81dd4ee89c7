"""Keeps calls within the exchange's limits, by the library `limits`.

One limiter may serve several clients; with a Redis URL it serves all processes and machines that share a key or address.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import ceil
from typing import TYPE_CHECKING, Any

from venues.errors import ConnectionFailed, InvalidRequest
from venues.hooks import logger

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from limits import RateLimitItem
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


@dataclass(frozen=True)
class _InLoop:
    """What counts in Redis for one event loop, to which its connections belong."""

    pool: AsyncConnectionPool
    redis: Any  # as in Limiter
    strategy: AsyncStrategy


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
        if not url.startswith("memory:") and find_spec("redis") is None:
            raise InvalidRequest("a limiter at a redis:// address needs the extra `redis`: pip install 'venues[redis]'")
        self._url = url
        self.wait = wait
        self.longest = longest
        self._sync: tuple[Storage, MovingWindowRateLimiter] | None = None
        self._async: dict[AbstractEventLoop, _InLoop] = {}
        self._lock = threading.Lock()
        self._pool: ConnectionPool | None = None
        self._redis: Any = None  # Redis; how its commands are annotated changes with every version
        self._items: dict[Bucket, RateLimitItem] = {}
        self._blocks: dict[str, float] = {}

    def __repr__(self) -> str:
        return f"<Limiter {'in memory' if self._memory else 'in Redis'}>"

    @property
    def _memory(self) -> bool:
        return self._url.startswith("memory:")

    def take(self, charges: Sequence[Charge], *owners: str) -> float:
        """Take from the buckets; return 0, or the seconds after which it is worth trying again.

        Args:
            charges: What is taken from which bucket.
            *owners: Whose calls these are; while one of them is blocked, nothing is taken.

        Raises:
            ConnectionFailed: if Redis can't be reached; nothing is sent then.
        """
        if self._memory:
            return self._blocked_here(owners) or self._take(charges)
        try:
            return self._blocked_there(owners) or self._take(charges)
        except self._troubles() as error:
            failure = _unreached(error)
        raise failure

    def _take(self, charges: Sequence[Charge]) -> float:
        if not charges:
            return 0.0
        _, strategy = self._opened()
        wanted = [self._wanted(charge) for charge in charges]
        if len(wanted) > 1:
            for item, whose, amount in wanted:
                if not strategy.test(item, whose, cost=amount):
                    return self._room(strategy, item, whose)
        for item, whose, amount in wanted:
            if not strategy.hit(item, whose, cost=amount):
                return self._room(strategy, item, whose)
        return 0.0

    def _room(self, strategy: MovingWindowRateLimiter, item: RateLimitItem, whose: str) -> float:
        """Return the seconds until a full bucket has room; one that was filled in the future is emptied.

        That is what a clock leaves that was set back; Redis forgets it by itself, when the window is over.
        """
        left = strategy.get_window_stats(item, whose).reset_time - time.time()
        if self._memory and left > item.get_expiry() + 1:
            strategy.clear(item, whose)
            return LEAST
        return max(LEAST, left)

    async def take_async(self, charges: Sequence[Charge], *owners: str) -> float:
        """Do what `take` does, without blocking the loop."""
        if self._memory:
            return self._blocked_here(owners) or self._take(charges)
        try:
            return await self._blocked_there_async(owners) or await self._take_async(charges)
        except self._troubles() as error:
            failure = _unreached(error)
        raise failure

    async def _take_async(self, charges: Sequence[Charge]) -> float:
        if not charges:
            return 0.0
        strategy = self._opened_async().strategy
        wanted = [self._wanted(charge) for charge in charges]
        if len(wanted) > 1:
            for item, whose, amount in wanted:
                if not await strategy.test(item, whose, cost=amount):
                    return _until((await strategy.get_window_stats(item, whose)).reset_time)
        for item, whose, amount in wanted:
            if not await strategy.hit(item, whose, cost=amount):
                return _until((await strategy.get_window_stats(item, whose)).reset_time)
        return 0.0

    def _wanted(self, charge: Charge) -> tuple[RateLimitItem, str, int]:
        """Return what to count; a call that costs more than its bucket holds takes all of it."""
        item = self._item(charge.bucket)
        return item, charge.owner, min(charge.amount, item.amount)

    def _blocked_here(self, owners: Sequence[str]) -> float:
        if not self._blocks:
            return 0.0
        return max(0.0, max(self._blocks.get(owner, 0.0) for owner in owners) - time.monotonic()) if owners else 0.0

    def _blocked_there(self, owners: Sequence[str]) -> float:
        self._opened()
        asked = self._redis.pipeline(transaction=False)  # all in one round trip
        for owner in dict.fromkeys(owners):
            asked.pttl(_blocked(owner))
        return _longest(asked.execute())

    async def _blocked_there_async(self, owners: Sequence[str]) -> float:
        asked = self._opened_async().redis.pipeline(transaction=False)
        for owner in dict.fromkeys(owners):
            asked.pttl(_blocked(owner))
        return _longest(await asked.execute())

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        try:
            item, whose, _ = self._wanted(charge)
            _, strategy = self._opened()
            missing = _missing(item, used, strategy.get_window_stats(item, whose).remaining)
            if missing > 0:
                strategy.hit(item, whose, cost=missing)
        except self._troubles() as error:
            _unnoted(error)

    async def correct_async(self, charge: Charge, used: int) -> None:
        """Do what `correct` does, without blocking the loop."""
        if self._memory:
            self.correct(charge, used)
            return
        try:
            item, whose, _ = self._wanted(charge)
            strategy = self._opened_async().strategy
            missing = _missing(item, used, (await strategy.get_window_stats(item, whose)).remaining)
            if missing > 0:
                await strategy.hit(item, whose, cost=missing)
        except self._troubles() as error:
            _unnoted(error)

    def block(self, owner: str, seconds: float) -> None:
        """Send nothing for this owner for a while."""
        if self._memory:
            self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)
            return
        try:
            self._opened()
            if self._redis.pttl(_blocked(owner)) < seconds * 1000:
                self._redis.set(_blocked(owner), 1, px=ceil(seconds * 1000) or 1)
        except self._troubles() as error:
            _unnoted(error)

    async def block_async(self, owner: str, seconds: float) -> None:
        """Do what `block` does, without blocking the loop."""
        if self._memory:
            self.block(owner, seconds)
            return
        try:
            redis = self._opened_async().redis
            if await redis.pttl(_blocked(owner)) < seconds * 1000:
                await redis.set(_blocked(owner), 1, px=ceil(seconds * 1000) or 1)
        except self._troubles() as error:
            _unnoted(error)

    def _troubles(self) -> tuple[type[Exception], ...]:
        """Return what is raised where Redis can't be reached."""
        if self._memory:
            return ()
        from redis import RedisError

        return (RedisError, OSError)

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
        """Close the connections to Redis that async clients of this event loop opened."""
        from asyncio import get_running_loop

        found = self._async.pop(get_running_loop(), None)
        if found is not None:
            await found.pool.disconnect()

    def _opened(self) -> tuple[Storage, MovingWindowRateLimiter]:
        if self._sync is None:
            with self._lock:
                self._sync = self._sync or self._made()
        return self._sync

    def _made(self) -> tuple[Storage, MovingWindowRateLimiter]:
        from limits.storage import RedisStorage
        from limits.strategies import MovingWindowRateLimiter

        from venues.core.counting import ThreadlessStorage

        if self._memory:
            storage: Storage = ThreadlessStorage()
        else:
            from redis import ConnectionPool, Redis

            self._pool = ConnectionPool.from_url(self._url)
            self._redis = Redis(connection_pool=self._pool)
            storage = RedisStorage(self._url, connection_pool=self._pool)
        return storage, MovingWindowRateLimiter(storage)

    def _opened_async(self) -> _InLoop:
        from asyncio import get_running_loop

        loop = get_running_loop()
        with self._lock:
            if loop not in self._async:
                self._async = {one: made for one, made in self._async.items() if not one.is_closed()}
                self._async[loop] = self._made_async()
            return self._async[loop]

    def _made_async(self) -> _InLoop:
        from limits.aio.storage import RedisStorage
        from limits.aio.strategies import MovingWindowRateLimiter
        from redis.asyncio import ConnectionPool, Redis

        pool = ConnectionPool.from_url(self._url)
        given: Any = pool  # the library's annotation of its options is narrower than what it takes
        storage = RedisStorage(f"async+{self._url}", implementation="redispy", connection_pool=given)
        return _InLoop(pool, Redis(connection_pool=pool), MovingWindowRateLimiter(storage))


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


def _blocked(owner: str) -> str:
    return f"venues:blocked:{owner}"


def _missing(item: RateLimitItem, used: int, remaining: int) -> int:
    return min(used - (item.amount - remaining), remaining)


def _longest(lives: Sequence[int]) -> float:
    """Return the seconds that the longest of some blocks has left; Redis tells milliseconds, or less than 0 for none."""
    longest = max(lives, default=0)
    return max(LEAST, longest / 1000) if longest > 0 else 0.0


def _unreached(error: Exception) -> ConnectionFailed:
    return ConnectionFailed(f"the limiter can't be reached ({type(error).__name__}); nothing was sent")


def _unnoted(error: Exception) -> None:
    """The call is over; that it could not be counted is no reason to hide what came of it."""
    logger.warning("the limiter can't be reached (%s); what the exchange said is not counted", type(error).__name__)


def _until(moment: float) -> float:
    return max(LEAST, moment - time.time())
