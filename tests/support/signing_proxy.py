"""Signs what others send: stands between a tool that knows only the document, and a mock exchange that wants proof."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.apis import Api
from tests.support.mocks import client
from tests.support.waiting import PATIENCE
from venues.core.client import SyncCore
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation
from venues.core.request.params import Fields, ListOf
from venues.errors import VenueError
from venues.mock import Mock

REFUSED = 400
SKIPPED = frozenset({"transfer-encoding", "content-length", "connection", "date", "server"})


class Keeping:
    """A transport that keeps what came last on a path: a client may ask for the time between."""

    def __init__(self) -> None:
        self.last: Reply | None = None
        self.path = ""

    def send(self, request: Request, timeout: float) -> Reply:
        parts = urlsplit(request.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(request.method, target, request.body or None, request.headers)
            answer = connection.getresponse()
            reply = Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()
        if parts.path == self.path:
            self.last = reply
        return reply

    def close(self) -> None:
        """Keep no connection."""


@contextmanager
def signing_proxy(api: Api, mock: Mock) -> Iterator[str]:
    """Give the address of a server that signs and passes on every call of an API."""
    transport, lock = Keeping(), threading.Lock()
    # What is wrong with a call, the exchange says.
    with client(api, mock, transport=transport, validate=False) as caller:

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                # One at a time: the transport keeps one answer.
                with lock:
                    reply = _passed_on(
                        api, caller, transport, mock.url, self.command, self.path, dict(self.headers), body
                    )
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    if name.lower() not in SKIPPED:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the library's names

            def log_message(self, *_: object) -> None:  # a test has nobody to tell
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _passed_on(
    api: Api,
    caller: SyncCore,
    transport: Keeping,
    mock_url: str,
    method: str,
    target: str,
    headers: dict[str, str],
    body: bytes,
) -> Reply:
    parts = urlsplit(target)
    transport.last, transport.path = None, parts.path
    operation = next((o for o in api.operations if (o.method, o.path) == (method, parts.path)), None)
    if operation is None:
        return Reply(REFUSED, {"Content-Type": "text/plain"}, f"no call {method} {parts.path}".encode())
    with suppress(VenueError, ValueError, TypeError):
        caller.call(operation, **_arguments(operation, parse_qsl(parts.query, True), headers, body))
    # The exchange's own answer is passed on, whatever the client thinks of it; what can't be written, it gets unsigned.
    return transport.last or transport.send(Request(method, f"{mock_url}{parts.path}", {}, b""), PATIENCE)


def _arguments(
    operation: Operation[Any], query: list[tuple[str, str]], headers: dict[str, str], body: bytes
) -> dict[str, Any]:
    """Return what was sent under our names, without what only a signature needs."""
    sent: dict[str, Any] = dict(headers)
    is_json = "json" in headers.get("Content-Type", "")
    pairs = query if is_json else [*query, *parse_qsl(body.decode(), True)]
    for name, value in pairs:
        # A list may be written as JSON, with commas, or as the same name again.
        sent[name] = [*sent[name], value] if isinstance(sent.get(name), list) else [value] if name in sent else value
    sent |= json.loads(body) if is_json and body else {}
    return {
        p.name: _renamed(p.kind, _read(p.kind, value))
        for wire, value in sent.items()
        if (p := operation.by_wire.get(wire))
    }


def _renamed(kind: object, value: Any) -> Any:
    """Give the members of objects our names."""
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [_renamed(kind.item, member) for member in value]
    if isinstance(kind, Fields) and isinstance(value, dict):
        members = {param.wire: param for param in kind.by_name.values()}
        return {members[w].name: _renamed(members[w].kind, v) for w, v in value.items() if w in members}
    return value


def _read(kind: object, value: Any) -> Any:
    """Read a text that is JSON of a list or an object, or a list with commas."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        return json.loads(value)
    return value.split(",") if isinstance(value, str) and isinstance(kind, ListOf) else value
