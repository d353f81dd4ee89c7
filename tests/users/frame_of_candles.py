"""A data frame of candles, with exact numbers and aware times."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import polars

import venues
from venues.aster_futures import AsterFutures, Interval


def candles(client: AsterFutures, symbol: str, begin: datetime, end: datetime) -> polars.DataFrame:
    """Return hourly candles with the moving average of a day; `pandas.DataFrame` takes the same columns."""
    klines = client.market.iter_klines(symbol=symbol, interval=Interval.HOUR_1, start_time=begin, end_time=end)
    frame = polars.DataFrame(venues.rows(klines, times="datetime"))
    return frame.hstack([frame["close"].rolling_mean(24).alias("average")])


if __name__ == "__main__":
    now = datetime.now(UTC)
    with AsterFutures() as client:
        print(candles(client, sys.argv[1], now - timedelta(days=30), now))
