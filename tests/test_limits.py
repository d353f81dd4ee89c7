"""Calls stay within the exchange's limits, for one client, for many, and for several processes."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import wild_server as wild
from tests.support.apis import APIS, OPERATIONS, Api
from tests.support.databases import own_database
from tests.support.driving import caller
from tests.support.wild_server import WildServer
from venues import errors
from venues.core.http.with_aiohttp import AiohttpTransport
from venues.core.outcome.limits.in_memory import FEW, MANY, MemoryCounts
from venues.core.request.limits import MARGIN
from venues.core.request.messages import Request
from venues.hooks import Hooks, LimitNote
from venues.limiter import Charge, Limit, Limiter, NoLimiter, limiter_of, owner_of
from venues.mock import Fault, Mock
from venues.retry import NEVER

SMALL = Limit("small", 5, 60_000, "key")
WEIGHTED = next(api for api in APIS if any(cost.when for o in api.operations for cost in o.costs))


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass, however long a busy machine takes."""
    monkeypatch.setattr("venues.core.outcome.limits.in_memory.time", SimpleNamespace(monotonic=lambda: 1000.0))


def charge(amount: int = 1, bucket: Limit = SMALL, owner: str = "demo:a") -> Charge:
    return Charge(bucket, amount, owner)


def test_bucket_gives_what_it_holds_and_no_more() -> None:
    """Five calls pass, the sixth is told how long to wait."""
    limiter = Limiter()
    waits = [limiter.take([charge()], "a") for _ in range(6)]
    assert [0.0] * 5 == waits[:5]
    assert 60 < waits[5] <= 60 + MARGIN


def test_refused_call_takes_nothing_from_any_bucket() -> None:
    """Where one of two limits has no room, the other is left as it is."""
    limiter = Limiter()
    large = Limit("large", 100, 60_000, "ip")
    limiter.take([charge(5)], "a")
    for _ in range(150):
        limiter.take([charge(1, large), charge(1)], "a")
    assert 0.0 == limiter.take([charge(100, large)], "a")


def test_owners_do_not_share() -> None:
    """Another key has a bucket of its own."""
    limiter = Limiter()
    limiter.take([charge(5)], "a")
    assert 0.0 == limiter.take([charge(5, owner="demo:b")], "b")


def test_count_is_raised_to_what_the_exchange_says() -> None:
    """If the exchange has counted more than we have, ours follows."""
    limiter = Limiter()
    limiter.take([charge()], "a")
    limiter.correct(charge(), 5)
    assert limiter.take([charge()], "a") > 0


def test_count_is_never_lowered() -> None:
    """What we have sent counts, even if the exchange has not seen it yet."""
    limiter = Limiter()
    limiter.take([charge(5)], "a")
    limiter.correct(charge(), 1)
    assert limiter.take([charge()], "a") > 0


def test_nothing_is_sent_while_blocked(still: None) -> None:
    """After the exchange asked for silence, there is silence."""
    limiter = Limiter()
    limiter.block("a", 30)
    assert 30.0 == limiter.take([], "a")


def test_clock_that_is_set_back_stops_nothing(still: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was counted or blocked before the clock of this machine went back by hours holds no longer than it would have."""
    limiter, now, ahead = Limiter(), time.time, 3 * 3600.0
    monkeypatch.setattr(time, "time", lambda: now() + ahead)
    limiter.take([charge(5)], "a")
    limiter.block("b", 30)
    ahead = 0.0
    assert limiter.take([charge()], "a") <= SMALL.window
    assert 30.0 == limiter.take([], "b")


def test_counting_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread for each call would cost as much as the call; what is past is forgotten all the same."""
    started: list[threading.Thread] = []

    def start(thread: threading.Thread) -> None:
        started.append(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    limiter, steady, later = Limiter(), time.monotonic, 0.0
    monkeypatch.setattr(time, "monotonic", lambda: steady() + later)
    for _ in range(20):
        later += 61.0
        assert [0.0] * 5 == [limiter.take([charge()], "a") for _ in range(5)]
    assert ([], 5) == (started, limiter.usage(SMALL, "demo:a").used)


def test_calls_that_count_no_more_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of calls that count no more, a window remembers few, however many there were."""
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    counts = MemoryCounts()
    charge = Charge(Limit("all", 100_000, 1000, "ip"), 1, "a")
    for _ in range(1000):
        counts.take([charge], ["a"])
        clock[0] += 0.125
    assert FEW + 2 * 11 >= len(counts._windows[charge.window].entries)
    assert 10 == counts.usage(charge.limit, "a")[0]


def test_windows_that_nothing_is_in_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that goes through many keys keeps the windows of the last ones only."""
    limiter, steady, later = Limiter(), time.monotonic, 0.0
    monkeypatch.setattr(time, "monotonic", lambda: steady() + later)
    for key in range(3000):
        later += 1.0
        limiter.take([charge(owner=f"demo:{key}")], "a")
    counts: Any = limiter._counts
    assert 61 <= len(counts._windows) <= MANY


def test_wait_is_long_enough_for_all_that_a_call_takes() -> None:
    """Where a call needs the room of several earlier ones, it waits for the last of them, and no longer."""
    limiter = Limiter()
    window = Limit("window", 4, 200, "key")
    assert 0.0 == limiter.take([charge(1, window)], "a")
    first = time.monotonic()
    while time.monotonic() < first + 0.02:
        assert 0.0 == limiter.take([], "a")
    assert 0.0 == limiter.take([charge(3, window)], "a")
    assert limiter.take([charge(1, window)], "a") < limiter.take([charge(2, window)], "a") <= window.window


def test_owner_is_a_hash() -> None:
    """No key is part of any name under which something is counted."""
    assert "my-api-key" not in owner_of("demo", "uid", "my-api-key")
    assert owner_of("demo", "uid", "one") != owner_of("demo", "uid", "two")


def test_limiter_can_be_turned_off() -> None:
    """`off` counts nothing."""
    assert isinstance(limiter_of("off"), NoLimiter)
    assert [0.0] * 100 == [limiter_of("off").take([charge(5)], "a") for _ in range(100)]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_full_bucket_raises_where_that_was_chosen(kind: str) -> None:
    """`wait=False` raises RateLimited before anything is sent, and says when there is room."""
    api = WEIGHTED
    limited = next(o for o in api.operations if o.effect == "read" and o.costs and not o.costs[0].when)
    bucket = api.client.PROFILE.limits[limited.costs[0].limit]
    with Mock(api.name, remembers=False) as mock, caller(api, mock, kind, limiter=Limiter(wait=False)) as driver:
        owner = driver.client._budget.owners[bucket.by]
        driver.client._limiter.take([Charge(bucket, bucket.amount, owner)], owner)
        with pytest.raises(errors.RateLimited, match="nothing was sent") as caught:
            driver.call(limited, api.arguments(limited))
        assert 0 == len(mock.requests)
        assert caught.value.retry_after


def test_usage_header_corrects_the_count() -> None:
    """The exchange says that the bucket is nearly empty, and the next call waits for it."""
    api = WEIGHTED
    limited = next(o for o in api.operations if o.effect == "read" and o.costs and not o.costs[0].when)
    bucket = api.client.PROFILE.limits[limited.costs[0].limit]
    headers = {str(bucket.header): str(bucket.amount)}
    with Mock(api.name, remembers=False) as mock, caller(api, mock, "sync", limiter=Limiter(wait=False)) as driver:
        mock.answer(limited.full_name, api.response(limited), headers=headers, times=1)
        driver.call(limited, api.arguments(limited))
        with pytest.raises(errors.RateLimited):
            driver.call(limited, api.arguments(limited))
        assert 1 == len(mock.requests)


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.BANNED])
def test_silence_is_kept_after_a_refusal(fault: Fault, kind: str) -> None:
    """After 429 or 418 no call of the client is sent before the time that the exchange named."""
    api = APIS[0]
    operation = next(o for o in api.operations if o.effect == "read" and o.auth == "signed")
    with Mock(api.name, remembers=False) as mock, caller(api, mock, kind, limiter=Limiter(wait=False)) as driver:
        mock.fault(operation.full_name, fault, retry_after=3600)
        for _ in range(5):
            with pytest.raises(errors.RateLimited):
                driver.call(operation, api.arguments(operation))
        assert 1 == len(mock.requests)


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("status", [418, 429, 503])
def test_time_for_which_the_exchange_asks_is_told(status: int, kind: str) -> None:
    """Who has to wait longer than a call may take reads at once for how long; so does the next call, of limits."""
    api = APIS[0]
    operation = next(o for o in api.operations if o.effect == "read" and o.auth == "signed")
    with Mock(api.name, remembers=False) as mock, caller(api, mock, kind, limiter=Limiter(wait=False)) as driver:
        mock.answer(operation.full_name, "{}", status=status, headers={"Retry-After": "60"})
        with pytest.raises(errors.ApiError, match=r"; the exchange asks to wait 60 s$") as caught:
            driver.call(operation, api.arguments(operation))
        assert 60 == caught.value.retry_after
        if isinstance(caught.value, errors.RateLimited):
            with pytest.raises(errors.RateLimited, match=r"the exchange asks to wait another .* s; nothing was sent$"):
                driver.call(operation, api.arguments(operation))
        assert 1 == len(mock.requests)


DATE = "Thu, 18 Nov 2026 10:40:00 GMT"
ASKED: dict[str, tuple[dict[str, str], str, float | None]] = {
    "seconds": ({"Retry-After": "7"}, "", 7.0),
    "lower case": ({"retry-after": "1.5"}, "", 1.5),
    "date": ({"Retry-After": "Thu, 18 Nov 2026 10:41:30 GMT", "Date": DATE}, "", 90.0),
    "past date": ({"Retry-After": "Thu, 18 Nov 2026 10:30:00 GMT", "Date": DATE}, "", 0.0),
    "nonsense": ({"Retry-After": "soon"}, "", None),
    "superscript": ({"Retry-After": "²"}, "", None),
    "message": ({"Date": DATE}, "IP banned until 1794998520000. Use streams.", 120.0),
    "header before message": ({"Retry-After": "3", "Date": DATE}, "banned until 1794998520000", 3.0),
    "nothing": ({}, "slow down", None),
    "a time in milliseconds": ({"Retry-After": "1732795200000"}, "", None),
    "a time in seconds": ({"Retry-After": "1732795200"}, "", None),
    "4,400 digits": ({"Retry-After": "7" * 4400}, "", None),
    "10^40": ({"Retry-After": str(10**40)}, "", None),
    "a date in 2099": ({"Retry-After": "Thu, 18 Nov 2099 10:41:30 GMT", "Date": DATE}, "", None),
    "a day of 20 digits": ({"Retry-After": "Thu, 11111111111111111111 Nov 2026 10:41:30 GMT"}, "", None),
    "a message from 2099": ({"Date": DATE}, "banned until 4098506520000", None),
    "three days": ({"Retry-After": "259200"}, "", 259_200.0),
}


@pytest.mark.parametrize(("headers", "message", "expected"), ASKED.values(), ids=ASKED)
def test_time_for_which_the_exchange_asks(headers: dict[str, str], message: str, expected: float | None) -> None:
    """Seconds, an HTTP date, or a time in the message of a ban, by the exchange's own clock."""
    error = errors.Banned("1", message, status=418, headers=headers, body=b"", operation="a.b")
    assert expected == error.retry_after


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(("status", "least"), [(429, 0.1), (418, 60.0)])
def test_refusal_that_names_no_time_is_followed_by_silence(still: None, status: int, least: float, kind: str) -> None:
    """After 429 and 418 without Retry-After nothing is sent for a while, either."""
    api = APIS[0]
    operation = next(o for o in api.operations if o.effect == "read" and o.auth == "signed")
    with (
        Mock(api.name, remembers=False) as mock,
        caller(api, mock, kind, limiter=Limiter(wait=False), retry=NEVER) as driver,
    ):
        mock.answer(operation.full_name, "{}", status=status)
        for _ in range(3):
            with pytest.raises(errors.RateLimited) as caught:
                driver.call(operation, api.arguments(operation))
        assert 1 == len(mock.requests)
        assert (caught.value.retry_after or 0) > least


def test_ban_silences_every_client_at_that_address() -> None:
    """Clients with other keys that share the limiter are banned as well, for exchanges ban addresses."""
    api = APIS[0]
    operation = next(o for o in api.operations if o.effect == "read" and o.auth == "signed")
    limiter = Limiter(wait=False)
    with Mock(api.name, remembers=False) as mock, caller(api, mock, "sync", limiter=limiter) as driver:
        mock.fault(operation.full_name, Fault.BANNED, retry_after=3600)
        with pytest.raises(errors.Banned):
            driver.call(operation, api.arguments(operation))
        maker: Any = api.client
        other = maker(**{**mock.credentials, "api_key": "another"}, base_url=mock.url, limiter=limiter)
        with other, pytest.raises(errors.RateLimited, match="nothing was sent"):
            other.call(operation, **api.arguments(operation))
        assert 1 == len(mock.requests)


def test_call_that_costs_more_than_its_bucket_takes_all_of_it() -> None:
    """It is sent when the bucket is untouched, and it empties it."""
    limiter = Limiter()
    assert 0.0 == limiter.take([charge(7)], "a")
    assert limiter.take([charge(1)], "a") > 0


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_question_for_the_time_keeps_to_the_limits(kind: str) -> None:
    """While an address is blocked, not even the exchange's time is asked for."""
    api = next(one for one in APIS if one.client.PROFILE.time and not one.client.PROFILE.suspects)
    operation = next(o for o in api.operations if o.effect == "read" and o.auth == "signed")
    limiter = Blocking()
    with Mock(api.name, remembers=False) as mock, caller(api, mock, kind, limiter=limiter) as driver:
        mock.fault(operation.full_name, Fault.SKEWED)
        with pytest.raises(errors.ClockSkew):
            driver.call(operation, api.arguments(operation))
        assert 1 == len(mock.requests)


class Blocking(Limiter):
    """Lets one call through."""

    def __init__(self) -> None:
        super().__init__(wait=False)
        self._calls = 0

    def take(self, charges: Sequence[Charge], *owners: str) -> float:
        self._calls += 1
        return 60.0 if self._calls > 1 else 0.0

    async def take_async(self, charges: Sequence[Charge], *owners: str) -> float:
        return self.take(charges, *owners)


def test_cost_depends_on_parameters() -> None:
    """A call tells its weight beforehand."""
    operation = next(o for o in WEIGHTED.operations if any(c.when and c.when[0].present for c in o.costs))
    condition = next(c for c in operation.costs if c.when and c.when[0].present)
    name = operation.by_wire[condition.when[0].wire].name
    client = WEIGHTED.client()  # type: ignore[call-arg]
    assert condition.amount == client.cost(operation, **{name: "BTCUSDT"})
    assert client.cost(operation) > condition.amount


def test_every_operation_with_a_limit_has_its_bucket() -> None:
    """Each cost names a bucket that the client has."""
    missing = [
        (api.name, o.full_name, cost.limit)
        for api in APIS
        for o in api.operations
        for cost in o.costs
        if cost.limit not in api.client.PROFILE.limits
    ]
    assert [] == missing


def busiest(api: Api) -> str:
    """Return the name of an operation that reads and has a bucket."""
    return next(
        o.full_name for o in api.operations if o.effect == "read" and o.auth == "signed" and (o.limit or o.costs)
    )


def test_threads_share_one_bucket() -> None:
    """Thirty-two threads take from one limiter no more than it holds."""
    limiter = Limiter()
    bucket = Limit("shared", 100, 60_000, "key")
    with ThreadPoolExecutor(32) as pool:
        waits = list(pool.map(lambda _: limiter.take([charge(1, bucket)], "a"), range(400)))
    assert 100 == waits.count(0.0)


@pytest.fixture
def redis() -> Iterator[str]:
    url = os.environ.get("VENUES_TEST_REDIS")
    if not url:
        pytest.skip("no Redis server: VENUES_TEST_REDIS is not set")
    with own_database(url) as own:
        yield own


def test_windows_in_redis_keep_the_clock_of_redis(redis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Machines whose clocks differ by seconds or by a minute share one window all the same."""
    now = time.time
    for shift in (1.5, 2.0, 60.0, -2.0):
        owner = f"demo:{shift}"
        with closing(Limiter(redis)) as one, closing(Limiter(redis)) as other:
            taken = [one.take([charge(owner=owner)], "x") for _ in range(3)]
            with monkeypatch.context() as patch:
                patch.setattr(time, "time", lambda shift=shift: now() + shift)
                taken += [other.take([charge(owner=owner)], "x") for _ in range(3)]
        assert ([0.0] * 5, True) == (taken[:5], taken[5] > 55)


@pytest.fixture
def silent_redis() -> Iterator[str]:
    """Yield the address of a server that accepts, and says nothing."""
    pytest.importorskip("redis")
    with WildServer(wild.silent_from_the_start) as server:
        yield server.url.replace("http", "redis")


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_silent_redis_costs_a_call_no_more_than_its_timeout(silent_redis: str, kind: str) -> None:
    """A limiter that accepts and never answers ends a call before it is sent; no other bound would end this test."""
    api = WEIGHTED
    operation = next(o for o in api.operations if o.full_name == busiest(api))
    with (
        Mock(api.name, remembers=False) as mock,
        caller(api, mock, kind, limiter=silent_redis, timeout=0.3, retry=NEVER) as driver,
    ):
        with pytest.raises(errors.ConnectionFailed, match="nothing was sent"):
            driver.call(operation, api.arguments(operation))
        assert [] == mock.requests


class Deaf(Limiter):
    """Lets every call through, and then finds Redis silent."""

    def take(self, charges: Sequence[Charge], *owners: str) -> float:
        return 0.0

    async def take_async(self, charges: Sequence[Charge], *owners: str) -> float:
        return 0.0

    def take_here(self, owner: str) -> float:
        """Take nothing; a block that this process knows of needs no Redis."""
        return super().take([], owner)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_silent_redis_delays_no_answer(silent_redis: str, kind: str) -> None:
    """An answer, or a refusal, that has arrived is told while Redis has still said nothing."""
    api = WEIGHTED
    operation = next(o for o in api.operations if o.full_name == busiest(api))
    header = str(api.client.PROFILE.limits[operation.costs[0].limit].header)
    limiter = Deaf(silent_redis)
    with (
        Mock(api.name, remembers=False) as mock,
        caller(api, mock, kind, limiter=limiter, retry=NEVER, timeout=5.0) as driver,
    ):
        mock.answer(operation.full_name, api.response(operation), headers={header: "7"}, times=1)
        assert 200 == driver.call(operation, api.arguments(operation)).status
        mock.fault(operation.full_name, Fault.RATE_LIMITED, retry_after=5)
        with pytest.raises(errors.RateLimited):
            driver.call(operation, api.arguments(operation))
        assert limiter.take_here(driver.client._budget.owners["key"]) > 0


WORKER = """
import sys, time
from venues.limiter import Charge, Limit, Limiter
limiter, bucket = Limiter(sys.argv[1]), Limit("shared", 40, 1000, "key")
for _ in range(80):
    asked = time.time()
    while wait := limiter.take([Charge(bucket, 1, "demo:x")], "demo:x"):
        time.sleep(wait)
        asked = time.time()
    print(asked, time.time())
"""


def test_processes_never_exceed_a_shared_bucket(redis: str) -> None:
    """Two processes with one Redis: no window of one second ever holds more calls than the bucket."""
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "generated")}
    command = [sys.executable, "-c", WORKER, redis]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=paths) for _ in range(2)]
    lines = [line for worker in workers for line in worker.communicate()[0].splitlines()]
    taken = [tuple(map(float, line.split())) for line in lines]
    # A process reads its clock a little before Redis counts, so windows are held to nine tenths of a second; and a busy
    # machine may stop a process anywhere between asking and noting the time, so a call is in a window if both are.
    busiest_window = max(sum(start <= asked and noted < start + 0.9 for asked, noted in taken) for start, _ in taken)
    assert (160, [0, 0]) == (len(taken), [worker.returncode for worker in workers])
    assert busiest_window <= 40


def test_block_is_shared_through_redis(redis: str) -> None:
    """What one process was told holds for all."""
    with closing(Limiter(redis)) as one, closing(Limiter(redis)) as other:
        one.block("demo:x", 3600)
        assert 3590 < other.take([], "demo:x") <= 3600


def test_longer_block_outlives_a_shorter_one(redis: str) -> None:
    """A ban of an hour that follows a pause of a second holds for an hour, and not the other way round."""
    with closing(Limiter(redis)) as limiter:
        for seconds in (1, 3600, 2):
            limiter.block("demo:x", seconds)
        assert 3590 < limiter.take([], "demo:x") <= 3600


async def test_block_is_kept_by_async_clients(redis: str) -> None:
    """The same holds for async clients."""
    limiter = Limiter(redis)
    for seconds in (0.5, 3600, 1):
        await limiter.block_async("demo:x", seconds)
    assert 3590 < await limiter.take_async([charge()], "demo:y", "demo:x") <= 3600
    assert 0.0 == await limiter.take_async([charge()], "demo:y")
    await limiter.close_async()


def test_async_calls_share_the_bucket_with_sync_ones(redis: str) -> None:
    """Both kinds of client count in the same place."""

    async def take(times: int) -> list[float]:
        limiter = Limiter(redis)
        waits = [await limiter.take_async([charge()], "a") for _ in range(times)]
        await limiter.close_async()
        return waits

    assert [0.0, 0.0, 0.0] == asyncio.run(take(3))
    with closing(Limiter(redis)) as limiter:
        waits = [limiter.take([charge()], "a") for _ in range(3)]
    assert ([0.0, 0.0], True) == (waits[:2], waits[2] > 0)


ABSURD = ["9" * 4400, "1" + "0" * 40, "1732795200000", "²"]


@pytest.mark.parametrize("value", ABSURD, ids=["4,400 digits", "10^40", "a time", "superscript"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_absurd_number_in_a_header_says_nothing(redis: str, kind: str, value: str) -> None:
    """An exchange that refuses with a number that can't be meant has refused, and is asked again after a second."""
    api = WEIGHTED
    operation = next(o for o in api.operations if o.full_name == busiest(api))
    bucket = api.client.PROFILE.limits[operation.costs[0].limit]
    headers = {
        "Retry-After": value,
        "Date": "Sat, 11111111111111111111 Nov 2026 12:00:00 GMT",
        str(bucket.header): value,
    }
    with Mock(api.name, remembers=False) as mock, caller(api, mock, kind, limiter=redis, retry=NEVER) as driver:
        mock.answer(operation.full_name, "{}", status=429, headers=headers, times=1)
        with pytest.raises(errors.RateLimited):
            driver.call(operation, api.arguments(operation))
        assert driver.client._limiter.take([], driver.client._budget.owners["key"]) <= 1.0


def test_limiter_serves_several_event_loops(redis: str) -> None:
    """Clients of several event loops share a limiter in Redis, and its count."""
    limiter = Limiter(redis)

    async def take(times: int) -> list[float]:
        return [await limiter.take_async([charge()], "a") for _ in range(times)]

    with asyncio.Runner() as one, asyncio.Runner() as other:
        waits = [*one.run(take(2)), *other.run(take(2)), *one.run(take(2))]
        one.run(limiter.close_async())
        other.run(limiter.close_async())
    assert ([0.0] * 5, True) == (waits[:5], waits[5] > 0)


def test_call_asks_redis_once(redis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether somebody is blocked, by key and by address, and whether there is room: one round trip, not one for each."""
    from redis.connection import Connection

    sent: list[object] = []
    send: Any = Connection.send_packed_command  # untyped in the library

    def counted(self: Connection, *said: Any, **how: Any) -> None:
        sent.append(said)
        send(self, *said, **how)

    monkeypatch.setattr(Connection, "send_packed_command", counted)
    with closing(Limiter(redis)) as limiter:
        limiter.take([charge()], "demo:a", "demo:ip")
        sent.clear()
        limiter.take([charge()], "demo:a", "demo:ip")
    assert 1 == len(sent)


def test_no_key_is_written_to_redis(redis: str) -> None:
    """Names in Redis hold a hash, never the key."""
    import redis as library

    api = WEIGHTED
    operation = next(o for o in api.operations if o.full_name == busiest(api))
    credentials = {"api_key": "my-api-key", "api_secret": "my-api-secret"}
    with (
        Mock(api.name, credentials=credentials, remembers=False) as mock,
        caller(api, mock, "sync", limiter=redis) as driver,
    ):
        driver.call(operation, api.arguments(operation))
    with library.Redis.from_url(redis) as server:
        names = [bytes(name) for name in server.scan_iter()]
    assert names
    assert [] == [name for name in names if b"my-api" in name]


def test_waiting_call_is_sent_when_there_is_room() -> None:
    """A full bucket delays a call, and then lets it through."""
    limiter = Limiter()
    tiny = Limit("tiny", 1, 1000, "key")
    began = time.monotonic()
    limiter.take([charge(1, tiny)], "a")
    while wait := limiter.take([charge(1, tiny)], "a"):
        time.sleep(wait)
    assert 0.5 < time.monotonic() - began


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_clients_of_one_key_share_their_counts(kind: str) -> None:
    """Two clients that were given no limiter count together by key and environment, and not with other keys."""
    api = WEIGHTED
    operation = next(o for o in api.operations if o.full_name == busiest(api))
    name = operation.costs[0].limit
    with (
        Mock(api.name, remembers=False) as mock,
        caller(api, mock, kind, limiter=None) as one,
        caller(api, mock, kind, limiter=None) as two,
    ):
        one.call(operation, api.arguments(operation))
        used = one.client.limits.usage(name)[name].used
        assert 0 < used == two.client.limits.usage(name)[name].used
        with Mock(api.name, remembers=False) as elsewhere, caller(api, elsewhere, kind, limiter=None) as three:
            assert 0 == three.client.limits.usage(name)[name].used


def test_own_limit_of_an_operation_can_be_seen() -> None:
    """What an operation takes from a limit of its own shows under its name, and among all limits once it was called."""
    api, operation = next((api, o) for api, o in OPERATIONS if o.limit is not None and not o.params)
    name = operation.full_name
    with Mock(api.name, remembers=False) as mock, caller(api, mock, "sync", limiter=Limiter(wait=False)) as driver:
        limits = driver.client.limits
        assert 0 == limits.usage(name)[name].used
        assert name not in limits.usage()
        driver.call(operation, {})
        assert 1 == limits.usage(name)[name].used == limits.usage()[name].used
        with pytest.raises(errors.InvalidRequest, match="there is no limit"):
            limits.usage("nothing.at_all")


def test_other_environments_and_keys_count_apart() -> None:
    """A test environment has limits of its own, and so has every key."""
    api = next(api for api in APIS if len(api.client.PROFILE.servers) > 1)
    maker: Any = api.client
    first = next(iter(api.client.PROFILE.signers())).credentials
    environments = [None, *api.client.PROFILE.servers]
    owners = [maker(**dict.fromkeys(first, "one"), environment=name)._budget.owners for name in environments]
    assert owners[0] == owners[1] != owners[2]
    assert owners[0]["key"] != maker(**dict.fromkeys(first, "two"))._budget.owners["key"]


@pytest.mark.parametrize("where", ["memory", "redis"])
def test_limits_can_be_seen_and_lifted(where: str, request: pytest.FixtureRequest) -> None:
    """`client.limits` tells what is used, when there is room, and for how long nothing is sent; and it ends that."""
    api = WEIGHTED
    operation = next(o for o in api.operations if o.full_name == busiest(api))
    bucket = api.client.PROFILE.limits[operation.costs[0].limit]
    limiter = Limiter("memory://" if where == "memory" else request.getfixturevalue("redis"), wait=False)
    with (
        closing(limiter),
        Mock(api.name, remembers=False) as mock,
        caller(api, mock, "sync", limiter=limiter, retry=NEVER) as driver,
    ):
        limits = driver.client.limits
        assert (0, 0.0, 0.0) == (
            limits.usage(bucket.name)[bucket.name].used,
            limits.usage()[bucket.name].room_in,
            limits.blocked(),
        )
        limiter.take([Charge(bucket, bucket.amount, driver.client._budget.owners[bucket.by])])
        full = limits.usage(bucket.name)[bucket.name]
        assert (bucket.amount, bucket.amount) == (full.used, full.amount)
        assert 0 < full.room_in <= bucket.window
        limiter.block(driver.client._budget.owners["key"], 3600)
        assert 3500 < limits.blocked() <= 3600
        limits.lift()
        assert 0 == limits.blocked()
        with pytest.raises(errors.InvalidRequest, match="no limit 'nothing'"):
            limits.usage("nothing")


class Full(Limiter):
    """Has room at the second question."""

    def __init__(self) -> None:
        super().__init__()
        self._answers = deque([0.0, 0.001])

    def take(self, *_: object) -> float:
        return self._answers.pop()

    async def take_async(self, *_: object) -> float:
        return self._answers.pop()


class Waits(Hooks):
    """Keeps what is reported of waits."""

    def __init__(self) -> None:
        self.notes: list[LimitNote] = []

    def on_limit(self, api: str, note: LimitNote) -> None:
        self.notes.append(note)


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("why", ["limit", "silence"])
def test_wait_for_room_is_reported(kind: str, why: str) -> None:
    """`on_limit` says which call waits, for how long, why, and which limits it takes from."""
    operation = next(o for o in WEIGHTED.operations if o.full_name == busiest(WEIGHTED))
    limiter, hooks = Full(), Waits()
    with (
        Mock(WEIGHTED.name, remembers=False) as mock,
        caller(WEIGHTED, mock, kind, limiter=limiter, hooks=hooks) as driver,
    ):
        if why == "silence":
            limiter.block(driver.client._budget.owners["key"], 3600)
        driver.call(operation, WEIGHTED.arguments(operation))
    assert [LimitNote(operation.full_name, 0.001, why, (operation.costs[0].limit,))] == hooks.notes  # type: ignore[arg-type]


@dataclass
class Refusal:
    """A call that an exchange refused, and the calls that it had accepted in the window before."""

    call: int
    accepted: list[int]


class Strict:
    """An exchange that counts what arrives in a moving window, as documented, and refuses what is too much.

    A connection costs some time before its first request is read, as over TLS and an ocean.
    """

    def __init__(self, set_up: float, amount: int, per: float) -> None:
        self._set_up, self._amount, self._per = set_up, amount, per
        self._arrivals: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()
        self.refusals: list[Refusal] = []

    def __call__(self, connection: socket.socket, server: WildServer) -> None:
        time.sleep(self._set_up)
        while request := server.read(connection):
            connection.sendall(GOOD if self._admit(int(request.split()[1].rpartition(b"/")[2])) else TOO_MANY)

    def _admit(self, call: int) -> bool:
        now = time.monotonic()
        with self._lock:
            while self._arrivals and self._arrivals[0][0] <= now - self._per:
                self._arrivals.popleft()
            good = len(self._arrivals) < self._amount
            if good:
                self._arrivals.append((now, call))
            else:
                self.refusals.append(Refusal(call, [earlier for _, earlier in self._arrivals]))
        return good


GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
TOO_MANY = b"HTTP/1.1 429 No\r\nContent-Length: 2\r\n\r\n{}"


CALLS = 100
"""Those of five windows."""


async def at_full_speed(set_up: float) -> tuple[list[Refusal], list[float]]:
    """Return what a strict exchange refused of `CALLS`, and the seconds that each of them took."""
    strict, bucket, limiter = Strict(set_up, 20, 0.2), Limit("calls", 20, 200, "key"), Limiter()
    transport, seconds = AiohttpTransport(), [0.0] * CALLS
    with WildServer(strict) as server:

        async def place(call: int) -> None:
            while wait := await limiter.take_async([charge(1, bucket)], "a"):
                await asyncio.sleep(wait)
            begun = time.monotonic()
            await transport.send(Request("GET", f"{server.url}/order/{call}", {}, b""), 20.0)
            seconds[call] = time.monotonic() - begun

        await asyncio.gather(*map(place, range(CALLS)))
        await transport.close()
    return strict.refusals, seconds


@pytest.mark.parametrize("set_up", [0.0, 0.05, 0.15])
async def test_window_is_kept_at_the_exchange(set_up: float) -> None:
    """Where calls arrive within the margin, an exchange that judges by arrivals refuses none at full speed."""
    for _ in range(5):
        refusals, seconds = await at_full_speed(set_up)
        # On a busy machine a call takes longer than the margin. It explains refusals in its own window, and no other.
        for refusal in refusals:
            assert max(seconds[call] for call in (refusal.call, *refusal.accepted)) > MARGIN
        if max(seconds) <= MARGIN:
            break
