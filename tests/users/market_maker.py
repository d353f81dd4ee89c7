"""A market maker: a buy and a sell order around the middle of the book, by the same code on two exchanges."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from contextlib import suppress
from decimal import Decimal
from typing import Any, NamedTuple

from venues import aster_futures as aster
from venues import errors
from venues import hibt_futures as hibt
from venues.instruments import Instrument

MONEY, DISTANCE = Decimal(1000), Decimal("0.001")  # of each order: in the quote asset; from the middle, as a fraction


class OnAster(NamedTuple):
    client: aster.AsyncAsterFutures

    def place(self, own: str, size: Decimal, **limit: Any) -> Awaitable[object]:
        limit |= {"type": "LIMIT", "time_in_force": "GTX", "quantity": size, "new_client_order_id": own}
        return self.client.trade.place_order(**limit)

    def cancel(self, own: str, symbol: str) -> Awaitable[object]:
        return self.client.trade.cancel_order(symbol=symbol, orig_client_order_id=own)


class OnHibt(NamedTuple):
    client: hibt.AsyncHibtFutures

    def place(self, own: str, size: Decimal, **limit: Any) -> Awaitable[object]:
        limit |= {"type": 1, "side": hibt.Side[limit["side"]], "leverage": 1, "amount": size, "custom_id": own}
        return self.client.order.open_position(**limit)

    def cancel(self, own: str, symbol: str) -> Awaitable[object]:
        return self.client.order.cancel_order(symbol=symbol, custom_id=own)


async def quote(venue: OnAster | OnHibt, instrument: Instrument, side: str, wish: Decimal, patience: float) -> object:
    """Place an order, cancel it when patience ends, and return it as it ended; None if there is none to be found."""
    client, own = venue.client, venue.client.new_id("mm-")
    price = instrument.price(wish, rounding="down" if side == "BUY" else "up")
    size = instrument.quantity(MONEY / price, rounding="down")
    if instrument.check(price=price, quantity=size).rejected:
        return None
    try:
        order = await venue.place(own, size, symbol=instrument.symbol, side=side, price=price)
    except errors.ExecutionUnknown as lost:  # it may be in the book: look it up, and never send it again
        order = (await client.reconcile(lost)).found
    with suppress(TimeoutError):
        if order is not None:
            return await client.wait(order, timeout=patience)
    with suppress(errors.ApiError):  # it may be filled by now; and what was not found may come into the book later
        await venue.cancel(own, instrument.symbol)
    return None if order is None else await client.wait(order, timeout=patience)


async def make_market(venue: OnAster | OnHibt, pair: str, patience: float = 60) -> list[object]:
    """Quote both sides around the middle of the book once; return the orders."""
    async with venue.client as client, client.streams() as streams:
        instrument = await client.instrument(await client.symbols.find(pair))
        async with streams.book(instrument.symbol, depth=5) as book:
            bid, ask = book.best
            if bid is None or ask is None:  # nobody else is there
                return []
            middle = (bid.price + ask.price) / 2
            sides = {"BUY": middle * (1 - DISTANCE), "SELL": middle * (1 + DISTANCE)}
            return await asyncio.gather(*(quote(venue, instrument, side, at, patience) for side, at in sides.items()))


if __name__ == "__main__":
    at_hibt = sys.argv[1] == "hibt"
    chosen = OnHibt(hibt.AsyncHibtFutures.from_env()) if at_hibt else OnAster(aster.AsyncAsterFutures.from_env())
    print(asyncio.run(make_market(chosen, pair=sys.argv[2])))
