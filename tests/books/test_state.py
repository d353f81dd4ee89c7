"""A book equals the exchange's, or says that it can't be trusted."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.books.market import Line, Market, spoiled
from venues.core.books.levels import Level, Side
from venues.core.books.state import BookState, Change, Snapshot
from venues.core.channels.channel import Numbering

NUMBERED = {
    "at": Numbering("last", first="first", previous="previous", grows=True),
    "after": Numbering("last", first="first", step=1, grows=True),
}
WANTED = 3


def check(state: BookState, market: Market, version: int) -> None:
    """Compare a trusted book with the true one of a version."""
    bids, asks = market.history[version]
    for side, true, falling in ((state.bids, bids, True), (state.asks, asks, False)):
        best = [Level(*each) for each in sorted(true.items(), reverse=falling)]
        mine = list(side)
        assert best[: len(mine)] == mine
        assert side.is_cut or best == mine


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), begins=st.sampled_from(["at", "after"]), full=st.sampled_from([None, 5]))
def test_trusted_book_is_the_true_one(seed: int, begins: Literal["at", "after"], full: int | None) -> None:
    """Whatever is lost, repeated, reordered or late: a trusted book has the exchange's levels, and every one heals."""
    chance = random.Random(seed)
    market = Market(chance, skips=begins == "at")
    state = BookState(begins, WANTED)
    line = Line(state, NUMBERED[begins])
    token = None
    for push in spoiled([market.change() for _ in range(40)], chance):
        if push is None:
            line.interrupt()
            continue
        if token is None and state.needs_snapshot and chance.random() < 0.5:
            token = state.ask()
        line.deliver(push)
        if not line.sees_gaps:
            return
        if token is not None and chance.random() < 0.4:
            line.join(market.snapshot(lag=market.version - push.last + chance.randrange(4), full=full), token)
            token = None
        if state.trouble is None:
            check(state, market, line.version)
    line.deliver(market.change())
    if not line.sees_gaps:
        return
    if state.needs_snapshot:
        line.join(market.snapshot(lag=0, full=full), state.ask())
    assert state.trouble is None
    check(state, market, market.version)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_trusted_book_of_pushed_snapshots_is_the_true_one(seed: int) -> None:
    """Where the exchange pushes the snapshot, too, a loss lasts until the next one."""
    chance = random.Random(seed)
    market = Market(chance, skips=True)
    state = BookState(None)
    line = Line(state, NUMBERED["at"])
    for _ in range(8):
        line.replace(market.snapshot(lag=0, full=None))
        for push in spoiled([market.change() for _ in range(8)], chance):
            if push is None:
                line.interrupt()
            else:
                line.deliver(push)
            if state.trouble is None:
                check(state, market, line.version)
    assert not state.needs_snapshot


def levels(*pairs: tuple[int, int]) -> tuple[Level, ...]:
    """Return levels of whole numbers."""
    return tuple(Level(Decimal(price), Decimal(quantity)) for price, quantity in pairs)


def joined(begins: Literal["at", "after"] = "at", last: int = 100) -> BookState:
    """Return a book of one bid and one ask, joined with a snapshot."""
    state = BookState(begins)
    assert state.join(Snapshot(levels((99, 1)), levels((101, 1)), last), state.ask())
    return state


def test_new_book_is_not_trusted() -> None:
    """A book that nothing has come for can't be trusted, and needs a snapshot."""
    state = BookState("at")
    assert (True, True) == (state.trouble is not None, state.needs_snapshot)


@pytest.mark.parametrize(
    ("begins", "first", "last", "fits"),
    [("at", 100, 105, True), ("at", 101, 105, False), ("after", 101, 105, True), ("after", 102, 105, False)],
)
def test_first_change_must_continue_the_snapshot(
    begins: Literal["at", "after"], first: int, last: int, fits: bool
) -> None:
    """The first change after a snapshot holds its number, or the next one, as the exchange says; else it is distrusted."""
    state = joined(begins)
    state.change(Change(levels((98, 2)), (), first, last))
    assert fits == (state.trouble is None)


def test_change_that_the_snapshot_has_is_dropped() -> None:
    """A change that is older than the snapshot does not undo it."""
    state = joined()
    state.change(Change(levels((99, 7)), (), 90, 95))
    assert levels((99, 1)) == tuple(state.bids)


def test_snapshot_behind_the_stream_is_refused() -> None:
    """A snapshot from a cache that is older than a change already seen is not taken."""
    state = joined()
    state.change(Change(levels((98, 2)), (), 100, 105))
    state.lose("unreadable")
    assert not state.join(Snapshot((), (), 103), state.ask())
    assert state.join(Snapshot((), (), 105), state.ask())


def test_snapshot_from_before_a_gap_is_refused() -> None:
    """A snapshot that was asked for before something was missed heals nothing."""
    state = joined()
    token = state.ask()
    state.lose("disconnected")
    assert not state.join(Snapshot((), (), 200), token)


def test_crossed_book_is_not_trusted() -> None:
    """Bids at or above asks say that something was missed, although no number did."""
    state = joined()
    state.change(Change(levels((101, 2)), (), 100, 105))
    assert "bids cross asks" == state.trouble


def test_levels_beyond_a_cut_snapshot_are_not_shown() -> None:
    """Below the last level of a limited snapshot others may lie; a change there makes no level after a hole."""
    side = Side(levels((99, 1), (98, 1)), falling=True, full=2)
    side.change(levels((95, 5)))
    side.change(levels((99, 0)))
    assert levels((98, 1)) == tuple(side)


def test_used_up_snapshot_is_asked_for_again() -> None:
    """A trusted book asks for a new snapshot when too few levels of a limited one are left, and stays trusted."""
    state = BookState("at", wanted=1)
    state.join(Snapshot(levels((99, 1)), levels((101, 1)), 100, full=1), state.ask())
    assert not state.needs_snapshot
    state.change(Change(levels((99, 0)), (), 100, 105))
    assert (None, True) == (state.trouble, state.needs_snapshot)


def test_average_price_is_that_of_the_best_levels() -> None:
    """A quantity takes the best levels first; one that the book does not hold has no price."""
    side = Side(levels((101, 1), (103, 1)), falling=False)
    assert Decimal("101.5") == side.average(Decimal(4) / 3)
    assert side.average(Decimal(3)) is None
