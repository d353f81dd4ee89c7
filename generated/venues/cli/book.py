# Edited in templates/venues/cli/book.py; the copy in generated/ is imported.
"""venues book: show an order book that is kept up to date."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from venues.cli.printing import print_line
from venues.cli.tables import table
from venues.cli.target import client_of
from venues.core.books.sync_book import SyncBook
from venues.core.values.numbers import decimal_text
from venues.errors import BookUntrusted

CLEAR = "\x1b[H\x1b[J"
"""Moves to the top of a terminal, and empties it."""


def run(options: Namespace) -> None:
    """Draw the book again after every change on a terminal; elsewhere print a line of JSON each."""
    make = client_of(options.api)
    is_seen = sys.stdout.isatty()
    try:
        with (
            make(base_url=options.base_url, environment=options.environment, timeout=options.timeout) as client,
            client.streams() as streams,
        ):
            symbol = client.symbols.find(options.symbol) if "/" in options.symbol else options.symbol
            with streams.book(symbol, depth=options.depth, timeout=options.timeout) as book:
                for number, _ in enumerate(book, 1):
                    print_line(CLEAR + drawing(book, symbol) if is_seen else as_line(book))
                    sys.stdout.flush()
                    if number == options.count:
                        return
    except KeyboardInterrupt:
        return


def as_line(book: SyncBook) -> str:
    """Return the book as JSON; a book that can't be trusted has no levels, and says why."""
    try:
        sides = {"bids": book.bids, "asks": book.asks}
    except BookUntrusted:
        return json.dumps({"trusted": False, "why": book.trouble})
    levels = {
        name: [[decimal_text(one.price), decimal_text(one.quantity)] for one in side] for name, side in sides.items()
    }
    return json.dumps({"trusted": True, "time": book.time, **levels})


def drawing(book: SyncBook, symbol: str) -> str:
    """Return the book as people know it: asks above bids, the best in the middle."""
    try:
        bids, asks, spread = book.bids, book.asks, book.spread
    except BookUntrusted:
        return f"{symbol}: not to be trusted now: {book.trouble}"
    above = [["ask", decimal_text(one.price), decimal_text(one.quantity)] for one in reversed(asks)]
    below = [["bid", decimal_text(one.price), decimal_text(one.quantity)] for one in bids]
    width = len(above)
    lines = table([*above, *below]) if above or below else []
    middle = f"{symbol}  spread {'none' if spread is None else decimal_text(spread)}"
    return "\n".join([*lines[:width], middle, *lines[width:]])
