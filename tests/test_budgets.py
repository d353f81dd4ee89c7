"""What a call may cost, counted instead of timed: instructions, calls of functions, and memory."""

from __future__ import annotations

import asyncio
import gc
import sys
import tracemalloc
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any, Self

import aiohttp
import pytest
import urllib3

from tests.support.apis import APIS, Api
from tests.support.specs import model
from tests.support.streams import streams
from tests.support.waiting import PATIENCE
from tests.support.wild_server import WildServer, answers
from venues.aster_futures import AsterFutures, AsyncAsterFutures
from venues.aster_futures.operations import TRADE_PLACE_ORDER
from venues.aster_futures.streams.channels import AggregateTrades
from venues.core.http.with_aiohttp import AiohttpTransport
from venues.core.http.with_urllib3 import Urllib3Transport
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation
from venues.mock import Mock
from venues.retry import NEVER


def calls_of(work: Callable[[], object]) -> int:
    """Count the functions, ours and built-in ones, that some work calls."""
    count = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


class Bytecodes:
    """Counts the instructions of Python that this thread executes within it, those of libraries included."""

    count = 0

    def __init__(self, within: str = "") -> None:
        """Count those of files only whose path holds this text."""
        self._within = within

    def __enter__(self) -> Self:
        self._before = sys.gettrace()
        sys.settrace(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _note(self, frame: FrameType, event: str, _: object) -> Any:  # Any: the type of this method itself
        if self._within not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        self.count += event == "opcode"
        return self._note


def bytecodes_of(work: Callable[[], object]) -> int:
    """Count the instructions of Python that some work executes."""
    with Bytecodes() as counted:
        work()
    return counted.count


async def bytecodes_of_awaiting(work: Callable[[], Awaitable[object]]) -> int:
    """Count the instructions of some awaited work, those of the event loop included; the first rounds don't count."""
    for _ in range(3):
        await work()  # what is made once is made now, connections too

    async def run() -> None:
        await work()

    counts = []
    for _ in range(9):  # the least of them: an answer may come in two pieces, for which the loop goes round once more
        with Bytecodes() as counted:
            await asyncio.create_task(run())  # a task, for a frame that runs already is not traced
        counts.append(counted.count)
    return min(counts)


def peak_of(work: Callable[[], object]) -> int:
    """Return the bytes that some work holds at most."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def values_in(argument: object) -> int:
    """Count what is given, members of lists and objects one by one."""
    if isinstance(argument, dict):
        return sum(map(values_in, argument.values()))
    return sum(map(values_in, argument)) if isinstance(argument, list) else 1


def preparing(api: Api) -> dict[str, Callable[[], object]]:
    """Return what builds and signs each operation's example, everything made before that is made once."""
    made: Any = api.client  # the constructor's arguments depend on the API
    client = made(**Mock(api.name, remembers=False).credentials)
    works: dict[str, Callable[[], object]] = {}
    for operation in api.operations:
        arguments = api.arguments(operation)

        def work(operation: Operation[Any] = operation, arguments: dict[str, object] = arguments) -> object:
            return client.prepare(operation, **arguments)

        work()
        works[operation.full_name] = work
    return works


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_preparing_calls_few_functions(api: Api) -> None:
    """A request is built and signed with at most 110 calls, and 35 more for each value."""
    budget = {operation.full_name: 110 + 35 * values_in(api.arguments(operation)) for operation in api.operations}
    assert {} == {
        name: (used, budget[name]) for name, work in preparing(api).items() if (used := calls_of(work)) > budget[name]
    }


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_preparing_holds_little_memory(api: Api) -> None:
    """A request in the making holds at most 12 KB."""
    assert {} == {name: peak for name, work in preparing(api).items() if (peak := peak_of(work)) > 12_288}


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_little_is_printed(api: Api) -> None:
    """A reader finds few lines of Python, both clients, models, examples and streams included.

    An operation takes at most 80, and 100 more if it pages; each of its parameters takes 18, a member of what is
    returned or pushed 5, a value or the meaning of a code 1. What an API says of instruments takes 70.
    """
    folder = Path(str(api.module.__file__)).parent
    lines = sum(path.read_text("utf-8").count("\n") for path in folder.rglob("*.py"))
    made = model(api.name)
    pagers = sum(operation.paging is not None for operation in api.operations)
    params = sum(len(operation.params) for operation in made.operations)
    members = sum(len(struct.fields) for struct in (*made.structs, *(made.streams.structs if made.streams else ())))
    values = sum(len(enum.members) for enum in made.enums) + sum(1 + len(error.messages) for error in made.errors)
    assert lines <= 70 + 80 * len(api.operations) + 100 * pagers + 18 * params + 5 * members + values


class Answering(Urllib3Transport):
    """Answers at once, so that nothing but our own code is counted."""

    def __init__(self, answer: Reply) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: Request, timeout: float) -> Reply:
        return self._answer


def test_order_executes_few_instructions() -> None:
    """An order with seven parameters and thirteen rules, limits, signature and decoding takes at most 1,015 bytecodes.

    Code that is cold after each wait for the network costs several times its warm price, so that fewer instructions are
    what makes a call fast.
    """
    order: dict[str, Any] = {
        "symbol": "BTCUSDT",
        "side": "BUY",
        "type": "LIMIT",
        "time_in_force": "GTC",
        "new_client_order_id": "a",
    }
    with Mock("aster_futures", remembers=False) as mock:
        given = {**mock.credentials, "base_url": mock.url}
        with AsterFutures(**given) as client:
            answer = client.call(TRADE_PLACE_ORDER, **order, quantity="1", price="9000")
        counted = AsterFutures(**given, transport=Answering(Reply(200, {}, answer.body)), retry=NEVER)

        def place() -> object:
            return counted.trade.place_order(**order, quantity=Decimal("1"), price=Decimal("9000"))

        place()  # what is made once is made now
        try:
            used = bytecodes_of(place)
        finally:
            counted.close()
    assert used <= 1015, used


def test_sync_order_executes_fewer_instructions_than_bare_urllib3() -> None:
    """Checks, limits, signature, sending and decoding together take at most 0.72 of what the same request takes by urllib3."""
    order: Any = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "time_in_force": "GTC"}
    order |= {"quantity": Decimal("1"), "price": Decimal("9000")}
    with (
        Mock("aster_futures", remembers=False) as mock,
        urllib3.PoolManager(retries=False) as pool,
        AsterFutures(**{**mock.credentials, "base_url": mock.url}, retry=NEVER) as client,
    ):
        request = client.prepare(TRADE_PLACE_ORDER, **order)

        def bare() -> bytes:
            sent: Any = {"body": request.body, "headers": request.headers, "timeout": 10.0}
            return pool.urlopen(request.method, request.url, **sent).data

        used = [least_of(lambda: client.trade.place_order(**order)), least_of(bare)]
    assert used[0] <= 0.72 * used[1], used


def test_fast_executes_few_instructions() -> None:
    """To send a request and read its answer by `fast` executes at most 180 bytecodes, for its library executes none."""
    pytest.importorskip("pyreqwest", reason="the extra `fast` is not installed")
    from venues.fast import FastTransport

    transport = FastTransport()
    with WildServer(answers) as server:
        request = Request("POST", f"{server.url}/a", {"a": "b"}, b"{}")
        used = least_of(lambda: transport.send(request, PATIENCE))
        transport.close()
    assert used <= 180, used


def least_of(work: Callable[[], object]) -> int:
    """Count the instructions of some work that is done several times; the first rounds don't count.

    The least of them, for an answer may come in two pieces.
    """
    for _ in range(2):
        work()  # what is made once is made now, connections too
    return min(bytecodes_of(work) for _ in range(5))


def test_awaiting_executes_less_than_bare_aiohttp() -> None:
    """An awaited order, checked, signed and decoded, executes less than the same request sent by bare aiohttp.

    The loop included; 200 bytecodes less, and 950 with Python 3.11, whose aiohttp sends a body in a task of its own.
    """
    with Mock("aster_futures", remembers=False) as mock:
        ours, bare = asyncio.run(_ours_and_bare({**mock.credentials, "base_url": mock.url}))
    assert ours - bare <= (-950 if sys.version_info < (3, 12) else -200), (ours, bare)


async def _ours_and_bare(given: Any) -> tuple[int, int]:  # Any: keywords of many types
    """Return the bytecodes of an awaited order, and of the same request by bare aiohttp."""
    order: Any = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "time_in_force": "GTC"}
    order |= {"quantity": Decimal("1"), "price": Decimal("9000")}
    async with AsyncAsterFutures(**given, retry=NEVER) as client, aiohttp.ClientSession() as session:
        request = client.prepare(TRADE_PLACE_ORDER, **order)

        async def send() -> bytes:
            options: Any = {"data": request.body or None, "headers": request.headers}
            async with session.request(request.method, request.url, **options) as answer:
                return await answer.read()

        ours = await bytecodes_of_awaiting(lambda: client.trade.place_order(**order))
        return ours, await bytecodes_of_awaiting(send)


async def test_awaited_call_makes_one_timer_and_no_task(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a kept connection, an awaited call sets one timer and begins no task, also where many are under way."""
    loop, counted = asyncio.get_running_loop(), Counter[str]()

    def count(name: str, work: Callable[..., object]) -> Callable[..., object]:
        return lambda *given, **options: counted.update([name]) or work(*given, **options)

    with Mock("aster_futures", remembers=False) as mock:
        async with AsyncAsterFutures(**{**mock.credentials, "base_url": mock.url}, retry=NEVER) as client:
            await asyncio.gather(*(client.account.get_balances() for _ in range(10)))
            monkeypatch.setattr(loop, "call_at", count("timer", loop.call_at))
            monkeypatch.setattr(loop, "create_task", count("task", loop.create_task))
            await asyncio.gather(*(client.account.get_balances() for _ in range(10)))
            assert {"timer": 10, "task": 10} == counted  # gather makes a task of each call itself


async def test_awaited_call_reserves_little_memory() -> None:
    """An awaited call reserves less than 128 KB at once, or the C library would map memory anew for each answer.

    A loop of asyncio reserves 256 KB for each piece that it reads, unless it is told otherwise; 64 KB are the server's.
    """
    transport = AiohttpTransport()
    with WildServer(answers) as server:
        request = Request("GET", f"{server.url}/a", {}, b"")
        await transport.send(request, PATIENCE)
        tracemalloc.start()
        try:
            await transport.send(request, PATIENCE)
            assert tracemalloc.get_traced_memory()[1] <= 3 << 16
        finally:
            tracemalloc.stop()
            await transport.close()


def requests_in_memory() -> int:
    """Count what holds the headers of a request, after the garbage was collected."""
    gc.collect()
    return sum(type(one) is Request for one in gc.get_objects())


async def test_awaited_call_leaves_no_request_behind() -> None:
    """When a call that was a task of its own is done, nothing holds its headers, which hold the key, any longer."""
    with Mock("aster_futures", remembers=False) as mock:
        async with AsyncAsterFutures(**{**mock.credentials, "base_url": mock.url}, retry=NEVER) as client:
            before = requests_in_memory()
            await asyncio.create_task(client.account.get_balances())
            assert before == requests_in_memory()


async def test_push_executes_few_instructions() -> None:
    """From the socket to its consumer, a numbered push takes at most 360 bytecodes of ours, also where it comes alone."""
    aster = next(api for api in APIS if api.name == "aster_futures")
    with Mock(aster.name, remembers=False) as mock:
        mock.streams.examples = False
        frame = mock.streams.example("aggregate_trades")
        frames = [{**frame, "data": {**frame["data"], "a": number}} for number in range(300)]
        async with streams(aster, mock) as opened:
            subscription = await opened.subscribe(AggregateTrades(symbol="BTCUSDT")).ready()
            await asyncio.to_thread(mock.streams.push_all, frames[:100])
            for _ in range(100):
                await anext(subscription)  # what is made once is made now
            with Bytecodes(within="venues/core/") as counted:
                pushing = asyncio.create_task(asyncio.to_thread(mock.streams.push_all, frames[100:]))
                for _ in range(200):
                    await anext(subscription)
                await pushing
    assert counted.count / 200 <= 360, counted.count / 200


async def test_call_that_is_read_as_declared_leaves_no_request_behind() -> None:
    """What no straight line has read, as the first answer, leaves no circle of frames that hold the headers."""
    with Mock("aster_futures", remembers=False) as mock:
        async with AsyncAsterFutures(**{**mock.credentials, "base_url": mock.url}, retry=NEVER) as client:
            before = requests_in_memory()
            gc.disable()
            try:
                await asyncio.create_task(client.account.get_balances())
                assert before == sum(type(one) is Request for one in gc.get_objects())
            finally:
                gc.enable()
