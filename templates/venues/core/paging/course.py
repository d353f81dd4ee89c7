# Edited in templates/venues/core/paging/course.py; the copy in generated/ is imported.
"""The course of one list, from its first page to its last: what to ask, what to give out, and where to resume."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

import msgspec

from venues.core.paging.by_place import Place, PlacePages
from venues.core.paging.by_span import SpanPages
from venues.core.paging.by_time import TimePages
from venues.core.paging.items import Item, items_of
from venues.core.paging.marks import PageSizes
from venues.core.paging.windows import Windows
from venues.core.request.operation import Paged
from venues.core.request.paging import Paging
from venues.errors import InvalidRequest
from venues.hooks import PageNote

PagerPosition = Mapping[str, Any]
"""Where a pager stands; it can be written as JSON, and resumes the list after a crash. Any, since it is JSON."""
NOTHING: Final = object()


class Course:
    """One list on its way to the caller; it neither waits nor sends."""

    def __init__(
        self, operation: Paged[Any, Any], arguments: Mapping[str, object], position: PagerPosition | None, now: int
    ) -> None:
        self._operation = operation
        self._paging = _paging(operation)
        self._fixed = {wire: value for wire, value in arguments.items() if value is not None}
        self._sizes = _sizes(self._paging, self._fixed)
        self._pages = _pages(operation, self._fixed, self._sizes, now)
        self._ready: deque[Item] = deque()
        """What was read, and not given yet."""
        self._given = 0
        self._read = 0
        if position is not None:
            self._resume(position)

    @property
    def position(self) -> PagerPosition:
        """Where the list stands, behind the last item that was given out."""
        name, sizes = self._operation.full_name, self._sizes.position
        return {"list": name, "of": self._of(), "given": self._given, "sizes": sizes, **self._pages.position}

    def pop(self) -> Any:
        """Return the next item that is ready, or NOTHING."""
        if not self._ready:
            return NOTHING
        item = self._ready.popleft()
        self._given += 1
        if self._ready:
            self._pages.give(item)
        else:
            self._pages.settle()
        return item.value

    def request(self) -> dict[str, object] | None:
        """Return the arguments of the next request, by wire name; None at the end."""
        driven = self._pages.request()
        if driven is None:
            return None
        size = {self._paging.limit: self._sizes.asked} if self._paging.limit and self._sizes.asked else {}
        return {**self._fixed, **size, **driven}

    def read(self, answer: object) -> PageNote:
        """Take an answer; return what hooks get of it."""
        items = items_of(self._paging, answer, self._operation.full_name)
        self._ready.extend(self._pages.read(items, answer))
        self._read += 1
        if not self._ready:
            self._pages.settle()
        given = self._given + len(self._ready)
        return PageNote(self._operation.full_name, self._read, given, self._pages.done, self._pages.total)

    def _resume(self, position: PagerPosition) -> None:
        if position.get("list") != self._operation.full_name or position.get("of") != self._of():
            raise InvalidRequest(f"the position is one of another list than this {self._operation.full_name}")
        self._pages.resume(position)
        self._sizes.resume(position["sizes"])
        self._given = position["given"]

    def _of(self) -> str:
        """Return a digest of the arguments that say which list this is; where it begins and ends, the position says."""
        # A list may be resumed with another end or page size, but not for another symbol.
        driven = {self._paging.start, self._paging.end, self._paging.limit, *(self._paging.within or ())}
        written = self._operation.encode(self._fixed, validate=False)
        kept = {wire: str(value) for wire, value in written.items() if wire not in driven}
        return blake2b(msgspec.json.encode(kept, order="deterministic"), digest_size=8).hexdigest()


def _paging(operation: Paged[Any, Any]) -> Paging:
    assert operation.paging is not None
    return operation.paging


def _sizes(paging: Paging, arguments: Mapping[str, object]) -> PageSizes:
    given = arguments.get(paging.limit) if paging.limit else None
    return PageSizes(paging.size if given is None else int(str(given)), paging.most, paging.limit is not None)


def _pages(
    operation: Paged[Any, Any], arguments: Mapping[str, object], sizes: PageSizes, now: int
) -> TimePages | SpanPages | PlacePages:
    paging = _paging(operation)
    start, end = (_moment(operation, wire, arguments) for wire in paging.times or ("", ""))
    if start is not None and end is not None and start > end:
        names = [operation.by_wire[wire].name for wire in paging.times or ()]
        raise InvalidRequest(f"{operation.full_name}: {' lies after '.join(names)}")
    if paging.by == "time":
        if start is None:
            raise InvalidRequest(f"{operation.full_name}: {operation.by_wire[paging.start].name} must be given")
        # Windows end one unit late, and are rounded; they must not end in the future, for some exchanges reject that.
        latest = now - 2 * paging.unit if end is None else end
        return (TimePages if paging.time else SpanPages)(paging, operation.full_name, start, latest, sizes)
    place = arguments.get(paging.start)
    first: Place = place if isinstance(place, str | int) else None
    return PlacePages(paging, operation.full_name, sizes, Windows(paging, start, end, now - 2 * paging.unit), first)


def _moment(operation: Paged[Any, Any], wire: str, arguments: Mapping[str, object]) -> int | None:
    """Return a time that the caller gave, in milliseconds."""
    value = arguments.get(wire) if wire else None
    if value is None:
        return None
    param = operation.by_wire[wire]
    return int(str(param.encode(value, param.name))) * _paging(operation).unit
