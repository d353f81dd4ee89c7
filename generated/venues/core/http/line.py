# Edited in templates/venues/core/http/line.py; the copy in generated/ is imported.
"""A connection of urllib3 that sends in one piece, and reads nothing but the answer."""

from __future__ import annotations

import socket
import time
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import allowed_gai_family

from venues.core.http.head import Own, write_request
from venues.core.http.incoming import FinalAnswer, Opener, Source, left
from venues.core.http.network import DIRECT, Network
from venues.core.request.messages import Request
from venues.core.values.interruption import is_of_program

CODINGS = "gzip, deflate"
"""How answers may be compressed: what Python unpacks without further libraries."""
AGENT = f"python-urllib3/{urllib3.__version__}"  # type: ignore[attr-defined]  # it is there, and not listed
"""What the library calls itself, where the request does not."""
LONGEST = 1 << 14
"""Bytes of the longest answer of a proxy to the wish for a tunnel; it has a line or two."""


class TunnelRefused(OSError):
    """The proxy opened no tunnel; nothing was sent to the exchange."""


class Line(HTTPConnection):
    """A connection: sends head and body in one piece, and reads nothing but the answer."""

    deadline: float = 0.0
    network: Network = DIRECT
    has_surplus: bool = False
    _source: Source | None = None
    _own: Own = ()

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

    def write(self, request: Request) -> bytes:
        """Return a request as it is sent.

        Raises:
            InvalidRequest: if something in it can't be written.
        """
        if not self._own:
            host = f"[{self.host}]" if ":" in self.host else self.host
            authority = host if self.port == self.default_port else f"{host}:{self.port}"
            self._own = (("Host", authority), ("Accept-Encoding", CODINGS), ("User-Agent", AGENT))
        return write_request(request, self._own)

    def send_now(self, data: bytes) -> None:
        """Send a whole request."""
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(left(self.deadline))
            rest = rest[self.sock.send(rest) :]

    def answer(self, method: str) -> FinalAnswer:
        """Return the answer to what was sent, its body still to be read.

        Args:
            method: That of the request.
        """
        # In place of the library's `getresponse`, which examines the headers once more, to warn of odd ones.
        sock: Any = self.sock  # it is open by now
        source = self._source = Source(sock, self)
        opener: Any = Opener(source)
        found = FinalAnswer(opener, method=method)
        try:
            found.begin()
        except BaseException:
            found.close()
            raise
        if found.will_close:
            self.close()  # the answer keeps the socket
        return found


class SafeLine(Line, HTTPSConnection):  # pyright: ignore[reportIncompatibleVariableOverride]
    """The same over TLS."""
