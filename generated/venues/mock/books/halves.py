# Edited in templates/venues/mock/books/halves.py; the copy in generated/ is imported.
"""Cancels one order and places another in one call, of which each half may fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from venues.mock.books.facts import facts_of_order
from venues.mock.books.order import DoneInPart, Order
from venues.mock.books.refusals import Refusals
from venues.mock.books.reply import Replies
from venues.mock.declared.operations import Operation
from venues.mock.declared.things import Half, Orders
from venues.mock.exact import Json, put, text_of
from venues.mock.request.received import RequestRefused

Deed = Callable[[], Order]


@dataclass(frozen=True)
class Tried:
    """The outcome of one half: an order, a refusal, or nothing where it was not tried."""

    order: Order | None = None
    refused: RequestRefused | None = None


class Replacing:
    """Carries out both halves of such calls, and writes the outcome of each."""

    def __init__(self, refusals: Refusals, replies: Replies) -> None:
        self._refusals, self._replies = refusals, replies

    def body(
        self, operation: Operation, declared: Orders, arguments: Mapping[str, Json], cancel: Deed, place: Deed
    ) -> Json:
        """Cancel one order, place another, and return the body of the answer.

        Raises:
            RequestRefused: if neither was done.
            DoneInPart: if one of the two was done.
        """
        halves = declared.halves
        assert halves is not None  # the caller asks only for calls with two halves
        canceled = self._try(operation, cancel)
        goes_on = text_of(arguments.get(halves.goes_on.wire, "")) == halves.goes_on.text
        placed = self._try(operation, place) if canceled.order or goes_on else Tried()
        body = self._replies.example(operation)
        for half, tried in ((halves.cancel, canceled), (halves.place, placed)):
            self._write(body, declared, half, tried)
            if tried.order:
                put(body, (half.order,), self._replies.in_case(operation, arguments, body[half.order], (half.order,)))
        if canceled.order and placed.order:
            return body
        if canceled.order or placed.order:
            raise DoneInPart(halves.some, {halves.inside: body})
        raise RequestRefused("wrong_param", "neither half was done", code=halves.all, more={halves.inside: body})

    def _try(self, operation: Operation, deed: Deed) -> Tried:
        try:
            return Tried(deed())
        except RequestRefused as refused:
            return Tried(refused=self._refusals.with_code(operation, refused))

    def _write(self, body: Json, declared: Orders, half: Half, tried: Tried) -> None:
        halves = declared.halves
        assert halves is not None
        word = halves.done if tried.order else halves.failed if tried.refused else halves.untried
        put(body, (half.result,), word)
        written: Json = self._refusals.envelope(tried.refused) if tried.refused else None
        if tried.order:
            holder = next(holder for holder in declared.holders if holder.path[-1:] == (half.order,))
            written = self._replies.writer(holder).write(facts_of_order(tried.order))
        put(body, (half.order,), written)
