"""Connections to Redis: one pool for sync clients, one for each event loop of async clients."""

from __future__ import annotations

import threading
import time
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redis import ConnectionPool, Redis, RedisError

from venues.core.outcome.limits.in_memory import LEAST
from venues.errors import ConnectionFailed
from venues.hooks import logger

if TYPE_CHECKING:
    from limits.aio.strategies import MovingWindowRateLimiter as AsyncStrategy
    from limits.strategies import MovingWindowRateLimiter
    from redis.asyncio import ConnectionPool as AsyncConnectionPool

UNREACHABLE = (RedisError, OSError)
"""What is raised where Redis can't be reached."""


@dataclass(frozen=True)
class Counter:
    """What counts for sync clients."""

    pool: ConnectionPool
    redis: Any  # Redis; how its commands are annotated changes with every version
    strategy: MovingWindowRateLimiter


@dataclass(frozen=True)
class AsyncCounter:
    """What counts for the async clients of one event loop."""

    pool: AsyncConnectionPool
    redis: Any  # as above
    strategy: AsyncStrategy


class Connections:
    """The connections of sync clients; opened when they are first needed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._opened: Counter | None = None

    def counter(self) -> Counter:
        """Return what counts."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> Counter:
        from limits.storage import RedisStorage
        from limits.strategies import MovingWindowRateLimiter

        pool = ConnectionPool.from_url(self._url)
        storage = RedisStorage(self._url, connection_pool=pool)
        return Counter(pool, Redis(connection_pool=pool), MovingWindowRateLimiter(storage))

    def close(self) -> None:
        """Close them; new ones are opened when they are needed again."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.pool.disconnect()


class AsyncConnections:
    """The connections of async clients; a connection belongs to the event loop that opened it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._opened: dict[AbstractEventLoop, AsyncCounter] = {}

    def counter(self) -> AsyncCounter:
        """Return what counts for the running loop."""
        loop = get_running_loop()
        with self._lock:
            if loop not in self._opened:
                # asyncio.run leaves a closed loop behind each time; what belonged to it would pile up.
                self._opened = {one: opened for one, opened in self._opened.items() if not one.is_closed()}
                self._opened[loop] = self._open()
            return self._opened[loop]

    def _open(self) -> AsyncCounter:
        from limits.aio.storage import RedisStorage
        from limits.aio.strategies import MovingWindowRateLimiter
        from redis.asyncio import ConnectionPool as AsyncConnectionPool
        from redis.asyncio import Redis as AsyncRedis

        pool = AsyncConnectionPool.from_url(self._url)
        untyped: Any = pool  # the library's annotation of its options is narrower than what it takes
        storage = RedisStorage(f"async+{self._url}", implementation="redispy", connection_pool=untyped)
        return AsyncCounter(pool, AsyncRedis(connection_pool=pool), MovingWindowRateLimiter(storage))

    async def close(self) -> None:
        """Close those of the running loop."""
        with self._lock:
            opened = self._opened.pop(get_running_loop(), None)
        if opened is not None:
            await opened.pool.disconnect()


def block_key(owner: str) -> str:
    """Return the key that lives as long as an owner is blocked."""
    return f"venues:blocked:{owner}"


def longest(lives: Sequence[int]) -> float:
    """Return the seconds that the longest of some blocks has left; Redis says milliseconds, and less than 0 for none."""
    most = max(lives, default=0)
    return max(LEAST, most / 1000) if most > 0 else 0.0


def seconds_until(moment: float) -> float:
    """Return the seconds until a time in seconds since 1970."""
    return max(LEAST, moment - time.time())


def unreachable(error: Exception) -> ConnectionFailed:
    """Return the error of a call that could not be counted before it was sent."""
    return ConnectionFailed(f"the limiter can't be reached ({type(error).__name__}); nothing was sent")


def log_uncounted(error: Exception) -> None:
    """Log what could not be counted: the call is over, and this is no reason to hide its outcome."""
    logger.warning("the limiter can't be reached (%s); what the exchange said is not counted", type(error).__name__)
