# Edited in templates/venues/mock/server.py; the copy in generated/ is imported.
"""The mock exchange as a server: HTTP and WebSocket, on a thread and an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from os import PathLike
from typing import Self

from aiohttp import web

from venues.mock.answer.delivery import deliver
from venues.mock.answer.sent import Answer, bare_answer
from venues.mock.clock import Source
from venues.mock.exchange import Exchange
from venues.mock.front import Front
from venues.mock.listening import address_error, listen
from venues.mock.request.received import Received
from venues.mock.streams.server import StreamServer

OK = 200
LARGEST_LINE = 1 << 20
"""How long a request line or header may be, in bytes; aiohttp's 8 KB are too few for batches in a query."""


class Mock(Exchange):
    """A mock exchange that listens on this machine until it is stopped.

        with Mock("your_exchange") as mock:
            client = YourExchange(**mock.credentials, base_url=mock.url)

    Args:
        api: Name of the API.
        host: Address to listen on.
        port: Port to listen on; 0 for any that is free.
        credentials: Replace the invented ones of the specification; empty ones do not.
        public_keys: PEM texts of public keys, by the name of the credential that holds the private one.
        clock: Returns the time in milliseconds since 1970; this machine's by default. `mock.clock` counts on from it.
        keep: How many requests to remember.
        remembers: Whether orders live: they are made, listed, canceled, and filled by `market(…)`. What can't be
            simulated fails the test with `NotSimulated` when the mock exchange stops. With False, examples are played
            back, whatever was sent before.

        state: A file that keeps orders, fills, money and markets over a restart; it is made where there is none. The
            clock, requests, faults and planned answers are not kept.

    Raises:
        UnknownApi: if there is no API of that name.
        OSError: if the file of the state can't be written.
        ValueError: if that file is something else, or there is nothing to keep, with `remembers=False`.
    """

    def __init__(
        self,
        api: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: Mapping[str, str] | None = None,
        public_keys: Mapping[str, str] | None = None,
        clock: Source | None = None,
        keep: int = 100_000,
        remembers: bool = True,
        state: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(
            api,
            credentials=credentials,
            public_keys=public_keys,
            clock=clock,
            keep=keep,
            remembers=remembers,
            state=state,
        )
        self._address = (host, port)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        self._ready: dict[asyncio.BaseTransport, Answer] = {}
        """Responses to requests that were carried out before aiohttp got them."""
        rules = self._api.streams
        self._streams = (
            StreamServer(rules, self.credentials, public_keys or {}, self.now) if rules is not None else None
        )
        self._key_calls = {
            (operation.method, operation.path): operation.full_name
            for operation in self._api.operations
            if self._streams is not None and operation.full_name in self._streams.keys.calls
        }
        """Calls that make, extend or end listen keys."""

        if self._streams is not None:
            self.clock.follow(self._streams.end_due)
            if remembers:
                self._streams.follow(self.journal, lambda: self._kept().quotes, self._lock)
                if any(operation.disconnect is not None for operation in self._api.operations):
                    self._streams.on_topics = self._hear_topics
        self.url: str = ""
        """Where it listens, once started; a client's `base_url`."""

    def start(self) -> Self:
        """Begin to listen; return when requests are accepted.

        Raises:
            OSError: if the address is in use.
            OverflowError: if the port is no number of 16 bits.
        """
        if self._thread is not None:
            raise RuntimeError("this mock exchange is started already")
        opened: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name=f"mock {self._api.name}", daemon=True)
        self._thread.start()
        try:
            self.url = opened.result()
        except Exception as error:
            self._thread.join()
            self._thread = None
            if isinstance(error, OSError):
                raise address_error(error, *self._address) from None
            raise
        return self

    @property
    def streams(self) -> StreamServer:
        """The WebSocket streams.

        Raises:
            ValueError: if the API has none.
        """
        if self._streams is None:
            raise ValueError(f"{self._api.name} has no streams")
        return self._streams

    def stop(self) -> None:
        """Close all connections and end the thread; requests that wait for an answer get none.

        Raises:
            NotSimulated: if a call asked for what can't be simulated; its caller got an error of the exchange.
            BaseException: the first error of a test's own function, once; its caller got status 500.
        """
        if self._thread is not None and self._loop is not None and self._closing is not None:
            self._loop.call_soon_threadsafe(self._closing.set)
            self._thread.join()
            self._thread = self._loop = self._closing = None
        self._close_state()
        error, self._error = self._error, None
        if self._streams is not None:
            error, self._streams.error = error or self._streams.error, None
        if error is not None:
            raise error

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, opened: Future[str]) -> None:
        try:
            asyncio.run(self._serve(opened))
        except Exception as error:
            if opened.done():
                raise
            opened.set_exception(error)  # whatever it is: `start` waits for it

    async def _serve(self, opened: Future[str]) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        # A bare server without aiohttp's router, which would answer unknown paths before they are recorded.
        # Handlers are canceled when a caller gives up, or they would wait for an answer that is never due.
        unusual = web.Server(
            self._respond,
            handler_cancellation=True,
            access_log=None,
            max_line_size=LARGEST_LINE,
            max_field_size=LARGEST_LINE,
        )
        await listen(
            self._address,
            lambda: Front(self._take, self._ready.__setitem__, unusual),
            opened.set_result,
            self._closing,
        )
        unusual.pre_shutdown()
        await unusual.shutdown(1)
        self._ready.clear()

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        if self._streams is not None and request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._streams.serve(request)
        answer = self._ready.pop(request.transport, None) if request.transport is not None else None
        if answer is None:
            # The raw path: signatures are made over what was sent, and yarl would decode and encode it again.
            path, _, query = request.raw_path.partition("?")
            answer = self._take(Received.arrived(request.method, path, query, request.headers, await _body(request)))
        assert self._closing is not None  # set before the server accepts anything
        return await deliver(request, answer, self._closing)

    def _take(self, received: Received) -> Answer:
        answer = self._receive(received)
        self._note_listen_keys(received, answer)
        return answer

    def _receive(self, received: Received) -> Answer:
        try:
            return self.receive(received)
        except BaseException as error:  # pytest.fail() raises no Exception
            # Only the first counts: the others are most often the same one, met again by a retry.
            self._error = self._error or error
            return bare_answer(500)

    def _note_listen_keys(self, received: Received, answer: Answer) -> None:
        """Inform the streams of listen keys that this call created or ended."""
        if self._streams is None or answer.status != OK or (received.method, received.path) not in self._key_calls:
            return
        self._streams.note_answer(self._key_calls[received.method, received.path], answer.body)


async def _body(request: web.BaseRequest) -> bytes:
    return await request.read() if request.body_exists else b""
