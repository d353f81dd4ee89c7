"""A web service over three exchanges; its clients share one limiter, so that together they stay within the limits."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException

from venues import AsyncClient, errors
from venues.aster_futures import AsyncAsterFutures, Kline
from venues.hibt_futures import AsyncHibtFutures
from venues.instruments import Instrument
from venues.limiter import Limiter
from venues.sixmm import AsyncSixMM


def create_app(aster: AsyncAsterFutures, hibt: AsyncHibtFutures, sixmm: AsyncSixMM) -> FastAPI:
    """Return the service; it closes the clients when it stops."""
    clients: dict[str, AsyncClient] = {"aster": aster, "hibt": hibt, "sixmm": sixmm}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            for client in clients.values():
                await stack.enter_async_context(client)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/klines/{symbol}")
    async def klines(symbol: str) -> list[Kline]:  # pyright: ignore[reportUnusedFunction]
        return await aster.market.get_klines(symbol=symbol, interval="1h", limit=24)

    @app.get("/instruments/{exchange}/{symbol}")
    async def instrument(exchange: str, symbol: str) -> dict[str, Any]:  # pyright: ignore[reportUnusedFunction]
        try:
            found: Instrument = await clients[exchange].instrument(symbol)
        except errors.InvalidRequest as unknown:
            raise HTTPException(404, str(unknown)) from None
        return {"symbol": found.symbol, "tick": found.tick, "step": found.step}

    @app.get("/limits")
    async def limits() -> dict[str, dict[str, int]]:  # pyright: ignore[reportUnusedFunction]
        usage = {name: client.limits.usage() for name, client in clients.items()}
        return {name: {limit: use.used for limit, use in used.items()} for name, used in usage.items()}

    return app


def main() -> FastAPI:
    """Make the service from the environment: uvicorn --factory service:main."""
    shared = Limiter()  # with several workers: Limiter("redis://localhost/0")
    return create_app(
        AsyncAsterFutures.from_env(limiter=shared),
        AsyncHibtFutures.from_env(limiter=shared),
        AsyncSixMM.from_env(limiter=shared),
    )
