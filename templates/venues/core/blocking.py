# Edited in templates/venues/core/blocking.py; the copy in generated/ is imported.
"""Where sync clients differ from async ones; each part is loaded when it is first needed.

`awaiting` offers the same names to async clients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from venues.core.http.network import Network
    from venues.core.http.transport import Transport
    from venues.core.streams.sync_session import SyncSession

__all__ = ["Turns", "ensure_loop", "new_transport", "open_streams", "sleep"]


class Turns:
    """Lets one thread after the other do something."""

    def __init__(self) -> None:
        self._lock = Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def ensure_loop() -> None:
    """Nothing is needed: a sync client runs everywhere."""


def new_transport(network: Network) -> Transport:
    """Return the transport of a client that was given none."""
    from venues.core.http.with_urllib3 import Urllib3Transport

    transport = Urllib3Transport()
    transport.adopt(network)
    return transport


def open_streams(api: str, ask: Callable[[str, Mapping[str, object]], object], **options: Any) -> SyncSession:
    """Return the streams of a client.

    Args:
        api: Name of the API.
        ask: Calls an operation by group and name: streams ask for listen keys and for the time.
        **options: What `Session` takes beside them.
    """
    from asyncio import to_thread

    from venues.core.streams.session import Session
    from venues.core.streams.sync_session import SyncSession

    async def ask_without_blocking(operation: str, arguments: Mapping[str, object]) -> object:
        return await to_thread(ask, operation, arguments)

    # Made later: streams belong to the loop on which they are made, and SyncSession runs one on a thread of its own.
    return SyncSession(lambda: Session(api, ask=ask_without_blocking, **options))
