"""Calls stay within the exchange's limits, for one client, for many, and for several processes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.apis import APIS, Api
from tests.support.driving import caller
from venues import errors
from venues.limiter import Bucket, Charge, Limiter, NoLimiter, limiter_of, owner_of
from venues.mock import Fault, Mock

SMALL = Bucket("small", 5, 60_000, "key")
WEIGHTED = next(api for api in APIS if any(cost.when for o in api.operations for cost in o.costs))


def charge(amount: int = 1, bucket: Bucket = SMALL, owner: str = "demo:a") -> Charge:
    return Charge(bucket, amount, owner)


def test_bucket_gives_what_it_holds_and_no_more() -> None:
    """Five calls pass, the sixth is told how long to wait."""
    limiter = Limiter()
    waits = [limiter.take([charge()], "a") for _ in range(6)]
    assert [0.0] * 5 == waits[:5]
    assert 0 < waits[5] <= 60


def test_refused_call_takes_nothing_from_any_bucket() -> None:
    """Where one of two buckets is empty, the other is left as it is."""
    limiter = Limiter()
    large = Bucket("large", 100, 60_000, "ip")
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


def test_nothing_is_sent_while_blocked() -> None:
    """After the exchange asked for silence, there is silence."""
    limiter = Limiter()
    limiter.block("a", 30)
    assert 29 < limiter.take([], "a") <= 30


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
    bucket = api.client.PROFILE.buckets[limited.costs[0].bucket]
    with Mock(api.name) as mock, caller(api, mock, kind, limiter=Limiter(wait=False)) as driver:
        owner = driver.client._owners[bucket.by]
        driver.client._limiter.take([Charge(bucket, bucket.amount, owner)], owner)
        with pytest.raises(errors.RateLimited, match="nothing was sent") as caught:
            driver.call(limited, api.arguments(limited))
        assert 0 == len(mock.requests)
        assert caught.value.retry_after


def test_usage_header_corrects_the_count() -> None:
    """The exchange says that the bucket is nearly empty, and the next call waits for it."""
    api = WEIGHTED
    limited = next(o for o in api.operations if o.effect == "read" and o.costs and not o.costs[0].when)
    bucket = api.client.PROFILE.buckets[limited.costs[0].bucket]
    headers = {str(bucket.header): str(bucket.amount)}
    with Mock(api.name) as mock, caller(api, mock, "sync", limiter=Limiter(wait=False)) as driver:
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
    with Mock(api.name) as mock, caller(api, mock, kind, limiter=Limiter(wait=False)) as driver:
        mock.fault(operation.full_name, fault, retry_after=3600)
        for _ in range(5):
            with pytest.raises(errors.RateLimited):
                driver.call(operation, api.arguments(operation))
        assert 1 == len(mock.requests)


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
        (api.name, o.full_name, cost.bucket)
        for api in APIS
        for o in api.operations
        for cost in o.costs
        if cost.bucket not in api.client.PROFILE.buckets
    ]
    assert [] == missing


def busiest(api: Api) -> str:
    """Return the name of an operation that reads and has a bucket."""
    return next(o.full_name for o in api.operations if o.effect == "read" and o.auth == "signed" and o.costs)


def test_threads_share_one_bucket() -> None:
    """Thirty-two threads take from one limiter no more than it holds."""
    limiter = Limiter()
    bucket = Bucket("shared", 100, 60_000, "key")
    with ThreadPoolExecutor(32) as pool:
        waits = list(pool.map(lambda _: limiter.take([charge(1, bucket)], "a"), range(400)))
    assert 100 == waits.count(0.0)


@pytest.fixture
def redis() -> Iterator[str]:
    url = os.environ.get("VENUES_TEST_REDIS")
    if not url:
        pytest.skip("no Redis server: VENUES_TEST_REDIS is not set")
    import redis as library

    with library.Redis.from_url(url) as server:
        server.flushdb()
        yield url
        server.flushdb()


WORKER = """
import sys, time
from venues.limiter import Bucket, Charge, Limiter
limiter, bucket = Limiter(sys.argv[1]), Bucket("shared", 40, 1000, "key")
for _ in range(150):
    while wait := limiter.take([Charge(bucket, 1, "demo:x")], "demo:x"):
        time.sleep(wait)
    print(time.time())
"""


def test_processes_never_exceed_a_shared_bucket(redis: str) -> None:
    """Two processes with one Redis: no window of one second ever holds more calls than the bucket."""
    paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent / "generated")}
    command = [sys.executable, "-c", WORKER, redis]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=paths) for _ in range(2)]
    taken = sorted(float(line) for worker in workers for line in worker.communicate()[0].split())
    # A process notes the time a little after Redis has counted, so windows are held to nine tenths of a second.
    busiest_window = max(sum(start <= moment < start + 0.9 for moment in taken) for start in taken)
    assert (300, [0, 0]) == (len(taken), [worker.returncode for worker in workers])
    assert busiest_window <= 40


def test_block_is_shared_through_redis(redis: str) -> None:
    """What one process was told holds for all."""
    with closing(Limiter(redis)) as one, closing(Limiter(redis)) as other:
        one.block("demo:x", 30)
        assert 25 < other.take([], "demo:x") <= 31


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


def test_no_key_is_written_to_redis(redis: str) -> None:
    """Names in Redis hold a hash, never the key."""
    import redis as library

    api = WEIGHTED
    operation = next(o for o in api.operations if o.full_name == busiest(api))
    credentials = {"api_key": "my-api-key", "api_secret": "my-api-secret"}
    with Mock(api.name, credentials=credentials) as mock, caller(api, mock, "sync", limiter=redis) as driver:
        driver.call(operation, api.arguments(operation))
    with library.Redis.from_url(redis) as server:
        names = [bytes(name) for name in server.scan_iter()]
    assert names
    assert [] == [name for name in names if b"my-api" in name]


def test_waiting_call_is_sent_when_there_is_room() -> None:
    """A full bucket delays a call, and then lets it through."""
    limiter = Limiter()
    tiny = Bucket("tiny", 1, 1000, "key")
    limiter.take([charge(1, tiny)], "a")
    began = time.monotonic()
    while wait := limiter.take([charge(1, tiny)], "a"):
        time.sleep(wait)
    assert 0.5 < time.monotonic() - began
