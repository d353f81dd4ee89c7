# Edited in templates/venues/core/outcome/limits/in_memory.py; the copy in generated/ is imported.
"""Counts calls in this process's memory, in moving windows.

A dozen lines of our own, and no library: that of the name `limits` executed a quarter of all bytecodes of a call, counts
by a clock that can be set back, and starts a thread to clean up.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from venues.core.request.limits import Charge, Limit

ALL: WeakSet[MemoryCounts] = WeakSet()
"""What counts in this process."""
LEAST = 0.001
"""The shortest pause, in seconds."""
FEW = 64
"""Calls that a window may remember longer than it must."""
MANY = 1000
"""Windows among which it is worth looking for those that nothing is in: a program may use many keys."""


class Window:
    """What was taken from a limit by one owner, and counts still."""

    __slots__ = ("amount", "ceiling", "entries", "seconds", "used")

    def __init__(self, limit: Limit) -> None:
        self.amount: int = limit.amount
        self.seconds: float = limit.window
        self.used: int = 0
        """What was taken, some of which may count no more: that is looked for above the ceiling, and not in each call."""
        self.ceiling: int = min(FEW, limit.amount)
        self.entries: deque[tuple[float, int]] = deque()
        """When something was taken, and how much; the earliest first."""

    def expire(self, now: float) -> None:
        """Forget what counts no more."""
        entries, begin = self.entries, now - self.seconds
        while entries and entries[0][0] <= begin:
            self.used -= entries.popleft()[1]
        # Twice as much as counts now: so what counts no more is never more than what does, and is looked for rarely.
        self.ceiling = min(2 * self.used + FEW, self.amount)

    def add(self, amount: int, now: float) -> None:
        """Take so much."""
        self.entries.append((now, amount))
        self.used += amount

    def undo(self) -> None:
        """Undo what was taken last."""
        self.used -= self.entries.pop()[1]

    def room_in(self, amount: int, now: float) -> float:
        """Return the seconds until there is room for so much."""
        missing = self.used + amount - self.amount
        for begin, freed in self.entries:
            missing -= freed
            if missing <= 0:
                return max(LEAST, begin + self.seconds - now)
        return LEAST

    @property
    def first_end(self) -> float | None:
        """When the first entry counts no more; None if there is none."""
        return self.entries[0][0] + self.seconds if self.entries else None


class MemoryCounts:
    """What the clients of this process have used."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}
        self._blocks: dict[str, float] = {}
        self._lock = threading.Lock()
        ALL.add(self)

    def bound(self, seconds: float) -> None:
        """Nothing is waited for here."""

    def take(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Take from the limits, unless an owner is blocked; return 0, or the seconds to wait."""
        if self._blocks and (wait := self.block_left(owners)):
            return wait
        now = time.monotonic()
        windows = self._windows
        with self._lock:
            for charge in charges:
                window = windows.get(charge.window) or self._open(charge)
                taken = charge.taken
                used = window.used + taken
                if used > window.ceiling:
                    window.expire(now)
                    used = window.used + taken
                    if used > window.amount:
                        self._give_back(charges, charge)
                        return window.room_in(taken, now)
                window.entries.append((now, taken))
                window.used = used
        return 0.0

    def _give_back(self, charges: Sequence[Charge], full: Charge) -> None:
        """Undo what was just taken before a limit was found to have no room: all or nothing is taken."""
        for charge in takewhile(lambda charge: charge is not full, charges):
            self._windows[charge.window].undo()

    async def take_async(self, charges: Sequence[Charge], owners: Sequence[str]) -> float:
        """Do what `take` does."""
        return self.take(charges, owners)

    def block_left(self, owners: Sequence[str]) -> float:
        """Return the seconds that the longest block of these owners has left."""
        return max(0.0, max((self._blocks.get(owner, 0.0) for owner in owners), default=0.0) - time.monotonic())

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        now = time.monotonic()
        with self._lock:
            window = self._windows.get(charge.window) or self._open(charge)
            window.expire(now)
            missing = min(used, window.amount) - window.used
            if missing > 0:
                window.add(missing, now)

    correct_soon = correct

    def block(self, owner: str, seconds: float) -> None:
        """Take nothing for this owner for a while."""
        self._blocks[owner] = max(self._blocks.get(owner, 0.0), time.monotonic() + seconds)

    block_soon = block

    def usage(self, limit: Limit, owner: str) -> tuple[int, float]:
        """Return what is used of a limit, and the seconds until the oldest of that counts no more."""
        now = time.monotonic()
        with self._lock:
            window = self._windows.get(limit.window_of(owner))
            if window is None:
                return 0, 0.0
            window.expire(now)
            return window.used, 0.0 if window.first_end is None else window.first_end - now

    def blocked(self, owner: str) -> float:
        """Return the seconds for which an owner is blocked."""
        return self.block_left([owner])

    def lift(self, owner: str) -> None:
        """End a block."""
        self._blocks.pop(owner, None)

    def unlock(self) -> None:
        """Open the lock: a thread that held it stayed in the parent of this process."""
        self._lock = threading.Lock()

    def close(self) -> None:
        """Nothing is open."""

    async def close_async(self) -> None:
        """Nothing is open."""

    def _open(self, charge: Charge) -> Window:
        """Return a new window, in place of those that nothing is in."""
        if len(self._windows) >= MANY:
            now = time.monotonic()
            for name, window in list(self._windows.items()):
                window.expire(now)
                if not window.used:
                    del self._windows[name]
        window = self._windows[charge.window] = Window(charge.limit)
        return window


def _unlock_all() -> None:
    for counts in list(ALL):
        counts.unlock()


if hasattr(os, "register_at_fork"):  # where there is no fork, as on Windows, there is nothing to do after one
    os.register_at_fork(after_in_child=_unlock_all)
SHARED = MemoryCounts()
"""What all clients of this process have used that were given no limiter; they share keys and addresses anyway."""
