"""An HTTP proxy that opens tunnels, on a real socket."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

from tests.support.waiting import PATIENCE


class TunnelProxy:
    """Opens tunnels, or passes requests on, to wherever it is asked to, and remembers what it was asked.

    Args:
        answer: What it says to the wish for a tunnel; only after 200 there is one.
    """

    def __init__(self, answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n") -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = [threading.Thread(target=self._accept, daemon=True)]
        self._open: list[socket.socket] = []
        self.asked: list[bytes] = []
        """The heads of the requests that it got."""
        self.peers: list[str] = []
        """From which address each of them came."""
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join(PATIENCE)
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join(PATIENCE)
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, (host, _) = self._listener.accept()
            except OSError:
                return
            self.peers.append(host)
            self._run(self._serve, connection)

    def _run(self, work: object, *given: socket.socket) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)  # type: ignore[arg-type]
        self._open += given
        self._threads.append(thread)
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = connection.recv(1)
            if not piece:
                return
            head += piece
        self.asked.append(head)
        method, target, _ = head.split(None, 2)
        if method == b"CONNECT" or b" 200 " not in self._answer:
            connection.sendall(self._answer)
        if b" 200 " not in self._answer:
            connection.close()
            return
        place = target.rpartition(b"://")[2].partition(b"/")[0]
        host, _, port = place.decode().rpartition(":")
        there = socket.create_connection((host, int(port)), PATIENCE)
        if method != b"CONNECT":  # in clear text some clients ask the proxy itself; that is for this machine only
            there.sendall(head.replace(target, target.partition(place)[2], 1))
        self._run(_copy, there, connection)
        _copy(connection, there)


def _copy(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while piece := here.recv(65536):
            there.sendall(piece)
    for end in (here, there):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
