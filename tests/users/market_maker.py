"""A market maker: a buy and a sell order around the middle of the book, by the same code on two exchanges."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from venues import aster_futures as aster
from venues import errors
from venues import hibt_futures as hibt
from venues.instruments import Instrument

MONEY, DISTANCE = Decimal(1000), Decimal("0.001")  # of each order: in the quote asset; from the middle, as a fraction
Client = aster.AsyncAsterFutures | hibt.AsyncHibtFutures
Place = Callable[[Any, str, str, Decimal, Decimal, str], Awaitable[object]]


def on_aster(client: aster.AsyncAsterFutures, symbol: str, side: str, price: Decimal, size: Decimal, own: str) -> Any:
    return client.trade.place_order(
        symbol=symbol, side=side, price=price, quantity=size, type="LIMIT", time_in_force="GTX", new_client_order_id=own
    )


def on_hibt(client: hibt.AsyncHibtFutures, symbol: str, side: str, price: Decimal, size: Decimal, own: str) -> Any:
    kind, which = hibt.OrderType.LIMIT, hibt.Side[side]
    return client.order.open_position(
        symbol=symbol, side=which, price=price, amount=size, type=kind, leverage=1, custom_id=own
    )


async def quote(client: Client, place: Place, instrument: Instrument, side: str, wish: Decimal) -> object:
    """Place an order; return it, or None if the exchange would reject it or never got it."""
    price = instrument.price(wish, rounding="down" if side == "BUY" else "up")
    size = instrument.quantity(MONEY / price, rounding="down")
    if instrument.check(price=price, quantity=size).rejected:
        return None
    try:
        return await place(client, instrument.symbol, side, price, size, client.new_id("mm-"))
    except errors.ExecutionUnknown as lost:  # it may be in the book: look it up, and never send it again
        return (await client.reconcile(lost)).found


async def make_market(client: Client, place: Place, pair: str) -> list[object]:
    """Quote both sides once; return the orders."""
    async with client, client.streams() as streams:
        instrument = await client.instrument(await client.symbols.find(pair))
        async with streams.book(instrument.symbol, depth=5) as book:
            bid, ask = book.best
            if bid is None or ask is None:  # nobody else is there
                return []
            middle = (bid.price + ask.price) / 2
            sides = {"BUY": middle * (1 - DISTANCE), "SELL": middle * (1 + DISTANCE)}
            return [await quote(client, place, instrument, side, wish) for side, wish in sides.items()]


if __name__ == "__main__":
    found: dict[str, tuple[Client, Place]] = {
        "aster": (aster.AsyncAsterFutures.from_env(), on_aster),
        "hibt": (hibt.AsyncHibtFutures.from_env(), on_hibt),
    }
    print(asyncio.run(make_market(*found[sys.argv[1]], sys.argv[2])))
