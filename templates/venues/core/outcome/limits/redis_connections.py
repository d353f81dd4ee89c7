# Edited in templates/venues/core/outcome/limits/redis_connections.py; the copy in generated/ is imported.
"""Connections to Redis: one pool for sync clients, one for each event loop of async clients."""

from __future__ import annotations

import threading
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redis import ConnectionError as RedisConnectionError
from redis import ConnectionPool, Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from venues.core.outcome.limits.scripts import BLOCK, TAKE, USED
from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool as AsyncConnectionPool

UNREACHABLE = (RedisError, OSError)
"""What is raised where Redis can't be reached."""


@dataclass(frozen=True)
class Opened:
    """What counts for sync clients."""

    pool: ConnectionPool
    redis: Any  # Redis; how its commands are annotated changes with every version
    take: Any  # a script
    used: Any
    block: Any


@dataclass(frozen=True)
class OpenedInLoop:
    """What counts for one event loop, to which its connections belong."""

    pool: AsyncConnectionPool
    take: Any  # as above


class Connections:
    """Opened when they are first needed; none waits for Redis longer than it may."""

    def __init__(self, url: str, timeout: float) -> None:
        _ensure_readable(url)
        self._url = url
        self._timeout = timeout
        self._lock = threading.Lock()
        self._sync: Opened | None = None
        self._async: dict[AbstractEventLoop, OpenedInLoop] = {}

    def bound(self, seconds: float) -> None:
        """Wait for Redis at most so long; holds for connections that are not yet open."""
        self._timeout = min(self._timeout, seconds)

    def opened(self) -> Opened:
        """Return what counts for sync clients."""
        opened = self._sync
        if opened is None:
            with self._lock:
                opened = self._sync = self._sync or self._open()
        return opened

    def _open(self) -> Opened:
        pool = ConnectionPool.from_url(self._url, **self._patience())
        redis: Any = Redis(connection_pool=pool)
        return Opened(pool, redis, *(_runner(redis.register_script(text)) for text in (TAKE, USED, BLOCK)))

    def opened_in_loop(self) -> OpenedInLoop:
        """Return what counts for the running loop."""
        loop = get_running_loop()
        with self._lock:
            if loop not in self._async:
                # asyncio.run leaves a closed loop behind each time; what belonged to it would pile up.
                self._async = {one: opened for one, opened in self._async.items() if not one.is_closed()}
                self._async[loop] = self._open_async()
            return self._async[loop]

    def _open_async(self) -> OpenedInLoop:
        from redis.asyncio import ConnectionPool as AsyncConnectionPool
        from redis.asyncio import Redis as AsyncRedis
        from redis.asyncio.retry import Retry as AsyncRetry

        pool = AsyncConnectionPool.from_url(self._url, **{**self._patience(), "retry": _once(AsyncRetry)})
        redis: Any = AsyncRedis(connection_pool=pool)
        return OpenedInLoop(pool, _runner(redis.register_script(TAKE)))

    def _patience(self) -> dict[str, Any]:
        """Return the options that bound how long Redis is waited for: half the time to connect, half to answer."""
        half = self._timeout / 2
        return {"socket_connect_timeout": half, "socket_timeout": half, "retry": _once(Retry)}

    def close(self) -> None:
        """Close those of sync clients; new ones are opened when they are needed again."""
        with self._lock:
            opened, self._sync = self._sync, None
        if opened is not None:
            opened.pool.disconnect()

    async def close_in_loop(self) -> None:
        """Close those of the running loop."""
        with self._lock:
            found = self._async.pop(get_running_loop(), None)
        if found is not None:
            await found.pool.disconnect()


def _once(kind: Any) -> Any:  # the library's class, sync or async
    """Return when the library tries again: once, where a kept connection was closed; never after silence."""
    return kind(NoBackoff(), 1, supported_errors=(RedisConnectionError,))


def _runner(script: Any) -> Callable[[list[str], list[Any]], Any]:
    return lambda keys, args: script(keys=keys, args=args)


def _ensure_readable(url: str) -> None:
    """Refuse an address that the library can't read; its own error repeats it, password and all."""
    try:
        ConnectionPool.from_url(url)
    except (ValueError, TypeError, RedisError):
        pass
    else:
        return
    raise InvalidRequest("the address of the limiter's Redis can't be read; write redis://:password@host:port/number")
