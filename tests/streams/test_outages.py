"""Exchanges that let nobody in for a while, or for good: pauses grow, patience is had, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from tests.support.apis import APIS
from tests.support.streams import Watching, changed, protocol, serving, streams
from tests.support.waiting import in_time
from venues import errors
from venues.aster_futures.streams import channels as aster
from venues.bitget_margin.streams import channels
from venues.core.channels.channel import Event, Gap
from venues.core.channels.topics import key_of
from venues.core.streams.protocol import Limits, Rate
from venues.core.streams.supervisor import LONGEST_PATIENCE, patience
from venues.core.streams.websocket import HandshakeRefused
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
BITGET = next(api for api in APIS if api.name == "bitget_margin")
ORDERS = channels.CrossOrders(symbol="BTCUSDT")


@pytest.fixture
def bitget() -> Iterator[Mock]:
    with Mock(BITGET.name, remembers=False) as mock:
        yield mock


async def test_channel_that_ended_can_be_had_again(bitget: Mock) -> None:
    """After a login that was refused on reconnecting, the same channel comes over a new connection."""
    async with streams(BITGET, bitget) as opened:
        ended = await opened.subscribe(ORDERS).ready()
        private = bitget.streams._logins["private"]
        known, private._credentials = private._credentials, {}
        bitget.streams.drop()
        with pytest.raises(errors.AuthenticationFailed):
            _ = [found async for found in ended]
        private._credentials = known
        assert isinstance(await anext(opened.subscribe(ORDERS)), Event)


async def test_refusal_that_passes_is_waited_out(bitget: Mock) -> None:
    """What was accepted before and is refused for being asked too often is asked for again, and told once."""
    async with streams(BITGET, bitget, hooks=(hooks := Watching())) as opened:
        subscription = await opened.subscribe(ORDERS).ready()
        await anext(subscription)
        bitget.streams.refusals = {key_of(ORDERS.topic): "30006"}
        bitget.streams.drop()
        await hooks.told("lost", times=3)
        bitget.streams.refusals = {}
        found = [await anext(subscription), await anext(subscription)]
    assert [Gap, True] == [type(found[0]), isinstance(found[1], Event)]


async def test_pauses_grow_until_everything_comes_again(bitget: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts are counted on while nothing was subscribed to, however long each of them took."""
    monkeypatch.setattr("venues.core.streams.supervisor.LIVED", 0.0)
    async with streams(BITGET, bitget, hooks=(hooks := Watching())) as opened:
        subscription = await opened.subscribe(ORDERS).ready()
        await anext(subscription)
        bitget.streams.refuse_connections = True
        bitget.streams.drop()
        await hooks.told("lost", times=3)
    assert [1, 2, 3] == [note.attempt for note in hooks.notes if note.what == "lost"][:3]


def test_patience_that_the_exchange_asks_for_is_had() -> None:
    """A refused handshake that names seconds is waited out, and is no reason for another listen key."""
    refused = HandshakeRefused(429, {"retry-after": "60"})
    assert (60.0, False) == (patience(refused), refused.blames_us)
    assert "asks for 60 s" in str(refused)


@pytest.mark.parametrize("asked", ["1732795200000", "9" * 400, "Sat, 28 Nov 2099 12:00:00 GMT"])
def test_absurd_patience_is_not_had(asked: str) -> None:
    """A time in milliseconds, a number without meaning and a far date are no reason to stay away."""
    assert 0.0 == patience(HandshakeRefused(429, {"Retry-After": asked}))


def test_patience_has_an_end() -> None:
    """A stream that stays away for a day has lost its user; it asks again after an hour."""
    assert LONGEST_PATIENCE == patience(HandshakeRefused(429, {"Retry-After": "86400"}))


@pytest.mark.parametrize("date", ["Sat, 11111111111111111111 Nov 2026 12:00:00 GMT", "yesterday", "9" * 5000])
async def test_date_that_makes_no_sense_ends_no_stream(date: str) -> None:
    """A handshake with a broken Date header is a handshake."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        socket.headers["Date"] = date
        await socket.prepare(request)
        await socket.receive()
        await socket.send_str('{"result":null,"id":1}')
        await socket.receive()
        return socket

    maker: Any = ASTER.async_client
    async with (
        in_time(),
        serving(answer) as host,
        maker(limiter="off") as client,
        client.streams(url=f"ws://{host}") as opened,
    ):
        await opened.subscribe(aster.MiniTicker(symbol="BTCUSDT")).ready()


async def test_host_that_can_not_be_reached_is_given_up_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a connection has a bound of its own, however long the client waits for answers."""
    monkeypatch.setattr("venues.core.streams.websocket.CONNECTING", 0.1)
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    host, port = full.getsockname()
    maker: Any = ASTER.async_client
    with full, socket.create_connection((host, port)):  # its queue is full now, so that nobody else gets an answer
        async with in_time(), maker(limiter="off") as client, client.streams(url=f"ws://{host}:{port}") as opened:
            opened._timeout = 3600.0
            with pytest.raises(errors.ConnectionFailed, match="in time"):
                await opened.subscribe(aster.MiniTicker(symbol="BTCUSDT")).ready()


async def test_closing_ends_whoever_waits_for_a_connection() -> None:
    """Streams that are closed while they connect to a server that says nothing let nobody wait for ever."""
    reached, left = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await reader.read()  # until the client hangs up
        writer.close()
        left.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    maker: Any = ASTER.async_client
    async with in_time(), server, maker(limiter="off") as client:
        opened = client.streams(url=f"ws://{host}:{port}")
        waiting = asyncio.create_task(opened.subscribe(aster.MiniTicker(symbol="BTCUSDT")).ready())
        await reached.wait()
        await opened.close()
        with pytest.raises(errors.ConnectionLost, match="closed"):
            await waiting
        await left.wait()


async def test_what_is_given_up_meanwhile_is_not_subscribed_to_again() -> None:
    """A channel that is removed while others are being subscribed to again, slowly, is not subscribed to afterwards."""
    slow = changed(protocol(ASTER), limits=Limits(messages=Rate(1, 0.1), topics=1))
    wanted = [aster.MiniTicker(symbol=symbol) for symbol in ("AUSDT", "BUSDT", "CUSDT")]
    with Mock(ASTER.name, remembers=False) as mock:
        mock.streams.examples = False
        async with streams(ASTER, mock, like=slow) as opened:
            subscription = await opened.subscribe(*wanted).ready()
            before = len(mock.streams.frames)
            mock.streams.drop()
            await asyncio.to_thread(mock.streams.wait, lambda floor: len(floor.frames) > before and bool(floor.topics))
            await subscription.remove(wanted[2])
            assert ["ausdt@miniTicker", "busdt@miniTicker"] == sorted(await opened.list_topics())


async def test_canceled_connection_ends_its_streams(bitget: Mock) -> None:
    """Where somebody cancels every task there is, whoever listens is told, and the channel can be had again."""
    async with streams(BITGET, bitget) as opened:
        subscription = await opened.subscribe(ORDERS).ready()
        await anext(subscription)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        with pytest.raises(errors.ConnectionLost, match="canceled"):
            await anext(subscription)
        assert isinstance(await anext(opened.subscribe(ORDERS)), Event)
