"""Every fault, every effect, both kinds of client, every API: what was executed, and what the caller was told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.apis import APIS, Api, label
from tests.support.driving import BRIEF, caller
from tests.support.mocks import wait_for_requests
from tests.support.waiting import PATIENCE
from venues import errors
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation
from venues.hooks import Hooks, Sent
from venues.mock import Fault, Mock
from venues.mock.declared.api import load_api
from venues.retry import Retry

EFFECTS = ("read", "repeatable", "once")
KINDS = ("sync", "async")
DONE = None
UNKNOWN = errors.ExecutionUnknown
UNREADABLE = errors.DecodeError
"""What comes of a call that may be repeated, and whose answer proves nothing."""
BY_EFFECT: dict[Fault, tuple[type[Exception] | None, type[Exception] | None]] = {
    # fault: (what comes of a call that may be repeated, what comes of a call that must happen once)
    Fault.BEFORE: (DONE, UNKNOWN),
    Fault.AFTER: (DONE, UNKNOWN),
    Fault.TIMEOUT_BEFORE: (DONE, UNKNOWN),
    Fault.TIMEOUT_AFTER: (DONE, UNKNOWN),
    Fault.SLOW: (DONE, DONE),
    Fault.CUT: (DONE, UNKNOWN),
    Fault.MALFORMED: (UNREADABLE, UNKNOWN),
    Fault.WRONG_TYPE: (UNREADABLE, UNKNOWN),
    Fault.EMPTY: (UNREADABLE, UNKNOWN),
    Fault.RATE_LIMITED: (DONE, DONE),
    Fault.BANNED: (errors.Banned, errors.Banned),
    Fault.UNAVAILABLE: (DONE, UNKNOWN),
    Fault.UNAVAILABLE_AFTER: (DONE, UNKNOWN),
    Fault.SERVER_ERROR: (DONE, UNKNOWN),
    Fault.UNKNOWN_ENUM: (DONE, DONE),
    Fault.EMPTY_STRINGS: (DONE, DONE),
    Fault.SKEWED: (DONE, DONE),
}
assert set(Fault) == set(BY_EFFECT)


SILENT = (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER)


class Counted(Hooks):
    """Counts what was sent; lets the client wait longer for what it sends again, for that is answered."""

    client: Any = None

    def __init__(self) -> None:
        self.sent = 0

    def on_request(self, sent: Sent) -> None:
        self.sent += 1

    def on_retry(self, sent: Sent, error: Exception, delay: float) -> None:
        self.sent -= isinstance(error, errors.ConnectionFailed)  # what was not sent never arrives
        self.client._timeout = PATIENCE


def sample(api: Api, effect: str) -> Operation[Any]:
    """Return one signed operation of an effect: one that returns something, with a client id if there is one."""
    fitting = [o for o in api.operations if o.effect == effect and o.auth == "signed" and not o.schemes]
    return max(fitting, key=lambda o: (o.client_id is not None, bool(o.lookups), o.returns is not None))


def documents_bans(api: Api) -> bool:
    """Whether an API says what 418 means, or has a code for too many requests that comes with it."""
    return 418 in api.client.PROFILE.errors()[1] or "too_many" in load_api(api.name).failures


MATRIX = [
    (api, sample(api, effect), fault, kind)
    for api in APIS
    for effect in EFFECTS
    for fault in BY_EFFECT
    for kind in KINDS
]


@pytest.fixture(scope="module")
def mocks() -> Iterator[dict[str, Mock]]:
    running = {api.name: Mock(api.name, remembers=False).start() for api in APIS}
    yield running
    for mock in running.values():
        mock.stop()


@pytest.fixture
def mock(mocks: dict[str, Mock], api: Api) -> Iterator[Mock]:
    chosen = mocks[api.name]
    chosen.forget()
    chosen.clock.offset_ms = 0
    chosen.finds_executed = chosen.refuses_copies = False
    yield chosen
    chosen.forget()


@pytest.mark.parametrize(("api", "operation", "fault", "kind"), MATRIX, ids=label)
def test_no_fault_executes_an_order_twice_or_hides_one(
    mock: Mock, api: Api, operation: Operation[Any], fault: Fault, kind: str
) -> None:
    """One fault, then none: never more is executed than was asked for, and the caller is told the truth."""
    repeated, once = BY_EFFECT[fault]
    expected = once if operation.effect == "once" else repeated
    if expected is UNREADABLE and fault is Fault.EMPTY and operation.returns is None and operation.payload == "body":
        expected = DONE
    if fault is Fault.BANNED and operation.effect == "once" and not documents_bans(api):
        expected = UNKNOWN  # a status that no page explains proves nothing
    if fault is Fault.SKEWED and api.client.PROFILE.suspects:
        expected = errors.ApiError  # the clocks agree, so the refusal must have had another reason
    mock.fault(operation.full_name, fault, retry_after=0, delay=0.01)
    raised: Exception | None = None
    hooks = Counted()
    with caller(api, mock, kind, timeout=BRIEF if fault in SILENT else PATIENCE, hooks=hooks) as driver:
        hooks.client = driver.client
        try:
            driver.call(operation, api.arguments(operation))
        except errors.VenueError as error:
            raised = error
    wait_for_requests(mock, hooks.sent)  # a late one belongs to this test
    executed = mock.count(operation.full_name)
    assert expected is (type(raised) if raised else None) or (
        expected is errors.ApiError and isinstance(raised, errors.ApiError)
    )
    if operation.effect == "once":
        assert executed <= 1
        assert executed == 1 or raised is not None
    if operation.effect == "read":
        assert 0 == executed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("api", APIS, ids=label)
def test_order_is_sent_once_when_its_outcome_is_unknown(mock: Mock, api: Api, kind: str) -> None:
    """After a time-out the exchange has received one request, and no second one follows."""
    operation = sample(api, "once")
    mock.fault(operation.full_name, Fault.TIMEOUT_AFTER, times=None)
    hooks = Counted()
    options: Any = {"timeout": BRIEF, "hooks": hooks}
    with caller(api, mock, kind, **options) as driver:
        hooks.client = driver.client
        with pytest.raises(errors.ExecutionUnknown) as caught:
            driver.call(operation, api.arguments(operation))
    wait_for_requests(mock, hooks.sent)  # a late one belongs to this test
    assert 1 == len(mock.requests)
    assert operation.full_name == caught.value.operation


NAMED = [(api, o) for api in APIS for o in api.operations if o.client_id and o.effect == "once"]


@pytest.mark.parametrize("given", [None, ""])
@pytest.mark.parametrize(("api", "operation"), NAMED, ids=label)
def test_order_without_an_id_is_given_one(mock: Mock, api: Api, operation: Operation[Any], given: str | None) -> None:
    """A call that takes a client id and was given none, or an empty one, gets one, and the caller can see it."""
    arguments = {**api.arguments(operation), operation.by_wire[str(operation.client_id)].name: given}
    with caller(api, mock, "sync") as driver:
        answer = driver.call(operation, arguments)
    assert mock.executed[0].client_id == answer.request.client_id
    assert answer.request.client_id


@pytest.mark.parametrize(
    ("api", "operation"), [(a, o) for a, o in NAMED if not o.by_wire[str(o.client_id)].required], ids=label
)
def test_ids_are_not_made_up_when_that_is_turned_off(mock: Mock, api: Api, operation: Operation[Any]) -> None:
    """`client_ids=False` sends what was given and no more."""
    arguments = api.arguments(operation)
    arguments.pop(operation.by_wire[str(operation.client_id)].name, None)
    with caller(api, mock, "sync", client_ids=False) as driver:
        driver.call(operation, arguments)
    assert mock.executed[0].client_id is None


LOOKED_UP = [(api, o, kind) for api in APIS for o in api.operations if o.lookups and o.client_id for kind in KINDS]


@pytest.mark.parametrize(("api", "operation", "kind"), LOOKED_UP, ids=label)
def test_lost_order_is_found_by_its_id(mock: Mock, api: Api, operation: Operation[Any], kind: str) -> None:
    """An order that was executed behind a lost answer is returned by reconcile."""
    mock.finds_executed = True
    mock.fault(operation.full_name, Fault.AFTER)
    with caller(api, mock, kind) as driver:
        with pytest.raises(errors.ExecutionUnknown) as caught:
            driver.call(operation, api.arguments(operation))
        outcome = driver.reconcile(caught.value)
    assert outcome.executed is True
    assert str(caught.value.client_id) in str(outcome.found)


@pytest.mark.parametrize(("api", "operation", "kind"), LOOKED_UP, ids=label)
def test_order_that_is_not_found_stays_unknown(mock: Mock, api: Api, operation: Operation[Any], kind: str) -> None:
    """Only where documentation calls it final does reconcile say "not executed"; elsewhere nobody knows."""
    mock.finds_executed = True
    mock.fault(operation.full_name, Fault.BEFORE)
    with caller(api, mock, kind) as driver:
        with pytest.raises(errors.ExecutionUnknown) as caught:
            driver.call(operation, api.arguments(operation))
        outcome = driver.reconcile(caught.value)
    assert (None, None) == (outcome.executed, outcome.found)
    assert outcome.evidence


HOURS = 3 * 3_600_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("offset", [-HOURS, HOURS])
@pytest.mark.parametrize("api", APIS, ids=label)
def test_clock_that_is_hours_off_is_corrected(mock: Mock, api: Api, offset: int, effect: str, kind: str) -> None:
    """The first refusal of a time teaches the offset, the call is signed again, and the next one is right at once."""
    mock.clock.offset_ms = offset
    operation = sample(api, effect)
    with caller(api, mock, kind) as driver:
        driver.call(operation, api.arguments(operation))
        before = len(mock.requests)
        driver.call(operation, api.arguments(operation))
    assert 1 == len(mock.requests) - before
    assert abs(driver.client._clock.offset - offset) < 2_000
    assert mock.count(operation.full_name) in (0, 2)


def test_refusals_for_other_reasons_do_not_move_the_clock(mocks: dict[str, Mock]) -> None:
    """A code that may mean a wrong clock, but does not, is raised as it is, and sent once."""
    api = next(one for one in APIS if one.client.PROFILE.suspects)
    mock = mocks[api.name]
    mock.forget()
    mock.clock.offset_ms = 0
    operation = sample(api, "once")
    mock.fail(operation.full_name, next(iter(api.client.PROFILE.suspects)))
    with caller(api, mock, "sync") as driver, pytest.raises(errors.ApiError):
        driver.call(operation, api.arguments(operation))
    assert 1 == sum(request.path == operation.path for request in mock.requests)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_attempts_are_bounded(mock: Mock, api: Api) -> None:
    """A read that never succeeds is sent as often as the policy says, and no more."""
    operation = sample(api, "read")
    mock.fault(operation.full_name, Fault.SERVER_ERROR, times=None)
    with caller(api, mock, "sync") as driver, pytest.raises(errors.ExchangeUnavailable):
        driver.call(operation, api.arguments(operation))
    assert 4 == len(mock.requests)


def test_pause_that_outlasts_the_budget_is_not_begun(mocks: dict[str, Mock]) -> None:
    """An exchange that asks for an hour's patience is not waited for."""
    api = APIS[0]
    mock = mocks[api.name]
    mock.forget()
    operation = sample(api, "read")
    mock.fault(operation.full_name, Fault.RATE_LIMITED, times=None, retry_after=3600)
    with caller(api, mock, "sync") as driver, pytest.raises(errors.RateLimited) as caught:
        driver.call(operation, api.arguments(operation))
    assert (1, 3600.0) == (len(mock.requests), caught.value.retry_after)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("api", [api for api in APIS if load_api(api.name).single_use], ids=label)
def test_equal_calls_of_one_moment_differ(mock: Mock, api: Api, kind: str) -> None:
    """Where a signature is accepted once, equal calls succeed although the clock stands still."""
    operation = under(api, str(load_api(api.name).single_use))
    now, mock.refuses_copies = mock.now(), True
    with caller(api, mock, kind, clock=lambda: now) as client:
        for _ in range(3):
            client.call(operation, api.arguments(operation))
    assert ["accepted"] * 3 == [request.verdict for request in mock.requests]


@pytest.mark.parametrize("api", [api for api in APIS if load_api(api.name).single_use], ids=label)
def test_clock_that_goes_back_is_followed(mock: Mock, api: Api) -> None:
    """Times of their own never keep calls at a time that turned out to be wrong."""
    operation = under(api, str(load_api(api.name).single_use))
    with caller(api, mock, "sync", clock=lambda: mock.now() + 3_600_000) as client:
        client.call(operation, api.arguments(operation))
    assert "accepted" == mock.requests[-1].verdict


def under(api: Api, start: str) -> Operation[Any]:
    """Return an operation that reads, under a path."""
    return next(o for o in api.operations if o.path.startswith(start) and o.effect == "read")


class Queue:
    """Takes the place of the lock behind which calls wait for the exchange's time, and counts who has come to it."""

    def __init__(self) -> None:
        self._lock, self._arrivals = threading.Lock(), threading.Condition()
        self.arrived = 0

    def __enter__(self) -> None:
        with self._arrivals:
            self.arrived += 1
            self._arrivals.notify_all()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def has(self, many: int) -> bool:
        """Whether so many have come, or do so in time."""
        with self._arrivals:
            return self._arrivals.wait_for(lambda: self.arrived >= many, PATIENCE)


class Waiting:
    """A transport that refuses fifty orders for their time, all at once, and then tells the time."""

    def __init__(self, api: Api, operation: Operation[Any], many: int, queue: Queue) -> None:
        source = api.client.PROFILE.time
        assert source is not None
        self._source = next(o for o in api.operations if o.full_name == source.operation)
        self._api, self._operation, self._barrier = api, operation, threading.Barrier(many)
        self._skew = next(code for code, entry in api.module.ERRORS.items() if entry.kind == "ClockSkew")
        self._seen = threading.local()
        self._queue, self._many = queue, many
        self.asked = 0

    def send(self, request: Request, timeout: float) -> Reply:
        if self._source.path in request.url:
            self.asked += 1
            assert self._queue.has(self._many)  # so that all of them have met a clock that was not yet set
            return Reply(200, {}, self._api.response(self._source).encode())
        if not getattr(self._seen, "refused", False):
            self._seen.refused = True
            self._barrier.wait()
            code = self._api.client.PROFILE.envelope.code
            return Reply(400, {}, b'{"%b":%b}' % (code.encode(), self._skew.encode()))
        return Reply(200, {}, self._api.response(self._operation).encode())

    def close(self) -> None:
        """Nothing is open."""


def test_calls_that_are_refused_together_ask_for_the_time_once() -> None:
    """Fifty orders whose time was wrong are signed again after one question for the exchange's time."""
    api = next(one for one in APIS if one.client.PROFILE.time and not one.client.PROFILE.suspects)
    operation, many = sample(api, "once"), 50
    queue = Queue()
    transport = Waiting(api, operation, many, queue)
    maker: Any = api.client
    first = next(iter(api.client.PROFILE.signers())).credentials
    options: Any = {"transport": transport, "limiter": "off", **dict.fromkeys(first, "mock")}
    with maker(**options) as client, ThreadPoolExecutor(many) as pool:
        client._turns = queue
        for answer in [pool.submit(client.call, operation, **api.arguments(operation)) for _ in range(many)]:
            assert 200 == answer.result().status
    assert 1 == transport.asked


async def test_async_calls_that_are_refused_together_ask_for_the_time_once(mocks: dict[str, Mock]) -> None:
    """The same holds for tasks."""
    api = next(one for one in APIS if one.client.PROFILE.time and not one.client.PROFILE.suspects)
    mock, operation = mocks[api.name], sample(api, "read")
    mock.forget()
    mock.clock.offset_ms = HOURS
    maker: Any = api.async_client
    async with maker(**mock.credentials, base_url=mock.url, limiter="off", timeout=60.0) as client:
        await asyncio.gather(*(client.call(operation, **api.arguments(operation)) for _ in range(50)))
    told = api.client.PROFILE.time
    source = next(o for o in api.operations if told and o.full_name == told.operation)
    assert 1 == sum(request.path == source.path for request in mock.requests)
    mock.clock.offset_ms = 0


def test_budget_bounds_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a read is lost, all its attempts together have no more time than the budget."""
    api, now, given = APIS[0], [0.0], list[float]()

    class Losing:
        def send(self, request: Request, timeout: float) -> Reply:
            given.append(timeout)
            now[0] += timeout
            raise errors.RequestTimeout("no answer in time")

        def close(self) -> None:
            """Nothing is open."""

    maker: Any = api.client
    first = next(iter(api.client.PROFILE.signers())).credentials
    options: Any = {"transport": Losing(), "limiter": "off", "timeout": 4.0}
    client = maker(**dict.fromkeys(first, "mock"), retry=Retry(attempts=9, first=0.0, budget=10.0), **options)
    monkeypatch.setattr("venues.core.outcome.course.time.monotonic", lambda: now[0])
    with pytest.raises(errors.RequestTimeout):
        client.call(sample(api, "read"), **api.arguments(sample(api, "read")))
    assert [4.0, 4.0, 2.0] == [round(seconds, 6) for seconds in given[:3]]
    assert sum(given) < 10.01
