# Edited in templates/venues/core/outcome/limits/in_memory.py; the copy in generated/ is imported.
"""Counts calls in this process's memory, in moving windows."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakSet

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

    from venues.core.request.limits import Charge, Limit

ALL: WeakSet[MemoryCounts] = WeakSet()
"""What counts in this process."""
LEAST = 0.001
"""The shortest pause, in seconds."""


class Windows:
    """Limits and charges in the words of the library `limits`."""

    def __init__(self) -> None:
        self._items: dict[Limit, RateLimitItem] = {}

    def item(self, limit: Limit) -> RateLimitItem:
        """Return what stands for a limit."""
        item = self._items.get(limit)
        if item is None:
            item = self._items[limit] = _window(limit)
        return item

    def entry(self, charge: Charge) -> tuple[RateLimitItem, str, int]:
        """Return what to count."""
        return self.item(charge.limit), charge.owner, charge.taken


def _window(limit: Limit) -> RateLimitItem:
    # The library takes whole seconds; the margin needs fractions, which `Window` allows.
    item = _windows()(max(1, limit.amount), 1, f"venues:{limit.name}")
    item.seconds = limit.window
    return cast("RateLimitItem", item)


@lru_cache(maxsize=1)
def _windows() -> Any:  # a class of the library, which is loaded late
    from limits import RateLimitItemPerSecond

    class Window(RateLimitItemPerSecond):
        """A window of seconds and a fraction; the library counts with them as with whole ones."""

        __slots__ = ("seconds",)
        seconds: float

        def get_expiry(self) -> Any:  # the library says int
            return self.seconds

    return Window


def shortfall(item: RateLimitItem, used: int, remaining: int) -> int:
    """Return how much a count lies below what the exchange says is used."""
    return min(used - (item.amount - remaining), remaining)


class MemoryCounts:
    """What the clients of this process have used."""

    def __init__(self) -> None:
        self._windows = Windows()
        self._blocks: dict[str, float] = {}
        self._lock = threading.Lock()
        self._strategy: MovingWindowRateLimiter | None = None
        ALL.add(self)

    def bound(self, seconds: float) -> None:
        """Nothing is waited for here."""

    def take(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Take from the limits, unless an owner is blocked; return 0, or the seconds to wait."""
        if self._blocks and (wait := self.block_left(owners)):
            return wait
        if not charges:
            return 0.0
        strategy = self._strategy or self._open()
        entries = [self._windows.entry(charge) for charge in charges]
        if len(entries) > 1:  # all or nothing: what one limit gave could not be given back where the next has no room
            for item, owner, amount in entries:
                if not strategy.test(item, owner, cost=amount):
                    return _seconds_until_room(strategy, item, owner)
        for item, owner, amount in entries:
            if not strategy.hit(item, owner, cost=amount):
                return _seconds_until_room(strategy, item, owner)
        return 0.0

    async def take_async(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Do what `take` does."""
        return self.take(charges, owners)

    def block_left(self, owners: Sequence[str]) -> float:
        """Return the seconds that the longest block of these owners has left."""
        return max(0.0, max((self._blocks.get(owner, 0.0) for owner in owners), default=0.0) - time.monotonic())

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        item, owner, _ = self._windows.entry(charge)
        strategy = self._strategy or self._open()
        short = shortfall(item, used, strategy.get_window_stats(item, owner).remaining)
        if short > 0:
            strategy.hit(item, owner, cost=short)

    correct_soon = correct

    def block(self, owner: str, seconds: float) -> None:
        """Take nothing for this owner for a while."""
        self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)

    block_soon = block

    def usage(self, limit: Limit, owner: str) -> tuple[int, float]:
        """Return what is used of a limit, and the seconds until the oldest of that counts no more."""
        stats = (self._strategy or self._open()).get_window_stats(self._windows.item(limit), owner)
        return limit.amount - stats.remaining, max(0.0, stats.reset_time - time.time())

    def blocked(self, owner: str) -> float:
        """Return the seconds for which an owner is blocked."""
        return self.block_left([owner])

    def lift(self, owner: str) -> None:
        """End a block."""
        self._blocks.pop(owner, None)

    def unlock(self) -> None:
        """Open every lock: a thread that held one stayed in the parent of this process."""
        self._lock = threading.Lock()
        if self._strategy is not None:
            storage: Any = self._strategy.storage
            storage.locks.clear()

    def close(self) -> None:
        """Nothing is open."""

    async def close_async(self) -> None:
        """Nothing is open."""

    def _open(self) -> MovingWindowRateLimiter:
        with self._lock:
            if self._strategy is None:
                from limits.strategies import MovingWindowRateLimiter

                from venues.core.outcome.limits.threadless import ThreadlessStorage

                self._strategy = MovingWindowRateLimiter(ThreadlessStorage())
            return self._strategy


def _seconds_until_room(strategy: MovingWindowRateLimiter, item: RateLimitItem, owner: str) -> float:
    """Return the seconds until an exhausted limit has room; one that was filled in the future is emptied.

    That is what a clock leaves that was set back; Redis forgets it by itself, when the window is over.
    """
    left = strategy.get_window_stats(item, owner).reset_time - time.time()
    if left > item.get_expiry() + 1:
        strategy.clear(item, owner)
        return LEAST
    return max(LEAST, left)


def _unlock_all() -> None:
    for counts in list(ALL):
        counts.unlock()


if hasattr(os, "register_at_fork"):  # where there is no fork, as on Windows, there is nothing to do after one
    os.register_at_fork(after_in_child=_unlock_all)
SHARED = MemoryCounts()
"""What all clients of this process have used that were given no limiter; they share keys and addresses anyway."""
