"""The mock exchange as a server: it starts, stops, and answers whatever arrives."""

from __future__ import annotations

import gc
import logging
import socket
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any

import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from tests.support.apis import APIS, Api, label
from tests.support.mocks import client, once, read
from tests.support.waiting import PATIENCE
from venues import errors
from venues.catalog import UnknownApi, apis
from venues.core.outcome.clock import system_clock
from venues.mock import Fault, Mock, Received
from venues.mock.declared.api import load_api
from venues.mock.exchange import Exchange
from venues.mock.request.parameters import Parameters
from venues.mock.request.received import RequestRefused

FIRST = APIS[0]


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("mock ")]


def test_leaves_nothing_behind() -> None:
    """When it is stopped, its thread is gone and its port is free; it can be started again."""
    mock = Mock(FIRST.name, remembers=False)
    for _ in range(2):
        with mock:
            assert [f"mock {FIRST.name}"] == threads()
            port = int(mock.url.rpartition(":")[2])
        assert [] == threads()
        with Mock(FIRST.name, port=port, remembers=False) as second:
            assert second.url == mock.url
    mock.stop()


def test_says_that_the_port_is_taken() -> None:
    """A port that is taken is told to who starts it, and no thread is left."""
    with Mock(FIRST.name, remembers=False) as mock:
        port = int(mock.url.rpartition(":")[2])
        with pytest.raises(OSError, match="Address already in use"):
            Mock(FIRST.name, port=port, remembers=False).start()
        assert 1 == len(threads())


def test_says_that_a_port_is_none() -> None:
    """Whatever hinders the server, who starts it is told, and does not wait for ever."""
    with pytest.raises(OverflowError, match="0-65535"):
        Mock(FIRST.name, port=99_999, remembers=False).start()
    assert [] == threads()


def test_is_started_once() -> None:
    """Starting it twice is a mistake that is told."""
    with Mock(FIRST.name, remembers=False) as mock, pytest.raises(RuntimeError, match="started already"):
        mock.start()


def test_unknown_api() -> None:
    """An API that does not exist is refused with the one that was meant."""
    with pytest.raises(UnknownApi, match=f"did you mean '{FIRST.name}'"):
        Mock(FIRST.name[:-1], remembers=False)
    assert tuple(api.name for api in APIS) == apis()


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER], ids=lambda fault: fault.value)
def test_stop_releases_who_waits(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    """A caller that waits for an answer that never comes loses its connection when the exchange stops."""
    arrived = threading.Event()

    def clock() -> int:
        arrived.set()
        return system_clock()

    mock = Mock(FIRST.name, clock=clock, remembers=False).start()
    mock.fault("*", fault, times=None)
    with client(FIRST, mock, timeout=60) as caller, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(caller.call, read(FIRST), **FIRST.arguments(read(FIRST)))
        assert arrived.wait(PATIENCE)
        mock.stop()
        assert isinstance(waiting.exception(PATIENCE), errors.ConnectionLost)
    assert [] == [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_who_gives_up_is_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    """A caller that leaves before the answer leaves no noise behind."""
    caplog.set_level(logging.DEBUG, "asyncio")
    with Mock(FIRST.name, remembers=False) as mock:
        mock.fault("*", Fault.TIMEOUT_AFTER, times=None)
        with client(FIRST, mock, timeout=0.05) as caller, pytest.raises(errors.RequestTimeout):
            caller.call(read(FIRST), **FIRST.arguments(read(FIRST)))
    assert [] == [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_many_callers_at_once() -> None:
    """Eight threads that order at the same time are all served, and each order is counted once."""
    operation, arguments = once(FIRST), FIRST.arguments(once(FIRST))
    with Mock(FIRST.name, remembers=False) as mock, client(FIRST, mock) as caller, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: caller.call(operation, **arguments).status, range(100)))
    assert ([200] * 100, 100) == (answers, mock.count())


@pytest.mark.parametrize("api", APIS, ids=label)
def test_unknown_path(api: Api) -> None:
    """A path that is not there is answered with the exchange's code for that, or with 404."""
    exchange = Exchange(api.name, remembers=False)
    answer = exchange.receive(Received("GET", "/not/there", "", CIMultiDict(), b""))
    code = load_api(api.name).failures.get("unknown_path")
    assert (code is None or code.encode() in answer.body, "unknown_path") == (True, exchange.requests[-1].verdict)
    assert 404 == answer.status if code is None else answer.status >= 400


@pytest.mark.parametrize("api", APIS, ids=label)
def test_long_queries_are_read(api: Api) -> None:
    """A request line may be longer than servers usually allow."""
    with Mock(api.name, remembers=False) as mock, urllib3.PoolManager(retries=False) as http:
        assert 400 > http.request("GET", f"{mock.url}{public(api)}?x={'1' * 50_000}").status


def public(api: Api) -> str:
    return next(o.path for o in api.operations if o.auth == "none" and not o.required and o.method == "GET")


TEXT = st.text(max_size=20)


def test_whoever_connects_while_it_stops_is_let_go() -> None:
    """Connections that are made in the moment in which it is stopped are closed like all others."""
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        for _ in range(5):
            with ExitStack() as connections, Mock(FIRST.name, remembers=False) as mock:
                host, port = mock.url.removeprefix("http://").split(":")
                for _ in range(3):
                    connections.enter_context(socket.create_connection((host, int(port))))
        gc.collect()
    assert [] == [str(complaint.message) for complaint in complaints]


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_answers_whatever_arrives(data: Any) -> None:
    """No request, however mad, makes it fail: it is refused in words."""
    api = data.draw(st.sampled_from(APIS))
    operation = data.draw(st.sampled_from(load_api(api.name).operations))
    names = st.sampled_from([p.wire for p in operation.params] or ["x"])
    places = [p for s in load_api(api.name).schemes for p in (*s.place, *([s.signature] if s.signature else []))]
    headers = data.draw(st.dictionaries(st.sampled_from([p.name for p in places]), TEXT, max_size=6))
    query = "&".join(f"{k}={v}" for k, v in data.draw(st.dictionaries(names, TEXT, max_size=4)).items())
    body = data.draw(st.binary(max_size=50) | TEXT.map(lambda text: f'{{"{text}":{text}}}'.encode()))
    answer = Exchange(api.name, remembers=False).receive(
        Received(operation.method, operation.path, query, CIMultiDict(headers), body)
    )
    assert 100 <= answer.status < 600


LEAF = st.none() | st.booleans() | st.integers() | TEXT | st.sampled_from(["1", "0.5", "true", "buy", "9" * 5000])
VALUE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_value_is_taken_or_refused(data: Any) -> None:
    """No value of any parameter makes the checks fail but by refusing it."""
    spec = load_api(data.draw(st.sampled_from(APIS)).name)
    operation = data.draw(st.sampled_from([o for o in spec.operations if o.params]))
    sent = data.draw(st.dictionaries(st.sampled_from([p.wire for p in operation.params]), VALUE, max_size=5))
    with suppress(RequestRefused):
        Parameters(spec).check(operation, sent)


def test_half_a_character_is_refused_like_anything_else() -> None:
    """What can't be written in an answer that repeats it is written as a question mark."""
    operation = read(FIRST)
    with Mock(FIRST.name, remembers=False) as mock, client(FIRST, mock) as caller:
        mock.fail(operation.full_name, 7, "no symbol \ud800")
        with pytest.raises(errors.ApiError) as caught:
            caller.call(operation, **FIRST.arguments(operation))
    assert "no symbol ?" == caught.value.message
