# Edited in templates/venues/core/awaiting.py; the copy in generated/ is imported.
"""Where async clients differ from sync ones; each part is loaded when it is first needed.

`blocking` offers the same names to sync clients.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from venues.core.http.transport import running_loop

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Lock

    from venues.core.http.network import Network
    from venues.core.http.transport import AsyncTransport
    from venues.core.streams.session import Session


def new_transport(network: Network) -> AsyncTransport:
    """Return the transport of a client that was given none."""
    from venues.core.http.with_aiohttp import AiohttpTransport

    transport = AiohttpTransport()
    transport.adopt(network)
    return transport


def ensure_loop() -> None:
    """Refuse to go on where no loop of asyncio runs, as under trio: before anything is counted or sent.

    Raises:
        InvalidRequest: if there is none.
    """
    running_loop()


class Turns:
    """Lets one task after the other do something; its locks belong to an event loop each."""

    def __init__(self) -> None:
        self._locks: WeakKeyDictionary[AbstractEventLoop, Lock] = WeakKeyDictionary()

    def _lock(self) -> Lock:
        from asyncio import Lock, get_running_loop

        return self._locks.setdefault(get_running_loop(), Lock())

    async def __aenter__(self) -> None:
        await self._lock().acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock().release()


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
