"""The pure core of paging against random histories and exchanges: nothing is skipped, nothing comes twice."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from venues.core.paging.by_place import PlacePages
from venues.core.paging.by_span import SpanPages
from venues.core.paging.by_time import TimePages
from venues.core.paging.items import Item
from venues.core.paging.marks import PageSizes
from venues.core.paging.windows import Windows
from venues.core.request.paging import Paging
from venues.errors import PagingError

UNLIMITED = 10**9
BASE = 1_000
MOST_REQUESTS = 4_000
Pages = TimePages | SpanPages | PlacePages


@dataclass(frozen=True)
class World:
    """An exchange with a history, and a caller's question."""

    items: tuple[Item, ...]
    start: int
    end: int
    unit: int
    keeps: Literal["first", "last"]
    holds_from: bool
    holds_to: bool
    descending: bool
    limit: int | None
    most: int | None
    cap: int
    window: int
    is_documented: bool
    """Whether `keeps` is known."""

    @property
    def wanted(self) -> list[Item]:
        """Return what the caller should get."""
        return [item for item in self.items if self.start <= item.at <= self.end]

    def page(self, start: int, end: int, asked: int | None) -> list[Item]:
        """Answer a request for a window."""
        assert not self.window or end - start < self.window
        inside = [item for item in self.items if self._holds(item.at, start, end)]
        size = min(self.cap, asked or UNLIMITED)
        page = inside[:size] if self.keeps == "first" else inside[max(0, len(inside) - size) :]
        return page[::-1] if self.descending else page

    def _holds(self, at: int, start: int, end: int) -> bool:
        return (start < at or (start == at and self.holds_from)) and (at < end or (at == end and self.holds_to))

    def is_crowded(self) -> bool:
        """Whether, somewhere, three units of time hold as many items as a page: then an error is allowed."""
        units = Counter(item.at // self.unit for item in self.items)
        fullest = max((sum(units[unit + more] for more in range(-2, 4)) for unit in units), default=0)
        return fullest >= min(self.cap, self.limit or UNLIMITED)


def world(seed: int, has_ids: bool | None = None) -> World:
    """Return a random exchange."""
    dice = random.Random(seed)
    unit = dice.choice([1, 1, 1, 10])
    span = dice.choice([5, 50, 1_000, 100_000])
    window = dice.choice([0, 0, 7 * unit + 1, 40 * unit, 1_000 * unit])
    times = sorted(BASE + dice.randrange(span) for _ in range(dice.choice([0, 1, 2, 3, 7, 30, 100, 300])))
    if times and dice.random() < 0.3:  # many share a time
        times = sorted(dice.choices(times, k=len(times)))
    identified = dice.random() < 0.6 if has_ids is None else has_ids
    items = [_item(dice, number, at, identified) for number, at in enumerate(times, start=1)]
    limit = dice.choice([None, 1, 2, 3, 5, 10, 50])
    start = BASE - dice.randrange(20) if dice.random() < 0.7 else BASE + dice.randrange(span)
    return World(
        items=tuple(items),
        start=start,
        end=max(start, BASE + dice.randrange(span)) if dice.random() < 0.3 else BASE + span + 3,
        unit=unit,
        keeps=dice.choice(["first", "last"]),
        holds_from=dice.random() < 0.5,
        holds_to=dice.random() < 0.5,
        descending=dice.random() < 0.5,
        limit=limit,
        most=dice.choice([None, limit, 1_000]) if limit else None,
        # Caps that pages of doubled size never meet by chance: a page of the size that was asked for proves no cap.
        cap=dice.choice([UNLIMITED, UNLIMITED, 11, 13, 29]),
        window=window if span <= 30 * window else 0,
        is_documented=dice.random() < 0.3,
    )


def _item(dice: random.Random, number: int, at: int, identified: bool) -> Item:
    if identified:
        return Item(str(number), at, str(number), number)
    key = f"#{at}/{dice.randrange(3)}"  # some are alike
    return Item(key, at, "", key)


def read(pages: Callable[[PageSizes], Pages], asked: World, dice: random.Random) -> list[Item]:
    """Read a list to its end; now and then, the program dies, and another one resumes at the position."""
    sizes = PageSizes(asked.limit, asked.most, asked.limit is not None)
    course, found = pages(sizes), list[Item]()
    for _ in range(MOST_REQUESTS):
        request = course.request()
        if request is None:
            return found
        start, end = (int(str(request[name])) * asked.unit for name in ("start", "end"))
        new = course.read(asked.page(start, end, sizes.asked), None)
        for index, item in enumerate(new, start=1):
            found.append(item)
            if index < len(new):
                course.give(item)
            if dice.random() < 0.01:
                break
        else:
            course.settle()
            continue
        if len(new) == index:
            course.settle()
        position, learned = json.loads(json.dumps([course.position, sizes.position]))
        sizes = PageSizes(asked.limit, asked.most, asked.limit is not None)
        sizes.resume(learned)
        course = pages(sizes)
        course.resume(position)
    raise AssertionError("it does not end")


def check(asked: World, found: list[Item]) -> None:
    """Compare what was read with what there is."""
    if asked.cap < UNLIMITED and len({item.at // asked.unit for item in asked.wanted}) <= 2:
        return  # where all items share a time or two, a page that is cut off looks like one that is whole
    wanted, got = (Counter(item.key for item in items) for items in (asked.wanted, found))
    times = [item.at for item in asked.wanted]
    for end in (min(times, default=0), max(times, default=0)):
        if times.count(end) > asked.cap:
            # Beyond it nothing comes that would show that its page was cut off: fewer came than were asked for.
            there = {item.key for item in asked.wanted if item.at == end}
            wanted, got = (Counter({key: n for key, n in each.items() if key not in there}) for each in (wanted, got))
    assert wanted == got


@settings(max_examples=400)
@given(st.integers(0, 2**32))
@example(528082)  # the last time holds more items than a page, and the exchange does not say how many a page holds
def test_time_pages_miss_nothing_and_repeat_nothing(seed: int) -> None:
    """Whatever a window bounds and keeps, however pages are cut: all items once, in order, or an error where one time is crowded."""
    asked = world(seed)
    paging = Paging("time", "start", end="end", time="time", unit=asked.unit, window=asked.window)
    if asked.is_documented:
        paging = Paging(**{name: getattr(paging, name) for name in paging.__slots__} | {"keeps": asked.keeps})
    try:
        found = read(lambda sizes: TimePages(paging, "a.b", asked.start, asked.end, sizes), asked, random.Random(seed))
    except PagingError:
        assert asked.is_crowded()
        return
    check(asked, found)
    assert sorted(item.at for item in found) == [item.at for item in found]


@settings(max_examples=200)
@given(st.integers(0, 2**32))
@example(210410)  # a crowded unit of time, in a page that looked whole until later ones were no larger
def test_spans_without_times_miss_nothing_and_repeat_nothing(seed: int) -> None:
    """Where nobody knows which time counts, halved windows and ids find every item all the same."""
    asked = world(seed, has_ids=True)
    paging = Paging("time", "start", end="end", unit=asked.unit, window=asked.window)
    # What lies exactly at the ends of the whole span is for the exchange to give or not.
    start, end = asked.start - 2 * asked.unit, asked.end + 2 * asked.unit
    try:
        found = read(lambda sizes: SpanPages(paging, "a.b", start, end, sizes), asked, random.Random(seed))
    except PagingError:
        assert asked.is_crowded()
        return
    check(asked, [item for item in found if asked.start <= item.at <= asked.end])


def by_id(goes: Literal["up", "down"] | None, limit: int) -> tuple[Paging, PageSizes]:
    paging = Paging("id", "from", key=("id",), goes=goes, begin=0, limit="limit")
    return paging, PageSizes(limit, limit, True)


@pytest.mark.parametrize("holds_from", [True, False])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, 7, 100])
def test_ids_are_followed_to_the_end(count: int, holds_from: bool) -> None:
    """By ascending id, it does not matter whether the id that is asked for comes again."""
    paging, sizes = by_id("up", 6)
    pages = PlacePages(paging, "a.b", sizes, Windows(paging, None, None, 0), None)
    ids, found = range(1, count + 1), list[str]()
    while (request := pages.request()) is not None:
        least = int(str(request["from"]))
        page = [number for number in ids if number > least or (number == least and holds_from)][: sizes.asked]
        found += [item.id for item in pages.read([Item(str(n), 0, str(n), n) for n in page], None)]
        pages.settle()
    assert [str(number) for number in ids] == found


def test_an_exchange_that_ignores_the_id_is_an_error() -> None:
    """Upwards from an id, an exchange that gives the latest items instead would hide all others."""
    paging, sizes = by_id("up", 50)
    pages = PlacePages(paging, "a.b", sizes, Windows(paging, None, None, 0), None)
    with pytest.raises(PagingError, match="latest items"):  # noqa: PT012  # which page finds it is not promised
        while (request := pages.request()) is not None:
            ids = [number for number in range(1, 101) if number >= int(str(request["from"]))]
            pages.read([Item(str(n), 0, str(n), n) for n in ids[-(sizes.asked or 1) :]], None)


def test_a_page_of_one_id_that_comes_again_is_an_error() -> None:
    """Pages of one item that hold nothing but the item before would never end, or end too soon."""
    paging, sizes = by_id("up", 1)
    pages = PlacePages(paging, "a.b", sizes, Windows(paging, None, None, 0), None)
    pages.read([Item("7", 0, "7", 7)], None)
    with pytest.raises(PagingError, match="no item that is new"):
        pages.read([Item("7", 0, "7", 7)], None)


@dataclass
class Answer:
    next: str | None = None
    total: int | None = None


def test_a_cursor_that_comes_back_is_an_error() -> None:
    """A cursor that leads to an earlier page would never end."""
    paging = Paging("cursor", "cursor", key=("id",), next="next")
    pages = PlacePages(paging, "a.b", PageSizes(None, None, False), Windows(paging, None, None, 0), None)
    pages.read([Item("1", 0, "1", 1)], Answer("x"))
    pages.read([Item("2", 0, "2", 2)], Answer("y"))
    with pytest.raises(PagingError, match="came before"):
        pages.read([Item("3", 0, "3", 3)], Answer("x"))


@pytest.mark.parametrize("last", [None, "", "0"])
def test_an_empty_page_in_the_middle_is_no_end(last: str | None) -> None:
    """Only a cursor that leads nowhere ends a list: a page between may be empty."""
    paging = Paging("cursor", "cursor", key=("id",), next="next")
    pages = PlacePages(paging, "a.b", PageSizes(None, None, False), Windows(paging, None, None, 0), None)
    pages.read([Item("1", 0, "1", 1)], Answer("x"))
    pages.read([], Answer("y"))
    assert {"cursor": "y"} == pages.request()
    assert ["2"] == [item.id for item in pages.read([Item("2", 0, "2", 2)], Answer(last))]
    assert pages.request() is None


def test_a_number_that_changes_nothing_is_an_error() -> None:
    """An exchange that ignores the page number would give its first page for ever."""
    paging = Paging("page", "page", key=("id",), begin=1, limit="limit")
    pages = PlacePages(paging, "a.b", PageSizes(2, 2, True), Windows(paging, None, None, 0), None)
    page = [Item("1", 0, "1", 1), Item("2", 0, "2", 2)]
    pages.read(page, None)
    with pytest.raises(PagingError, match="is the one before it again"):
        pages.read(page, None)


def test_a_total_of_this_page_alone_ends_nothing() -> None:
    """Some exchanges count the items of the page where others count those of all pages."""
    paging = Paging("page", "page", key=("id",), begin=1, limit="limit", total="total")
    pages = PlacePages(paging, "a.b", PageSizes(2, 2, True), Windows(paging, None, None, 0), None)
    pages.read([Item("1", 0, "1", 1), Item("2", 0, "2", 2)], Answer(total=2))
    assert {"page": 2} == pages.request()


def test_a_long_span_is_read_in_several_windows() -> None:
    """Spans longer than an exchange allows are divided, newest first where ids descend, and every time lies in one window."""
    paging = Paging("id", "from", key=("id",), goes="down", time="time", within=("start", "end"), window=100)
    windows, held = Windows(paging, 1_000, 1_950, 5_000), list[int]()
    while True:
        bounds = windows.arguments()
        assert int(str(bounds["end"])) - int(str(bounds["start"])) < 100
        held += [at for at in range(1_950, 999, -1) if windows.holds(Item("", at, "", at))]
        if not windows.advance():
            break
    assert list(range(1_950, 999, -1)) == held
