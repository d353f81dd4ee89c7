# Edited in templates/venues/mock/streams/outbox.py; the copy in generated/ is imported.
"""Sends what happens, in the order in which it happened; a test can hold pushes back, lose or repeat them."""

from __future__ import annotations

from collections import Counter, deque
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
        self.lost: Counter[str | None] = Counter()
        """Channel → how many of its next pushes are lost on the way; None for those of any."""
        self.repeated: Counter[str | None] = Counter()
        """Channel → how many of its next pushes are sent twice."""
        self._waiting: deque[tuple[Sequence[Receiver], str]] = deque()
        self._is_sending = False

    def add(self, channel: str, receivers: Sequence[Receiver], text: str) -> None:
        """Put one push of a channel in line, or lose or repeat it if a test wants that."""
        if not _takes(self.lost, channel):
            self._waiting.extend([(receivers, text)] * (2 if _takes(self.repeated, channel) else 1))

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


def _takes(counts: Counter[str | None], channel: str) -> bool:
    """Whether one of a channel's pushes was still wanted, which is counted."""
    key = next((key for key in (channel, None) if counts[key]), "")
    counts[key] -= key != ""
    return key != ""
