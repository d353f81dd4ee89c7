"""Writes the calls that place, find and cancel orders, for any API, from what its parameters mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.support.apis import Api
from venues.core.request.operation import Operation
from venues.core.request.params import Fields, ListOf
from venues.mock.declared.api import Api as Declared
from venues.mock.declared.api import load_api
from venues.mock.declared.things import Orders, Sent
from venues.mock.exact import parse, value_at


@dataclass(frozen=True)
class OrderCall:
    """A call that does something with orders, and what is declared of it."""

    operation: Operation[Any]
    declared: Orders
    example: dict[str, Any]
    spec: Declared
    """The API as it is in the market of this call."""

    market: str = ""
    """Where an API has several."""

    @property
    def name(self) -> str:
        return self.operation.full_name

    @property
    def label(self) -> str:
        """What tells it apart in the names of tests."""
        return f"{self.name}-{self.market}" if self.market else self.name

    @property
    def shelf(self) -> tuple[str, str]:
        """Where its orders are found, and nowhere else."""
        return self.market, self.declared.shelf

    def arguments(self, side: str = "buy", kind: str = "", **meant: Any) -> dict[str, Any]:
        """Return arguments by what they mean, such as `client_id="a"`; what must be sent beside them is neutral."""
        found = {}
        for sent in self.declared.sent:
            value = self._value(sent, side, kind, meant)
            if value is not None:
                found[self._name(sent.wire)] = value
        for wire in (self.declared.span or ())[:1]:
            if self.operation.by_wire[wire].required:
                found[self._name(wire)] = self.example[self._name(wire)]
        paging = self.declared.paging
        if paging and self.operation.by_wire[paging.start].required:
            found[self._name(paging.start)] = paging.begin
        if paging and paging.limit and self.operation.by_wire[paging.limit].required:
            found[self._name(paging.limit)] = paging.size
        return found

    def _value(self, sent: Sent, side: str, kind: str, meant: dict[str, Any]) -> Any:
        required = self.operation.by_wire[sent.wire].required
        if sent.phrase == "side" and self.declared.does == "place":
            return _saying(sent, (side,))
        if sent.phrase == "kind" and self.declared.does in ("list", "cancel_all") and not required:
            return None  # a kind that is nothing special would leave out orders that wait for a price
        if sent.phrase == "kind":
            return _saying(sent, (kind,)) if kind and _saying(sent, (kind,)) else _saying(sent, ())
        if sent.phrase == "within":
            return self.market
        phrase = sent.phrase or (sent.cases[-1].phrase if sent.cases else "")
        if phrase in meant:
            return meant[phrase]
        if (sent.phrase == "symbol" and self.declared.does == "place") or (
            required and sent.phrase in ("symbol", "leverage")
        ):
            return self.example[self._name(sent.wire)]
        return _saying(sent, ()) if required else None

    def batch(self, orders: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return the arguments of a batch: of each order or id, what is said of it by meaning."""
        common = next(iter(orders), {}) | {"within": self.market}
        found = {self._name(sent.wire): common[sent.phrase] for sent in self.declared.sent if sent.phrase in common}
        for items in self.declared.items:
            if items.phrase:
                ids = [order[items.phrase] for order in orders if items.phrase in order]
                found |= {self._name(items.wire): ids} if ids else {}
            else:
                found[self._name(items.wire)] = [self._item(items.wire, items.sent, order) for order in orders]
        return found

    def _item(self, wire: str, declared: Sequence[Sent], order: dict[str, Any]) -> dict[str, Any]:
        example = next(iter(self.example[self._name(wire)]))
        kind = self.operation.by_wire[wire].kind
        assert isinstance(kind, ListOf)
        assert isinstance(kind.item, Fields)
        item = {}
        for sent in declared:
            member = next(each for each in kind.item.members if each.wire == sent.wire)
            if sent.phrase in ("side", "kind"):
                value = _saying(sent, (order["side"],) if sent.phrase == "side" else ())
            else:
                neutral = example.get(member.name) if sent.phrase == "leverage" else _saying(sent, ())
                phrase = sent.phrase or (sent.cases[-1].phrase if sent.cases else "")
                value = order.get(phrase, neutral if member.required else None)
            if value is not None:
                item[member.name] = value
        return item

    def _name(self, wire: str) -> str:
        return self.operation.by_wire[wire].name

    def orders_in(self, body: bytes) -> list[dict[str, str]]:
        """Return the orders of an answer, by what their members mean, as text."""
        held = self.declared.held
        assert held is not None
        found = value_at(parse(body), held.path)
        things = found if isinstance(found, list) else [found]
        return [
            {
                member.phrase: str(value_at(thing, member.path))
                for member in held.members
                if value_at(thing, member.path) is not None
            }
            for thing in things
        ]

    def status(self, order: dict[str, str]) -> tuple[str, ...]:
        """Return what the status of an order says."""
        assert self.declared.held is not None
        members = (m for m in self.declared.held.members if m.phrase == "status")
        return next((m.says[order["status"]] for m in members if order.get("status") in m.says), ())


def _saying(sent: Sent, words: tuple[str, ...]) -> Any:
    return next((value for value, said in sent.says.items() if said == words), None)


def order_calls(api: Api, does: str, *, batch: bool = False) -> Iterator[OrderCall]:
    """Yield the calls of an API that do this with one order, or with several, as far as its mock exchange remembers."""
    for market, spec in markets_of(api):
        for operation in api.operations:
            orders = spec.by_name[operation.full_name].orders
            # What places an order instead of another one needs that one first.
            if orders is not None and orders.does == does and bool(orders.items) == batch and orders.halves is None:
                yield OrderCall(operation, orders, api.arguments(operation), spec, market)


def markets_of(api: Api) -> Iterator[tuple[str, Declared]]:
    """Yield an API as it is in each of its markets; a market that is the only one has no name."""
    declared = load_api(api.name)
    if not declared.markets:
        yield "", declared
    for name in declared.markets:
        yield name, declared.in_market(name)


def same_number(text: str, number: str) -> bool:
    """Whether a number in an answer is this one, however many zeros it has."""
    return Decimal(text) == Decimal(number)
