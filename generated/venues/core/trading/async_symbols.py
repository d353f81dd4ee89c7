# Edited in templates/venues/core/trading/async_symbols.py; the copy in generated/ is imported.
"""Symbols for async clients; those for sync clients are derived from this module, by `symbols.py.unasync`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from venues.core.trading.markets import Markets


class _LoadMarkets(Protocol):
    """Returns the instruments of a client, which are requested once, or again on request."""

    async def __call__(self, *, refresh: bool) -> Markets: ...


class AsyncSymbols:
    """How an exchange spells what is traded; the `symbols` of an async client."""

    def __init__(self, load: _LoadMarkets) -> None:
        self._load = load

    async def find(self, pair: str, *, market: str | None = None) -> str:
        """Return the exchange's spelling of a pair, from the base and quote assets of its instruments.

        Args:
            pair: Such as `BTC/USDT`, in upper or lower case. The exchange's own spelling is returned as it is.
            market: The market, such as `spot`, where several of them trade the pair.

        Raises:
            InvalidRequest: if nothing is traded under that name, or several contracts are: then it names them.
            VenueError: if the request fails.
        """
        return (await self._load(refresh=False)).find_symbol(pair, market)
