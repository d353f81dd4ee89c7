"""The sync twin: left, closed and interrupted, from several threads, from hooks, and in a forked process."""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.apis import APIS
from tests.support.streams import Watching, changed, protocol, sync_streams
from tests.support.waiting import PATIENCE
from venues import errors
from venues.aster_futures.streams import channels
from venues.core.channels.channel import Event
from venues.core.streams.protocol import Limits, Rate
from venues.core.streams.sync_session import SyncSession
from venues.hooks import StreamNote
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
TRADES = channels.AggregateTrades(symbol="BTCUSDT")
TICKER = channels.MiniTicker(symbol="ETHUSDT")


def forking(test: Any) -> Any:
    """Mark a test that forks."""
    test = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")(test)
    return pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")(test)


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock(ASTER.name, remembers=False) as running:
        running.streams.examples = False
        yield running


def trades(mock: Mock, *numbers: int) -> list[dict[str, Any]]:
    frame: dict[str, Any] = mock.streams.example("aggregate_trades")
    return [{**frame, "data": {**frame["data"], "a": number}} for number in numbers]


def test_sync_loop_may_be_left(mock: Mock) -> None:
    """The sync twin can be broken out of, too, and iterated again."""
    with sync_streams(ASTER, mock) as opened, opened.subscribe(TRADES) as subscription:
        mock.streams.push_all(trades(mock, 1, 2))
        for event in subscription:
            assert isinstance(event, Event)
            break
        assert [2] == [e.data.id for e in [next(subscription)] if isinstance(e, Event)]


def test_sync_streams_that_were_closed_say_so(mock: Mock) -> None:
    """Whatever is called after closing raises what says why; closing twice does nothing."""
    with sync_streams(ASTER, mock) as opened:
        subscription = opened.subscribe(TRADES).ready()
        opened.close()
        opened.close()
        for use in (subscription.next, opened.list_topics, lambda: opened.subscribe(TICKER)):
            with pytest.raises(errors.ConnectionLost, match="closed"):
                use()


def test_sync_loop_in_another_thread_ends(mock: Mock) -> None:
    """A loop that waits in another thread ends when the streams are closed."""
    found: list[object] = []
    with sync_streams(ASTER, mock) as opened:
        subscription = opened.subscribe(TRADES).ready()
        waiting = threading.Thread(target=lambda: found.extend(subscription))
        waiting.start()
    waiting.join(PATIENCE)
    assert (False, []) == (waiting.is_alive(), found)


def test_sync_wait_can_be_interrupted(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a wait; the streams can still be used and closed."""
    from concurrent.futures import Future

    with sync_streams(ASTER, mock) as opened, opened.subscribe(TRADES) as subscription:
        with monkeypatch.context() as patched:
            patched.setattr(Future, "result", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                subscription.next()
        mock.streams.push_all(trades(mock, 1))
        event = subscription.next(timeout=PATIENCE)
    assert isinstance(event, Event)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


class Waited(Watching):
    """Knows when something waits for the limits of the API."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = threading.Event()

    def on_stream(self, note: StreamNote) -> None:
        if note.what == "waits":
            self.seen.set()


def test_close_ends_calls_of_other_threads(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that still waits in another thread when the streams are closed says so, as any call after that."""
    monkeypatch.setattr("venues.core.streams.loop_thread.LAST", 0.0)
    found: list[type[Exception]] = []

    def listed() -> None:
        try:
            opened.list_topics()
        except errors.VenueError as error:
            found.append(type(error))

    with sync_streams(ASTER, mock, hooks=(hooks := Waited())) as opened:
        opened._open()._protocol = changed(protocol(ASTER), limits=Limits(messages=Rate(1, 3600)))
        opened.subscribe(TRADES).ready()
        asking = threading.Thread(target=listed)
        asking.start()
        assert hooks.seen.wait(PATIENCE)
    asking.join(PATIENCE)
    assert [errors.ConnectionLost] == found


def test_hook_that_closes_holds_up_nothing(mock: Mock, caplog: pytest.LogCaptureFixture) -> None:
    """A hook that waits for the streams that wait for it is told so, and everything goes on."""

    class Closing(Watching):
        def on_gap(self, api: str, gap: Any) -> None:
            opened.close()

    caplog.set_level(logging.ERROR, logger="venues")
    with sync_streams(ASTER, mock, hooks=Closing()) as opened, opened.subscribe(TRADES) as subscription:
        mock.streams.drop()
        assert "disconnected" == getattr(subscription.next(timeout=PATIENCE), "reason", "")
    assert "can't wait for them" in caplog.text


def test_close_that_was_interrupted_can_be_finished(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C inside `close` arrives, the connections end all the same, and closing again waits for that."""
    with sync_streams(ASTER, mock) as opened:
        opened.subscribe(TRADES).ready()
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "join", _interrupted)
            patched.setattr("concurrent.futures.Future.result", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                opened.close()
        opened.close()
        assert [] == [thread for thread in threading.enumerate() if thread.name == "venues streams"]
        mock.streams.wait(lambda floor: floor.connected == 0)


def use_and_drop(opened: SyncSession) -> None:
    opened.subscribe(TRADES).ready()
    del opened
    gc.collect()


def test_streams_that_nobody_closed_warn_and_end(mock: Mock) -> None:
    """Sync streams that are dropped without `close` say so, and leave neither a thread nor a connection behind."""
    maker: Any = ASTER.client
    with maker(**mock.credentials, base_url=mock.url, limiter="off") as client:
        with pytest.warns(ResourceWarning, match="never closed"):
            use_and_drop(client.streams())
        mock.streams.wait(lambda floor: floor.connected == 0)
    for thread in threading.enumerate():
        if thread.name == "venues streams":
            thread.join(PATIENCE)
            assert not thread.is_alive()


@forking
def test_fork_while_the_streams_are_locked_hangs_nobody(mock: Mock) -> None:
    """A child that was forked while another thread used the streams does not wait for that thread."""
    with sync_streams(ASTER, mock) as opened:
        subscription = opened.subscribe(TRADES).ready()
        with opened._lock:
            assert 7 == _exit_code(subscription.next)


@forking
def test_forked_process_is_told_to_open_others(mock: Mock) -> None:
    """Streams that were opened before a fork raise in the child, where their thread does not run, and close at once."""
    with sync_streams(ASTER, mock) as opened:
        subscription = opened.subscribe(TRADES).ready()
        assert 7 == _exit_code(lambda: _expect_lost(subscription.next, opened.close))


def _expect_lost(use: Callable[[], object], close: Callable[[], None]) -> None:
    try:
        use()
    finally:
        close()


def _exit_code(use: Callable[[], object]) -> int:
    """Use streams in a forked child; return 7 where that raises what it should, and 1 where it does not."""
    child = os.fork()
    if child == 0:
        signal.alarm(int(PATIENCE))  # whoever waits for ever ends
        try:
            use()
        except errors.ConnectionLost:
            os._exit(7)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
