"""A trader on a mock exchange that remembers: places, cancels and finds orders, for any API."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.mocks import async_client, client
from tests.support.orders import OrderCall, order_calls
from tests.support.waiting import PATIENCE
from venues import errors
from venues.core.request.params import ListOf
from venues.mock import Mock, NotSimulated, Order
from venues.mock.books.engine import Books
from venues.mock.books.market import Market
from venues.mock.declared.operations import Operation
from venues.mock.declared.things import Sent

PLACES = [(api, place) for api in APIS for place in order_calls(api, "place") if place.declared.becomes is None]
BOTH = pytest.mark.parametrize("kind", ["sync", "async"])


class OneMarket(Mock):
    """A mock exchange of which one market is meant where none is said."""

    def __init__(self, api: str, place: OrderCall | None = None, **options: Any) -> None:
        # First, for a state is done again while it is made.
        self._usual = (place.market or None) if place is not None else None
        super().__init__(api, **options)

    def market(self, symbol: str, market: str | None = None) -> Market:
        return super().market(symbol, market or self._usual)

    @contextmanager
    def _turn(self, market: str | None = None) -> Generator[Books]:
        with super()._turn(market or self._usual) as books:
            yield books


def label(value: object) -> str:
    """Name a parameter of a test."""
    return str(getattr(value, "label", getattr(value, "name", "")))


def each(where: Callable[[OrderCall], bool] = lambda place: True) -> pytest.MarkDecorator:
    """Run a test for each way to place orders, or for some of them."""
    found = [(api, place) for api, place in PLACES if where(place)]
    return pytest.mark.parametrize(("api", "place"), found, ids=label)


EACH = each()
OWN = {"price": "60000", "quantity": "5", "client_id": "mine-1"}


class Trader:
    """One client of a mock exchange, sync or async, that calls what is on the shelf of one way to place orders."""

    def __init__(self, api: Api, place: OrderCall, mock: Mock, caller: Any) -> None:
        self.api, self._caller = api, caller
        self.place, self.mock = place, mock

    async def call(self, call: OrderCall, **arguments: Any) -> bytes:
        answer = await _awaited(self._caller.call(call.operation, **arguments))
        return bytes(answer.body)

    async def call_operation(self, declared: Operation, **meant: str) -> bytes:
        """Make a call about something that is no order, with arguments by what they mean."""
        assert declared.things is not None
        operation = next(each for each in self.api.operations if each.full_name == declared.full_name)
        meant = {"within": self.place.market, **meant}
        sent = {
            operation.by_wire[each.wire].name: _said(each, meant[each.phrase])
            for each in declared.things.sent
            if each.phrase in meant and not isinstance(operation.by_wire[each.wire].kind, ListOf)
        }
        required = {param.name for param in operation.by_wire.values() if param.required}
        now = self.mock.now()
        times = [operation.by_wire[wire].name for wire in declared.things.span]
        spans = dict(zip(times, (now - 3_600_000, now), strict=False))
        needed = {name: value for name, value in (self.api.arguments(operation) | spans).items() if name in required}
        answer = await _awaited(self._caller.call(operation, **(needed | sent)))
        return bytes(answer.body)

    async def instrument(self, symbol: str) -> Any:
        return await _awaited(self._caller.instrument(symbol, **self._market))

    @property
    def _market(self) -> dict[str, str]:
        return {"market": self.place.market} if self.place.market else {}

    async def order(self, side: str = "buy", kind: str = "", **meant: Any) -> Order:
        """Place an order, and return it as the mock exchange has it."""
        await self.call(self.place, **self.place.arguments(side, kind, **{**OWN, **meant}))
        return self.mock.orders[-1]

    def calls(self, does: str, *of: str) -> list[OrderCall]:
        found = [c for c in order_calls(self.api, does) if c.shelf == self.place.shelf]
        return [c for c in found if not of or c.declared.of in of]

    async def shown(self, order: Order, *of: str) -> list[tuple[OrderCall, dict[str, str]]]:
        """Return how each call that gets or lists orders shows one."""
        found = []
        for call in (*self.calls("get", *of), *self.calls("list", *of)):
            body = await self.call(call, **call.arguments(id=str(order.id), symbol=order.symbol))
            found += [(call, one) for one in call.orders_in(body) if one["id"] == str(order.id)]
        return found

    async def cancel(self, order: Order) -> None:
        cancel = self.calls("cancel")[0]
        await self.call(cancel, **cancel.arguments(id=str(order.id), symbol=order.symbol))

    def wait(self, order: Order) -> Any:
        return self._caller.wait(
            str(order.id), self.place.operation, symbol=order.symbol, timeout=PATIENCE, **self._market
        )

    def every(self, call: OrderCall, order: Order) -> list[str]:
        """Read a list to its end, two by two."""
        operation, paging = call.operation, call.operation.paging
        assert paging is not None
        iterate = getattr(getattr(self._caller, operation.group), f"iter_{operation.name.removeprefix('get_')}")
        known = inspect.signature(iterate).parameters
        size = {operation.by_wire[paging.limit].name: 2} if paging.limit else {}
        given = call.arguments(symbol=order.symbol) | size
        return [repr(one) for one in iterate(**{name: value for name, value in given.items() if name in known})]

    async def reconcile(self, error: errors.ExecutionUnknown) -> Any:
        return await _awaited(self._caller.reconcile(error, settle=0))


def _said(sent: Sent, meant: str) -> str:
    """Return the value that says a word, such as 1m, or the word itself where there are no other values."""
    return next((value for value, words in sent.says.items() if words == (meant,)), meant)


async def _awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


@asynccontextmanager
async def trader(
    api: Api, place: OrderCall, kind: str = "sync", *, strict: bool = True, state: Path | None = None
) -> AsyncIterator[Trader]:
    """Trade on a mock exchange, a new one unless `state` has one; unless `strict`, what it can't do fails no test."""
    with nullcontext() if strict else suppress(NotSimulated), OneMarket(api.name, place, state=state) as mock:
        if kind == "async":
            async with async_client(api, mock) as awaited:
                yield Trader(api, place, mock, awaited)
        else:
            with client(api, mock) as caller:
                yield Trader(api, place, mock, caller)
