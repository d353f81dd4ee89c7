# Edited in templates/venues/core/paging/async_pager.py; the copy in generated/ is imported.
"""Sync pagers; derived from `async_pager`, by `pager.py.unasync`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, Self, TypeVar

from venues.core.paging.course import NOTHING, Course, PagerPosition
from venues.core.request.messages import Response
from venues.core.request.operation import Operation, Paged
from venues.hooks import PageNote

I_co = TypeVar("I_co", covariant=True)
Exchange = Callable[[Operation[Any], Mapping[str, object]], Response[Any]]


class Pager(Generic[I_co]):
    """Iterates over a whole list, each item once; it can be iterated over once.

    Every page is an ordinary call, so limits are kept, and it raises what a call raises.
    After an error, the iteration may go on where it stopped; nothing is lost.
    """

    def __init__(
        self, operation: Paged[Any, I_co], course: Course, exchange: Exchange, report: Callable[[PageNote], None]
    ) -> None:
        self._operation = operation
        self._course = course
        self._exchange = exchange
        self._report = report

    @property
    def position(self) -> PagerPosition:
        """Where the pager stands, behind the last item that it gave.

        It can be written as JSON. Passed as `position`, with the same arguments, it resumes the list after a crash.
        """
        return self._course.position

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> I_co:
        while (item := self._course.pop()) is NOTHING:
            # Requested again after an error: the course moves on only when a page was read.
            request = self._course.request()
            if request is None:
                raise StopIteration
            answer = self._exchange(self._operation, request)
            self._report(self._course.read(answer.data))
        found: I_co = item
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation.full_name}>"
