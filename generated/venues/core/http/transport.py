# Edited in templates/venues/core/http/transport.py; the copy in generated/ is imported.
"""What a client asks of HTTP: send one request once, and say honestly what is known when that fails.

Retries, redirects and cookies are off: the client alone decides what is sent twice.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

from venues.core.http.network import DIRECT, HOST, Network
from venues.core.request.messages import Reply, Request
from venues.errors import ConnectionLost, InvalidRequest

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

UNFIT = frozenset(' ?#@\\"<>')
"""What a base address must not hold: a query, a password, or what is no part of an address."""
LARGEST = 1 << 26
"""Bytes of the largest answer, unpacked; the longest lists of exchanges have a tenth of that."""
OK = 200
"""What nearly every answer says; the lowest HTTP status that ends an exchange, those below announce another answer."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Transport(Protocol):
    """Sends requests and waits for the answers; safe to use from several threads.

    An interim answer (HTTP 1xx) is none, and what comes unasked on a kept connection is no answer to the next request.
    """

    def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once.

        Raises:
            ConnectionFailed: nothing was sent.
            RequestTimeout: sent, and `timeout` seconds after its first byte the answer was not there to its last.
            ConnectionLost: the connection broke after sending had begun.
        """
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


class AsyncTransport(Protocol):
    """Sends requests and awaits the answers."""

    async def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; fails as `Transport.send` does."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


@runtime_checkable
class KeepsConnections(Protocol):
    """What a transport, sync or async, can do that keeps connections open."""

    def forget_connections(self) -> None:
        """Use none of the present connections for another call; calls under way go on.

        It is called after an answer that can't be believed, such as one that names another order: its connection is out
        of step, and would give each call the answer to the one before.
        """
        ...


class TrustedTransport:
    """Marks our own transports: what they raise is named above, or was raised by the program in the middle of a call."""

    network: Network = DIRECT

    @property
    def is_open(self) -> bool:
        """Whether it may have connections."""
        raise NotImplementedError

    def adopt(self, network: Network) -> None:
        """Reach the exchange as a client says that it was given to.

        Raises:
            InvalidRequest: if it does so in another way already.
        """
        if network.route in (DIRECT.route, self.network.route):
            return
        if self.network is not DIRECT or self.is_open:
            raise InvalidRequest("this transport reaches the exchange in another way already; make one for this client")
        self.network = network


class Way:
    """What a client sends by, and all that `with_options` made of it."""

    __slots__ = ("_doubted_at", "is_closed", "send", "transport")

    def __init__(self, transport: Any) -> None:  # Any: sync or async, here and below
        self.transport: Any = transport
        """None until one is needed, where the client was given none."""
        self.send: Any = None
        """What sends; None until it is known, and after the client is closed."""
        self.is_closed: bool = False
        self._doubted_at = 0.0

    def close(self) -> None:
        """Send nothing any more."""
        self.is_closed = True
        self.send = None

    def note_doubtful_answer(self) -> None:
        """Note that an answer could not be believed: what answers its call may come next on its connection."""
        self._doubted_at = perf_counter()
        if isinstance(self.transport, KeepsConnections):
            self.transport.forget_connections()

    def had_doubtful_answer_since(self, started: float) -> bool:
        """Whether an answer could not be believed since a time of `perf_counter`.

        A call that began before may have been given the connection, and so the answer to the other call.
        """
        return self._doubted_at > started


def final(reply: Reply) -> Reply:
    """Return an answer, if it is one: an interim answer, or none, is no word of the exchange's.

    Raises:
        ConnectionLost: if it is none.
    """
    status: object = reply.status
    if isinstance(status, int) and status >= OK:
        return reply
    raise ConnectionLost(f"the transport brought no answer (status {status!r})")


def ensure_network(transport: object, network: Network) -> None:
    """Let a transport reach the exchange as the client's options say.

    Raises:
        InvalidRequest: if it is not one of ours: it would go another way unnoticed.
    """
    if transport is None or network.route == DIRECT.route:
        return
    if not isinstance(transport, TrustedTransport):
        raise InvalidRequest(
            f"transport is of type {type(transport).__name__}, which makes connections of its own: "
            "give proxy, ca_file, ssl_context and local_address to it, not to the client"
        )
    transport.adopt(network)


def checked_base(url: str) -> str:
    """Return a base address without a trailing slash.

    Raises:
        InvalidRequest: if it is no https address (http is for this machine only: keys would travel in the clear).
    """
    if is_safe(url, "https", "http"):
        return url.rstrip("/")
    what = "an address with a user name" if "@" in str(url) else repr(url)
    raise InvalidRequest(f"base_url is {what}; it must be an https address (http only for this machine)")


def is_safe(url: str, encrypted: str, clear: str) -> bool:
    """Whether keys may travel to an address: by the encrypted scheme, or in clear text within this machine."""
    if not isinstance(url, str) or not url.isascii() or not url.isprintable() or UNFIT & set(url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        return False
    if host is None or not HOST.fullmatch(host):
        return False
    return parts.scheme == encrypted or (parts.scheme == clear and host in LOOPBACK)


def running_loop() -> AbstractEventLoop:
    """Return the event loop.

    Raises:
        InvalidRequest: if there is none of asyncio's, as under trio.
    """
    import asyncio  # here, for a sync client needs none

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    raise InvalidRequest("no asyncio event loop runs here, and nothing was sent; async clients need asyncio")
