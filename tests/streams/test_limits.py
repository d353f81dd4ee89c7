"""Limits of the sending side, heartbeats, and what is shown of secrets."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.clock import Clock
from tests.support.streams import Watching, changed, examples, protocol, streams
from tests.support.waiting import PATIENCE
from venues.aster_futures.streams import channels as aster
from venues.bitget_margin.streams import channels as bitget
from venues.core.channels.channel import Event, Gap
from venues.core.streams.login import LoginSigner
from venues.core.streams.protocol import Beat, ConnectionSpec, HeartbeatSpec, Message, Rate
from venues.core.streams.timing import Heartbeat, RateWindow
from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest
from venues.mock import Mock

BY_NAME = {api.name: api for api in APIS}
BITGET, ASTER, BINGX = BY_NAME["bitget_margin"], BY_NAME["aster_futures"], BY_NAME["bingx_swap"]
TEXT = Beat(Message("text", "ping"), every=20)


def test_pace_waits_until_the_window_has_room() -> None:
    """After as many as are allowed, the next waits until the first has left the window."""
    window = RateWindow(Rate(2, 1.0))
    window.take(10.0)
    window.take(10.4)
    assert [0.6, 0.0] == [round(window.wait(now), 6) for now in (10.4, 11.0)]


def test_no_limit_never_waits() -> None:
    """Without a limit nothing waits."""
    window = RateWindow(None)
    window.take(0.0)
    assert 0.0 == window.wait(0.0)


def test_heartbeat_pings_when_we_were_quiet() -> None:
    """A ping is due when we have sent nothing for as long as the API wants one."""
    heartbeat = Heartbeat(HeartbeatSpec(silence=30, client=TEXT), 0)
    heartbeat.last_received = 19
    assert ["nothing", "ping"] == [heartbeat.due(19.9), heartbeat.due(20)]


def test_heartbeat_is_dead_after_silence() -> None:
    """Nothing received for as long as the API says means death."""
    heartbeat = Heartbeat(HeartbeatSpec(silence=30), 0)
    heartbeat.note_sent(29)
    assert ["nothing", "dead"] == [heartbeat.due(29.9), heartbeat.due(30)]


def test_slow_consumer_is_no_silence() -> None:
    """While nobody reads because the consumer is slow, the other side is not taken for dead."""
    heartbeat = Heartbeat(HeartbeatSpec(silence=30), 0)
    heartbeat.pause()
    assert "nothing" == heartbeat.due(100)
    heartbeat.resume(100)
    assert ["nothing", "dead"] == [heartbeat.due(129), heartbeat.due(130)]


async def test_many_topics_spread_over_connections() -> None:
    """More topics than a connection may carry are spread over several, and all of them come."""
    spoken = protocol(BITGET)
    narrow = changed(spoken, limits=replace(spoken.connections["private"].limits, streams=2))
    wanted = [bitget.CrossOrders(symbol=f"COIN{number}USDT") for number in range(5)]
    with Mock(BITGET.name, remembers=False) as mock:
        async with streams(BITGET, mock, like=narrow) as opened:
            subscription = await opened.subscribe(*wanted).ready()
            assert ("private 1", "private 2", "private 3") == opened.connections
            for channel in wanted:
                push = {**mock.streams.example("cross_orders"), "arg": channel.topic}
                mock.streams.push(push, channel.topic)
                assert channel == (await anext(subscription)).channel


async def test_connections_have_a_limit_too() -> None:
    """More connections than the API allows are refused before anything is sent."""
    spoken = protocol(BITGET)
    limits = replace(spoken.connections["private"].limits, streams=1, connections=2)
    wanted = [bitget.CrossOrders(symbol=f"COIN{number}USDT") for number in range(3)]
    with Mock(BITGET.name, remembers=False) as mock:
        async with streams(BITGET, mock, like=changed(spoken, limits=limits)) as opened:
            with pytest.raises(InvalidRequest, match="2 connections"):
                await opened.subscribe(*wanted).ready()


async def test_connection_without_topics_is_closed_in_time(clock: Clock) -> None:
    """Where an exchange drops connections that subscribe to nothing, the client closes them first, and politely."""
    hooks = Watching()
    with Mock(BITGET.name, remembers=False) as mock:
        async with streams(BITGET, mock, hooks=hooks, seconds=100) as opened:
            subscription = await opened.subscribe(bitget.IndexPrice()).ready()
            await subscription.remove(bitget.IndexPrice())
            await clock.skip(20, mock)
            assert 1 == mock.streams.connected
            await clock.skip(10, mock)
            await asyncio.to_thread(mock.streams.wait, lambda floor: floor.connected == 0)
            assert [] == [note for note in hooks.notes if note.what == "lost"]
            await opened.subscribe(bitget.IndexPrice()).ready()
            assert 2 == mock.streams.opened


async def test_topic_that_comes_in_time_keeps_the_connection(clock: Clock) -> None:
    """A connection that gets a topic before it was idle for too long stays."""
    with Mock(BITGET.name, remembers=False) as mock:
        async with streams(BITGET, mock, seconds=100) as opened:
            subscription = await opened.subscribe(bitget.IndexPrice()).ready()
            await subscription.close()
            await clock.skip(20, mock)
            await opened.subscribe(bitget.IndexPrice()).ready()
            await clock.skip(20, mock)
            assert (1, 1) == (mock.streams.opened, mock.streams.connected)


async def test_reconnects_keep_to_their_rate() -> None:
    """Where an exchange may block whoever is disconnected often, the client connects again only so often."""
    limits = replace(protocol(BITGET).connections["public"].limits, reconnects=Rate(2, 3600))
    hooks = Watching()
    with Mock(BITGET.name, remembers=False) as mock:
        async with streams(BITGET, mock, hooks=hooks, like=changed(protocol(BITGET), limits=limits)) as opened:
            subscription: Any = await opened.subscribe(bitget.IndexPrice()).ready()
            for _ in range(2):
                mock.streams.drop()
                while not isinstance(await anext(subscription), Gap):
                    pass
                while not isinstance(await anext(subscription), Event):
                    pass
            mock.streams.drop()
            await hooks.told("waits")
            assert 3 == mock.streams.opened


@pytest.mark.parametrize("name", ["public", "private"])
def test_rules_about_connections_are_known(name: str) -> None:
    """The documented idle time, and a pace of our own for reconnecting, are in the specification."""
    limits = protocol(BITGET).connections[name].limits
    assert (30.0, True) == (limits.idle, limits.reconnects is not None)


async def test_frames_keep_to_their_size() -> None:
    """Many topics go into as many frames as their size asks for, and no frame is longer than allowed."""
    wanted = [bitget.CrossOrders(symbol=f"COIN{number}USDT") for number in range(150)]
    with Mock(BITGET.name, remembers=False) as mock:
        async with streams(BITGET, mock) as opened:
            await opened.subscribe(*wanted).ready()
        sent = [frame for frame in mock.streams.frames if '"subscribe"' in frame]
    assert 4096 >= max(map(len, sent)) > 3800
    assert 4 >= len(sent) > 1


async def test_messages_keep_to_their_rate() -> None:
    """More frames than a second allows are spread over time; the exchange, which counts, ends no connection."""
    spoken = protocol(ASTER)
    single = changed(spoken, limits=replace(spoken.connections["market"].limits, topics=1))
    wanted = [aster.MiniTicker(symbol=f"COIN{number}USDT") for number in range(14)]
    with Mock(ASTER.name, remembers=False) as mock:
        async with streams(ASTER, mock, like=single) as opened:
            await opened.subscribe(*wanted).ready()
        assert (14, 0) == (len(mock.streams.frames), mock.streams.too_fast)


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
async def test_heartbeats_keep_a_connection_alive(api: Api, clock: Clock) -> None:
    """With heartbeats both ways a connection outlives the periods after which either side would end it."""
    example = examples(api)[0]
    shortest, longest = periods(protocol(api).connections[example.channel.SPEC.connection])
    with Mock(api.name, remembers=False) as mock:
        mock.streams.examples = False
        hooks = Watching()
        async with streams(api, mock, hooks=hooks, seconds=5 * longest + PATIENCE) as opened:
            subscription = await opened.subscribe(example.channel).ready()
            before = mock.streams.opened
            await clock.run(5 * longest, shortest / 4, mock)
            mock.streams.push(example.push, example.channel.topic)
            assert example.channel == (await anext(subscription)).channel
        assert (before, 0) == (mock.streams.opened, mock.streams.unheard)
        assert [] == [note for note in hooks.notes if note.what in ("lost", "unread")]


async def test_exchange_ends_a_connection_without_heartbeat() -> None:
    """The mock exchange does enforce heartbeats: without ours it ends the connection."""
    with Mock(BITGET.name, remembers=False) as mock:
        mock.streams.hurry = 100.0
        mute = changed(protocol(BITGET), heartbeat=None)
        async with streams(BITGET, mock, like=mute) as opened:
            await opened.subscribe(bitget.IndexPrice()).ready()
            await asyncio.to_thread(mock.streams.wait, lambda floor: floor.unheard > 0)


async def test_packed_frames_are_read() -> None:
    """Frames of an API that packs them arrive unpacked."""
    assert protocol(BINGX).gzip
    with Mock(BINGX.name, remembers=False) as mock:
        async with streams(BINGX, mock) as opened:
            event: Any = await anext(opened.subscribe(examples(BINGX)[0].channel))
    assert event.data.asks


LOGINS = [(api, c) for api in APIS for c in protocol(api).connections.values() if c.login is not None]


@pytest.mark.parametrize(("api", "connection"), LOGINS, ids=lambda value: getattr(value, "name", ""))
def test_login_is_signed_as_published(api: Api, connection: Any) -> None:
    """Every worked example of a login comes out as the specification has it."""
    from tests.support.specs import model

    streams = model(api.name).streams
    assert streams is not None
    login = streams.connection(connection.name).login
    assert login is not None
    assert login.vectors
    for vector in login.vectors:
        given = {name: Secret(value) for name, value in vector.credentials.items()}
        signer: Any = LoginSigner(connection.login, given)._sign  # Any: its key is private
        signed, sign = list[str](), signer._sign
        signer._sign = lambda text, signed=signed, sign=sign: (signed.append(text), sign(text))[1]
        made = signer(vector.time)
        assert [vector.text] == signed
        assert vector.signature in (None, made["signature"])


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
async def test_shows_no_secret(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Neither logs nor hooks nor reprs show a credential, a signature or a listen key."""
    caplog.set_level(logging.DEBUG, logger="venues")
    hooks = Watching()
    with Mock(api.name, remembers=False) as mock:
        async with streams(api, mock, hooks=hooks) as opened:
            await opened.subscribe(*{example.channel for example in examples(api)}).ready()
            shown = f"{opened!r} {hooks.notes!r}"
        async with streams(api, mock) as opened:
            await opened.subscribe(*{example.channel for example in examples(api)}).ready()
        secrets = [*mock.credentials.values(), *mock.streams.keys.known]
    assert [] == [secret for secret in secrets if secret in shown + caplog.text]
    assert "signature" not in shown.lower().replace("{signature}", "")


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_client_loads_no_stream_code(api: Api) -> None:
    """Importing a client and calling nothing loads no module of the streams."""
    code = f"import sys, venues.{api.name}; print([m for m in sys.modules if 'streams' in m])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == ran.stdout.strip()


@pytest.mark.parametrize("url", ["ws://example.com", "http://127.0.0.1", "wss://example.com/?key=1"])
async def test_unsafe_address_is_refused(url: str) -> None:
    """Streams go to wss addresses only, but for this machine."""
    maker: Any = BITGET.async_client
    async with maker() as client:
        with pytest.raises(InvalidRequest):
            client.streams(url=url)


def periods(connection: ConnectionSpec) -> tuple[float, float]:
    """Return the shortest and the longest period of a heartbeat, of either side, in seconds."""
    beat = connection.heartbeat
    assert beat is not None
    sides = [side.every for side in (beat.client, beat.server) if side is not None]
    return min(beat.silence, *sides), max(beat.silence, *sides)
