"""A market whose true order book is known at every moment, and a line to it that loses, repeats and reorders."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from venues.core.books.levels import Level
from venues.core.books.state import BookState, Change, Snapshot
from venues.core.channels.channel import Numbering
from venues.core.streams.numbering import NumberTracker

Book = dict[Decimal, Decimal]
MIDDLE = 100


@dataclass(frozen=True)
class Push:
    """A change as the exchange numbers it."""

    first: int
    last: int
    previous: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class Market:
    """An order book that changes at random; every version of it is remembered."""

    def __init__(self, chance: random.Random, *, skips: bool) -> None:
        self._chance = chance
        self._skips = skips
        self.history: dict[int, tuple[Book, Book]] = {10: ({}, {})}
        self.version = 10
        self._pushed = 10

    def change(self) -> Push:
        """Change the book, and return the push that says so."""
        bids, asks = dict[Decimal, Decimal](), dict[Decimal, Decimal]()
        previous = self._pushed
        first = self.version + 1 + (self._chance.randrange(3) if self._skips else 0)
        for skipped in range(self.version + 1, first):
            self.history[skipped] = self.history[self.version]
        last = first + self._chance.randrange(3)
        for number in range(first, last + 1):
            self._change_once(number, bids, asks)
        self.version = self._pushed = last
        return Push(first, last, previous, _levels(bids), _levels(asks))

    def _change_once(self, number: int, bids: Book, asks: Book) -> None:
        new = dict(self.history[number - 1][0]), dict(self.history[number - 1][1])
        buys = self._chance.random() < 0.5
        price = Decimal(MIDDLE + self._chance.randrange(1, 9) * (-1 if buys else 1))
        quantity = Decimal(self._chance.choice([0, 1, 2, 3]))
        (bids if buys else asks)[price] = quantity
        new[not buys][price] = quantity
        new[not buys].pop(price) if not quantity else None
        self.history[number] = new

    def snapshot(self, *, lag: int, full: int | None) -> Snapshot:
        """Return the book as it was some versions ago, with so many levels a side."""
        number = max(10, self.version - lag)
        bids, asks = self.history[number]
        best = _levels(bids, falling=True)[:full], _levels(asks)[:full]
        return Snapshot(*best, last=number, full=full)


def _levels(book: Book, *, falling: bool = False) -> tuple[Level, ...]:
    return tuple(Level(*each) for each in sorted(book.items(), reverse=falling))


class Line:
    """Carries pushes to a book as streams do: their numbers are followed, and gaps reported."""

    def __init__(self, state: BookState, numbers: Numbering) -> None:
        self._state = state
        self._tracker = NumberTracker(numbers)
        self.version = 0
        """The number that the book has arrived at."""

    @property
    def sees_gaps(self) -> bool:
        """Whether numbers still show what is lost: a step that seems to be wrong is not believed any more."""
        return self._tracker.finds_holes

    def deliver(self, push: Push) -> None:
        """Hand a push over."""
        verdict = self._tracker.check(push, snapshot=False)
        if verdict.kind == "stale":
            return
        if verdict.kind == "hole":
            self._state.lose("sequence")
        self._state.change(Change(push.bids, push.asks, push.first, push.last, push.previous))
        self.version = max(self.version, push.last)

    def interrupt(self) -> None:
        """Break the connection, and connect again."""
        self._state.lose("disconnected")
        self._tracker.forget()

    def replace(self, snapshot: Snapshot) -> None:
        """Hand over a snapshot that was pushed after subscribing again."""
        self._tracker.forget()
        self._tracker.check(snapshot, snapshot=True)
        self._state.replace(snapshot)
        self.version = snapshot.last or 0

    def join(self, snapshot: Snapshot, token: int) -> None:
        """Hand over a snapshot that was asked for."""
        if self._state.join(snapshot, token):
            self.version = max(self.version, snapshot.last or 0)


def spoiled(pushes: list[Push], chance: random.Random) -> Iterator[Push | None]:
    """Lose, repeat and reorder pushes; None stands for a broken connection, after which nothing older comes."""
    held: Push | None = None
    for push in pushes:
        if chance.random() < 0.05:
            held = None
            yield None
        fate = chance.choice(["fine"] * 6 + ["lost", "twice", "late"])
        if fate == "late" and held is None:
            held = push
            continue
        if fate != "lost":
            yield push
        if fate == "twice":
            yield push
        if held is not None:
            yield held
            held = None
