"""Counts calls in Redis, for all processes and machines that share a key or address; needs the extra `redis`."""

from __future__ import annotations

import threading
import time
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from redis import ConnectionPool, Redis, RedisError

from venues.core.outcome.limits.in_memory import LEAST, Windows, missing
from venues.errors import ConnectionFailed, InvalidRequest
from venues.hooks import logger

if TYPE_CHECKING:
    from limits.aio.strategies import MovingWindowRateLimiter as AsyncStrategy
    from limits.strategies import MovingWindowRateLimiter
    from redis.asyncio import ConnectionPool as AsyncConnectionPool

    from venues.core.outcome.limits.charge import Charge

TROUBLES = (RedisError, OSError)
"""What is raised where Redis can't be reached."""


@dataclass(frozen=True)
class _Opened:
    """What counts for sync clients."""

    pool: ConnectionPool
    redis: Any  # Redis; how its commands are annotated changes with every version
    strategy: MovingWindowRateLimiter


@dataclass(frozen=True)
class _OpenedInLoop:
    """What counts for one event loop, to which its connections belong."""

    pool: AsyncConnectionPool
    redis: Any  # as above
    strategy: AsyncStrategy


class RedisCounts:
    """What everyone at the same Redis has used."""

    def __init__(self, url: str) -> None:
        self._url = url
        _ensure_readable(url)
        self._windows = Windows()
        self._lock = threading.Lock()
        self._sync: _Opened | None = None
        self._async: dict[AbstractEventLoop, _OpenedInLoop] = {}

    def take(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Take from the buckets, unless an owner is blocked; return 0, or the seconds to wait.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            return self._blocked(owners) or self._take(charges)
        except TROUBLES as error:
            failure = _unreached(error)
        raise failure

    def _blocked(self, owners: Sequence[str]) -> float:
        asked = self._opened().redis.pipeline(transaction=False)  # all in one round trip
        for owner in dict.fromkeys(owners):
            asked.pttl(_block(owner))
        return _longest(asked.execute())

    def _take(self, charges: Sequence[Charge]) -> float:
        strategy = self._opened().strategy
        wanted = [self._windows.wanted(charge) for charge in charges]
        if len(wanted) > 1:
            for item, whose, amount in wanted:
                if not strategy.test(item, whose, cost=amount):
                    return _until(strategy.get_window_stats(item, whose).reset_time)
        for item, whose, amount in wanted:
            if not strategy.hit(item, whose, cost=amount):
                return _until(strategy.get_window_stats(item, whose).reset_time)
        return 0.0

    async def take_async(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Do what `take` does, without blocking the loop."""
        try:
            return await self._blocked_async(owners) or await self._take_async(charges)
        except TROUBLES as error:
            failure = _unreached(error)
        raise failure

    async def _blocked_async(self, owners: Sequence[str]) -> float:
        asked = self._opened_async().redis.pipeline(transaction=False)
        for owner in dict.fromkeys(owners):
            asked.pttl(_block(owner))
        return _longest(await asked.execute())

    async def _take_async(self, charges: Sequence[Charge]) -> float:
        strategy = self._opened_async().strategy
        wanted = [self._windows.wanted(charge) for charge in charges]
        if len(wanted) > 1:
            for item, whose, amount in wanted:
                if not await strategy.test(item, whose, cost=amount):
                    return _until((await strategy.get_window_stats(item, whose)).reset_time)
        for item, whose, amount in wanted:
            if not await strategy.hit(item, whose, cost=amount):
                return _until((await strategy.get_window_stats(item, whose)).reset_time)
        return 0.0

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        item, whose, _ = self._windows.wanted(charge)
        try:
            strategy = self._opened().strategy
            short = missing(item, used, strategy.get_window_stats(item, whose).remaining)
            if short > 0:
                strategy.hit(item, whose, cost=short)
        except TROUBLES as error:
            _unnoted(error)

    async def correct_async(self, charge: Charge, used: int) -> None:
        """Do what `correct` does, without blocking the loop."""
        item, whose, _ = self._windows.wanted(charge)
        try:
            strategy = self._opened_async().strategy
            short = missing(item, used, (await strategy.get_window_stats(item, whose)).remaining)
            if short > 0:
                await strategy.hit(item, whose, cost=short)
        except TROUBLES as error:
            _unnoted(error)

    def block(self, owner: str, seconds: float) -> None:
        """Take nothing for this owner for a while."""
        try:
            redis = self._opened().redis
            if redis.pttl(_block(owner)) < seconds * 1000:
                redis.set(_block(owner), 1, px=ceil(seconds * 1000) or 1)
        except TROUBLES as error:
            _unnoted(error)

    async def block_async(self, owner: str, seconds: float) -> None:
        """Do what `block` does, without blocking the loop."""
        try:
            redis = self._opened_async().redis
            if await redis.pttl(_block(owner)) < seconds * 1000:
                await redis.set(_block(owner), 1, px=ceil(seconds * 1000) or 1)
        except TROUBLES as error:
            _unnoted(error)

    def close(self) -> None:
        """Close the connections that sync clients opened; new ones are opened when they are needed."""
        if self._sync is not None:
            self._sync.pool.disconnect()
        self._sync = None

    async def close_async(self) -> None:
        """Close the connections that async clients of this event loop opened."""
        found = self._async.pop(get_running_loop(), None)
        if found is not None:
            await found.pool.disconnect()

    def _opened(self) -> _Opened:
        opened = self._sync
        if opened is None:
            with self._lock:
                opened = self._sync = self._sync or self._open()
        return opened

    def _open(self) -> _Opened:
        from limits.storage import RedisStorage
        from limits.strategies import MovingWindowRateLimiter

        pool = ConnectionPool.from_url(self._url)
        storage = RedisStorage(self._url, connection_pool=pool)
        return _Opened(pool, Redis(connection_pool=pool), MovingWindowRateLimiter(storage))

    def _opened_async(self) -> _OpenedInLoop:
        loop = get_running_loop()
        with self._lock:
            if loop not in self._async:
                self._async = {one: opened for one, opened in self._async.items() if not one.is_closed()}
                self._async[loop] = self._open_async()
            return self._async[loop]

    def _open_async(self) -> _OpenedInLoop:
        from limits.aio.storage import RedisStorage
        from limits.aio.strategies import MovingWindowRateLimiter
        from redis.asyncio import ConnectionPool as AsyncConnectionPool
        from redis.asyncio import Redis as AsyncRedis

        pool = AsyncConnectionPool.from_url(self._url)
        given: Any = pool  # the library's annotation of its options is narrower than what it takes
        storage = RedisStorage(f"async+{self._url}", implementation="redispy", connection_pool=given)
        return _OpenedInLoop(pool, AsyncRedis(connection_pool=pool), MovingWindowRateLimiter(storage))


def _ensure_readable(url: str) -> None:
    """Refuse an address that the library can't read; its own error repeats it, password and all."""
    try:
        ConnectionPool.from_url(url)
    except (ValueError, TypeError, RedisError):
        pass
    else:
        return
    raise InvalidRequest("the address of the limiter's Redis can't be read; write redis://:password@host:port/number")


def _block(owner: str) -> str:
    return f"venues:blocked:{owner}"


def _longest(lives: Sequence[int]) -> float:
    """Return the seconds that the longest of some blocks has left; Redis tells milliseconds, or less than 0 for none."""
    longest = max(lives, default=0)
    return max(LEAST, longest / 1000) if longest > 0 else 0.0


def _until(moment: float) -> float:
    return max(LEAST, moment - time.time())


def _unreached(error: Exception) -> ConnectionFailed:
    return ConnectionFailed(f"the limiter can't be reached ({type(error).__name__}); nothing was sent")


def _unnoted(error: Exception) -> None:
    """The call is over; that it could not be counted is no reason to hide what came of it."""
    logger.warning("the limiter can't be reached (%s); what the exchange said is not counted", type(error).__name__)
