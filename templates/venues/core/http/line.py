# Edited in templates/venues/core/http/line.py; the copy in generated/ is imported.
"""A connection of urllib3 that sends in one piece, and reads nothing but the answer."""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import allowed_gai_family

from venues.core.http.incoming import FinalAnswer, Opener, Source, left
from venues.core.http.network import DIRECT, Network
from venues.core.request.messages import Request
from venues.core.values.interruption import is_of_program
from venues.core.values.secrets import MASK

CODINGS = "gzip, deflate"
"""How answers may be packed: what Python unpacks by itself."""


LONGEST = 1 << 14
"""Bytes of the longest answer of a proxy to the wish for a tunnel; it has a line or two."""


class TunnelRefused(OSError):
    """The proxy opened no tunnel; nothing was sent to the exchange."""


class _Sending(threading.local):
    """Whether this thread is sending one of our requests."""

    now = False


sending: _Sending = _Sending()


class _WithoutQuery(logging.Filter):
    """Takes the query, which may hold key and signature, out of what urllib3 logs of our requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        if sending.now and isinstance(record.args, tuple):
            record.args = tuple(_masked(arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


def _masked(text: str) -> str:
    return f"{text.partition('?')[0]}?{MASK}" if "?" in text else text


# It warns of headers that it can't read, and names the address.
logging.getLogger("urllib3.connection").addFilter(_WithoutQuery())


class Line(HTTPConnection):
    """A connection: sends head and body in one piece, and reads nothing but the answer."""

    deadline: float = 0.0
    network: Network = DIRECT
    has_surplus: bool = False
    _held: list[bytes] | None = None
    _source: Source | None = None

    def response_class(  # type: ignore[override]  # called like the class that it is there
        self, sock: socket.socket, **options: Any  # Any: passed on as given
    ) -> FinalAnswer:
        """Return what reads an answer."""
        source = self._source = Source(sock, self)
        opener: Any = Opener(source)
        return FinalAnswer(opener, **options)

    def _new_conn(self) -> socket.socket:
        """Connect within one time for all addresses of the host: each has its share, and leaves the rest to the next."""
        until = time.monotonic() + float(self.timeout or 0)
        host = self._dns_host.strip("[]")
        addresses = socket.getaddrinfo(host, self.port, allowed_gai_family(), socket.SOCK_STREAM)
        failure: OSError = OSError("the host has no address")
        for index, (family, kind, protocol, _, address) in enumerate(addresses):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(left(until) / (len(addresses) - index))
                if self.network.local_address is not None:
                    sock.bind((self.network.local_address, 0))
                sock.connect(address)
                sock.settimeout(left(until))  # for the handshake
            except BaseException as error:
                sock.close()
                if not isinstance(error, OSError) or is_of_program(error):
                    raise
                failure = error
            else:
                return sock
        raise failure

    # In place of the one of http.client, which reads more than the proxy's answer, and sends by `send`.
    def _tunnel(self) -> None:
        """Ask the proxy for a tunnel."""
        sock, headers = self.sock, self.network.proxy.headers if self.network.proxy else {}
        target = f"{self._tunnel_host}:{self._tunnel_port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", *(f"{name}: {headers[name]}" for name in headers)]
        sock.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            piece = sock.recv(1)  # byte by byte: what follows belongs to TLS
            answer += piece
            if not piece or len(answer) > LONGEST:
                raise TunnelRefused(0, "the proxy did not answer as a proxy does")
        status = answer[:LONGEST].split(b" ", 2)[1][:3] if answer.startswith(b"HTTP/1.") else b""
        if status != b"200":
            raise TunnelRefused(0, f"the proxy refused with HTTP {status.decode('latin-1')}")

    @property
    def is_usable(self) -> bool:
        """Whether nothing has come on a kept connection, not even its end: it would be taken for the next answer."""
        pending = getattr(self.sock, "pending", None)  # of TLS: what was unpacked and not read
        return not (self.has_surplus or (pending and pending())) and self.is_connected

    def break_off(self) -> None:
        """Close the connection, and what reads it; else that would keep the socket open until it is collected."""
        if self._source is not None:
            self._source.close()
        self.close()

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Begin a request; the library would say that an answer must not be packed."""
        super().putrequest(method, url, skip_host, skip_accept_encoding=True)
        if not skip_accept_encoding:
            self.putheader("Accept-Encoding", CODINGS)

    def write(self, request: Request) -> bytes:
        """Return a request as it is sent."""
        self._held = []
        try:
            target = slice(path_at(request), None)
            self.request(
                request.method, request.url[target], request.body or None, request.headers, preload_content=False
            )
            return b"".join(self._held)
        finally:
            self._held = None

    def send(self, data: Any) -> None:  # Any: as in the library; here always bytes
        """Hold what the library wants to send, so that head and body travel in one packet."""
        assert self._held is not None
        self._held.append(data)

    def send_now(self, data: bytes) -> None:
        """Send a whole request."""
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(left(self.deadline))
            rest = rest[self.sock.send(rest) :]


class SafeLine(Line, HTTPSConnection):  # pyright: ignore[reportIncompatibleVariableOverride]
    """The same over TLS."""


def path_at(request: Request) -> int:
    """Tell where the path begins; no part of it may stand in a variable, for tracebacks show those."""
    return request.url.index("/", len("https://"))
