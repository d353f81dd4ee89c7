# Edited in templates/venues/core/outcome/limits/threadless.py; the copy in generated/ is imported.
"""Storage in memory without a thread; loaded with the library `limits`, when a call is limited for the first time."""

from __future__ import annotations

import threading
import time
from typing import Any

from limits.storage import MemoryStorage

CLEANING_INTERVAL = 10.0
"""Seconds between two cleanings; what expired counts for nothing, so that cleaning late costs only memory."""


class ThreadlessStorage(MemoryStorage):
    """Removes expired entries on the caller's thread, now and then.

    The library starts a thread for that: one that ends after 0.01 s, so for nearly every call of a program that sends
    fewer than 100 per second.
    """

    def __init__(self) -> None:
        self._due = 0.0
        super().__init__()

    @property
    def timer(
        self,
    ) -> Any:  # Any: a Timer for the library, which asks `is_alive` before each call, and else calls `start`
        """The storage itself, in place of the library's thread."""
        return self

    @timer.setter
    # An attribute there; the library only sets and reads it.
    def timer(self, thread: threading.Timer) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self._clean = thread.function

    def is_alive(self) -> bool:
        """Whether it is too early to clean."""
        return time.monotonic() < self._due

    def start(self) -> None:
        """Remove expired entries."""
        self._due = time.monotonic() + CLEANING_INTERVAL
        self._clean()
