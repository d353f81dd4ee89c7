# Edited in templates/venues/mock/books/placing.py; the copy in generated/ is imported.
"""Makes orders of what calls ask for, and refuses those that the exchange would refuse."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from msgspec.structs import replace

from venues.mock.books.account import Account
from venues.mock.books.asked import EXITS, Asked, trigger_of
from venues.mock.books.limits import Instrument
from venues.mock.books.matching import Matching
from venues.mock.books.money import Position
from venues.mock.books.order import DIGITS, REDUCING, TRIGGERED, NotSimulated, Order, Side, Trigger
from venues.mock.books.triggers import fires
from venues.mock.declared.operations import Operation
from venues.mock.declared.things import Orders
from venues.mock.exact import Json
from venues.mock.request.received import RequestRefused

SIZES = frozenset({"quantity", "value"})
OTHER: Mapping[Side, Side] = {"buy": "sell", "sell": "buy"}


class Placing:
    """Makes the orders of one account."""

    def __init__(self, account: Account, matching: Matching) -> None:
        self._account, self._matching = account, matching

    def order(self, operation: Operation, declared: Orders, asked: Asked, arguments: Mapping[str, Json]) -> Order:
        """Return a new order, which is not listed yet.

        Raises:
            RequestRefused: if the exchange would refuse it.
            NotSimulated: if it says too little.
        """
        name = operation.full_name
        has_exits = not EXITS.isdisjoint(asked.texts) and any(map(asked.number, EXITS))
        if has_exits and self._account.trading.exits is None:
            raise NotSimulated(
                f"{name} with a take-profit or stop-loss of its own, for it is not known what they become"
            )
        position = self._position(asked)
        side = self._side(asked, position)
        symbol = position.symbol if position is not None else asked.texts.get("symbol", "")
        trigger = trigger_of(name, asked)
        if trigger is not None and asked.features.isdisjoint(TRIGGERED):
            trigger = self._directed(declared, trigger, side, symbol)
        features = frozenset(asked.features)
        price = None if "market" in features else asked.number("price")
        if price is None and trigger is not None:
            # An order that waits, and has no price of its own, is a market order then.
            features |= {"market"}
        if trigger is not None and self._account.trading.unfunded and "funded" not in features:
            features |= {"unfunded"}
        if position is not None:
            features |= {"reduce_only"}
        id = self._matching.new_id()
        said = {phrase: " ".join(words) for phrase, words in asked.sides.items()}
        order = Order(
            id,
            asked.texts.get("client_id", f"mock-{id}"),
            name,
            symbol,
            side,
            features,
            price,
            Decimal(0),
            self._matching.now,
            self._matching.now,
            shelf=declared.shelf,
            wallet=declared.wallet,
            own_id="client_id" in asked.texts,
            trigger=trigger,
            slot=position.slot if position is not None else self._slot(asked, symbol, side),
            position_id=position.id if position is not None else None,
            becomes=declared.becomes,
            market=self._account.market,
            said=asked.texts | said,
            sent=dict(arguments),
        )
        return self._checked(name, replace(order, quantity=self._quantity(name, order, asked)), asked)

    def _directed(self, declared: Orders, trigger: Trigger, side: Side, symbol: str) -> Trigger:
        """Return what an order waits for, where no word of the call says whether the price has to rise or fall."""
        price = self._matching.price_of(symbol)
        if trigger.stop is None or price is None or not fires(trigger, side, price):
            return trigger
        named = any(
            "take_profit price" in (sent.phrase, *(case.phrase for case in sent.cases))
            or any(not TRIGGERED.isdisjoint(words) for words in sent.says.values())
            for sent in declared.sent
        )
        if named:
            return trigger
        # It waits for a price that the market has not reached, whichever way that lies.
        return Trigger(take_profit=trigger.stop)

    def _position(self, asked: Asked) -> Position | None:
        """Return the position that an order closes, where it names one.

        Raises:
            RequestRefused: if there is no such position.
        """
        id = asked.texts.get("position.id")
        if id is None:
            return None
        found = next((each for each in self._account.positions.values() if str(each.id) == id), None)
        if found is None:
            raise RequestRefused("no_position", "there is no such position")
        return found

    @staticmethod
    def _side(asked: Asked, position: Position | None) -> Side:
        if position is not None:
            return OTHER[position.side]
        if not asked.sides.get("side"):
            raise NotSimulated("an order without a side")
        return "buy" if "buy" in asked.sides["side"] else "sell"

    def _slot(self, asked: Asked, symbol: str, side: Side) -> str:
        """Return which of the positions side by side an order is for; empty where there is one."""
        if not self._account.has_contracts:
            return ""
        if self._account.trading.positions == "by_side":
            return OTHER[side] if asked.features & REDUCING else side
        slot = asked.slot()
        if self._account.trading.hedges and bool(slot) != self._account.settings.is_hedged(symbol):
            raise RequestRefused("wrong_position_side", "the position side does not fit the position mode")
        return slot

    def _quantity(self, name: str, order: Order, asked: Asked) -> Decimal:
        quantity, value = asked.number("quantity"), asked.number("value")
        price = order.price or self._matching.price_of(order.symbol)
        if quantity is not None and value is not None:
            raise NotSimulated(f"{name} with a quantity and a value")
        if quantity is None and "close" in order.features:
            return self._account.reducible(order)
        if quantity is None and value is None and not asked.texts.keys().isdisjoint(SIZES):
            raise RequestRefused("quantity_too_low", "its size is 0")
        if quantity is None and value is not None and price is not None:
            return (value / price).quantize(DIGITS, ROUND_DOWN)
        if quantity is None and value is None:
            raise NotSimulated(f"{name} without a quantity")
        if quantity is None:
            raise NotSimulated(f"{name} with a market order, for {order.symbol} has no price; {_hint(order)}")
        return quantity

    def _checked(self, name: str, order: Order, asked: Asked) -> Order:
        """Return an order that the exchange accepts."""
        is_market = "market" in order.features
        if order.price is None and not is_market:
            raise NotSimulated(f"{name} without a price")
        price = self._matching.price_of(order.symbol)
        if is_market and order.trigger is None and price is None:
            raise NotSimulated(f"{name} with a market order, for {order.symbol} has no price; {_hint(order)}")
        is_refused = "no_market" not in self._account.trading.cancels
        if is_market and is_refused and order.trigger is None and not self._matching.has_sellers(order):
            raise RequestRefused("no_market", f"nobody is in the market of {order.symbol}")
        if order.is_reducing and not self._account.reducible(order) and not self._waits_to_close(order):
            raise RequestRefused("no_position", "there is no position that it could reduce")
        instrument = self._account.instruments.of(order.symbol)
        self._check_limits(order, instrument, asked)
        return order

    @staticmethod
    def _waits_to_close(order: Order) -> bool:
        # Exchanges accept stops that close a position before there is one.
        return order.trigger is not None and bool(order.features & TRIGGERED)

    def _check_limits(self, order: Order, instrument: Instrument, asked: Asked) -> None:
        is_market = "market" in order.features
        value_price = order.price or self._matching.price_of(order.symbol)
        if "quantity" not in asked.texts:
            # Sized by the exchange: in its quote coin, or as large as the position.
            instrument.check_value(order.quantity, value_price if not order.is_reducing else None)
            return
        instrument.check(order.price, order.quantity, None if order.is_reducing else value_price, market=is_market)
        most = instrument.number("max order")
        if most is not None and len(self._matching.open_orders(order.symbol)) >= most:
            raise RequestRefused("too_many_orders", f"there are {most:f} open orders already")

    def closing(self, operation: Operation, declared: Orders, position: Position) -> Order:
        """Return a market order that closes a position whole."""
        asked = Asked(
            {"position.id": str(position.id), "symbol": position.symbol, "quantity": format(position.quantity, "f")},
            {"market"},
        )
        return self.order(operation, declared, asked, {})

    def changed(self, order: Order, asked: Asked) -> tuple[Decimal | None, Decimal]:
        """Return the price and quantity that an order is changed to.

        Raises:
            RequestRefused: if the exchange would refuse them.
        """
        price, quantity = asked.number("price") or order.price, asked.number("quantity") or order.quantity
        instrument = self._account.instruments.of(order.symbol)
        value_price = price or self._matching.price_of(order.symbol)
        instrument.check(price, quantity, None if order.is_reducing else value_price, market=price is None)
        # What was filled stays filled.
        return price, max(quantity, order.filled)


def _hint(order: Order) -> str:
    return f"call mock.market({order.symbol!r}).price(…) first"
