"""What a program raises in the middle of a call: it arrives, nothing is sent again, and no frame shows a secret."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from tests.support.apis import APIS, Api, label
from tests.support.frames import frames, frames_below_send
from tests.support.streams import streams
from tests.support.waiting import PATIENCE
from tests.support.wild_server import WildServer
from tests.test_secrets import MARK, leaks, planted
from tests.test_transports import MAKERS, NAMES, fast
from venues import errors
from venues.aster_futures.streams import channels
from venues.core.answer import strict
from venues.core.answer.decode import Reader
from venues.core.answer.envelope import Envelope
from venues.core.answer.models import Model
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation
from venues.core.streams import payload
from venues.core.streams.payload import PayloadReader
from venues.core.values.enums import OpenStrEnum
from venues.hooks import Hooks
from venues.mock import Mock
from venues.retry import Retry

QUICK = Retry(attempts=3, first=0.0)


class OverTime(Exception):
    """A time limit as programs have it."""


class OverTimeToo(TimeoutError):
    """One that looks like what a socket raises."""


class Told(Hooks):
    """Remembers which outcomes are unknown."""

    def __init__(self) -> None:
        self.unknown: list[errors.ExecutionUnknown] = []

    def on_unknown(self, api: str, error: errors.ExecutionUnknown) -> None:
        self.unknown.append(error)


@contextmanager
def limit(kind: type[BaseException]) -> Iterator[None]:
    """Raise in this thread when the signal arrives that `alarms` sends."""

    def over(number: int, frame: FrameType | None) -> None:
        raise kind

    before = signal.signal(signal.SIGUSR1, over)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, before)


def alarms(connection: socket.socket, server: WildServer) -> None:
    """Read the request, let the time limit of this process pass, and never answer."""
    server.read(connection)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
    connection.recv(1)


def alarms_and_leaves(connection: socket.socket, server: WildServer) -> None:
    """Do the same, but hang up: `fast` waits in code that runs no handler, so there a limit passes when that returns."""
    server.read(connection)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
    connection.shutdown(socket.SHUT_RDWR)


def exchange(maker: Callable[[], Any]) -> WildServer:
    """Return an exchange in whose answer the time limit passes, as a transport can hear of it."""
    return WildServer(alarms_and_leaves if maker is fast else alarms)


def call(api: Api, operation: Operation[Any], transport: Any, url: str, hooks: Hooks) -> None:
    """Call by either kind of transport, and close what was opened, as a program does."""
    awaited = asyncio.iscoroutinefunction(transport.send)
    maker: Any = api.async_client if awaited else api.client
    client = maker(
        **planted(api), transport=transport, base_url=url, limiter="off", retry=QUICK, hooks=hooks, timeout=PATIENCE
    )
    if not awaited:
        with client:
            client.call(operation, **api.arguments(operation))
        return

    async def run() -> None:
        async with client:
            await client.call(operation, **api.arguments(operation))

    asyncio.run(run())


def sample(api: Api, effect: str) -> Operation[Any]:
    return next(o for o in api.operations if o.effect == effect and o.auth == "signed" and not o.schemes)


@pytest.mark.parametrize("kind", [OverTime, OverTimeToo, OSError, KeyboardInterrupt])
@pytest.mark.parametrize("maker", MAKERS, ids=NAMES)
def test_time_limit_of_a_program_ends_an_order(maker: Callable[[], Any], kind: type[BaseException]) -> None:
    """What a handler of a signal raises comes out as it is, nothing is sent again, and what is unknown is told."""
    hooks, api = Told(), APIS[0]
    with exchange(maker) as server, limit(kind):
        with pytest.raises(kind) as caught:
            call(api, sample(api, "once"), maker(), server.url, hooks)
        assert 1 == len(server.requests)
    assert type(caught.value) is kind
    assert 1 == len(hooks.unknown)


@pytest.mark.parametrize("kind", [OverTime, OverTimeToo])
@pytest.mark.parametrize("maker", MAKERS, ids=NAMES)
def test_time_limit_of_a_program_ends_a_read(maker: Callable[[], Any], kind: type[BaseException]) -> None:
    """A call that may be repeated is not repeated when the program has had enough."""
    hooks, api = Told(), APIS[0]
    with exchange(maker) as server, limit(kind):
        with pytest.raises(kind):
            call(api, sample(api, "read"), maker(), server.url, hooks)
        assert 1 == len(server.requests)
    assert [] == hooks.unknown


class Foreign:
    """A transport that a program brings, in the middle of which its time limit passes."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, request: Request, timeout: float) -> Reply:
        self.sent += 1
        signal.raise_signal(signal.SIGUSR1)
        raise AssertionError("the limit did not pass")

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("kind", [OverTime, OverTimeToo])
def test_time_limit_within_a_transport_of_the_program(kind: type[Exception]) -> None:
    """It is not taken for a failure of that transport."""
    transport, hooks, api = Foreign(), Told(), APIS[0]
    with limit(kind), pytest.raises(kind):
        call(api, sample(api, "once"), transport, "http://127.0.0.1:1", hooks)
    assert (1, 1) == (transport.sent, len(hooks.unknown))


class OverTimeAsAValue(ValueError):
    """One that looks like what decoders raise."""


class Slow(OpenStrEnum):
    """An enum in the middle of whose reading the time limit passes."""

    KNOWN = "known"

    @classmethod
    def _missing_(cls, value: object) -> Any:
        signal.raise_signal(signal.SIGUSR1)


class Answer(Model, frozen=True, kw_only=True):
    """What holds it."""

    state: Slow


def read_answer(body: bytes) -> None:
    """Read it as an answer of REST."""
    operation = Operation[Any]("test", "read", "GET", "/", "none", "read", Answer)
    Reader(operation, Envelope("code", ("msg",), None, frozenset({"0"}))).read(
        Reply(200, {}, body), lambda path, what: None
    )


def read_push(body: bytes) -> None:
    """Read it as a push of a stream."""
    PayloadReader("test", Answer, lax=False).read(body, lambda path, what: None)


@pytest.mark.parametrize("kind", [OverTime, OverTimeToo, OverTimeAsAValue])
@pytest.mark.parametrize("read", [read_answer, read_push])
def test_time_limit_while_an_answer_is_decoded(
    read: Callable[[bytes], None], kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not taken for an answer that can't be read."""
    decoder = SimpleNamespace(decode=lambda _: signal.raise_signal(signal.SIGUSR1))
    for module in (strict, payload):
        monkeypatch.setattr(module, "build_decoder", lambda *_, **__: decoder)
    with limit(kind), pytest.raises(kind):
        read(b'{"state": "known"}')


@pytest.mark.parametrize("kind", [OverTime, OverTimeToo, OverTimeAsAValue])
@pytest.mark.parametrize("read", [read_answer, read_push])
def test_time_limit_while_an_answer_is_mended(read: Callable[[bytes], None], kind: type[Exception]) -> None:
    """Nor is it taken for a value that can't be mended."""
    with limit(kind), pytest.raises(kind):
        read(b'{"state": "new"}')


@pytest.mark.parametrize("read", [read_answer, read_push])
def test_older_error_of_a_program_is_no_time_limit(read: Callable[[bytes], None]) -> None:
    """What the program was handling when it called is not taken for what it raised in the middle."""
    try:
        raise OverTime
    except OverTime:
        with pytest.raises(errors.DecodeError):
            read(b"no JSON")


@pytest.mark.parametrize("kind", [OverTime, OverTimeToo])
async def test_time_limit_while_a_stream_sends(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It ends the stream and reaches its consumer; nothing is connected again, and no failure of the package is logged."""
    api = next(api for api in APIS if api.name == "aster_futures")

    async def send_str(*_: object) -> None:
        signal.raise_signal(signal.SIGUSR1)

    monkeypatch.setattr(ClientWebSocketResponse, "send_str", send_str)
    with Mock(api.name, remembers=False) as mock, limit(kind):
        async with streams(api, mock) as opened:
            trades = aiter(opened.subscribe(channels.AggregateTrades(symbol="BTCUSDT")))
            with pytest.raises(kind):
                await anext(trades)
    assert [] == caplog.records


def variables(error: BaseException) -> Iterator[str]:
    """Yield what every frame between an exception, its causes and its context, and this test holds."""
    for frame in frames(error):
        if frame.f_globals.get("__name__") != __name__:  # this test knows its secrets
            yield from (repr(value) for value in frame.f_locals.values())


CASES = [(api, sample(api, "once"), maker) for api in APIS for maker in MAKERS if maker is not fast]


@pytest.mark.parametrize("kind", [OverTime, KeyboardInterrupt])
@pytest.mark.parametrize(("api", "operation", "maker"), [*CASES, (APIS[0], sample(APIS[0], "once"), fast)], ids=label)
def test_no_frame_of_an_interrupted_call_shows_a_secret(
    api: Api, operation: Operation[Any], maker: Callable[[], Any], kind: type[BaseException]
) -> None:
    """Between a call that is interrupted and its caller no frame, of whatever library, holds key, passphrase or signature."""
    with exchange(maker) as server, limit(kind):
        with pytest.raises(kind) as caught:
            call(api, operation, maker(), server.url, Hooks())
        sent = server.requests[0].decode()
    assert MARK in sent
    assert "" == leaks(list(variables(caught.value)))
    assert [] == frames_below_send(caught.value)
