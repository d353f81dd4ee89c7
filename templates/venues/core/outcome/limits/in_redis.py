# Edited in templates/venues/core/outcome/limits/in_redis.py; the copy in generated/ is imported.
"""Counts calls in Redis, for all processes and machines that share a key or address; needs the extra `redis`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import TYPE_CHECKING, Any

from venues.core.outcome.limits.in_memory import LEAST
from venues.core.outcome.limits.redis_connections import UNREACHABLE, Connections
from venues.errors import ConnectionFailed
from venues.hooks import logger

if TYPE_CHECKING:
    from venues.core.request.limits import Charge, Limit


class RedisCounts:
    """What everyone at the same Redis has used."""

    def __init__(self, url: str, timeout: float) -> None:
        self._connections = Connections(url, timeout)
        self.bound: Callable[[float], None] = self._connections.bound
        self._lock = threading.Lock()
        self._blocks: dict[str, float] = {}
        self._notes: ThreadPoolExecutor | None = None

    def take(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Take from the limits, unless an owner is blocked; return 0, or the seconds to wait.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            return self.block_left(owners) or _seconds(self._connections.opened().take(*_question(charges, owners)))
        except UNREACHABLE as error:
            failure = _unreached(error)
        raise failure

    async def take_async(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Do what `take` does, without blocking the loop."""
        try:
            return self.block_left(owners) or _seconds(
                await self._connections.opened_in_loop().take(*_question(charges, owners))
            )
        except UNREACHABLE as error:
            failure = _unreached(error)
        raise failure

    def block_left(self, owners: Sequence[str]) -> float:
        """Return the seconds of the longest block that this process knows of: Redis may not know it yet."""
        if not self._blocks or not owners:
            return 0.0
        return max(0.0, max(self._blocks.get(owner, 0.0) for owner in owners) - time.monotonic())

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        limit = charge.limit
        self._try(lambda: self._connections.opened().used([_window(limit, charge.owner)], [*_size(limit), used]))

    def block(self, owner: str, seconds: float) -> None:
        """Take nothing for this owner for a while."""
        self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)
        self._try(lambda: self._connections.opened().block([_block(owner)], [ceil(seconds * 1000) or 1]))

    def correct_soon(self, charge: Charge, used: int) -> None:
        """Do what `correct` does, in the background: an answer has arrived, and Redis may be silent."""
        self._later(lambda: self.correct(charge, used))

    def block_soon(self, owner: str, seconds: float) -> None:
        """Do what `block` does; in this process at once, elsewhere when Redis knows it."""
        self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)
        self._later(lambda: self.block(owner, seconds))

    def usage(self, limit: Limit, owner: str) -> tuple[int, float]:
        """Return what is used of a limit, and the seconds until the oldest of that counts no more.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            counted, left = self._connections.opened().used([_window(limit, owner)], [*_size(limit), 0])
            return int(counted), int(left) / 1000
        except UNREACHABLE as error:
            failure = _unreached(error)
        raise failure

    def blocked(self, owner: str) -> float:
        """Return the seconds for which an owner is blocked.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            # Both: a block may be on its way to Redis, or come from another machine.
            return max(self.block_left([owner]), _seconds(self._connections.opened().redis.pttl(_block(owner))))
        except UNREACHABLE as error:
            failure = _unreached(error)
        raise failure

    def lift(self, owner: str) -> None:
        """End a block.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        try:
            self._blocks.pop(owner, None)
            self._connections.opened().redis.delete(_block(owner))
            return
        except UNREACHABLE as error:
            failure = _unreached(error)
        raise failure

    def close(self) -> None:
        """Close the connections that sync clients opened; new ones are opened when they are needed."""
        notes, self._notes = self._notes, None
        if notes is not None:
            notes.shutdown()
        self._connections.close()

    async def close_async(self) -> None:
        """Close the connections that async clients of this event loop opened."""
        if self._notes is not None:
            from asyncio import to_thread

            await to_thread(self.close)
        await self._connections.close_in_loop()

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
        except UNREACHABLE as error:
            reason = type(error).__name__
            logger.warning("the limiter can't be reached (%s); what the exchange said is not counted", reason)


def _question(charges: Sequence[Charge], owners: Sequence[str]) -> tuple[list[str], list[Any]]:
    """Return the keys and arguments of `TAKE`."""
    blocks = [_block(owner) for owner in dict.fromkeys(owners)]
    windows = [_window(charge.limit, charge.owner) for charge in charges]
    sizes = [number for charge in charges for number in (*_size(charge.limit), charge.taken)]
    return [*blocks, *windows], [len(blocks), *sizes]


def _size(limit: Limit) -> tuple[int, int]:
    return limit.amount, ceil(limit.window * 1000)


def _block(owner: str) -> str:
    return f"venues:blocked:{owner}"


def _window(limit: Limit, owner: str) -> str:
    return f"venues:used:{limit.name}:{owner}"


def _seconds(milliseconds: int) -> float:
    """Return seconds to wait; Redis returns milliseconds, or less than 0 for none."""
    return max(LEAST, milliseconds / 1000) if milliseconds > 0 else 0.0


def _unreached(error: Exception) -> ConnectionFailed:
    return ConnectionFailed(f"the limiter can't be reached ({type(error).__name__}); nothing was sent")
