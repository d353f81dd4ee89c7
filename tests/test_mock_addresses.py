"""The mock exchange's WebSocket addresses: every one that is documented, whichever the client uses."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.support.waiting import PATIENCE
from venues.mock import Mock
from venues.mock.streams.frames import match_template

TRADES = "btcusdt@aggTrade"


async def pushes(address: str, *frames: dict[str, Any], count: int = 1) -> list[Any]:
    """Connect, send frames, and return the first things that arrive."""
    with Mock("aster_futures", remembers=False) as mock:
        async with aiohttp.ClientSession() as session, session.ws_connect(mock.url + address) as socket:
            for frame in frames:
                await socket.send_json(frame)
            return [await asyncio.wait_for(socket.receive_json(), PATIENCE) for _ in range(count)]


async def test_one_stream_by_its_address() -> None:
    """Who connects to a stream's own address gets its pushes at once, without their stream's name."""
    (push,) = await pushes(f"/ws/{TRADES}")
    assert "aggTrade" == push["e"]


async def test_several_streams_by_one_address() -> None:
    """An address may list streams; their pushes name them."""
    found = await pushes(f"/stream?streams={TRADES}/btcusdt@markPrice@1s", count=2)
    assert [TRADES, "btcusdt@markPrice@1s"] == [push["stream"] for push in found]


async def test_the_bare_address() -> None:
    """At the address without streams one subscribes, and pushes do not name their stream."""
    subscribe = {"method": "SUBSCRIBE", "params": [TRADES], "id": 1}
    answer, push = await pushes("/ws", subscribe, count=2)
    assert ({"result": None, "id": 1}, "aggTrade") == (answer, push["e"])


async def test_the_form_of_pushes_can_be_changed() -> None:
    """A frame switches the stream's name on, and another one reads whether it is."""
    read = {"method": "GET_PROPERTY", "params": ["combined"], "id": 1}
    switch = {"method": "SET_PROPERTY", "params": ["combined", True], "id": 2}
    subscribe = {"method": "SUBSCRIBE", "params": [TRADES], "id": 4}
    answers = await pushes("/ws", read, switch, read | {"id": 3}, subscribe, count=5)
    expected = [{"result": False, "id": 1}, {"result": None, "id": 2}, {"result": True, "id": 3}]
    assert [*expected, {"result": None, "id": 4}] == answers[:4]
    assert TRADES == answers[4]["stream"]


async def test_a_switch_is_a_boolean() -> None:
    """Anything but true and false is refused."""
    (answer,) = await pushes("/ws", {"method": "SET_PROPERTY", "params": ["combined", "yes"], "id": 2})
    assert match_template({"code": "{code}", "msg": "{message}", "id": 2}, answer) is not None


async def test_a_frame_that_fits_nothing_is_refused() -> None:
    """What the exchange does not know is refused, with the id of the frame if it has one."""
    (answer,) = await pushes("/ws", {"method": "DANCE", "id": 7})
    assert match_template({"code": "{code}", "msg": "{message}", "id": 7}, answer) is not None


async def test_an_address_with_a_stream_that_does_not_exist() -> None:
    """A name that is neither a stream nor a listen key lets nobody in."""
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await pushes("/ws/btcusdt@nothing")
