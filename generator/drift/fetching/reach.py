"""Where pages may be fetched from, and for how long: never from private addresses, and never beyond a time."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LOW = (1 << 32) - 1
# Networks whose addresses end with an IPv4 address that a gateway speaks to: NAT64, its local form, a translator's,
# and the old form.
ENDING = [ipaddress.IPv6Network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96")]
# Local networks that some versions of Python call global: the first has the metadata of a cloud.
LOCAL = [ipaddress.ip_network(network) for network in ("192.0.0.0/24", "fec0::/10")]
ISATAP = (0x00005EFE, 0x02005EFE)  # what stands before the IPv4 address in the lower half


def is_private(text: str) -> bool:
    """Whether an address is one of a private network, or leads to one by an IPv4 address within it."""
    found = ipaddress.ip_address(text.partition("%")[0])
    every = (found, *_embedded(found))
    return any(not one.is_global or one.is_multicast or any(one in network for network in LOCAL) for one in every)


def _embedded(found: Address) -> Iterator[Address]:
    if not isinstance(found, ipaddress.IPv6Address):
        return
    yield from filter(None, (found.ipv4_mapped, found.sixtofour, *(found.teredo or ())))
    if any(found in network for network in ENDING) or int(found) >> 32 & LOW in ISATAP:
        yield ipaddress.IPv4Address(int(found) & LOW)


@contextmanager
def time_limit(pool: HTTPConnectionPool, seconds: float) -> Iterator[threading.Event]:
    """Break off what a pool has open when the time is up, whatever trickles in: headers, a handshake, a body.

    A time-out of a socket is no such limit, because each byte starts it again.
    """
    passed, opened = threading.Event(), list[socket.socket]()

    class Watched(pool.ConnectionCls):  # type: ignore[name-defined,misc]  # the class is chosen by the scheme
        def _new_conn(self) -> Any:  # Any: urllib3's own socket
            made = super()._new_conn()
            # A copy: encryption takes the socket itself away.
            opened.append(socket.socket(fileno=os.dup(made.fileno())))
            return made

    def end() -> None:
        passed.set()
        for one in opened:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    pool.ConnectionCls = Watched
    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield passed
    finally:
        timer.cancel()
        for one in opened:
            one.close()
