# Edited in templates/venues/mock/offering.py; the copy in generated/ is imported.
"""What can be traded on the mock exchange: the symbols of the specification, and those that a test adds."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypedDict, Unpack, cast

from venues.mock.answer.listing import Added
from venues.mock.books.market import Number, exact
from venues.mock.declared.api import Api
from venues.mock.exact import Json
from venues.mock.request.symbols import SymbolCheck
from venues.mock.script import Script


class Limits(TypedDict, total=False):
    """What an instrument allows, by the names that `client.instrument` has for it; in the units of the exchange."""

    tick: Number
    step: Number
    min_price: Number
    max_price: Number
    min_quantity: Number
    max_quantity: Number
    min_notional: Number
    max_notional: Number
    max_orders: Number
    contract_size: Number


PHRASES: Mapping[str, str] = {
    "tick": "step price",
    "step": "step quantity",
    "min_price": "min price",
    "max_price": "max price",
    "min_quantity": "min quantity",
    "max_quantity": "max quantity",
    "min_notional": "min value",
    "max_notional": "max value",
    "max_orders": "max order",
    "contract_size": "quantity",
}
"""What the specification calls them."""


class Offering(Script):
    """The instruments of a mock exchange."""

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        self.any_symbol: bool = False
        """Whether symbols that the specification does not list are accepted."""
        self._symbols = SymbolCheck(api)
        self._added: list[Added] = []

    def add_instrument(
        self,
        symbol: str,
        *,
        like: str | None = None,
        base: str | None = None,
        quote: str | None = None,
        market: str | None = None,
        **limits: Unpack[Limits],
    ) -> None:
        """Offer one more symbol, as an exchange does that lists a new coin; it stays when the mock exchange forgets.

            mock.add_instrument("NEWUSDT", tick="0.0001", step="1", min_quantity="10", min_price="0.0001")

        Orders for it are held against its limits, and the exchange's list of instruments shows it.

        Args:
            symbol: As the exchange writes it in orders.
            like: The listed symbol that it is like in everything that is not said; by default the first one.
            base: The base coin; by default what the symbol has before the quote coin.
            quote: The quote coin; by default that of the other one.
            market: Such as `spot` or `linear`, where a symbol names something else in each.
            limits: `tick`, `step`, `min_quantity` and so on, each for limit and market orders alike.

        Raises:
            ValueError: if there is no such market or listed symbol, a limit is no number, or its coins are not said.
            TypeError: if there is no such limit.
        """
        known = self._listed(market)
        like = next(iter(known), None) if like is None else like
        if like is None or like not in known:
            raise ValueError(f"{self._api.name} lists no instrument {like!r}; there is {', '.join(known)}")
        facts = {**known[like], **_limits(known[like], limits), **_coins(symbol, known[like], base, quote)}
        self._offer(Added(facts, like, market))
        self._note({"instrument": {"facts": facts, "like": like, "market": market}})

    def _listed(self, market: str | None) -> Mapping[str, Mapping[str, str]]:
        """Return the instruments of a market that the specification lists."""
        markets = self._api.markets
        if not markets and market is None:
            return self._api.instruments
        if market is None or market not in markets:
            raise ValueError(f"there is no market {market!r}; say market={' or '.join(map(repr, markets))}")
        return markets[market].instruments

    def _offer(self, added: Added) -> None:
        """Add an instrument, or replace the one of the same name."""
        name = added.facts["symbol"], added.market
        with self._lock:
            self._added = [each for each in self._added if (each.facts["symbol"], each.market) != name] + [added]
            self._symbols.add(name[0])

    @abstractmethod
    def _note(self, line: dict[str, Json]) -> None:
        """Write down what a test has done, so that it can be done again."""


def _limits(known: Mapping[str, str], limits: Limits) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, number in limits.items():
        phrase = PHRASES.get(name)
        if phrase is None:
            near = get_close_matches(name, PHRASES, n=1)
            raise TypeError(f"there is no limit {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        text = format(exact(cast(Number, number)), "f")  # the values of a TypedDict are objects
        # Some exchanges limit market orders separately; who sets one limit in a test means both.
        own = (phrase, f"market {phrase}") if f"market {phrase}" in known else (phrase,)
        found |= dict.fromkeys(own, text)
    return found


def _coins(symbol: str, known: Mapping[str, str], base: str | None, quote: str | None) -> dict[str, str]:
    """Return the names of an instrument and its coins."""
    quote = quote or known.get("quote", "")
    before = symbol.upper().removesuffix(quote.upper()).rstrip("-_/")
    if base is None and (not quote or not symbol.upper().endswith(quote.upper()) or not before):
        raise ValueError(f"say which coins {symbol} has: base=…, quote=…")
    coin = {"coin": quote} if known.get("coin") == known.get("quote") and "coin" in known else {}
    return {"symbol": symbol, "base": base or before, "quote": quote, **coin}
