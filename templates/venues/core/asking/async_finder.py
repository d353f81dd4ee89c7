# Edited in templates/venues/core/asking/async_finder.py; the copy in generated/ is imported.
"""Asks an exchange for the outcome of a call; the sync twin is derived from this module, by `finder.py.unasync`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from venues.core.outcome.likeness import LikenessQuestion, LikenessSearch
from venues.core.outcome.lookup import Question, Search
from venues.core.paging.async_pager import AsyncPager
from venues.core.request.messages import Response
from venues.core.request.operation import Operation, Paged
from venues.errors import ApiError, DecodeError, PagingError, TransportError

Exchange = Callable[[Operation[Any], Mapping[str, object]], Awaitable[Response[Any]]]
Iterate = Callable[[Paged[Any, Any], Mapping[str, object], None], AsyncPager[Any]]


class AsyncFinder:
    """Asks the questions of a search, once or twice; it only reads."""

    def __init__(
        self,
        operation: Callable[[str], Operation[Any]],
        exchange: Exchange,
        iterate: Iterate,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """Make a finder.

        Args:
            operation: Returns an operation by group and name.
            exchange: Makes a call.
            iterate: Reads a list page by page.
            sleep: Waits so many seconds.
        """
        self._operation = operation
        self._exchange = exchange
        self._iterate = iterate
        self._sleep = sleep

    async def find(self, search: Search | LikenessSearch, settle: float) -> None:
        """Ask, and once more after `settle` seconds, if the search is still open: an order may be on its way."""
        await self._ask(search)
        if settle and search.is_open:
            await self._sleep(settle)
            await self._ask(search)

    async def _ask(self, search: Search | LikenessSearch) -> None:
        """Ask every question of a search; what can't be asked is no evidence."""
        for question in search.questions():
            try:
                question.note_answer(await self._answer_to(question))
            except (ApiError, TransportError, DecodeError, PagingError) as failure:
                question.note_failure(failure)

    async def _answer_to(self, question: Question | LikenessQuestion) -> object:
        """Return what a call answers; of a list, its pages up to the end, or up to more items than are of use."""
        operation = self._operation(question.operation)
        if isinstance(question, Question) or not isinstance(operation, Paged):
            return (await self._exchange(operation, question.arguments)).data
        items: list[object] = []
        async for item in self._iterate(operation, question.arguments, None):
            items.append(item)
            if len(items) > question.most:
                break
        return items
