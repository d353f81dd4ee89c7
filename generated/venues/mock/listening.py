# Edited in templates/venues/mock/listening.py; the copy in generated/ is imported.
"""Listens at an address: accepts connections, and lets go of them when it stops."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from weakref import WeakSet

from venues.mock.front import Front

BACKLOG = 128
"""How many callers may wait to be accepted."""


async def listen(
    address: tuple[str, int], made: Callable[[], Front], opened: Callable[[str], None], closing: asyncio.Event
) -> None:
    """Accept connections until it is time to close; those on which nothing is going on are closed then.

    Args:
        address: Host and port.
        made: Makes what serves a connection.
        opened: Called with the URL, once it listens.
        closing: Set when it is to stop.

    Raises:
        OSError: if nothing can listen there.
    """
    fronts: WeakSet[Front] = WeakSet()

    def front() -> Front:
        new = made()
        fronts.add(new)
        return new

    server = await asyncio.get_running_loop().create_server(
        front, *address, backlog=BACKLOG, reuse_address=os.name == "posix"
    )
    try:
        opened(_url(server))
        await closing.wait()
        await _stop_accepting(server)
    finally:
        server.close()
        for each in fronts:
            each.leave()


def address_error(error: OSError, host: str, port: int) -> OSError:
    """Return the error that says where the server cannot listen, and what to do."""
    # asyncio puts its own sentence around the reason, and a failed name lookup has a negative number.
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    return OSError(
        f"nothing can listen at {host}:{port} ({reason}); choose another host, or port (0 for any that is free)"
    )


def _url(server: asyncio.Server) -> str:
    """Return the address at which a server listens."""
    host, port = server.sockets[0].getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _stop_accepting(server: asyncio.Server) -> None:
    """Accept no more connections.

    asyncio does not close a connection that it accepts at the moment in which the server stops; its caller would wait
    for ever. So the socket is no longer watched first, and those who were accepted get the turns until they are known.
    """
    # Other event loops watch their sockets themselves.
    for one in server.sockets if isinstance(server, asyncio.Server) else ():
        asyncio.get_running_loop().remove_reader(one.fileno())
    for _ in range(3):  # accept → make the connection → tell the server: one turn of the loop each
        await asyncio.sleep(0)
