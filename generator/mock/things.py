"""What the mock exchange needs to answer for money and markets: fills, balances, positions, loans, prices, candles."""

from __future__ import annotations

from typing import Any

from generator.mock.orders import OrderCalls
from generator.mock.records import record_data
from generator.mock.signing import set_members
from generator.model.api import Api
from generator.model.keeping import ThingMemory
from generator.model.mock_facts import TradingFacts
from generator.model.operations import Operation
from generator.model.remembering import span_of
from generator.model.replies import Holder

Data = dict[str, Any]  # JSON


class ThingCalls:
    """Says of the calls of one API what they show or do of things that are no orders."""

    def __init__(self, api: Api, orders: OrderCalls) -> None:
        self._orders = orders
        self._memory = ThingMemory(api, orders.memory)
        self._operations = api.operations
        joins = (channel.join for channel in (api.streams.channels if api.streams else ()) if channel.join)
        self._numbers = {join.operation: join.at for join in joins}

    def of(self, operation: Operation) -> Data:
        """Return what an operation does with such things; nothing where its example is played back."""
        verb = self._memory.verb(operation)
        if verb is None:
            return {}
        return set_members(
            does=verb,
            wallet=self._orders.wallet(operation),
            sent=self._sent(operation),
            span=span_of(operation),
            paging=self._orders.paging(operation),
            holders=[self._numbered(operation, holder) for holder in self._memory.holders(operation)],
        )

    def _sent(self, operation: Operation) -> list[Data]:
        """Return what is sent; a number without a meaning is the number of levels of a book."""
        found = [_whole(data, operation) for data in self._orders.sent(operation.params, operation)]
        numbers = {param.wire for param in operation.params if param.type.kind == "integer" and not param.phrase}
        is_book = operation.does("get", "book")
        return [data | {"phrase": "levels"} if is_book and data["wire"] in numbers else data for data in found]

    def _numbered(self, operation: Operation, holder: Holder) -> Data:
        """Return one place of an answer; a snapshot that changes continue has their number."""
        data = self._orders.holders.data(holder)
        wire = self._numbers.get(operation.full_name)
        if wire is not None:
            data["members"].append({"path": [wire], "phrase": "version", "kind": "integer"})
        return data

    def wallets(self) -> Data:
        """Return the accounts that have money of their own: whether each pair has, and what is traded there."""
        if not self._memory.trades:
            return {}
        contracts = any(o.does("list", "position") for o in self._operations)
        balances = [o for o in self._operations if any(deed.thing == "balance" for deed in o.deeds)]
        return {
            o.shelf.name: set_members(
                contracts=contracts, per_symbol=any(param.phrase == "symbol" for param in o.params)
            )
            for o in balances
        } or {"": set_members(contracts=contracts)}

    def trading(self, facts: TradingFacts) -> Data:
        """Return what words can't say, and whether a call decides how many positions there are."""
        if not self._memory.trades:
            return {}
        return set_members(
            fees=record_data(facts.fees) if facts.fees else None,
            positions=facts.positions,
            hedges=any(o.does("set", "hedged") for o in self._operations),
            leverage=facts.leverage,
            cancels=facts.cancels,
            unfunded=facts.unfunded,
            exits=facts.exits,
            interest=record_data(facts.interest) if facts.interest else None,
            assumed=facts.assumed,
        )


def _whole(data: Data, operation: Operation) -> Data:
    """Return a parameter; of what asks for kinds of a thing, the first that is that thing asks for nothing special."""
    things = [(deed.thing,) for deed in operation.deeds]
    plain = next((value for value, words in data.get("says", {}).items() if words in things), None)
    return data if plain is None or "phrase" in data else data | {"says": data["says"] | {plain: ()}}
