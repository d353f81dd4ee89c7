# Edited in templates/venues/mock/streams/outbox.py; the copy in generated/ is imported.
"""Sends what happens, in the order in which it happened; a test can hold pushes back, lose or repeat them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol


class Receiver(Protocol):
    """A connection."""

    async def push(self, text: str) -> None:
        """Send a push."""
        ...


class Outbox:
    """The pushes that are still to be sent; used on the event loop of the connections only, but for what a test sets."""

    def __init__(self) -> None:
        self.held: bool = False
        self.lost: int = 0
        """How many of the next pushes are lost on the way."""
        self.repeated: int = 0
        """How many of the next pushes are sent twice."""
        self._waiting: deque[tuple[Sequence[Receiver], str]] = deque()
        self._is_sending = False

    def add(self, receivers: Sequence[Receiver], text: str) -> None:
        """Put one push in line, or lose or repeat it if a test wants that."""
        if self.lost:
            self.lost -= 1
            return
        times = 2 if self.repeated else 1
        self.repeated = max(self.repeated - 1, 0)
        self._waiting.extend([(receivers, text)] * times)

    async def send(self) -> None:
        """Send what is in line, unless it is held back; returns at once if that is being done already."""
        if self._is_sending:
            return
        self._is_sending = True
        try:
            while self._waiting and not self.held:
                receivers, text = self._waiting.popleft()
                for receiver in receivers:
                    await receiver.push(text)
        finally:
            self._is_sending = False
