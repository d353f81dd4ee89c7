"""Counts calls in this process's memory, in moving windows."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

    from venues.core.outcome.limits.charge import Bucket, Charge

LEAST = 0.001
"""The shortest pause, in seconds."""


class Windows:
    """Buckets and charges in the words of the library `limits`."""

    def __init__(self) -> None:
        self._made: dict[Bucket, RateLimitItem] = {}

    def wanted(self, charge: Charge) -> tuple[RateLimitItem, str, int]:
        """Return what to count; a call that costs more than its bucket holds takes all of it."""
        item = self._made.get(charge.bucket)
        if item is None:
            item = self._made[charge.bucket] = _window(charge.bucket)
        return item, charge.owner, min(charge.amount, item.amount)


def _window(bucket: Bucket) -> RateLimitItem:
    from limits import RateLimitItemPerSecond

    seconds = max(1, bucket.per_ms // 1000)
    amount = max(1, bucket.amount * seconds * 1000 // bucket.per_ms)
    return RateLimitItemPerSecond(amount, seconds, f"venues:{bucket.name}")


def missing(item: RateLimitItem, used: int, remaining: int) -> int:
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
        """Take from the buckets, unless an owner is blocked; return 0, or the seconds to wait."""
        return self._blocked(owners) or self._take(charges)

    async def take_async(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Do what `take` does."""
        return self._blocked(owners) or self._take(charges)

    def _blocked(self, owners: Sequence[str]) -> float:
        if not self._blocks or not owners:
            return 0.0
        return max(0.0, max(self._blocks.get(owner, 0.0) for owner in owners) - time.monotonic())

    def _take(self, charges: Sequence[Charge]) -> float:
        if not charges:
            return 0.0
        strategy = self._opened()
        wanted = [self._windows.wanted(charge) for charge in charges]
        if len(wanted) > 1:
            for item, whose, amount in wanted:
                if not strategy.test(item, whose, cost=amount):
                    return _room(strategy, item, whose)
        for item, whose, amount in wanted:
            if not strategy.hit(item, whose, cost=amount):
                return _room(strategy, item, whose)
        return 0.0

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        item, whose, _ = self._windows.wanted(charge)
        strategy = self._opened()
        short = missing(item, used, strategy.get_window_stats(item, whose).remaining)
        if short > 0:
            strategy.hit(item, whose, cost=short)

    async def correct_async(self, charge: Charge, used: int) -> None:
        """Do what `correct` does."""
        self.correct(charge, used)

    def block(self, owner: str, seconds: float) -> None:
        """Take nothing for this owner for a while."""
        self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)

    async def block_async(self, owner: str, seconds: float) -> None:
        """Do what `block` does."""
        self.block(owner, seconds)

    def close(self) -> None:
        """Nothing is open."""

    async def close_async(self) -> None:
        """Nothing is open."""

    def _opened(self) -> MovingWindowRateLimiter:
        if self._strategy is None:
            with self._lock:
                if self._strategy is None:
                    from limits.strategies import MovingWindowRateLimiter

                    from venues.core.outcome.limits.threadless import ThreadlessStorage

                    self._strategy = MovingWindowRateLimiter(ThreadlessStorage())
        return self._strategy


def _room(strategy: MovingWindowRateLimiter, item: RateLimitItem, whose: str) -> float:
    """Return the seconds until a full bucket has room; one that was filled in the future is emptied.

    That is what a clock leaves that was set back; Redis forgets it by itself, when the window is over.
    """
    left = strategy.get_window_stats(item, whose).reset_time - time.time()
    if left > item.get_expiry() + 1:
        strategy.clear(item, whose)
        return LEAST
    return max(LEAST, left)
