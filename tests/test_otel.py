"""OpenTelemetry: what is recorded of calls, waits and streams, by its own names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from tests.support.apis import APIS
from tests.support.driving import QUICK, Caller, caller
from venues.core.channels.channel import Gap
from venues.errors import ExecutionUnknown
from venues.hooks import LimitNote, PageNote, StreamNote
from venues.mock import Fault, Mock
from venues.otel import TelemetryHooks

API = next(api for api in APIS if api.name == "aster_futures")
BOOK = next(one for one in API.operations if one.full_name == "market.get_order_book")
ORDER = next(one for one in API.operations if one.full_name == "trade.place_order")


class Watched:
    """A client against a mock exchange, and what was recorded of it."""

    def __init__(self) -> None:
        self._spans, self._metrics = InMemorySpanExporter(), InMemoryMetricReader()
        self.traces = TracerProvider()
        self.traces.add_span_processor(SimpleSpanProcessor(self._spans))
        self._meters = MeterProvider([self._metrics])
        self.hooks = TelemetryHooks(self.traces, self._meters)

    def spans(self) -> list[ReadableSpan]:
        return list(self._spans.get_finished_spans())

    def attributes(self) -> list[dict[str, Any]]:
        return [dict(span.attributes or {}) for span in self.spans()]

    def points(self) -> dict[str, list[Any]]:
        """Return the points of each metric."""
        data: Any = self._metrics.get_metrics_data()
        scopes = [scope for resource in data.resource_metrics for scope in resource.scope_metrics]
        return {metric.name: list(metric.data.data_points) for scope in scopes for metric in scope.metrics}

    def close(self) -> None:
        self.traces.shutdown()
        self._meters.shutdown()


@pytest.fixture
def watched() -> Iterator[Watched]:
    watched = Watched()
    yield watched
    watched.close()


@pytest.fixture(params=["sync", "async"])
def driver(request: pytest.FixtureRequest, watched: Watched) -> Iterator[tuple[Mock, Caller]]:
    with (
        Mock(API.name, remembers=False) as mock,
        caller(API, mock, request.param, hooks=watched.hooks, retry=QUICK) as driver,
    ):
        yield mock, driver


def test_request_is_a_span_with_the_names_of_the_conventions(watched: Watched, driver: tuple[Mock, Caller]) -> None:
    """Method, server, status and duration have OpenTelemetry's names; the span's parent is the program's span."""
    mock, client = driver
    with watched.traces.get_tracer("bot").start_as_current_span("tick") as parent:
        client.call(BOOK, API.arguments(BOOK))
    span, _ = watched.spans()
    assert ("GET market.get_order_book", SpanKind.CLIENT) == (span.name, span.kind)
    assert span.parent is not None
    assert parent.get_span_context().span_id == span.parent.span_id
    said = dict(span.attributes or {})
    server = {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": int(mock.url.rpartition(":")[2]),
    }
    assert {
        **server,
        "http.response.status_code": 200,
        "venues.operation": "market.get_order_book",
    }.items() <= said.items()
    (point,) = watched.points()["http.client.request.duration"]
    assert 1 == point.count
    assert {**server, "http.response.status_code": 200}.items() <= dict(point.attributes).items()
    assert "error.type" not in said


def test_every_attempt_is_a_span(watched: Watched, driver: tuple[Mock, Caller]) -> None:
    """A refused and an unanswered attempt are errors with their type, and the later ones count what came before."""
    mock, client = driver
    mock.fault("market.get_order_book", Fault.UNAVAILABLE, times=1)
    mock.fault("market.get_order_book", Fault.BEFORE, times=1)
    client.call(BOOK, API.arguments(BOOK))
    errors = [said.get("error.type") for said in watched.attributes()]
    assert ["503", "venues.errors.ConnectionLost", None] == errors
    assert [None, 1, 2] == [said.get("http.request.resend_count") for said in watched.attributes()]
    assert [StatusCode.ERROR, StatusCode.ERROR, StatusCode.UNSET] == [
        span.status.status_code for span in watched.spans()
    ]
    assert 2 == sum(point.value for point in watched.points()["venues.retries"])


def test_unknown_outcome_is_counted_and_no_secret_is_recorded(watched: Watched, driver: tuple[Mock, Caller]) -> None:
    """An order whose answer is lost is counted once; keys and signatures stay out of spans."""
    mock, client = driver
    mock.fault("trade.place_order", Fault.AFTER)
    with pytest.raises(ExecutionUnknown):
        client.call(ORDER, API.arguments(ORDER))
    (point,) = watched.points()["venues.unknown_outcomes"]
    assert (1, "trade.place_order") == (point.value, point.attributes["venues.operation"])
    recorded = repr(watched.attributes())
    assert [] == [value for value in mock.credentials.values() if value in recorded]


def test_waits_pages_deviations_and_streams_are_metrics(watched: Watched) -> None:
    """What else hooks report is a metric each, told apart by API and reason."""
    hooks, channel = watched.hooks, object()
    hooks.on_limit("demo", LimitNote("a.b", 0.25, "limit", ("weight",)))
    hooks.on_page("demo", PageNote("a.b", 1, 100, None, None))
    hooks.on_deviation("a.b", "price", "nothing")
    hooks.on_stream(StreamNote("demo", "public 1", "lost", "silence"))
    hooks.on_stream(StreamNote("demo", "public 1", "open", ""))
    hooks.on_gap("demo", Gap(channel=channel, reason="disconnected"))  # type: ignore[arg-type]
    hooks.on_overflow("demo", channel, 1)  # type: ignore[arg-type]
    points = watched.points()
    assert 0.25 == points.pop("venues.limit.wait.duration")[0].sum
    counted = {name: [point.value for point in found] for name, found in points.items()}
    names = (
        "venues.pages",
        "venues.deviations",
        "venues.stream.losses",
        "venues.stream.gaps",
        "venues.stream.overflows",
    )
    assert {name: [1] for name in names} == counted
