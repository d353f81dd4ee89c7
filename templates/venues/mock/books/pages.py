# Edited in templates/venues/mock/books/pages.py; the copy in generated/ is imported.
"""Cuts what is listed into the page that a call asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from venues.mock.declared.things import Paging
from venues.mock.exact import Json, put, text_of

SECONDS = 100_000_000_000
"""Times below it are in seconds: in milliseconds it was the year 1973."""


class Listed(Protocol):
    """What stands in lists."""

    @property
    def id(self) -> int:
        """What identifies it."""
        ...

    @property
    def at(self) -> int:
        """When it came to be, in milliseconds."""
        ...


T = TypeVar("T", bound=Listed)


def within(things: Sequence[T], span: Sequence[str], arguments: Mapping[str, Json]) -> Sequence[T]:
    """Return what came to be between the times of a call; both ends count."""
    start, end = times_of(span, arguments)
    if start is None and end is None:
        return things
    return [each for each in things if (start is None or each.at >= start) and (end is None or each.at <= end)]


def times_of(span: Sequence[str], arguments: Mapping[str, Json]) -> tuple[int | None, int | None]:
    """Return the range of times that is requested; where only one time can be given, it is the first."""
    found = [milliseconds(arguments.get(wire)) for wire in span]
    return (found[0] if found else None, found[1] if len(found) > 1 else None)


def milliseconds(value: Json) -> int | None:
    """Return a time that was sent, whether in seconds or milliseconds."""
    if value is None:
        return None
    time = int(text_of(value))
    return time * 1000 if time < SECONDS else time


def page_of(things: Sequence[T], paging: Paging | None, arguments: Mapping[str, Json]) -> list[T]:
    """Return one page of things, given oldest first; the newest come first unless ids go up, or times keep the first."""
    if paging is None:
        return [*reversed(things)]
    limit = int(text_of(arguments.get(paging.limit or "", paging.size or 100)))
    start = text_of(arguments.get(paging.start, paging.begin or ""))
    if paging.by == "page":
        first = int(paging.begin or 1)
        skipped = (max(int(start or first) - first, 0)) * limit
        end = max(len(things) - skipped, 0)
        return [*reversed(things[max(end - limit, 0) : end])]
    if paging.by == "time":
        return _page_by_time(things, paging, arguments, limit)
    if paging.by == "id" and paging.goes == "up":
        # Without an id the latest are shown, as all do whose ids go up.
        return [o for o in things if o.id >= int(start)][:limit] if paging.start in arguments else [*things][-limit:]
    if paging.by == "cursor":
        return _page_after(things, start, limit)
    begins = start in ("", paging.begin)
    return [o for o in reversed(things) if begins or o.id < int(start)][:limit]


def _page_after(things: Sequence[T], cursor: str, limit: int) -> list[T]:
    """Return what comes after the thing whose id is the cursor, newest first; an unknown cursor begins at the start."""
    newest = [*reversed(things)]
    before = next((place for place, each in enumerate(newest, 1) if str(each.id) == cursor), 0)
    return newest[before : before + limit]


def _page_by_time(things: Sequence[T], paging: Paging, arguments: Mapping[str, Json], limit: int) -> list[T]:
    first = paging.keeps == "first" and paging.start in arguments
    # Oldest first, as nearly all list what has a time.
    return [*(things[:limit] if first else things[-limit:])]


def note_page(body: Json, paging: Paging, page: Sequence[Listed], total: int, arguments: Mapping[str, Json]) -> None:
    """Write what an answer says of its page: how many there are in all, its number, where the next begins."""
    if paging.total:
        put(body, paging.total, total)
    if paging.number:
        put(body, paging.number, int(text_of(arguments.get(paging.start, paging.begin or 1))))
    if paging.next and paging.by == "cursor":
        limit = int(text_of(arguments.get(paging.limit or "", paging.size or 100)))
        # An empty cursor is the end; one after a page that is just full leads to an empty one, as exchanges do.
        put(body, paging.next, str(page[-1].id) if len(page) == limit else "")
    elif paging.next:
        put(body, paging.next, str(page[-1].id) if page else None)
