"""What each market of an API has and does; where it has but one, what the API has and does."""

from __future__ import annotations

from typing import Any

from generator.ground.json_text import json_text
from generator.mock.groups import GroupCalls
from generator.mock.instruments import instrument_data
from generator.mock.orders import OrderCalls
from generator.mock.signing import set_members
from generator.mock.things import ThingCalls
from generator.model.api import Api
from generator.model.markets import has_choice, in_each_market
from generator.model.mock_facts import MarketFacts
from generator.model.operations import Operation
from generator.model.replies import replies

Data = dict[str, Any]  # JSON


class OneMarket:
    """The calls and facts of one market."""

    def __init__(self, api: Api, facts: MarketFacts) -> None:
        self._api, self._facts = api, facts
        self._orders = OrderCalls(api, facts.failures)
        self._things = ThingCalls(api, self._orders)
        self._groups = GroupCalls(api, self._orders)
        self._operations = {operation.full_name: operation for operation in api.operations}

    def of(self, full_name: str) -> Data:
        """Return what an operation does there; nothing where its example is played back."""
        operation = self._operations.get(full_name)
        if operation is None:
            return {}
        return set_members(
            orders=self._orders.of(operation), things=self._things.of(operation), groups=self._groups.of(operation)
        )

    def response(self, full_name: str) -> str:
        """Return the body of an operation's example, as JSON text."""
        return json_text(self._operations[full_name].response)

    def facts(self) -> Data:
        """Return what can be traded there, and how."""
        return {
            "instruments": instrument_data(self._api),
            "wallets": self._things.wallets(),
            "trading": self._things.trading(self._facts.trading),
        }


class Markets:
    """All markets of one API."""

    def __init__(self, api: Api) -> None:
        self._replies = replies(api)
        self._wire, self._own = api.market, api.mock.markets
        self._each = {name: OneMarket(there, self._own[name]) for name, there in in_each_market(api).items()}
        self._whole = next(iter(self._each.values()), None) or OneMarket(api, MarketFacts(api.mock.trading))

    def of(self, operation: Operation) -> Data:
        """Return what an operation does, in each market where that differs."""
        does = self._does(operation)
        return does | set_members(beside=self._replies.repeated(operation)) if does else {}

    def _does(self, operation: Operation) -> Data:
        name = operation.full_name
        if not self._each or not has_choice(operation, self._wire):
            return self._whole.of(name)
        found = {
            market: does | {"response": one.response(name)}
            for market, one in self._each.items()
            if (does := one.of(name))
        }
        return set_members(markets=found)

    def facts(self) -> Data:
        """Return what can be traded, and how, in each market."""
        if not self._each:
            return self._whole.facts()
        markets = {
            name: set_members(**one.facts(), failures=self._own[name].failures) for name, one in self._each.items()
        }
        return {"markets": markets, "market": self._wire}
