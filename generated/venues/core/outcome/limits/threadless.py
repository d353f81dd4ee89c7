"""Where calls are counted in memory; loaded with the library `limits`, when a call is limited for the first time."""

from __future__ import annotations

import threading
import time
from typing import Any

from limits.storage import MemoryStorage

EVERY = 10.0
"""Seconds after which it is time again to forget what is past."""


class ThreadlessStorage(MemoryStorage):
    """Forgets what is past on the caller's thread, now and then.

    The library starts a thread for that, as good as for every call of a program that sends less than a hundred a second.
    """

    def __init__(self) -> None:
        self._due = 0.0
        super().__init__()

    @property
    def timer(self) -> Any:  # stands in for the thread: the library asks whether it lives, and starts it
        """Itself."""
        return self

    @timer.setter
    def timer(self, made: threading.Timer) -> None:
        self._forget = made.function

    def is_alive(self) -> bool:
        """Whether it is too early to forget."""
        return time.monotonic() < self._due

    def start(self) -> None:
        """Forget what is past."""
        self._due = time.monotonic() + EVERY
        self._forget()
