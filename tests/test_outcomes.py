"""What is known of an order after anything: strange answers, interruptions, hooks and limiters that fail."""

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.apis import APIS, Api, label
from tests.support.driving import caller
from venues import errors
from venues.core.client import SyncCore
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation
from venues.hooks import Hooks, Received, Sent
from venues.limiter import Limiter
from venues.mock import Fault, Mock
from venues.retry import Retry

KINDS = ("sync", "async")
FOUND = {
    api.name: (api, next(o for o in api.operations if o.lookups and o.client_id))
    for api in APIS
    if any(o.lookups and o.client_id for o in api.operations)
}
"""APIs whose orders can be looked up, each with the call that places one."""
API, ORDER = next(iter(FOUND.values()))


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock(API.name, remembers=False) as mock:
        mock.finds_executed = mock.unique_client_ids = True
        yield mock


class Told(Hooks):
    """Remembers which outcomes are unknown."""

    def __init__(self) -> None:
        self.unknown: list[errors.ExecutionUnknown] = []

    def on_unknown(self, api: str, error: errors.ExecutionUnknown) -> None:
        self.unknown.append(error)


class Failing(Hooks):
    """Raises wherever it is called."""

    def on_request(self, sent: Sent) -> None:
        raise RuntimeError("on_request")

    def on_response(self, sent: Sent, received: Received) -> None:
        raise RuntimeError("on_response")

    def on_retry(self, sent: Sent, error: Exception, delay: float) -> None:
        raise RuntimeError("on_retry")

    def on_deviation(self, operation: str, path: str, what: str) -> None:
        raise RuntimeError("on_deviation")

    def on_unknown(self, api: str, error: errors.ExecutionUnknown) -> None:
        raise RuntimeError("on_unknown")


class Fixed:
    """A transport that always does the same."""

    def __init__(self, outcome: Reply | BaseException) -> None:
        self._outcome = outcome
        self.sent = 0

    def send(self, request: Request, timeout: float) -> Reply:
        self.sent += 1
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome

    def close(self) -> None:
        pass


def fixed(api: Api, outcome: Reply | BaseException, **options: Any) -> tuple[SyncCore, Fixed]:
    maker: Any = api.client
    transport = Fixed(outcome)
    chosen = {"limiter": "off", "retry": Retry(attempts=3, first=0.0), **options}
    first = next(iter(api.client.PROFILE.signers())).credentials
    client: SyncCore = maker(**dict.fromkeys(first, "mock"), transport=transport, **chosen)
    return client, transport


STATUSES = (302, 303, 307, 400, 403, 404, 408, 425, 499, 500, 502, 504, 520)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("api", [api for api, _ in FOUND.values()], ids=label)
def test_status_without_a_word_of_the_exchange(api: Api, status: int) -> None:
    """A page from a server in between says that an order was refused only where the API's documentation says so."""
    operation = FOUND[api.name][1]
    client, transport = fixed(api, Reply(status, {}, b"<html>"))
    documented = api.client.PROFILE.errors()[1].get(status)
    refuses = documented is not None and not documented.unknown
    with pytest.raises(errors.ApiError if refuses else errors.ExecutionUnknown):
        client.call(operation, **api.arguments(operation))
    assert 1 == transport.sent


@pytest.mark.parametrize("status", [None, 0, 100, 101, 103, 199, "200", 200.0])
def test_order_without_a_final_status_is_unknown(status: Any) -> None:
    """What a transport brings below 200, or without a status, is no answer: an order is lost, and not sent again."""
    client, transport = fixed(API, Reply(status, {}, b"{}"))
    with pytest.raises(errors.ExecutionUnknown):
        client.call(ORDER, **API.arguments(ORDER))
    assert 1 == transport.sent


SUCCESSES = [b"", b"<html>", b"null", b"[]", b"7", b'"ok"', b"{}", b'{"code":{}}', b'{"code":[],"data":7}', b"\xff\xfe"]


@pytest.mark.parametrize("body", SUCCESSES)
@pytest.mark.parametrize("api", APIS, ids=label)
def test_success_that_can_not_be_read_is_no_failure(api: Api, body: bytes) -> None:
    """An order answered with 200 and nonsense is never reported as refused or placed, and is not sent again."""
    for operation in [o for o in api.operations if o.effect == "once" and o.auth == "signed" and not o.schemes]:
        client, transport = fixed(api, Reply(200, {}, body))
        with pytest.raises(errors.ExecutionUnknown) as caught:
            client.call(operation, **api.arguments(operation))
        assert isinstance(caught.value.__cause__, errors.DecodeError)
        assert (body, 1) == (caught.value.__cause__.body, transport.sent)


@pytest.mark.parametrize("kind", KINDS)
def test_order_behind_an_unreadable_answer_can_be_looked_up(mock: Mock, kind: str) -> None:
    """The error knows the client id, and reconcile takes it."""
    mock.fault(ORDER.full_name, Fault.WRONG_TYPE)
    with caller(API, mock, kind) as driver:
        with pytest.raises(errors.ExecutionUnknown) as caught:
            driver.call(ORDER, API.arguments(ORDER))
        assert str(caught.value.client_id) in str(driver.reconcile(caught.value).found)


def test_lookup_that_fails_can_be_tried_again(mock: Mock) -> None:
    """Reconcile only reads: while the exchange is down it says so, and later it finds the order."""
    mock.fault(ORDER.full_name, Fault.AFTER)
    with caller(API, mock, "sync") as driver:
        with pytest.raises(errors.ExecutionUnknown) as caught:
            driver.call(ORDER, API.arguments(ORDER))
        mock.fault("*", Fault.SERVER_ERROR, times=4)
        assert driver.reconcile(caught.value).executed is None
        assert str(caught.value.client_id) in str(driver.reconcile(caught.value).found)


def test_an_order_without_an_id_stays_unknown() -> None:
    """Nothing is asked where there is no id to ask for, and the outcome says so."""
    client, transport = fixed(API, Reply(200, {}, b""))
    lost = errors.ExecutionUnknown(ORDER.full_name, None, "no answer")
    outcome = client.reconcile(lost, settle=0)
    assert (None, 0) == (outcome.executed, transport.sent)
    assert "no client id" in outcome.evidence[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FOUND)
def test_lost_order_is_found_though_the_local_clock_was_wrong(name: str, kind: str) -> None:
    """The time from which an order is looked for is the exchange's, also if the clock was set during the call."""
    api, operation = FOUND[name]
    with Mock(name, remembers=False) as mock, caller(api, mock, kind) as driver:
        mock.clock.offset_ms = -3 * 3_600_000
        mock.fault(operation.full_name, Fault.SKEWED)
        if api.client.PROFILE.suspects:
            driver.client._clock.offset = mock.clock.offset_ms
            mock.forget()
        mock.fault(operation.full_name, Fault.AFTER)
        with pytest.raises(errors.ExecutionUnknown) as caught:
            driver.call(operation, api.arguments(operation))
        assert abs(mock.now() - caught.value.sent_at) < 60_000


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_interrupted_order_is_said_to_be_unknown(stop: type[BaseException]) -> None:
    """Ctrl-C in the middle of an order stays Ctrl-C, and says what is not known."""
    hooks = Told()
    client, transport = fixed(API, stop(), hooks=hooks)
    with pytest.raises(stop) as caught:
        client.call(ORDER, **API.arguments(ORDER))
    lost = caught.value.__cause__
    assert isinstance(lost, errors.ExecutionUnknown)
    assert ([lost], 1) == (hooks.unknown, transport.sent)
    assert [str(lost)] == caught.value.__notes__
    assert lost.client_id


def test_interrupted_read_is_only_interrupted() -> None:
    """Nothing is unknown of a call that changes nothing."""
    hooks = Told()
    client, _ = fixed(API, KeyboardInterrupt(), hooks=hooks)
    read = next(o for o in API.operations if o.effect == "read" and o.auth == "signed")
    with pytest.raises(KeyboardInterrupt) as caught:
        client.call(read, **API.arguments(read))
    assert ([], None) == (hooks.unknown, caught.value.__cause__)


async def place_too_slowly(client: Any, mock: Mock) -> None:
    """Place an order under a time limit that passes as soon as the order was executed."""

    async def pass_limit() -> None:
        while not mock.count():
            await asyncio.sleep(0.01)
        limit.reschedule(asyncio.get_running_loop().time())

    async with asyncio.timeout(None) as limit:
        passing = asyncio.create_task(pass_limit())
        await client.call(ORDER, **API.arguments(ORDER))
        await passing


async def test_canceled_order_is_said_to_be_unknown(mock: Mock) -> None:
    """A task that is canceled while its order is on its way ends as canceled, and what is unknown is told."""
    hooks = Told()
    maker: Any = API.async_client
    mock.fault(ORDER.full_name, Fault.TIMEOUT_AFTER)
    async with maker(**mock.credentials, base_url=mock.url, limiter="off", hooks=hooks) as client:
        with pytest.raises(TimeoutError) as caught:
            await place_too_slowly(client, mock)
        canceled = caught.value.__cause__
        lost = canceled.__cause__ if canceled else None
        assert isinstance(lost, errors.ExecutionUnknown)
        assert [lost] == hooks.unknown
        assert (await client.reconcile(lost)).executed
    assert 1 == mock.count()


async def test_order_on_its_way_when_the_client_is_closed(mock: Mock) -> None:
    """Closing a client in the middle of an order makes its outcome unknown, and later calls send nothing."""
    maker: Any = API.async_client
    mock.fault(ORDER.full_name, Fault.TIMEOUT_AFTER)
    client = maker(**mock.credentials, base_url=mock.url, limiter="off")
    task = asyncio.create_task(client.call(ORDER, **API.arguments(ORDER)))
    while not mock.requests:
        await asyncio.sleep(0.01)
    await client.close()
    with pytest.raises(errors.ExecutionUnknown):
        await task
    with pytest.raises(errors.InvalidRequest, match="closed"):
        await client.call(ORDER, **API.arguments(ORDER))
    assert 1 == len(mock.requests)


def test_closed_client_sends_nothing(mock: Mock) -> None:
    """A closed client says so."""
    maker: Any = API.client
    with maker(**mock.credentials, base_url=mock.url) as client:
        client.call(ORDER, **API.arguments(ORDER))
    with pytest.raises(errors.InvalidRequest, match="closed"):
        client.call(ORDER, **API.arguments(ORDER))
    assert 1 == len(mock.requests)


@pytest.mark.parametrize("fault", [None, Fault.EMPTY_STRINGS, Fault.RATE_LIMITED, Fault.AFTER])
@pytest.mark.parametrize("kind", KINDS)
def test_hook_that_fails_breaks_no_order(mock: Mock, fault: Fault | None, kind: str) -> None:
    """What hooks raise is logged; the order is acknowledged, or its own error raised."""
    if fault is not None:
        mock.fault(ORDER.full_name, fault, retry_after=0)
    with caller(API, mock, kind, hooks=Failing()) as driver:
        if fault is Fault.AFTER:
            with pytest.raises(errors.ExecutionUnknown):
                driver.call(ORDER, API.arguments(ORDER))
        else:
            driver.call(ORDER, API.arguments(ORDER))
    assert 1 == mock.count()


@pytest.mark.parametrize("kind", KINDS)
def test_limiter_that_is_down_sends_nothing(mock: Mock, kind: str) -> None:
    """Without its Redis an order is not sent, and the error says so."""
    pytest.importorskip("redis")
    with (
        caller(API, mock, kind, limiter=Limiter("redis://:s3cr3t@127.0.0.1:1/0")) as driver,
        pytest.raises(errors.ConnectionFailed, match="nothing was sent") as caught,
    ):
        driver.call(ORDER, API.arguments(ORDER))
    assert "s3cr3t" not in str(caught.value)
    assert 0 == len(mock.requests)


class Dying(Limiter):
    """Loses its Redis after an order was sent."""

    def take(self, *_: Any) -> float:
        return 0.0

    async def take_async(self, *_: Any) -> float:
        return 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_limiter_that_dies_hides_no_order(kind: str) -> None:
    """If what the exchange says of its limits can't be noted, the order is acknowledged all the same."""
    pytest.importorskip("redis")
    found = [(api, o) for api in APIS for o in api.operations if o.effect == "once" and o.costs]
    api, operation = next(
        (api, o) for api, o in found if api.client.PROFILE.limits[o.costs[0].limit].header is not None
    )
    headers = {str(api.client.PROFILE.limits[operation.costs[0].limit].header): "7"}
    with (
        Mock(api.name, remembers=False) as mock,
        caller(api, mock, kind, limiter=Dying("redis://127.0.0.1:1/0")) as driver,
    ):
        mock.answer(operation.full_name, api.response(operation), headers=headers)
        driver.call(operation, api.arguments(operation))
        assert 1 == mock.count()


@pytest.mark.parametrize("kind", KINDS)
def test_operation_of_another_api_is_not_sent(mock: Mock, kind: str) -> None:
    """Call, prepare and cost refuse a constant of another API, and reconcile what another API's client lost."""
    names = {o.full_name for o in API.operations}
    api, foreign = next((api, o) for api in APIS for o in api.operations if o.client_id and o.full_name not in names)
    with caller(API, mock, kind) as driver:
        for use in (driver.client.prepare, driver.client.cost, lambda o, **given: driver.call(o, given)):
            with pytest.raises(errors.InvalidRequest, match="nothing was sent"):
                use(foreign, **api.arguments(foreign))
        with pytest.raises(errors.InvalidRequest, match="nothing was sent"):
            driver.reconcile(errors.ExecutionUnknown(foreign.full_name, "my-1", "no answer"))
    assert [] == mock.requests


def test_transport_of_another_kind_is_taken_for_the_worse() -> None:
    """What a transport raises that is none of ours leaves it open what became of an order, and shows nothing."""
    client, transport = fixed(API, ValueError("https://exchange/?key=s3cr3t"))
    with pytest.raises(errors.ExecutionUnknown) as caught:
        client.call(ORDER, **API.arguments(ORDER))
    assert 1 == transport.sent
    assert "s3cr3t" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


LOST = errors.ExecutionUnknown("trade.place_order", "my-1", "no answer")
LOST.arguments, LOST.sent_at = {"symbol": "BTCUSDT"}, 17
REFUSED = errors.RateLimited("1", "slow", status=429, headers={"Retry-After": "3"}, body=b"{}", operation="a.b")
ERRORS = [LOST, REFUSED, errors.DecodeError("a.b", b"<", "no JSON"), errors.ConnectionFailed("no"), errors.VenueError()]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_travel_between_processes(error: errors.VenueError) -> None:
    """An error may be pickled and copied, and tells the same afterwards."""
    for travelled in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (type(error), str(error), vars(error)) == (type(travelled), str(travelled), vars(travelled))


def test_skew_that_may_have_been_executed_is_not_sent_again() -> None:
    """A server error that speaks of the clock proves nothing, so an order is not signed again."""
    api, operation, code = next(
        (api, o, code)
        for api, o in FOUND.values()
        for code, entry in api.module.ERRORS.items()
        if entry.kind == "ClockSkew"
    )
    envelope = api.client.PROFILE.envelope
    client, transport = fixed(api, Reply(500, {}, b'{"%b":%b}' % (envelope.code.encode(), code.encode())))
    with pytest.raises(errors.ExecutionUnknown):
        client.call(operation, **api.arguments(operation))
    assert 1 == transport.sent


def test_ids_of_two_clients_never_collide() -> None:
    """Threads of several clients make ten thousand ids, each once."""
    clients = [fixed(API, Reply(200, {}, b""))[0] for _ in range(4)]
    arguments = API.arguments(ORDER)
    arguments.pop(ORDER.by_wire[str(ORDER.client_id)].name, None)
    seen: list[str | None] = []

    def place(client: SyncCore) -> None:
        for _ in range(500):
            try:
                client.call(ORDER, **arguments)
            except errors.ExecutionUnknown as error:
                seen.append(error.client_id)

    threads = [threading.Thread(target=place, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 2000 == len(set(seen)) == len(seen)


def operations(effect: str) -> list[tuple[Api, Operation[Any]]]:
    return [(api, o) for api in APIS for o in api.operations if o.effect == effect]


def test_secret_arguments_are_not_kept_in_errors() -> None:
    """What must not be shown is not among the arguments of an error."""
    api, operation = next((api, o) for api, o in operations("once") if o.secret and o.auth == "none")
    client, _ = fixed(api, errors.RequestTimeout("no answer in time"))
    with pytest.raises(errors.ExecutionUnknown) as caught:
        client.call(operation, **api.arguments(operation))
    assert set() == operation.secret & set(caught.value.arguments)


def test_client_of_another_loop_sends_nothing(mock: Mock) -> None:
    """A client that was used in one loop is refused in the next, before anything is sent."""
    maker: Any = API.async_client
    client = maker(**mock.credentials, base_url=mock.url, limiter="off")

    async def place(*, closing: bool) -> None:
        try:
            await client.call(ORDER, **API.arguments(ORDER))
        finally:
            if closing:
                await client._transport._connector.close()

    asyncio.run(place(closing=True))
    with pytest.raises(errors.InvalidRequest, match="another event loop"):
        asyncio.run(place(closing=False))
    assert 1 == mock.count()


def test_forked_process_opens_connections_of_its_own() -> None:
    """Two processes that share a client never share a connection."""
    from tests.support import wild_server as wild
    from tests.support.wild_server import WildServer
    from venues.core.http.with_urllib3 import Urllib3Transport

    transport = Urllib3Transport()
    with WildServer(wild.answers) as server:
        request = Request("GET", f"{server.url}/a", {}, b"")
        transport.send(request, 5)
        transport._process -= 1  # as after a fork
        transport.send(request, 5)
        assert 2 == len(server.connections)
        transport.close()
