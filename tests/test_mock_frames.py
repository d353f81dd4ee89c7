"""Frames that our own client never sends and other people's do: the mock exchange answers them as the exchange does."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.support.waiting import PATIENCE
from venues.mock import Mock
from venues.mock.streams.frames import match_template

USER = "/ws-api/v3"
BOOKS = ("orderbook.1.BTCUSDT", "orderbook.1.ETHUSDT")
DEPTHS = ("btcusdt@depth", "solusdt@depth")
SUBSCRIBED = {"id": "one", "status": 200, "result": {"subscriptionId": 0}}
TERMINATED = {"subscriptionId": 0, "event": {"e": "eventStreamTerminated", "E": "{time}"}}


class Talk:
    """One connection, by hand."""

    def __init__(self, mock: Mock, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.mock = mock
        self._socket = socket

    async def ask(self, frame: Any) -> Any:
        """Send a frame, and return what comes next."""
        await self._socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))
        return await self.hear()

    async def hear(self) -> Any:
        """Return what comes next."""
        return await asyncio.wait_for(self._socket.receive_json(), PATIENCE)

    def login(self, **more: Any) -> dict[str, Any]:
        """Return the frame that subscribes to the account, with more parameters: all are signed, by name."""
        key, secret = (str(self.mock.credentials[name]) for name in ("api_key", "api_secret"))
        params = dict(sorted({"apiKey": key, "timestamp": self.mock.now(), **more}.items()))
        text = "&".join(f"{name}={value}" for name, value in params.items())
        signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return {
            "id": "one",
            "method": "userDataStream.subscribe.signature",
            "params": params | {"signature": signature},
        }


@asynccontextmanager
async def talk(api: str, address: str, **options: Any) -> AsyncIterator[Talk]:
    """Connect to an address of a mock exchange."""
    with Mock(api, **options) as mock:
        async with aiohttp.ClientSession() as session, session.ws_connect(mock.url + address) as socket:
            yield Talk(mock, socket)


async def test_a_login_may_say_how_long_it_is_valid() -> None:
    """The window is signed with the rest, and a login that is older than it says is refused."""
    async with talk("binance_spot", USER) as own:
        assert SUBSCRIBED == await own.ask(own.login(recvWindow=10000))
    async with talk("binance_spot", USER) as own:
        late = own.login(recvWindow=100)
        own.mock.clock.advance("1s")
        refused = await own.ask(late)
        assert ("one", 400, -1021) == (refused["id"], refused["status"], refused["error"]["code"])


async def test_a_window_that_was_not_signed_is_refused() -> None:
    """Whoever adds a window to a signed login has another signature than it."""
    async with talk("binance_spot", USER) as own:
        login = own.login()
        login["params"]["recvWindow"] = 10000
        assert -1022 == (await own.ask(login))["error"]["code"]


async def test_who_unsubscribes_from_the_account_hears_no_more_of_it() -> None:
    """It is acknowledged, the stream says that it ends, and orders are pushed again only after the next login."""
    async with talk("binance_spot", USER) as own:
        await own.ask(own.login())
        ended = await own.ask({"id": "two", "method": "userDataStream.unsubscribe", "params": {"subscriptionId": 0}})
        assert {"id": "two", "status": 200, "result": {}} == ended
        assert match_template(TERMINATED, await own.hear()) is not None
        own.mock.account.deposit("USDT", "1")
        assert {"id": "three", "status": 200, "result": {}} == await own.ask({"id": "three", "method": "ping"})
        assert SUBSCRIBED == await own.ask(own.login())


async def test_one_frame_has_one_answer_before_anything_is_pushed() -> None:
    """Where the answer names no topic, there is one for all, with or without an id of the client's own."""
    for api, address, frame, answer in (
        ("bybit", "/v5/public/spot", {"op": "subscribe", "args": [*BOOKS]}, {"success": True, "op": "subscribe"}),
        ("binance_spot", "/stream", {"method": "SUBSCRIBE", "params": [*DEPTHS], "id": None}, {"id": None}),
    ):
        async with talk(api, address, remembers=False) as own:
            assert answer.items() <= (await own.ask(frame)).items()
            pushes = [await own.hear(), await own.hear()]
            assert frame.get("args", frame.get("params")) == [push.get("topic", push.get("stream")) for push in pushes]


@pytest.mark.parametrize("api", ["binance_spot", "aster_futures"])
async def test_each_wrong_frame_has_the_documented_code(api: str) -> None:
    """Text that is no JSON, a method, a property or a value that does not exist: four codes, and the id where there is one."""
    async with talk(api, "/stream", remembers=False) as own:
        assert 3 == (await own.ask("nope{"))["code"]
        for wrong, code in (
            ({"method": "DANCE"}, 2),
            ({"method": "SET_PROPERTY", "params": ["dance", True]}, 0),
            ({"method": "SET_PROPERTY", "params": ["combined", "yes"]}, 1),
        ):
            refused = await own.ask(wrong | {"id": 5})
            assert (code, 5) == (refused["code"], refused["id"])


async def test_a_channel_or_an_operation_that_does_not_exist_has_a_code_of_its_own() -> None:
    """Bitget has three codes for what it does not understand."""
    topic = {"instType": "mabl", "channel": "dance", "instId": "default"}
    async with talk("bitget_margin", "/spot/v1/stream") as own:
        wrong = ["nope{", {"op": "dance"}, {"op": "subscribe", "args": [topic]}]
        assert ["30002", "30003", "30001"] == [(await own.ask(frame))["code"] for frame in wrong]


async def test_a_login_by_hand_may_have_an_id_and_end_sooner_than_usual() -> None:
    """Bybit's address may say after which silence it ends, and its login may have an id."""
    async with talk("bybit", "/v5/private?max_active_time=1m") as own:
        key, secret = (str(own.mock.credentials[name]) for name in ("api_key", "api_secret"))
        expires = own.mock.now() + 5000
        signature = hmac.new(secret.encode(), f"GET/realtime{expires}".encode(), hashlib.sha256).hexdigest()
        accepted = await own.ask({"req_id": "1", "op": "auth", "args": [key, expires, signature]})
        assert {"success": True, "op": "auth"}.items() <= accepted.items()


async def test_a_method_that_does_not_exist_is_refused_in_the_form_of_its_api() -> None:
    """The WebSocket API has a status and an error beside the id; the streams have only the error."""
    async with talk("binance_spot", USER) as own:
        refused = await own.ask({"id": "one", "method": "userDataStream.dance"})
        assert ("one", 400) == (refused["id"], refused["status"])
        assert {"code", "msg"} == refused["error"].keys()
