# Edited in templates/venues/core/trading/markets.py; the copy in generated/ is imported.
"""Instruments of an API, market by market: a symbol may name one thing in one market and another in the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from venues.core.trading.instrument import Instrument
from venues.core.trading.reading import read_instruments
from venues.core.trading.sources import InstrumentSource
from venues.core.trading.spelling import find_instrument, find_symbol, is_traded
from venues.errors import InvalidRequest


class Markets:
    """The instruments of an API."""

    def __init__(self, parts: Iterable[tuple[InstrumentSource, object]]) -> None:
        """Take what each source returned."""
        known = list(parts)
        self._markets: dict[str | None, Mapping[str, Instrument]] = {
            market: read_instruments(part for part in known if part[0].market == market)
            for market in dict.fromkeys(source.market for source, _ in known)
        }
        names = Counter(symbol for instruments in self._markets.values() for symbol in instruments)
        self._unique = {s: one for each in self._markets.values() for s, one in each.items() if names[s] == 1}

    def within(self, market: str | None) -> Mapping[str, Instrument]:
        """Return the instruments of a market by symbol; without one, those whose symbol is in one market only.

        Raises:
            InvalidRequest: if there is no such market.
        """
        if market is None:
            return self._unique
        if market not in self._markets:
            known = ", ".join(filter(None, self._markets)) or "one market only"
            raise InvalidRequest(f"there is no market {str(market)!r}; the exchange has {known}")
        return self._markets[market]

    def find(self, symbol: str, market: str | None) -> Instrument:
        """Return an instrument.

        Raises:
            InvalidRequest: if there is none, or if several markets have one.
        """
        if market is None:
            self._check_one([name for name, known in self._markets.items() if symbol in known], symbol)
        return find_instrument(symbol, self.within(market))

    def find_symbol(self, pair: str, market: str | None) -> str:
        """Return the exchange's spelling of a pair.

        Raises:
            InvalidRequest: if nothing, or more than one thing, is traded under that name.
        """
        if market is not None:
            return find_symbol(pair, self.within(market))
        traded = [name for name, known in self._markets.items() if is_traded(pair, known)]
        self._check_one(traded, pair)
        return find_symbol(pair, self._markets[traded[0]] if traded else self._unique)

    @staticmethod
    def _check_one(markets: list[str | None], name: str) -> None:
        if len(markets) > 1:
            raise InvalidRequest(
                f"{name} is traded in {', '.join(filter(None, markets))}; pass one of them as `market`"
            )
