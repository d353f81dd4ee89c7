"""Lists are read to their end: each item once, in order, whatever makes paging hard."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from tests.support.apis import OPERATIONS, Api, label
from tests.support.paged_lists import HOUR, START, PagedList, Traps, serving
from venues.core.request.operation import Operation, Paged
from venues.errors import ConnectionLost, InvalidRequest, PagingError
from venues.hooks import Hooks, PageNote
from venues.mock import Mock
from venues.retry import Retry

PAGED: list[tuple[Api, Paged[Any, Any]]] = [(api, o) for api, o in OPERATIONS if isinstance(o, Paged)]
COUNT = 2_500
"""Items of a list: more than a client remembers of those that came."""
FEW = 600
"""Items of a list that is read as one of `COUNT` is: what differs between them is where an item has what it is told by."""
BY_TIME = {
    "first": Traps(holds_from=False, holds_to=False, cap=83),
    "last": Traps(keeps="last", reverses=True, holds_to=False, cap=89),
}
BY_PLACE = {"shifting": Traps(cap=61, arrivals=3)}
"""Fewer items than were asked for, and new ones that push old ones on to the next page."""


def cases() -> list[Any]:
    """Return every operation that pages, with what makes that hard."""
    found, long = [], set[tuple[object, ...]]()
    for api, operation in PAGED:
        paging = operation.paging
        assert paging is not None
        for name, traps in (BY_TIME if paging.by == "time" else BY_PLACE).items():
            if paging.keeps in (None, traps.keeps) or paging.by != "time":
                # All that a pager decides by, but for names.
                way = (name, paging.by, paging.goes, paging.keeps, *map(bool, (paging.time, paging.key, paging.window)))
                count = FEW if way in long else COUNT
                long.add(way)
                found.append(pytest.param(api, operation, traps, count, id=f"{api.name}-{operation.full_name}-{name}"))
    return found


def of_each_kind() -> list[Any]:
    """Return one operation for each way to page."""
    kinds = {o.paging and (o.paging.by, o.paging.time is None, o.paging.goes): (api, o) for api, o in PAGED}
    return [pytest.param(api, operation, id=label(operation)) for api, operation in kinds.values()]


def numbered() -> list[Any]:
    """Return, of each API, one operation whose pages have numbers."""
    found = {api.name: pytest.param(api, o, id=f"{api.name}") for api, o in PAGED if o.paging and o.paging.by == "page"}
    return list(found.values())


ALL = pytest.mark.parametrize(("api", "operation"), [pytest.param(*one, id=label(one[1])) for one in PAGED])
EACH_KIND = pytest.mark.parametrize(("api", "operation"), of_each_kind())


def options(api: Api, url: str) -> dict[str, Any]:
    """Return what a client is made with; it takes the time to be long after the list."""
    return {
        **Mock(api.name, remembers=False).credentials,
        "base_url": url,
        "limiter": "off",
        "clock": lambda: 1_890_000_000_000,
    }


def iterating(client: Any, operation: Operation[Any]) -> Any:
    """Return the method that iterates over an operation's list."""
    return getattr(getattr(client, operation.group), f"iter_{operation.name.removeprefix('get_')}")


def needed(api: Api, operation: Operation[Any]) -> dict[str, Any]:
    """Return what a call of the list can't do without: what is required, and what one of several of which is."""
    shown = api.arguments(operation)
    choices = {wire for rule in operation.rules if rule.kind in ("one_of", "at_least_one_of") for wire in rule.wires}
    params = [param for param in operation.params if param.required or param.wire in choices]
    return {param.name: shown[param.name] for param in params if param.name in shown}


def arguments(api: Api, operation: Operation[Any], listed: PagedList) -> dict[str, Any]:
    """Return what selects the whole list."""
    paging, names = operation.paging, {param.wire: param.name for param in operation.params}
    assert paging is not None
    taken = inspect.signature(iterating(api.client(**options(api, "http://127.0.0.1:1")), operation)).parameters
    given = {name: value for name, value in needed(api, operation).items() if name in taken}
    given.pop(names.get(paging.limit or "", ""), None)
    given.pop(names[paging.start], None)
    if paging.times:
        # Whether the first and the last item of a window come is for the exchange to say, but by time.
        margin = 0 if paging.by == "time" and paging.time else HOUR
        start, end = (names[wire] for wire in paging.times)
        given[start] = (listed.times[0] - margin) // paging.unit
        given[end] = -(-(listed.times[listed.count - 1] + margin) // paging.unit)
    if paging.goes == "up" and paging.begin is None:
        given[names[paging.start]] = 0
    return given


@contextmanager
def listing(
    api: Api, operation: Operation[Any], traps: Traps, count: int = COUNT, **more: Any
) -> Iterator[tuple[PagedList, Any]]:
    """Serve a list; yield it, and a client."""
    listed = PagedList(api, operation, replace(traps), count)
    with serving(listed) as url, api.client(**options(api, url) | more) as client:
        yield listed, client


def in_order(operation: Operation[Any], count: int = COUNT) -> list[int]:
    """Return the numbers of all items as a naive loop over all pages would meet them, each once."""
    paging, ascending = operation.paging, list(range(1, count + 1))
    assert paging is not None
    return ascending[::-1] if paging.by == "page" or paging.goes == "down" else ascending


def has_order(operation: Operation[Any]) -> bool:
    """Whether items come in a known order; where nobody knows which time of an item counts, only the windows do."""
    paging = operation.paging
    assert paging is not None
    return paging.by != "time" or paging.time is not None


@pytest.mark.parametrize(("api", "operation", "traps", "count"), cases())
def test_every_item_comes_once_and_in_order(api: Api, operation: Paged[Any, Any], traps: Traps, count: int) -> None:
    """All items come once each and in order, wherever pages are cut, whatever windows hold, and while new ones come."""
    with listing(api, operation, traps, count) as (listed, client):
        found = [listed.number_of(item) for item in iterating(client, operation)(**arguments(api, operation, listed))]
    old = [number for number in found if number <= count]
    assert in_order(operation, count) == (old if has_order(operation) else sorted(old))
    assert len(found) == len(set(found))


@EACH_KIND
def test_the_async_twin_gives_the_same(api: Api, operation: Paged[Any, Any]) -> None:
    """Awaited, a list is the same list."""
    listed = PagedList(api, operation, Traps(cap=97), COUNT)

    async def read(url: str) -> list[int]:
        async with api.async_client(**options(api, url)) as client:
            pager = iterating(client, operation)(**arguments(api, operation, listed))
            return [listed.number_of(item) async for item in pager]

    with serving(listed) as url:
        assert in_order(operation) == asyncio.run(read(url))


@EACH_KIND
def test_a_position_resumes_after_a_crash(api: Api, operation: Paged[Any, Any]) -> None:
    """A program that dies in the middle of a page, and is started again with the position it had written, misses nothing."""
    with listing(api, operation, Traps(cap=97)) as (listed, client):
        given, found, position = arguments(api, operation, listed), [], None
        for steps in (1, 96, 97, 700, 1_000, COUNT):
            pager = iterating(client, operation)(**given, position=position)
            found += [listed.number_of(item) for item in islice(pager, steps)]
            position = json.loads(json.dumps(pager.position))
        again = list(iterating(client, operation)(**given, position=position))
    assert in_order(operation) == found
    assert [] == again


@EACH_KIND
def test_after_an_error_the_iteration_goes_on(api: Api, operation: Paged[Any, Any]) -> None:
    """A page that could not be had is asked for again by the next step."""
    with listing(api, operation, Traps(cap=97, drops=7), retry=Retry(0)) as (listed, client):
        pager, found, errors = iterating(client, operation)(**arguments(api, operation, listed)), [], 0
        while True:
            try:
                item = next(pager)
            except ConnectionLost:
                errors += 1
            except StopIteration:
                break
            else:
                found.append(listed.number_of(item))
    assert 1 == errors
    assert in_order(operation) == found


@EACH_KIND
def test_hooks_hear_of_every_page(api: Api, operation: Paged[Any, Any]) -> None:
    """Progress never falls, ends at all items, and where it is a part of the whole, at 1."""
    notes: list[PageNote] = []

    class Listening(Hooks):
        def on_page(self, api: str, note: PageNote) -> None:
            notes.append(note)

    with listing(api, operation, Traps(cap=97), hooks=Listening()) as (listed, client):
        count = sum(1 for _ in iterating(client, operation)(**arguments(api, operation, listed)))
    assert len(listed.requests) == len(notes)
    assert [note.pages for note in notes] == list(range(1, len(notes) + 1))
    assert (count, operation.full_name) == (notes[-1].items, notes[-1].operation)
    done = [note.done for note in notes if note.done is not None]
    assert sorted(done) == done
    assert done[-1:] in ([], [1.0])


@pytest.mark.parametrize(("api", "operation"), numbered())
def test_short_pages_leave_no_holes(api: Api, operation: Paged[Any, Any]) -> None:
    """Page 2 may begin behind the items that were asked for, and not behind those that came: then fewer are asked for."""
    with listing(api, operation, Traps(cap=17, skips=True)) as (listed, client):
        found = [listed.number_of(item) for item in iterating(client, operation)(**arguments(api, operation, listed))]
    assert in_order(operation) == found


@ALL
def test_it_ends_where_an_exchange_always_answers_the_same(api: Api, operation: Paged[Any, Any]) -> None:
    """An exchange that ignores windows, ids and page numbers costs a few calls, and is an error unless all was given."""
    paging, names = operation.paging, {param.wire: param.name for param in operation.params}
    assert paging is not None
    given = needed(api, operation)
    for wire in (paging.limit or "", paging.start):
        given.pop(names.get(wire, ""), None)
    if paging.times:
        start, end = (names[wire] for wire in paging.times)
        given |= {start: START // paging.unit, end: (START + 3 * (paging.window or 24 * HOUR)) // paging.unit}
    if paging.goes == "up" and paging.begin is None:
        given[names[paging.start]] = 1
    with Mock(api.name, remembers=False) as mock, api.client(**options(api, mock.url) | {"clock": None}) as client:
        with suppress(PagingError):
            assert len(list(iterating(client, operation)(**given))) < 10
        assert len(mock.requests) < 80


def test_a_page_of_one_single_time_is_an_error_and_no_gap() -> None:
    """Where more items share a millisecond than the largest page holds, the pager says so, behind all that came before."""
    api, operation = next((api, o) for api, o in PAGED if o.paging and o.paging.by == "time" and o.paging.most)
    with listing(api, operation, Traps(cap=50)) as (listed, client):
        listed.times[1_000:1_060] = [listed.times[1_000]] * 60
        listed.refresh()
        pager, found = iterating(client, operation)(**arguments(api, operation, listed)), list[object]()
        with pytest.raises(PagingError, match="more items share one time"):
            found.extend(pager)
    assert 1_000 <= len(found) < 1_060


def test_a_small_page_grows_where_a_time_is_crowded() -> None:
    """If a page of the asked size has a single time, larger ones are asked for."""
    api, operation = next((api, o) for api, o in PAGED if o.paging and o.paging.by == "time" and o.paging.most)
    with listing(api, operation, Traps()) as (listed, client):
        listed.times[1_000:1_060] = [listed.times[1_000]] * 60
        listed.refresh()
        given = arguments(api, operation, listed) | {"limit": 40}
        found = [listed.number_of(item) for item in iterating(client, operation)(**given)]
    assert in_order(operation) == found
    assert {"40"} < {request["limit"] for request in listed.requests}


def test_a_position_of_another_list_is_refused() -> None:
    """A position says which list it is of: that of other arguments would skip items without a word."""
    api, operation = next((api, o) for api, o in PAGED if o.full_name == "market.get_klines")
    with listing(api, operation, Traps()) as (listed, client):
        given = arguments(api, operation, listed)
        position = iterating(client, operation)(**given).position
        with pytest.raises(InvalidRequest, match="another list"):
            iterating(client, operation)(**given | {"symbol": "ETHUSDT"}, position=position)


def test_an_iteration_sends_nothing_before_it_begins() -> None:
    """Making a pager costs no call."""
    api, operation = PAGED[0]
    with listing(api, operation, Traps()) as (listed, client):
        iterating(client, operation)(**arguments(api, operation, listed))
    assert [] == listed.requests


@ALL
def test_a_list_that_ends_before_it_begins_is_refused(api: Api, operation: Paged[Any, Any]) -> None:
    """Two times in the wrong order are a mistake, and not an empty list."""
    assert operation.paging is not None
    if operation.paging.times is None:
        return  # it has no times
    first, last = (operation.by_wire[wire].name for wire in operation.paging.times)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    with listing(api, operation, Traps()) as (listed, client):
        given = arguments(api, operation, listed) | {first: begin, last: begin - timedelta(hours=1)}
        with pytest.raises(InvalidRequest, match=f"{first} lies after {last}"):
            iterating(client, operation)(**given)
