# Edited in templates/venues/core/request/nonces.py; the copy in generated/ is imported.
"""Numbers and texts that a client uses once."""

from __future__ import annotations

import threading
from uuid import uuid4

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


class GrowingNonce:
    """Numbers from the clock that always grow, for exchanges that refuse a smaller one than the last.

    They grow even where two calls fall into one unit of time or the clock is set back, as long as the client lives.
    Threads may share one.

    Args:
        unit: What the numbers count since 1970: `s`, `ms`, `us` or `ns`.
    """

    def __init__(self, unit: str) -> None:
        self._scale = PER_SECOND[unit]
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self, milliseconds: int) -> str:
        """Return the next number, at `milliseconds` since 1970."""
        with self._lock:
            self._last = max(self._last + 1, milliseconds * self._scale // 1000)
            return str(self._last)


class GrowingSeconds(GrowingNonce):
    """Seconds with milliseconds, such as 1700000000.123, that always grow."""

    def __init__(self) -> None:
        super().__init__("ms")

    def __call__(self, milliseconds: int) -> str:
        """Return the next number, at `milliseconds` since 1970."""
        digits = super().__call__(milliseconds)
        return f"{digits[:-3]}.{digits[-3:]}"


def random_uuid() -> str:
    """Return a random UUID."""
    return str(uuid4())
