# Edited in templates/venues/core/streams/numbering.py; the copy in generated/ is imported.
"""Finds holes, repetitions and wrong order in numbered pushes."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import Literal

from venues.core.channels.channel import Numbering

REMEMBERED = 256
"""How many numbers are remembered, to tell repeated pushes from overtaken ones."""
RESTARTED = 20
"""After so many old numbers in a row, the exchange must have started counting again."""
DOUBTED = 10
"""After so many holes the assumed step is doubted: it is wrong if every tenth push or more has a hole, for TCP loses
nothing on its way."""


@dataclass(frozen=True)
class Verdict:
    """How a push continues those before."""

    kind: Literal["next", "hole", "stale"]
    before: int | None = None
    """The number of the push before, if it does not continue that one."""
    number: int | None = None
    """Its own number, in that case."""


NEXT = Verdict("next")


class NumberTracker:
    """Follows the numbers of one topic."""

    def __init__(self, spec: Numbering) -> None:
        self.spec = spec
        self.finds_holes: bool = spec.previous is not None or spec.step is not None
        """Whether the numbers show holes."""
        self.last: int | None = None
        """The number of the newest push."""
        self._before: float = math.inf
        """The number that the next push should plainly continue; infinite where nothing does."""
        self._continues = False
        """Whether the next push should continue the one before."""
        self._stale = 0
        self._compared = self._holes = 0
        self._recent: deque[int] = deque(maxlen=REMEMBERED)
        self._links: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)
        """The previous number and the number of pushes, where the exchange sends both."""
        self._numbers = attrgetter(spec.previous or spec.first or spec.last, spec.last)
        self._is_chain = spec.previous is not None
        self._step = spec.step

    def forget(self) -> None:
        """Start again, as after a new subscription."""
        self._continues = False
        self._before = math.inf
        self._stale = 0
        self._recent.clear()
        self._links.clear()

    def follows(self, payload: object) -> bool:
        """Whether a push plainly continues those before. Then it is recorded; if not, `check` has to look closer."""
        try:
            numbers = self._numbers(payload)
        except AttributeError:  # a list, or not what was promised
            return False
        first, number = numbers
        before = self._before
        if type(number) is not int or number <= before:  # a number can be a text
            return False
        if self._is_chain:
            if first != before:
                return False
            self._links.append(numbers)
        else:
            if self._step is not None:
                if type(first) is not int or first > before + self._step:
                    return False
                self._compared += 1
            self._recent.append(number)
        self.last = self._before = number
        return True

    def check(self, payload: object, *, snapshot: bool) -> Verdict:
        """Compare the numbers of a push with those before."""
        spec, before = self.spec, self.last
        # A push may hold several numbered items: a hole shows at the first, and the next push continues the last.
        oldest = newest = payload
        if isinstance(payload, list) and payload:
            oldest, newest = payload[0], payload[-1]
        number = getattr(newest, spec.last, None)
        if type(number) is not int:  # nearly always it is one, and this is asked at each push
            number = _number(newest, spec.last)
        if number is None:
            return NEXT
        previous = _number(oldest, spec.previous) if spec.previous is not None else None
        # After a new subscription there is nothing to compare with; numbers that do not grow only identify pushes.
        continues, self._continues = self._continues, spec.grows
        if before is None or not continues:
            self._remember(previous, number)
            return NEXT
        if number <= before:
            return self._check_old(before, previous, number)
        self._remember(previous, number)
        if snapshot or not self.finds_holes:
            return NEXT
        self._compared += 1
        if not self._is_hole(oldest, before, previous, number):
            return NEXT
        self._count_hole()
        return Verdict("hole", before, number)

    def _remember(self, previous: int | None, number: int) -> None:
        self.last, self._stale = number, 0
        self._before = number if self.spec.grows else math.inf
        self._recent.append(number)
        if previous is not None:
            self._links.append((previous, number))

    def _count_hole(self) -> None:
        """Count a hole; with too many of them, the documented step must be wrong."""
        self._holes += 1
        if self.spec.previous is None and self._holes >= DOUBTED and self._holes * DOUBTED >= self._compared:
            self.finds_holes = False

    def _check_old(self, before: int, previous: int | None, number: int) -> Verdict:
        """Drop what came twice, and what was overtaken, where that was reported as a hole already.

        Otherwise the exchange has started counting again: where pushes name the one before, that shows at once, else
        when nothing but old numbers comes any more.
        """
        if not self.finds_holes and number not in self._recent:
            self._recent.append(number)
            return NEXT
        self._stale += 1
        self._before = math.inf  # what comes next is checked, and ends the count
        has_restarted = previous is not None and not self._is_old(previous, number)
        if not has_restarted and self._stale < RESTARTED:
            return Verdict("stale", before, number)
        self.forget()
        self._continues = True
        self._remember(previous, number)
        return Verdict("hole", before, number)

    def _is_old(self, previous: int, number: int) -> bool:
        """Whether a push belongs to the sequence so far: it came before, or it lies in a hole."""
        links = list(self._links)
        if not links or (previous, number) in links or number == links[0][0]:
            return True
        return any(left[1] <= previous and number <= right[0] for left, right in pairwise(links))

    def _is_hole(self, oldest: object, before: int, previous: int | None, number: int) -> bool:
        spec = self.spec
        if spec.previous is not None:
            return previous is not None and previous != before
        if spec.step is None:
            return False
        first = _number(oldest, spec.first) if spec.first is not None else number
        # Ranges may overlap the push before, as those of order books do after a snapshot; only a distance is a hole.
        return first is not None and first > before + spec.step


def _number(payload: object, attribute: str) -> int | None:
    value = getattr(payload, attribute, None)
    return int(value) if isinstance(value, (int, str)) else None
