"""Counts calls in Redis, for all processes and machines that share a key or address; needs the extra `redis`."""

from __future__ import annotations

import threading
import time
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from redis import ConnectionPool, Redis, RedisError
from redis import ConnectionError as RedisConnectionError
from redis.backoff import NoBackoff
from redis.retry import Retry

from venues.core.outcome.limits.in_memory import LEAST
from venues.core.outcome.limits.scripts import BLOCK, TAKE, USED
from venues.errors import ConnectionFailed, InvalidRequest
from venues.hooks import logger

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool as AsyncConnectionPool

    from venues.core.outcome.limits.charge import Bucket, Charge

TROUBLES = (RedisError, OSError)
"""What is raised where Redis can't be reached."""


@dataclass(frozen=True)
class _Opened:
    """What counts for sync clients."""

    pool: ConnectionPool
    redis: Any  # Redis; how its commands are annotated changes with every version
    take: Any  # a script
    used: Any
    block: Any


@dataclass(frozen=True)
class _OpenedInLoop:
    """What counts for one event loop, to which its connections belong."""

    pool: AsyncConnectionPool
    take: Any  # as above


class RedisCounts:
    """What everyone at the same Redis has used."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        _ensure_readable(url)
        self._timeout = timeout
        self._lock = threading.Lock()
        self._blocks: dict[str, float] = {}
        self._sync: _Opened | None = None
        self._async: dict[AbstractEventLoop, _OpenedInLoop] = {}
        self._notes: ThreadPoolExecutor | None = None

    def bound(self, seconds: float) -> None:
        """Wait for Redis at most so long; holds for connections that are not yet open."""
        self._timeout = min(self._timeout, seconds)

    def take(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Take from the buckets, unless an owner is blocked; return 0, or the seconds to wait.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            return self._blocked(owners) or _seconds(self._opened().take(*_question(charges, owners)))
        except TROUBLES as error:
            failure = _unreached(error)
        raise failure

    async def take_async(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Do what `take` does, without blocking the loop."""
        try:
            return self._blocked(owners) or _seconds(await self._opened_async().take(*_question(charges, owners)))
        except TROUBLES as error:
            failure = _unreached(error)
        raise failure

    def _blocked(self, owners: Sequence[str]) -> float:
        """Return the seconds of the longest block that this process knows of: Redis may not know it yet."""
        if not self._blocks or not owners:
            return 0.0
        return max(0.0, max(self._blocks.get(owner, 0.0) for owner in owners) - time.monotonic())

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        bucket = charge.bucket
        self._try(lambda: self._opened().used([_window(bucket, charge.owner)], [*_size(bucket), used]))

    def block(self, owner: str, seconds: float) -> None:
        """Take nothing for this owner for a while."""
        self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)
        self._try(lambda: self._opened().block([_block(owner)], [ceil(seconds * 1000) or 1]))

    def correct_soon(self, charge: Charge, used: int) -> None:
        """Do what `correct` does, and let nobody wait for it: an answer has arrived, and Redis may be silent."""
        self._later(lambda: self.correct(charge, used))

    def block_soon(self, owner: str, seconds: float) -> None:
        """Do what `block` does; in this process at once, elsewhere when Redis knows it."""
        self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)
        self._later(lambda: self.block(owner, seconds))

    def usage(self, bucket: Bucket, owner: str) -> tuple[int, float]:
        """Return what is used of a bucket, and the seconds until the oldest of that counts no more.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            counted, left = self._opened().used([_window(bucket, owner)], [*_size(bucket), 0])
            return int(counted), int(left) / 1000
        except TROUBLES as error:
            failure = _unreached(error)
        raise failure

    def blocked(self, owner: str) -> float:
        """Return the seconds for which an owner is blocked.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            return max(self._blocked([owner]), _seconds(self._opened().redis.pttl(_block(owner))))
        except TROUBLES as error:
            failure = _unreached(error)
        raise failure

    def lift(self, owner: str) -> None:
        """End a block.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            self._blocks.pop(owner, None)
            self._opened().redis.delete(_block(owner))
            return
        except TROUBLES as error:
            failure = _unreached(error)
        raise failure

    def close(self) -> None:
        """Close the connections that sync clients opened; new ones are opened when they are needed."""
        notes, self._notes = self._notes, None
        if notes is not None:
            notes.shutdown()
        opened, self._sync = self._sync, None
        if opened is not None:
            opened.pool.disconnect()

    async def close_async(self) -> None:
        """Close the connections that async clients of this event loop opened."""
        loop = get_running_loop()
        if self._notes is not None:
            await loop.run_in_executor(None, self.close)
        found = self._async.pop(loop, None)
        if found is not None:
            await found.pool.disconnect()

    def _later(self, note: Callable[[], None]) -> None:
        """Do something on a thread of its own; one is enough, and keeps the order."""
        with self._lock:
            if self._notes is None:
                self._notes = ThreadPoolExecutor(1, "venues-limits")
            self._notes.submit(note)

    def _try(self, note: Callable[[], object]) -> None:
        """Note something; the call is over, and that it could not be counted is no reason to hide what came of it."""
        try:
            note()
        except TROUBLES as error:
            reason = type(error).__name__
            logger.warning("the limiter can't be reached (%s); what the exchange said is not counted", reason)

    def _opened(self) -> _Opened:
        opened = self._sync
        if opened is None:
            with self._lock:
                opened = self._sync = self._sync or self._open()
        return opened

    def _open(self) -> _Opened:
        pool = ConnectionPool.from_url(self._url, **self._patience())
        redis: Any = Redis(connection_pool=pool)
        return _Opened(pool, redis, *(_runner(redis.register_script(text)) for text in (TAKE, USED, BLOCK)))

    def _opened_async(self) -> _OpenedInLoop:
        loop = get_running_loop()
        with self._lock:
            if loop not in self._async:
                self._async = {one: opened for one, opened in self._async.items() if not one.is_closed()}
                self._async[loop] = self._open_async()
            return self._async[loop]

    def _open_async(self) -> _OpenedInLoop:
        from redis.asyncio import ConnectionPool as AsyncConnectionPool
        from redis.asyncio import Redis as AsyncRedis
        from redis.asyncio.retry import Retry as AsyncRetry

        pool = AsyncConnectionPool.from_url(self._url, **{**self._patience(), "retry": _once(AsyncRetry)})
        redis: Any = AsyncRedis(connection_pool=pool)
        return _OpenedInLoop(pool, _runner(redis.register_script(TAKE)))

    def _patience(self) -> dict[str, Any]:
        """Return the options that bound how long Redis is waited for: half the time to connect, half to answer."""
        half = self._timeout / 2
        return {"socket_connect_timeout": half, "socket_timeout": half, "retry": _once(Retry)}


def _once(kind: Any) -> Any:  # the library's class, sync or async
    """Return when the library tries again: once, where a kept connection was closed; never after silence."""
    return kind(NoBackoff(), 1, supported_errors=(RedisConnectionError,))


def _runner(script: Any) -> Callable[[list[str], list[Any]], Any]:
    return lambda keys, args: script(keys=keys, args=args)


def _question(charges: Sequence[Charge], owners: Sequence[str]) -> tuple[list[str], list[Any]]:
    """Return the keys and arguments of `TAKE`."""
    blocks = [_block(owner) for owner in dict.fromkeys(owners)]
    windows = [_window(charge.bucket, charge.owner) for charge in charges]
    sizes = [number for charge in charges for number in (*_size(charge.bucket), charge.taken)]
    return [*blocks, *windows], [len(blocks), *sizes]


def _size(bucket: Bucket) -> tuple[int, int]:
    return bucket.amount, ceil(bucket.window * 1000)


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


def _window(bucket: Bucket, owner: str) -> str:
    return f"venues:used:{bucket.name}:{owner}"


def _seconds(milliseconds: int) -> float:
    """Return seconds to wait; Redis tells milliseconds, or less than 0 for none."""
    return max(LEAST, milliseconds / 1000) if milliseconds > 0 else 0.0


def _unreached(error: Exception) -> ConnectionFailed:
    return ConnectionFailed(f"the limiter can't be reached ({type(error).__name__}); nothing was sent")
