# Edited in templates/venues/mock/serving.py; the copy in generated/ is imported.
"""Serves a mock exchange to people and programs: with markets that move by themselves, and a state that lasts."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from venues.mock.books.market import exact
from venues.mock.server import Mock

TICK = 1.0
"""Seconds between two moves of a market, and until what is due is done."""
JUMP = 0.0004
"""By which part a price moves, usually; some 10 % a day."""
MOST = 200
"""How much is traded in a move at most, in hundredths."""


class Served(Mock):
    """A mock exchange that remembers what is done to it, also over a restart, and whose markets may walk."""

    def __init__(self, api: str, *, host: str, port: int, state: Path | None, seed: int) -> None:
        super().__init__(api, host=host, port=port, keep=1000, remembers=True, state=state)
        self._chance = random.Random(seed)  # noqa: S311  # prices that can be repeated, no secrets

    def move(self, symbol: str, price: Decimal, quantity: Decimal | None = None, *, market: str | None = None) -> None:
        """Move a market, and note that; moves without a subscriber are kept only until the next one."""
        with self._turn(market) as books:
            open_before = bool(books.matching.open_orders(symbol))
            line = {"at": books.matching.now, "symbol": symbol, "price": price, "quantity": quantity}
            line |= {"market": market} if market is not None else {}
            # A walk of days would fill the disk: of moves that no order saw, only the last one matters after a restart.
            noticed = self._move(symbol, price, quantity, market) or open_before
            if self._diary is not None and noticed:
                self._diary.write(line)
            elif self._diary is not None:
                self._diary.put_off(f"{market or ''} {symbol}", line)

    def walk(self, symbol: str, digits: int) -> None:
        """Move a symbol by one step, up or down, in each market."""
        step = Decimal(1).scaleb(-digits)
        for market in self._markets():
            price = self.price_of(symbol, market)
            if price is not None:
                moved = (price * Decimal(self._chance.gauss(1, JUMP))).quantize(step)
                # Each step is a part of the price, so a price of 0 could never rise again.
                self.move(symbol, max(moved, step), Decimal(self._chance.randint(1, MOST)) / 100, market=market)

    def open(self, symbol: str, price: Decimal) -> None:
        """Begin a symbol at a price, in each market in which it has none yet.

        Raises:
            ValueError: if the exchange has no such symbol.
        """
        for market in self._markets():
            self.market(symbol, market)
            if self.price_of(symbol, market) is None:
                self.move(symbol, price, market=market)

    def price_of(self, symbol: str, market: str | None = None) -> Decimal | None:
        """Return the price of a symbol; None if it has none yet."""
        return self._kept().of(market).matching.price_of(symbol)

    def _markets(self) -> list[str | None]:
        """Return the names of the markets; None for the only one of an exchange."""
        return [name or None for name in self._kept().each]


def serve(
    api: str,
    host: str,
    port: int,
    *,
    any_symbol: bool,
    ready: Callable[[Mock], None],
    markets: Mapping[str, str] | None = None,
    walk: bool = False,
    seed: int = 0,
    state: Path | None = None,
) -> None:
    """Serve a mock exchange until this thread is interrupted.

    Args:
        api: Name of the API.
        host: Address to listen on.
        port: Port to listen on.
        any_symbol: Whether symbols that the specification does not list are accepted.
        ready: Called once it listens.
        markets: Symbol → price; with any, orders live: they are made, filled, listed. A market whose price the state
            has keeps that one.
        walk: Whether the markets move by themselves, once a second, with as many digits as their first prices have.
        seed: Of the walk; the same seed makes the same steps.
        state: A file that keeps all of it over a restart.

    Raises:
        UnknownApi: if there is no API of that name.
        OSError: if the address is in use, or the file can't be written.
        ValueError: if the exchange has no such symbol, a price is none, or the file is something else.
        NotSimulated: when it stops, if a call asked for what can't be simulated; its caller got an error.
    """
    wait = threading.Event().wait
    if not markets and state is None:
        with Mock(api, host=host, port=port, keep=1000, remembers=False) as mock:
            mock.any_symbol = any_symbol
            ready(mock)
            wait()  # other threads serve requests; this one only waits for Ctrl-C
    with Served(api, host=host, port=port, state=state, seed=seed) as served:
        served.any_symbol = any_symbol
        prices = {symbol: exact(price) for symbol, price in (markets or {}).items()}
        for symbol, price in prices.items():
            served.open(symbol, price)
        ready(served)
        while not wait(TICK):
            served.clock.catch_up()
            for symbol, price in prices.items() if walk else ():
                served.walk(symbol, -min(int(price.as_tuple().exponent), 0))
