"""Texts that are none: bytes that no encoding of Unicode has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from tests.support.apis import APIS
from tests.support.streams import serving
from tests.support.waiting import in_time
from venues.aster_futures.streams.channels import AggregateTrades
from venues.core.channels.channel import Event
from venues.core.streams.websocket import UNDECODED
from venues.mock import Mock


@pytest.mark.skipif(not UNDECODED, reason="before 3.14, aiohttp closes the connection")
async def test_text_that_is_no_utf_8_is_a_gap_and_costs_no_connection() -> None:
    """A push with a byte that no text has is a gap; what follows comes through the same connection."""
    aster = next(api for api in APIS if api.name == "aster_futures")
    with Mock(aster.name, remembers=False) as mock:
        push = mock.streams.example("aggregate_trades")
    frame = json.dumps({**push, "data": {**push["data"], "a": 5}}, separators=(",", ":")).encode()
    visits = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal visits
        visits += 1
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        asked = json.loads((await socket.receive()).data)
        await socket.send_str(json.dumps({"result": None, "id": asked["id"]}))
        for each in (frame, frame.replace(b'"BTCUSDT"', b'"BTC\xff"'), frame.replace(b'"a":5', b'"a":6')):
            await socket.send_frame(each, WSMsgType.TEXT)
        await socket.receive()
        return socket

    maker: Any = aster.async_client
    async with (
        in_time(),
        serving(answer) as host,
        maker(limiter="off") as client,
        client.streams(url=f"ws://{host}") as opened,
    ):
        subscription = await opened.subscribe(AggregateTrades(symbol="BTCUSDT")).ready()
        found: Any = [await anext(subscription) for _ in range(3)]
    assert [5, "unreadable", 6] == [each.data.id if isinstance(each, Event) else each.reason for each in found]
    assert 1 == visits
