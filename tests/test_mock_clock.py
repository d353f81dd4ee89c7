"""The mock exchange's clock: a test lets time pass, and what is due by then is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from multidict import CIMultiDict

from tests.support.apis import APIS, Api
from tests.support.mocks import client
from tests.support.streams import EXAMPLES, protocol, streams
from venues import errors
from venues.core.channels.channel import Event, Gap
from venues.core.channels.examples import StreamExample
from venues.core.streams.protocol import ConnectionSpec
from venues.mock import Mock, Received
from venues.mock.clock import Clock
from venues.mock.exact import parse
from venues.mock.exchange import Exchange

FIRST = APIS[0]


def _spec(api: Api, example: StreamExample) -> ConnectionSpec:
    return protocol(api).connections[example.channel.SPEC.connection]


def _first_each(found: list[tuple[Api, StreamExample]]) -> list[tuple[Api, StreamExample]]:
    return list({api.name: (api, example) for api, example in reversed(found)}.values())


def label(value: object) -> str:
    return value.name if isinstance(value, Api) else ""


# Where there is another way in, the client takes that.
KEYED = _first_each([(a, e) for a, e in EXAMPLES if _spec(a, e).listen_key and not _spec(a, e).token])
AGEING = _first_each([(api, example) for api, example in EXAMPLES if _spec(api, example).limits.life])


def test_time_passes() -> None:
    """`advance` moves the clock, and tells whoever follows it."""
    clock, told = Clock(lambda: 1_000), list[int]()
    clock.follow(lambda: told.append(clock.now))
    assert (91_000, 3_691_000) == (clock.advance("90s"), clock.advance(timedelta(hours=1)))
    assert [91_000, 3_691_000] == told


def test_what_time_brings_by_itself_is_done_on_demand() -> None:
    """Whoever serves the mock exchange lets it catch up; nothing happens in between."""
    times, told = iter([1_000, 2_000]), list[int]()
    clock = Clock(lambda: next(times))
    clock.follow(lambda: told.append(clock.now))
    clock.catch_up()
    assert [1_000] == told


@pytest.mark.parametrize("duration", ["", "1", "h", "-1h", "1 h", "1y", "1.5h", 5, timedelta(-1)])
def test_a_duration_has_a_unit(duration: Any) -> None:
    """What is no duration is refused, and the message shows what is."""
    with pytest.raises(ValueError, match="no duration; write a number and ms"):
        Clock().advance(duration)


def test_the_limit_counts_by_the_clock() -> None:
    """Who has used up a limit may go on once so much time has passed, and not before."""
    public = next(operation for operation in FIRST.operations if operation.auth == "none")
    with Mock(FIRST.name, remembers=False) as mock, client(FIRST, mock) as caller:
        mock.limit = (1, 60)
        caller.call(public, **FIRST.arguments(public))
        mock.clock.advance("59s")
        with pytest.raises(errors.RateLimited):
            caller.call(public, **FIRST.arguments(public))
        mock.clock.advance("1s")
        caller.call(public, **FIRST.arguments(public))


@pytest.mark.parametrize(("api", "example"), KEYED, ids=label)
async def test_a_listen_key_ends(api: Api, example: StreamExample) -> None:
    """A listen key that nobody extends ends with its life, not before; its client makes another one and goes on."""
    with Mock(api.name, remembers=False) as mock:
        async with streams(api, mock) as opened:
            subscription = await opened.subscribe(example.channel).ready()
            await anext(subscription)
            life = next(c.listen_key.life_ms for c in mock.streams.rules.connections if c.listen_key)
            mock.clock.advance(f"{life - 60_000}ms")
            assert [True] == [mock.streams.keys.is_valid(key, mock.clock.now) for key in mock.streams.keys.known]
            mock.clock.advance("60s")
            gap, event = await anext(subscription), await anext(subscription)
    assert isinstance(gap, Gap)
    assert isinstance(event, Event)
    assert 2 == mock.streams.keys.made


@pytest.mark.parametrize(("api", "example"), AGEING, ids=label)
async def test_a_connection_ends_of_age(api: Api, example: StreamExample) -> None:
    """Where the exchange ends connections of some age, the mock exchange does so by its clock."""
    with Mock(api.name, remembers=False) as mock:
        async with streams(api, mock) as opened:
            subscription = await opened.subscribe(example.channel).ready()
            await anext(subscription)
            mock.clock.advance(f"{_spec(api, example).limits.life:.0f}s")
            assert isinstance(await anext(subscription), Gap)
            assert isinstance(await anext(subscription), Event)
    assert 2 == mock.streams.opened


def test_an_answer_says_when_it_was_given() -> None:
    """The time in the envelope of what is remembered is the mock exchange's own, not the example's."""
    exchange = Exchange("bybit", clock=lambda: 1_800_000_000_000)
    exchange.market("BTCUSDT", "linear").price("60000")
    exchange.clock.advance("1h")
    answer = exchange.receive(
        Received("GET", "/v5/market/tickers", "category=linear&symbol=BTCUSDT", CIMultiDict(), b"")
    )
    assert (0, 1_800_003_600_000) == (parse(answer.body)["retCode"], parse(answer.body)["time"])


@pytest.mark.parametrize(
    ("api", "path", "member"),
    [
        ("bybit", "/v5/account/wallet-balance", "time"),
        ("bitget_margin", "/api/margin/v1/isolated/openOrders", "requestTime"),
    ],
)
def test_a_refusal_says_when_it_was_given(api: str, path: str, member: str) -> None:
    """The time in the envelope of a refusal is the mock exchange's own."""
    exchange = Exchange(api, clock=lambda: 1_800_000_000_000)
    answer = exchange.receive(Received("GET", path, "", CIMultiDict(), b""))
    assert 1_800_000_000_000 == parse(answer.body)[member]
