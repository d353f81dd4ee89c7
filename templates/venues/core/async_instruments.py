# Edited in templates/venues/core/async_instruments.py; the copy in generated/ is imported.
"""What an async client knows of pairs and contracts; a sync client's part is derived, by `instruments.py.unasync`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from venues.core.async_sender import AsyncSender
from venues.core.http.transport import AsyncTransport
from venues.core.options import ClientOptions
from venues.core.request.operation import Paged
from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from venues.core.trading.async_symbols import AsyncSymbols
    from venues.core.trading.instrument import Instrument
    from venues.core.trading.markets import Markets
    from venues.core.trading.sources import InstrumentSource


class AsyncInstruments(AsyncSender):
    """A client's pairs and contracts: requested once, when the first is asked for."""

    def __init__(self, credentials: Mapping[str, Secret], options: ClientOptions[AsyncTransport]) -> None:
        from venues.core.awaiting import Turns

        self._loading = Turns()
        """Who may ask for the instruments."""
        self._markets: Markets | None = None
        super().__init__(credentials, options)

    async def instrument(self, symbol: str, *, market: str | None = None, refresh: bool = False) -> Instrument:
        """Return a pair or contract with its tick, steps and limits.

        Args:
            symbol: Symbol, in the exchange's spelling, as `client.symbols.find("BTC/USDT")` returns it.
            market: The market, such as `spot`, where several of them have the symbol.
            refresh: Whether to request them again; otherwise all instruments are requested once and cached.

        Raises:
            InvalidRequest: if there is none, or the API does not return instruments.
            VenueError: if the request fails.
        """
        return (await self._load_markets(refresh=refresh)).find(symbol, market)

    async def instruments(self, *, market: str | None = None, refresh: bool = False) -> Mapping[str, Instrument]:
        """Return all pairs or contracts by symbol, in the exchange's order.

        Args:
            market: The market, such as `spot`, where symbols are unique in one market only. By default all
                instruments whose symbol no other market has.
            refresh: Whether to request them again; otherwise all instruments are requested once and cached.

        Raises:
            InvalidRequest: if the API does not return instruments.
            VenueError: if the request fails.
        """
        return (await self._load_markets(refresh=refresh)).within(market)

    async def _load_markets(self, *, refresh: bool) -> Markets:
        """Return the instruments, which are requested once, or again on request."""
        if self._markets is not None and not refresh:
            return self._markets
        async with self._loading:
            if refresh or self._markets is None:
                from venues.core.trading.markets import Markets

                sources = self._instrument_sources()
                self._markets = Markets([(source, await self._list(source)) for source in sources])
            return self._markets

    async def _list(self, source: InstrumentSource) -> object:
        """Call an operation that returns instruments; where it returns pages, return the items of all of them."""
        found = self._operation(source.operation)
        if isinstance(found, Paged):
            return [item async for item in self._iterate(found, source.arguments, None)]
        return await self._answer_to(source.operation, source.arguments)

    def _instrument_sources(self) -> tuple[InstrumentSource, ...]:
        """Return the operations to ask for instruments.

        Raises:
            InvalidRequest: if the API has none.
        """
        sources = self.PROFILE.trading().instruments
        if not sources:
            raise InvalidRequest(f"{self.PROFILE.name} has no operation that returns instruments")
        return sources

    @cached_property
    def symbols(self) -> AsyncSymbols:
        """The exchange's spelling of symbols."""
        from venues.core.trading.async_symbols import AsyncSymbols

        return AsyncSymbols(self._load_markets)
