"""Frames that nobody expects: none of them ends a stream, and each is told."""

from __future__ import annotations

import asyncio
import gzip
import logging
import random
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from tests.support.apis import APIS, Api
from tests.support.streams import Watching, changed, examples, protocol, serving, streams
from tests.support.waiting import PATIENCE, in_time
from venues import errors
from venues.aster_futures.streams import channels as aster
from venues.bingx_swap.streams import channels as bingx
from venues.core.channels.channel import Channel, Event, Gap, UnknownEvent
from venues.core.streams.protocol import Limits, Rate
from venues.core.streams.reader import ControlFrame, FrameReader, Push
from venues.mock import Mock
from venues.mock.streams.server import StreamServer
from venues.sixmm.streams import channels as sixmm

BY_NAME = {api.name: api for api in APIS}
ASTER, BINGX, SIXMM = BY_NAME["aster_futures"], BY_NAME["bingx_swap"], BY_NAME["sixmm"]
TRADES = aster.AggregateTrades(symbol="BTCUSDT")
DEEP = 100_000
STRANGE = [
    "",
    "null",
    "5",
    '"x"',
    "[[[",
    '{"a":',
    "NaN",
    "[" * DEEP,
    '{"a":' * DEEP,
    '{"stream":5,"data":{}}',
    '{"stream":"btcusdt@aggTrade","data":null}',
    '{"stream":"btcusdt@aggTrade","data":' + "[" * DEEP,
    '{"stream":"btcusdt@aggTrade","data":{"a":' + "9" * 5000 + "}}",
    '{"result":5,"id":1}',
    '{"result":"abc","id":1}',
    '{"result":null,"id":' + "9" * 5000 + "}",
    '{"id":"' + "9" * 5000 + '","code":0}',
    '{"event":"error","code":[1],"msg":{}}',
    '{"event":"unsubscribe","args":[{}]}',
    '{"type":"btc_usdt.trade","ts":"' + "9" * 5000 + '","data":[]}',
    '{"type":"sub","data":{"topic":[],"status":"ok"}}',
    '{"topic":["a"],"event":"data","ts":[],"data":5}',
    '{"dataType":5,"code":0,"data":{}}',
    '{"code":1e400,"msg":1}',
    '{"e":[],"E":{}}',
]


def spoilt(text: str, chance: random.Random) -> str:
    """Return a frame with a few changes anywhere."""
    letters = list(text)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(letters))
        letters[at : at + chance.randint(0, 6)] = chance.choice(["{", "}", "[", '"', ":", "e", "-", "null", "[]", '""'])
    return "".join(letters)


async def test_member_behind_the_data_changes_nothing() -> None:
    """A push that begins like those before, but in which more follows the data, is delivered all the same."""
    with Mock("aster_futures", remembers=False) as mock:
        mock.streams.examples = False
        async with streams(ASTER, mock) as opened:
            subscription = await opened.subscribe(TRADES).ready()
            frame = mock.streams.example("aggregate_trades")
            numbered = [{**frame, "data": {**frame["data"], "a": number}} for number in range(4)]
            mock.streams.push_all([*numbered[:2], {**numbered[2], "late": {"data": [1]}}, numbered[3]])
            events: Any = [await anext(subscription) for _ in range(4)]
            assert [0, 1, 2, 3] == [event.data.id for event in events]


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
async def test_no_frame_ends_a_stream(api: Api) -> None:
    """Whatever comes, the connection and every subscription live on, and what could not be read is told."""
    chance, hooks = random.Random(api.name), Watching()
    wanted = list({example.channel: example for example in examples(api)}.values())
    with Mock(api.name, remembers=False) as mock:
        mock.streams.examples = False
        async with streams(api, mock, hooks=hooks, seconds=6 * PATIENCE) as opened:
            channels = [example.channel for example in wanted]
            subscription: Any = await opened.subscribe(*channels, queue=10**6).ready()
            frames = [*STRANGE, *(spoilt(example.push, chance) for example in wanted for _ in range(20))]
            await asyncio.to_thread(mock.streams.push_all, frames)
            for example in wanted:
                await asyncio.to_thread(mock.streams.push, example.push, times=25)
                await until(subscription, example.channel)
    assert [] == [note.detail for note in hooks.notes if note.what == "lost"]
    assert any(note.what == "unread" for note in hooks.notes)
    assert any("means nothing" in what for _, _, what in hooks.found)


async def until(subscription: Any, channel: Channel[Any]) -> None:
    while not (isinstance(found := await anext(subscription), Event) and found.channel == channel):
        pass


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_what_stands_around_a_push_hides_nothing(api: Api) -> None:
    """A byte order mark or a zero byte beside a push costs no event, and no gap is passed over in silence."""
    for example in examples(api):
        reader = FrameReader(protocol(api).connections[example.channel.SPEC.connection], protocol(api))
        plain = reader.read(example.push.encode())
        assert isinstance(plain, Push)
        for odd in ("\ufeff{}", "{}\0", "\n {} \r\n"):
            found = reader.read(odd.format(example.push).encode())
            assert isinstance(found, Push)
            assert bytes(plain.raw).strip() == bytes(found.raw).strip()
    assert "broken" == meaning(reader, '\ufeff{"a":')


def meaning(reader: FrameReader, frame: str) -> str:
    found = reader.read(frame.encode())
    return found.meaning if isinstance(found, ControlFrame) else "push"


async def test_unknown_event_is_told() -> None:
    """A kind of event that the specification does not know is a deviation, and names itself."""
    hooks = Watching()
    with Mock(ASTER.name, remembers=False) as mock:
        mock.streams.examples = False
        async with streams(ASTER, mock, hooks=hooks) as opened:
            subscription = await opened.subscribe(aster.Account()).ready()
            mock.streams.push({"e": "SOMETHING_NEW", "E": 1}, times=2)
            assert isinstance(await anext(subscription), UnknownEvent)
            assert isinstance(await anext(subscription), UnknownEvent)
    assert [("streams.account", "e", "an unknown event, 'SOMETHING_NEW',")] == hooks.found


async def test_hook_that_fails_ends_no_stream(caplog: pytest.LogCaptureFixture) -> None:
    """A hook that raises is logged, and the event arrives."""

    class Failing(Watching):
        def on_deviation(self, operation: str, path: str, what: str) -> None:
            raise ZeroDivisionError

    with Mock(ASTER.name, remembers=False) as mock:
        mock.streams.examples = False
        async with streams(ASTER, mock, hooks=Failing()) as opened:
            subscription = await opened.subscribe(aster.Account()).ready()
            mock.streams.push({"e": "SOMETHING_NEW", "E": 1})
            assert isinstance(await anext(subscription), UnknownEvent)
    assert "a hook failed" in caplog.text


async def test_late_push_is_no_refusal() -> None:
    """A push for a topic that was given up refuses nothing that is being subscribed to."""
    late, wanted = bingx.Trades(symbol="BTC-USDT"), bingx.Trades(symbol="ETH-USDT")
    with Mock(BINGX.name, remembers=False) as mock:
        mock.streams.mute, mock.streams.examples = True, False
        async with streams(BINGX, mock) as opened:
            subscribing = asyncio.create_task(opened.subscribe(wanted).ready())
            await asyncio.to_thread(mock.streams.wait, lambda floor: bool(floor.topics))
            mock.streams.push(next(e.push for e in examples(BINGX) if e.channel == late))
            mock.streams.push({"id": "1", "code": 0, "msg": ""})
            assert (wanted,) == (await subscribing).channels


async def test_push_with_an_error_reaches_the_consumer() -> None:
    """Where a push has an error instead of data, its channel gets a gap that holds the error."""
    channel = bingx.Trades(symbol="BTC-USDT")
    hooks = Watching()
    with Mock(BINGX.name, remembers=False) as mock:
        mock.streams.examples = False
        async with streams(BINGX, mock, hooks=hooks) as opened:
            subscription: Any = await opened.subscribe(channel).ready()
            mock.streams.push({"code": 1, "dataType": channel.pushed_key, "msg": "no data"})
            gap = await anext(subscription)
    assert (channel, "failed", "1", "no data") == (gap.channel, gap.reason, gap.error.code, gap.error.message)
    assert [] == [note.detail for note in hooks.notes if note.what == "unread"]


async def test_push_with_an_error_refuses_nobody() -> None:
    """An error that names one topic is no answer to a subscription to another, even if that is the only one pending."""
    failing, wanted = bingx.Trades(symbol="BTC-USDT"), bingx.Trades(symbol="ETH-USDT")
    with Mock(BINGX.name, remembers=False) as mock:
        mock.streams.mute, mock.streams.examples = True, False
        async with streams(BINGX, mock) as opened:
            subscribing = asyncio.create_task(opened.subscribe(wanted).ready())
            await asyncio.to_thread(mock.streams.wait, lambda floor: bool(floor.topics))
            mock.streams.push({"code": 1, "dataType": failing.pushed_key, "data": None})
            mock.streams.push({"id": "1", "code": 0, "msg": ""})
            assert (wanted,) == (await subscribing).channels


async def test_refusal_may_name_its_topic() -> None:
    """An error with the number of a pending request refuses it, whatever topic it names besides."""
    wanted = bingx.Trades(symbol="ETH-USDT")
    with Mock(BINGX.name, remembers=False) as mock:
        mock.streams.mute, mock.streams.examples = True, False
        async with streams(BINGX, mock) as opened:
            subscribing = asyncio.create_task(opened.subscribe(wanted).ready())
            await asyncio.to_thread(mock.streams.wait, lambda floor: bool(floor.topics))
            mock.streams.push({"id": "1", "code": 1, "dataType": wanted.pushed_key, "msg": "no"})
            with pytest.raises(errors.ApiError, match=r"streams\.subscribe: 1 no"):
                await subscribing


async def test_changes_on_their_way_are_no_snapshot() -> None:
    """What still comes of a subscription that is being renewed is not taken for the whole state."""
    with Mock(SIXMM.name, remembers=False) as mock:
        async with streams(SIXMM, mock) as opened:
            subscription: Any = await opened.subscribe(sixmm.Book(symbol="BTCUSDT")).ready()
            for _ in range(2):
                await anext(subscription)
            frames = [numbered(mock, number) for number in (2000, *range(2001, 2200))]
            mock.streams.push_all(frames)
            found = await anext(subscription)
            while not (isinstance(found, Event) and found.snapshot):
                found = await anext(subscription)
    assert 1024 == found.data.end_version


def numbered(mock: Mock, number: int) -> Any:
    frame: Any = mock.streams.example("book", 1)
    return {**frame, "data": {**frame["data"], "endVersion": str(number)}}


def has_come_back(floor: StreamServer, visitors: int) -> bool:
    """Whether the client has connected so many times, and has subscribed on the last of these connections."""
    return (visitors, 1) == (floor.opened, floor.connected) and bool(floor.topics)


async def test_second_outage_still_names_the_last() -> None:
    """If nothing came between two outages, the second gap names the same last push as the first."""
    with Mock(ASTER.name, remembers=False) as mock:
        mock.streams.examples = False
        async with streams(ASTER, mock) as opened:
            subscription: Any = await opened.subscribe(TRADES).ready()
            mock.streams.push(mock.streams.example("aggregate_trades"))
            number = (await anext(subscription)).data.id
            gaps = []
            for outage in range(2):
                await asyncio.to_thread(mock.streams.wait, partial(has_come_back, visitors=outage + 1))
                await opened.list_topics()
                mock.streams.drop()
                gaps.append(await anext(subscription))
    assert [number, number] == [gap.last for gap in gaps if isinstance(gap, Gap)]


async def test_pings_do_not_wait_for_subscriptions() -> None:
    """While subscribing waits for an hourly limit, other frames are sent."""
    spoken = protocol(ASTER)
    rare = changed(spoken, limits=Limits(subscriptions=Rate(1, 3600), topics=1))
    with Mock(ASTER.name, remembers=False) as mock:
        mock.streams.examples = False
        hooks = Watching()
        async with streams(ASTER, mock, like=rare, hooks=hooks) as opened:
            await opened.subscribe(TRADES).ready()
            waiting = asyncio.create_task(opened.subscribe(aster.Ticker(symbol="ETHUSDT")).ready())
            await hooks.told("waits")
            assert ["btcusdt@aggTrade"] == await opened.list_topics()
            waiting.cancel()


async def test_redirect_is_not_followed() -> None:
    """A server that sends the client elsewhere is refused: the address, which may hold a key, goes to nobody else."""
    seen: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    maker: Any = ASTER.async_client
    async with (
        serving(elsewhere) as host,
        maker(limiter="off") as client,
        client.streams(url=f"ws://{host}") as opened,
    ):
        with pytest.raises(errors.ConnectionFailed, match="307"):
            await opened.subscribe(TRADES).ready()
    assert ["/stream"] == seen


@pytest.mark.parametrize("packed", [False, True])
async def test_frame_that_is_too_large_is_survived(packed: bool, caplog: pytest.LogCaptureFixture) -> None:
    """A frame that is, or unpacks to, more than any exchange sends costs a connection or nothing, and no memory."""
    caplog.set_level(logging.CRITICAL)
    spoken = replace(protocol(ASTER), gzip=packed)
    bomb = gzip.compress(bytes(1 << 27), 9) if packed else bytes(1 << 25)
    visits = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal visits
        visits += 1
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT and "SUBSCRIBE" in message.data:
                await socket.send_str(f'{{"result":null,"id":{visits}}}')
                if visits == 1:
                    await socket.send_bytes(bomb)
                await socket.send_str(examples(ASTER)[0].push)
        return socket

    maker: Any = ASTER.async_client
    async with in_time(seconds=2 * PATIENCE), serving(answer) as host, maker(limiter="off") as client:
        opened = client.streams(url=f"ws://{host}")
        opened._protocol = spoken
        async with opened:
            subscription = await opened.subscribe(TRADES).ready()
            found = await anext(subscription)
            while not isinstance(found, Event):
                found = await anext(subscription)


@pytest.mark.parametrize("cut", [-40, -4], ids=["cut", "spoilt"])
async def test_broken_frame_is_a_gap(cut: int) -> None:
    """A packed frame that can't be unpacked may have been anybody's: every channel of its connection is told a gap."""
    wanted = [bingx.Trades(symbol="BTC-USDT"), bingx.Trades(symbol="ETH-USDT")]
    broken = gzip.compress(next(e.push for e in examples(BINGX) if e.channel == wanted[0]).encode())[:cut] + b"xxxx"

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for number in "12":
            await socket.receive()
            await socket.send_bytes(gzip.compress(f'{{"id":"{number}","code":0,"msg":""}}'.encode()))
        await socket.send_bytes(broken)
        await socket.receive()
        return socket

    maker: Any = BINGX.async_client
    async with (
        in_time(),
        serving(answer) as host,
        maker(limiter="off") as client,
        client.streams(url=f"ws://{host}") as opened,
    ):
        subscription = await opened.subscribe(*wanted).ready()
        gaps = [await anext(subscription), await anext(subscription)]
    assert [(channel, "unreadable") for channel in wanted] == [(gap.channel, gap.reason) for gap in gaps]
