# Edited in templates/venues/core/books/state.py; the copy in generated/ is imported.
"""An order book as a value: snapshot and changes in, levels and trust out. Nothing here waits, asks or knows the time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from venues.core.books.levels import Level, Side

BUFFER = 10_000
"""How many changes wait for a snapshot; at ten a second, a quarter of an hour. The oldest go, and the snapshot then
does not fit."""
NEW = "nothing has come yet"

Fit = Literal["old", "next", "hole"]


@dataclass(frozen=True, slots=True)
class Change:
    """Levels that changed, and the numbers of the changes, where the exchange has them."""

    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    first: int | None = None
    last: int | None = None
    previous: int | None = None
    """The last number of the push before."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole book, or as many levels of it as the exchange gives."""

    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    last: int | None = None
    """The number of the last change in it."""
    full: int | None = None
    """How many levels a side it has at most."""


class BookState:
    """The levels, and whether they can be trusted.

    Whether pushes continue each other is for the stream to say (`lose`); here it is judged how they continue a
    snapshot.
    """

    def __init__(self, begins: Literal["at", "after"] | None = None, wanted: int | None = None) -> None:
        """Begin without levels.

        Args:
            begins: How changes continue a snapshot that is asked for; None if snapshots are pushed.
            wanted: How many levels a side there should be, if the exchange has them.
        """
        self._begins = begins
        self._wanted = wanted
        self._buffer: deque[Change] = deque(maxlen=BUFFER)
        self._asking = False
        self._losses = 0
        self._after: int | None = None
        """The number of the snapshot, until a change has continued it."""
        self._newest: int | None = None
        """The number of the newest change, even if it was never applied."""
        self.bids: Side = Side((), falling=True)
        self.asks: Side = Side((), falling=False)
        self.trouble: str | None = NEW
        """Why the levels can't be trusted; None if they can."""

    @property
    def needs_snapshot(self) -> bool:
        """Whether a snapshot must be asked for: the book is not trusted, or too much of a limited one was used up."""
        if self._begins is None:
            return False
        return self.trouble is not None or self._is_shallow(self.bids) or self._is_shallow(self.asks)

    def _is_shallow(self, side: Side) -> bool:
        return side.is_cut and self._wanted is not None and len(side) < self._wanted

    @property
    def has_begun(self) -> bool:
        """Whether it is trusted, and a change has proved that the snapshot fits."""
        return self.trouble is None and self._after is None

    def lose(self, why: str) -> None:
        """Note that something was missed."""
        self.trouble = why
        self._losses += 1
        self._buffer.clear()

    def replace(self, snapshot: Snapshot) -> None:
        """Take a whole book that was pushed."""
        self._take(snapshot)
        self.trouble = None

    def change(self, change: Change) -> None:
        """Take a change that was pushed."""
        self._newest = change.last
        if self._begins is not None and (self._asking or self.trouble is not None):
            # Also while trusted, if a new snapshot was requested: it must be continued from where it begins.
            self._buffer.append(change)
        if self.trouble is None:
            self._apply(change)

    def ask(self) -> int:
        """Keep changes from now on, for a snapshot that is about to be asked for; return a token for `join`."""
        self._asking = True
        return self._losses

    def join(self, snapshot: Snapshot, token: int) -> bool:
        """Take a snapshot that was asked for, and the changes since; return whether they fit.

        They don't where something was missed since it was asked for, or where the snapshot is older than the changes.
        A book that was trusted stays as it is then.
        """
        after = snapshot.last
        waiting = [change for change in self._buffer if self._fit(change, after) != "old"]
        # A loss since the request: the changes that were kept are not all there were.
        if token != self._losses or not self._covers(after, waiting):
            return False
        self._take(snapshot)
        self._after, self._asking, self.trouble = after, False, None
        self._buffer.clear()
        for change in waiting:
            if self.trouble is None:
                self._apply(change)
        return self.trouble is None

    def _covers(self, after: int | None, waiting: list[Change]) -> bool:
        """Whether nothing is missing between a snapshot and the changes that it does not have."""
        if waiting:
            return self._fit(waiting[0], after) == "next"
        # Snapshots may come from a cache that is behind the stream.
        return after is None or self._newest is None or after >= self._newest

    def _take(self, snapshot: Snapshot) -> None:
        self.bids = Side(snapshot.bids, falling=True, full=snapshot.full)
        self.asks = Side(snapshot.asks, falling=False, full=snapshot.full)

    def _apply(self, change: Change) -> None:
        fit = self._fit(change, self._after)
        if fit == "hole":
            self.lose("changes do not continue the snapshot")
        elif fit == "next":
            self._after = None
            self.bids.change(change.bids)
            self.asks.change(change.asks)
            self._check_crossing()

    def _fit(self, change: Change, after: int | None) -> Fit:
        """Judge how a change continues a snapshot that holds the changes up to a number."""
        first, last = change.first, change.last
        if after is None or last is None:
            return "next"
        if last < after or (last == after and self._begins == "after"):
            return "old"
        if first is not None and first <= (after if self._begins == "at" else after + 1):
            return "next"
        # It holds everything since the push before it, which is in the snapshot. Exchanges skip numbers, so that the
        # documented comparison fails on a quiet market although nothing is missing.
        return "next" if change.previous is not None and change.previous <= after else "hole"

    def _check_crossing(self) -> None:
        """Distrust bids that are not below asks: orders like these would have been filled, so something was missed."""
        bid, ask = self.bids.best, self.asks.best
        if bid is not None and ask is not None and bid.price >= ask.price:
            self.lose("bids cross asks")
