"""An exchange on a socket that loses answers: it closes the connection after a POST, and answers GET from a function."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

Lists = Callable[[str, dict[str, str]], object]
"""The path and query of a GET → the body of the answer, as JSON."""


class Losing(ThreadingHTTPServer):
    """Loses the answer to every POST, or refuses it."""

    def __init__(self, lists: Lists) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lists = lists
        self.refusal: object = None
        """The body with which a POST is refused; None loses the answer."""
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Losing

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.refusal is None:
            self.close_connection = True
        else:
            self._answer(self.server.refusal)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        self.server.asked.append((url.path, query))
        self._answer(self.server.lists(url.path, query))

    def _answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def losing(lists: Lists) -> Iterator[Losing]:
    """Serve for a while."""
    with Losing(lists) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
