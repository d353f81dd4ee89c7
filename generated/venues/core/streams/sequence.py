"""Finds holes, repetitions and wrong order in numbered pushes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from venues.core.channels.channel import Sequence

REMEMBERED = 256
"""How many numbers are remembered, to tell what came twice from what was overtaken."""
RESTARTED = 20
"""After so many old numbers in a row the exchange has begun to count anew."""
DOUBTED = 10
"""After so many holes it is asked whether numbers grow as was assumed: they don't if there is a hole in every tenth push
or oftener, for a connection loses nothing on its way."""


@dataclass(frozen=True)
class Verdict:
    """What a push is."""

    kind: Literal["next", "hole", "stale"]
    before: int | None = None
    """The number of the push before, if they don't join."""
    number: int | None = None
    """Its own number, if they don't."""


NEXT = Verdict("next")


class Tracker:
    """Follows the numbers of one topic."""

    def __init__(self, spec: Sequence) -> None:
        self.spec = spec
        self.tells: bool = spec.previous is not None or spec.step is not None
        """Whether the numbers tell holes."""
        self.last: int | None = None
        """The number of the newest push."""
        self._joins = False
        """Whether the next push continues what came before."""
        self._stale = 0
        self._compared = self._holes = 0
        self._recent: deque[int] = deque(maxlen=REMEMBERED)

    def forget(self) -> None:
        """Begin anew, as after subscribing again."""
        self._joins = False
        self._stale = 0
        self._recent.clear()

    def see(self, payload: object, *, snapshot: bool) -> Verdict:
        """Take the numbers of a push."""
        spec, before = self.spec, self.last
        newest = payload[-1] if isinstance(payload, list) and payload else payload
        number = _number(newest, spec.last)
        if number is None:
            return NEXT
        joins, self._joins = self._joins, True
        if before is None or not joins or not spec.grows:
            self.last = number
            self._recent.append(number)
            return NEXT
        if number <= before:
            return self._behind(before, number)
        self.last, self._stale = number, 0
        self._recent.append(number)
        if snapshot or not self.tells:
            return NEXT
        oldest = payload[0] if isinstance(payload, list) and payload else payload
        self._compared += 1
        if not self._hole(oldest, before, number):
            return NEXT
        self._doubt()
        return Verdict("hole", before, number)

    def _doubt(self) -> None:
        """Count a hole; there may be so many that it is the assumption that is wrong."""
        self._holes += 1
        if self.spec.previous is None and self._holes >= DOUBTED and self._holes * DOUBTED >= self._compared:
            self.tells = False

    def _behind(self, before: int, number: int) -> Verdict:
        """Drop what came twice, and what was overtaken where that was told as a hole already.

        If nothing else comes any more, the exchange has begun to count anew.
        """
        if not self.tells and number not in self._recent:
            self._recent.append(number)
            return NEXT
        self._stale += 1
        if self._stale < RESTARTED:
            return Verdict("stale", before, number)
        self.last, self._stale = number, 0
        return Verdict("hole", before, number)

    def _hole(self, payload: object, before: int, number: int) -> bool:
        spec = self.spec
        if spec.previous is not None:
            previous = _number(payload, spec.previous)
            return previous is not None and previous != before
        if spec.step is None:
            return False
        first = _number(payload, spec.first) if spec.first is not None else number
        return first is not None and first > before + spec.step


def _number(payload: object, attribute: str) -> int | None:
    value = getattr(payload, attribute, None)
    return int(value) if isinstance(value, (int, str)) else None
