# Edited in templates/venues/mock/books/market_facts.py; the copy in generated/ is imported.
"""Puts prices, trades, candles and books of a market into the words of the specification."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from venues.mock.books.candles import Candle
from venues.mock.books.facts import Facts
from venues.mock.books.order import NOTHING
from venues.mock.books.quotes import Quotes, Trade

PLENTY = Decimal(1_000_000)
"""What a book shows where any amount can be had."""


def facts_of_trade(trade: Trade) -> Facts:
    """Return what is known of a public trade."""
    values = {
        "id": trade.id,
        "symbol": trade.symbol,
        "price": trade.price,
        "quantity": trade.quantity,
        "value": trade.price * trade.quantity,
    }
    return Facts(values, {"side": [(trade.side,)]}, trade.at, trade.at)


def facts_of_candle(candle: Candle, symbol: str, step: int) -> Facts:
    """Return what is known of a candle of a length, in milliseconds."""
    values = {
        "symbol": symbol,
        "open price": candle.open,
        "max price": candle.high,
        "min price": candle.low,
        "close price": candle.close,
        "quantity": candle.quantity,
        "value": candle.value,
    }
    # The other time of a candle is its end, which belongs to it.
    return Facts(values, at=candle.at, changed_at=candle.at + step - 1)


def facts_of_ticker(quotes: Quotes, now: int) -> Facts:
    """Return what is known of the prices of a market."""
    bid, ask = _best(quotes.bids), _best(quotes.asks)
    values = {
        "symbol": quotes.symbol,
        "price": quotes.price,
        "market price": quotes.price,
        "buy price": bid[0],
        "buy quantity": bid[1],
        "sell price": ask[0],
        "sell quantity": ask[1],
    }
    return Facts(values, at=now, changed_at=now)


def _best(levels: Sequence[tuple[Decimal, Decimal | None]]) -> tuple[Decimal, Decimal]:
    return next(((price, PLENTY if there is None else there) for price, there in levels), (NOTHING, NOTHING))


def facts_of_book(quotes: Quotes, now: int, count: int | None = None) -> Facts:
    """Return what is known of an order book, up to so many levels a side."""
    levels = {
        side: [(price, PLENTY if there is None else there) for price, there in depth[:count]]
        for side, depth in (("buy", quotes.bids), ("sell", quotes.asks))
    }
    return Facts({"symbol": quotes.symbol, "version": quotes.version}, at=now, changed_at=now, levels=levels)
