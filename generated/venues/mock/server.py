"""The socket of the mock exchange: an HTTP server on a thread of its own."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Self

from aiohttp import web

from venues.mock.answer.build import Answer
from venues.mock.answer.delivery import deliver
from venues.mock.exchange import Clock, Exchange
from venues.mock.request.received import Received
from venues.mock.streams.floor import Floor

OK = 200
LARGEST_LINE = 1 << 20
"""How long a request line or header may be; lists in a query make long ones."""


class Mock(Exchange):
    """A mock exchange that listens on this machine, until it is stopped.

        with Mock("your_exchange") as mock:
            client = YourExchange(**mock.credentials, base_url=mock.url)

    Args:
        api: Name of the API.
        host: Address to listen on.
        port: Port to listen on; 0 for any that is free.
        credentials: Replace those that the specification makes up.
        public_keys: PEM texts of public keys, by the name of the credential that holds the private one.
        clock: Returns the time in milliseconds since 1970; this machine's by default.
        keep: How many requests to remember.

    Raises:
        UnknownApi: if there is no API of that name.
    """

    def __init__(
        self,
        api: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: Mapping[str, str] | None = None,
        public_keys: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        keep: int = 100_000,
    ) -> None:
        super().__init__(api, credentials=credentials, public_keys=public_keys, clock=clock, keep=keep)
        self._address = (host, port)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        rules = self._api.streams
        self._floor = Floor(rules, self.credentials, public_keys or {}, self.now) if rules is not None else None
        self.url: str = ""
        """Where it listens, once it is started: what to give to a client as `base_url`."""

    def start(self) -> Self:
        """Begin to listen.

        Raises:
            OSError: if the address is taken.
        """
        if self._thread is not None:
            raise RuntimeError("this mock exchange is started already")
        opened: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name=f"mock {self._api.name}", daemon=True)
        self._thread.start()
        try:
            self.url = opened.result()
        except OSError as error:
            self._thread.join()
            self._thread = None
            raise _taken(error, *self._address) from None
        return self

    @property
    def streams(self) -> Floor:
        """The WebSocket streams.

        Raises:
            ValueError: if the API has none.
        """
        if self._floor is None:
            raise ValueError(f"{self._api.name} has no streams")
        return self._floor

    def stop(self) -> None:
        """Close all connections and end the thread; requests that wait for an answer get none."""
        if self._thread is None or self._loop is None or self._closing is None:
            return
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()
        self._thread = self._loop = self._closing = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, opened: Future[str]) -> None:
        try:
            asyncio.run(self._serve(opened))
        except OSError as error:
            opened.set_exception(error)

    async def _serve(self, opened: Future[str]) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        server = web.Server(
            self._respond,
            handler_cancellation=True,
            access_log=None,
            max_line_size=LARGEST_LINE,
            max_field_size=LARGEST_LINE,
        )
        runner = web.ServerRunner(server, shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, *self._address)
            await site.start()
            host, port = runner.addresses[0][:2]
            opened.set_result(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
            await self._closing.wait()
            await _let_nobody_in(site)
        finally:
            await runner.cleanup()

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        if self._floor is not None and request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._floor.serve(request)
        path, _, query = request.raw_path.partition("?")
        received = Received(request.method, path, query, request.headers, await request.read())
        answer = self.receive(received)
        self._tell_floor(received, answer)
        assert self._closing is not None
        return await deliver(request, answer, self._closing)

    def _tell_floor(self, received: Received, answer: Answer) -> None:
        """Calls may make and end listen keys."""
        found = self._api.find(received.method, received.path)
        if self._floor is not None and found is not None and answer.status == OK:
            self._floor.saw(found[0].full_name, answer.body)


def _taken(error: OSError, host: str, port: int) -> OSError:
    """Return the error that says where nothing can listen, and what to do."""
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    return OSError(
        f"nothing can listen at {host}:{port} ({reason}); choose another host, or port (0 for any that is free)"
    )


async def _let_nobody_in(site: web.TCPSite) -> None:
    """Accept no more connections; asyncio forgets to close those that it accepts in the moment in which it stops."""
    listening = site._server.sockets if isinstance(site._server, asyncio.Server) else ()
    for one in listening:
        asyncio.get_running_loop().remove_reader(one.fileno())
    for _ in range(3):  # until whoever was let in is known, and waited for
        await asyncio.sleep(0)


def serve(api: str, host: str, port: int, *, any_symbol: bool, ready: Callable[[Mock], None]) -> None:
    """Serve a mock exchange until this thread is interrupted.

    Args:
        api: Name of the API.
        host: Address to listen on.
        port: Port to listen on.
        any_symbol: Whether pairs and contracts that the specification does not know are offered, too.
        ready: Is called once it listens.

    Raises:
        UnknownApi: if there is no API of that name.
        OSError: if the address is taken.
    """
    with Mock(api, host=host, port=port, keep=1000) as mock:
        mock.any_symbol = any_symbol
        ready(mock)
        threading.Event().wait()
