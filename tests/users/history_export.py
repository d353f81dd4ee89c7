"""Exports all fills of a symbol as CSV, for taxes or accounting: exact numbers, times in UTC."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import TextIO

import venues
from venues.aster_futures import AsterFutures


def export(client: AsterFutures, symbol: str, year: int, file: TextIO) -> int:
    """Write the fills of a year; return their number."""
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    fills = list(client.trade.iter_account_trades(symbol=symbol, start_time=begin, end_time=end))
    columns = venues.rows(fills, times="datetime")
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([format(cell, "f") if isinstance(cell, Decimal) else cell for cell in row])  # never 1E-8
    return len(fills)


if __name__ == "__main__":
    with AsterFutures.from_env() as client:
        export(client, symbol=sys.argv[1], year=int(sys.argv[2]), file=sys.stdout)
