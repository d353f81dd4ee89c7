"""Counts calls in this process's memory, in moving windows."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

    from venues.core.request.limits import Charge, Limit

LEAST = 0.001
"""The shortest pause, in seconds."""


class Windows:
    """Limits and charges in the words of the library `limits`."""

    def __init__(self) -> None:
        self._items: dict[Limit, RateLimitItem] = {}

    def entry(self, charge: Charge) -> tuple[RateLimitItem, str, int]:
        """Return what to count; a call that costs more than its limit holds takes all of it."""
        item = self._items.get(charge.limit)
        if item is None:
            item = self._items[charge.limit] = _window(charge.limit)
        return item, charge.owner, min(charge.amount, item.amount)


def _window(limit: Limit) -> RateLimitItem:
    from limits import RateLimitItemPerSecond

    seconds = max(1, limit.per_ms // 1000)
    amount = max(1, limit.amount * seconds * 1000 // limit.per_ms)
    return RateLimitItemPerSecond(amount, seconds, f"venues:{limit.name}")


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

    def take(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Take from the limits, unless an owner is blocked; return 0, or the seconds to wait."""
        if self._blocks and (wait := self._block_left(owners)):
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

    def _block_left(self, owners: Sequence[str]) -> float:
        """Return the seconds that the longest block of these owners has left."""
        return max(0.0, max((self._blocks.get(owner, 0.0) for owner in owners), default=0.0) - time.monotonic())

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        item, owner, _ = self._windows.entry(charge)
        strategy = self._strategy or self._open()
        short = shortfall(item, used, strategy.get_window_stats(item, owner).remaining)
        if short > 0:
            strategy.hit(item, owner, cost=short)

    def block(self, owner: str, seconds: float) -> None:
        """Take nothing for this owner for a while."""
        self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)

    def close(self) -> None:
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
