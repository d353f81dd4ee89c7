"""What async clients do otherwise than sync ones; each part is loaded when it is first needed.

`blocking` offers the same names to sync clients.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from venues.core.http.transport import AsyncTransport
    from venues.core.streams.session import Session


def new_transport() -> AsyncTransport:
    """Return the transport of a client that was given none."""
    from venues.core.http.with_aiohttp import AiohttpTransport

    return AiohttpTransport()


async def sleep(seconds: float) -> None:
    """Wait; asyncio is imported only here, for a program that only imports a client may run no loop."""
    from asyncio import sleep

    await sleep(seconds)


def open_streams(api: str, ask: Callable[[str, Mapping[str, object]], Awaitable[object]], **options: Any) -> Session:
    """Return the streams of a client.

    Args:
        api: Name of the API.
        ask: Calls an operation by group and name: streams ask for listen keys and for the time.
        **options: What `Session` takes beside them.
    """
    from venues.core.streams.session import Session

    return Session(api, ask=ask, **options)
