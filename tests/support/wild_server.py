"""A server that does to each connection what a test says, on a real socket."""

from __future__ import annotations

import fcntl
import socket
import ssl
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.support.waiting import PATIENCE

Behaviour = Callable[[socket.socket, "WildServer"], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class WildServer:
    """Counts the requests that arrived whole.

    Args:
        behaviour: What it does to each connection.
        tls: Its certificate, where it speaks TLS.
    """

    def __init__(self, behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self._behaviour = behaviour
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.connections: list[socket.socket] = []
        self.peers: list[str] = []
        """From which address each of them came."""
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._served: list[threading.Thread] = []
        self.requests: list[bytes] = []
        self.served: list[int] = []
        """How many requests came on each connection."""
        self._arrived = threading.Condition()
        self.pieces = 0
        """How often something was read until the requests were whole."""
        place = "https://localhost" if tls else "http://127.0.0.1"
        self.url = f"{place}:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()  # before what it has let in is closed, or what it lets in meanwhile stays open
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, (host, _) = self._listener.accept()
            except OSError:
                return
            self.peers.append(host)
            self.connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._served.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is None:
                self._behaviour(connection, self)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as encrypted:
                    self._behaviour(encrypted, self)

    def wait_until_idle(self) -> None:
        """Wait until every client has closed its connections."""
        for thread in self._served:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in self._served), "in vain waited for clients to hang up"

    def _piece(self, connection: socket.socket) -> bytes:
        piece = connection.recv(65536)
        self.pieces += bool(piece)
        return piece

    def read(self, connection: socket.socket) -> bytes:
        """Read one whole request; b"" if the client left."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self._piece(connection)
            if not piece:
                return b""
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0
        )
        while len(body) < length:
            piece = self._piece(connection)
            if not piece:
                return b""
            body += piece
        request = head + b"\r\n\r\n" + body
        with self._arrived:
            self.requests.append(request)
            self._count(connection)
            self._arrived.notify_all()
        return request

    def _count(self, connection: socket.socket) -> None:
        if connection in self.connections:
            at = self.connections.index(connection)
            self.served += [0] * (at + 1 - len(self.served))
            self.served[at] += 1

    def has_request(self, timeout: float) -> bool:
        """Whether a request has arrived whole, or does so within some seconds."""
        with self._arrived:
            return self._arrived.wait_for(lambda: bool(self.requests), timeout)


def closes(connection: socket.socket, server: WildServer) -> None:
    """Read the request, and close without a word."""
    server.read(connection)
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def resets(connection: socket.socket, server: WildServer) -> None:
    """Read the request, and reset the connection."""
    server.read(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silent(connection: socket.socket, server: WildServer) -> None:
    """Read the request, and never answer."""
    server.read(connection)
    connection.recv(1)


def silent_from_the_start(connection: socket.socket, server: WildServer) -> None:
    """Read whatever comes, and never say anything."""
    while connection.recv(65536):
        pass


def cuts(connection: socket.socket, server: WildServer) -> None:
    """Promise more than is sent."""
    server.read(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"code":')
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def stalls(connection: socket.socket, server: WildServer) -> None:
    """Begin an answer, and never end it."""
    server.read(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"code":')
    connection.recv(1)


def contradicts_its_length(connection: socket.socket, server: WildServer) -> None:
    """Say of two lengths that they are that of the answer; what follows the shorter one may be anybody's."""
    server.read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 100\r\n\r\n{}")
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def babbles(connection: socket.socket, server: WildServer) -> None:
    """Answer with something that is not HTTP."""
    server.read(connection)
    connection.sendall(b"\x15\x03\x01\x00\x02\x02\x16 what?\r\n\r\n")
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def mumbles(connection: socket.socket, server: WildServer) -> None:
    """Answer with a header that is none, and close, for after that header nobody can know how long the answer is."""
    server.read(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 2\r\n\r\n{}")
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def answers(connection: socket.socket, server: WildServer) -> None:
    """Answer every request on the same connection."""
    while server.read(connection):
        connection.sendall(OK)


def answers_at_the_head(connection: socket.socket, server: WildServer) -> None:
    """Answer when something came, and read no further."""
    connection.recv(1000)
    connection.sendall(OK)


def answers_once(connection: socket.socket, server: WildServer) -> None:
    """Answer the first request of a connection, read the second, and close."""
    server.read(connection)
    connection.sendall(OK)
    closes(connection, server)


def leaves(told: threading.Event) -> Behaviour:
    """Answer the first request of a connection, and close it, once told to, before there is a second."""

    def behave(connection: socket.socket, server: WildServer) -> None:
        server.read(connection)
        connection.sendall(OK)
        told.wait()
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    return behave


def hangs_up(connection: socket.socket, server: WildServer) -> None:
    """Close without reading."""
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def blurts(connection: socket.socket, server: WildServer) -> None:
    """Answer in clear text to whatever begins."""
    connection.recv(65536)
    connection.sendall(OK)
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def shows(certificate: Path) -> Behaviour:
    """Offer TLS with a certificate, its key in the same file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def behave(connection: socket.socket, server: WildServer) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            server.read(encrypted)

    return behave


def redirects(connection: socket.socket, server: WildServer) -> None:
    """Send the client elsewhere, with a cookie."""
    while server.read(connection):
        connection.sendall(b"HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")


def announces(*heads: bytes) -> Behaviour:
    """Say interim things before each answer, which is the path."""

    def behave(connection: socket.socket, server: WildServer) -> None:
        while request := server.read(connection):
            for head in heads:
                connection.sendall(b"HTTP/1.1 " + head + b"\r\n\r\n")
            connection.sendall(named(request))

    return behave


TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


def tunnels(answer: bytes = TUNNEL) -> Behaviour:
    """Be a proxy: open a tunnel to wherever it is asked for, or pass on what is asked in clear text.

    Args:
        answer: What it says to the wish for a tunnel; only after 200 there is one.
    """

    def behave(connection: socket.socket, server: WildServer) -> None:
        request = server.read(connection)
        if not request:
            return
        method, target, _ = request.split(None, 2)
        if method == b"CONNECT" or answer != TUNNEL:
            connection.sendall(answer)
        if answer != TUNNEL:
            return
        place = target.rpartition(b"://")[2].partition(b"/")[0]
        host, _, port = place.decode().rpartition(":")
        with socket.create_connection((host, int(port)), PATIENCE) as there:
            if method != b"CONNECT":  # aiohttp asks the proxy itself in clear text, which is for this machine only
                there.sendall(request.replace(target, target.partition(place)[2], 1))
            back = threading.Thread(target=_pass_on, args=(there, connection), daemon=True)
            back.start()
            _pass_on(connection, there)
            back.join(PATIENCE)

    return behave


def _pass_on(here: socket.socket, there: socket.socket) -> None:
    """Copy what comes, until one end hangs up; then both do."""
    with suppress(OSError):
        while piece := here.recv(65536):
            there.sendall(piece)
    for end in (here, there):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def changes_and_answers_late(connection: socket.socket, server: WildServer) -> None:
    """Say 101 to each request; where another follows on the same connection, answer the earlier one."""
    earlier = b""
    while request := server.read(connection):
        connection.sendall(named(earlier) if earlier else b"HTTP/1.1 101 Switching\r\n\r\n")
        earlier = request


def named(request: bytes) -> bytes:
    """Return an answer that says which request it answers: its path."""
    path = request.split()[1]
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path)


def strays(stray: bytes, told: threading.Event, added: threading.Event, left: threading.Event) -> Behaviour:
    """Answer each request by its path; once told to, send something on the first connection that nobody asked for.

    Args:
        stray: What is sent.
        told: When it is to be sent.
        added: Set when it has arrived, or the client has hung up at its beginning.
        left: Set when the client has closed that connection.
    """

    def behave(connection: socket.socket, server: WildServer) -> None:
        first = len(server.connections) == 1
        try:
            while request := server.read(connection):
                connection.sendall(named(request))
                if first and not added.is_set():
                    told.wait()
                    with suppress(OSError):
                        connection.sendall(stray)
                        wait_for_arrival(connection)
                    added.set()
        finally:
            left.set()

    return behave


def wait_for_arrival(connection: socket.socket) -> None:
    """Wait until the other side's system has all that was sent: on a busy machine, bytes stay on the way for a while.

    Raises:
        OSError: if the other side has reset the connection.
    """
    end = time.monotonic() + PATIENCE
    while int.from_bytes(fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)), sys.byteorder):
        connection.getpeername()  # after a reset there is none, and what was not received stays counted
        assert time.monotonic() < end, "what was sent did not arrive"
        time.sleep(0.001)


def adds_at_once(stray: bytes) -> Behaviour:
    """Send, in one piece with the first answer, something that nobody asked for."""

    def behave(connection: socket.socket, server: WildServer) -> None:
        more = stray if len(server.connections) == 1 else b""
        while request := server.read(connection):
            connection.sendall(named(request) + more)
            more = b""

    return behave


def drips(pause: float, body: int = 1000) -> Behaviour:
    """Answer byte by byte."""

    def behave(connection: socket.socket, server: WildServer) -> None:
        while server.read(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % body)
            for _ in range(body):
                connection.sendall(b"x")
                time.sleep(pause)

    return behave


def drips_head(pause: float) -> Behaviour:
    """Never end the head of an answer."""

    def behave(connection: socket.socket, server: WildServer) -> None:
        server.read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            connection.sendall(b"x")
            time.sleep(pause)

    return behave


def answers_with(head: bytes, body: bytes) -> Behaviour:
    """Answer every request by this."""

    def behave(connection: socket.socket, server: WildServer) -> None:
        while server.read(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))

    return behave
