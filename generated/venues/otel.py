# Edited in templates/venues/otel.py; the copy in generated/ is imported.
"""OpenTelemetry: a span for each request, and metrics of calls and streams; needs the extra `otel`.

    client = YourExchange(hooks=TelemetryHooks())

Names follow OpenTelemetry's conventions for HTTP clients; what those have no name for begins with `venues.`.
Nothing is exported unless the program has set up a provider.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from venues import __version__
from venues.hooks import Hooks, LimitNote, PageNote, Received, Sent, StreamNote

if TYPE_CHECKING:
    from venues.core.channels.channel import Channel, Gap
    from venues.errors import ExecutionUnknown, TransportError

FIRST_ERROR = 400
"""The lowest HTTP status that is an error to a client."""
Attributes = dict[str, str | int]


class TelemetryHooks(Hooks):
    """Reports to OpenTelemetry, and logs as `Hooks` does; override methods, and call `super()`, to do more.

    A span has the task's or thread's current span as its parent. It holds the address with secrets masked, and no body.

    Args:
        tracer_provider: Where spans go; by default the global one.
        meter_provider: Where metrics go; by default the global one.
    """

    def __init__(
        self,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        self._tracer = trace.get_tracer("venues", __version__, tracer_provider)
        meter = metrics.get_meter("venues", __version__, meter_provider)
        self._durations = meter.create_histogram(
            "http.client.request.duration", unit="s", description="Duration of HTTP client requests."
        )
        self._waits = meter.create_histogram(
            "venues.limit.wait.duration", unit="s", description="How long calls waited for room in rate limits."
        )
        self._retries = meter.create_counter("venues.retries", unit="{request}", description="Requests sent again.")
        self._unknown = meter.create_counter(
            "venues.unknown_outcomes",
            unit="{call}",
            description="Calls of which it is unknown whether they were executed.",
        )
        self._deviations = meter.create_counter(
            "venues.deviations", unit="{place}", description="Places where answers differ from the specification."
        )
        self._pages = meter.create_counter("venues.pages", unit="{page}", description="Pages of lists that were read.")
        self._losses = meter.create_counter(
            "venues.stream.losses", unit="{connection}", description="WebSocket connections that were lost."
        )
        self._gaps = meter.create_counter(
            "venues.stream.gaps", unit="{gap}", description="Where pushes may have been missed."
        )
        self._overflows = meter.create_counter(
            "venues.stream.overflows", unit="{event}", description="Events that a slow consumer lost."
        )

    def on_response(self, sent: Sent, received: Received) -> None:
        """Record a request and its answer."""
        super().on_response(sent, received)
        outcome: Attributes = {"http.response.status_code": received.status}
        if received.status >= FIRST_ERROR:
            outcome["error.type"] = str(received.status)
        self._record(sent, outcome, received.elapsed, {"http.response.body.size": received.size})

    def on_failure(self, sent: Sent, error: TransportError, elapsed: float) -> None:
        """Record a request that was not answered."""
        super().on_failure(sent, error, elapsed)
        self._record(sent, {"error.type": _name(error)}, elapsed, {})

    def on_retry(self, sent: Sent, error: Exception, delay: float) -> None:
        """Count a request that is sent again."""
        super().on_retry(sent, error, delay)
        self._retries.add(1, {**_call(sent.api, sent.operation), "error.type": _name(error)})

    def on_unknown(self, api: str, error: ExecutionUnknown) -> None:
        """Count a call whose outcome is unknown."""
        super().on_unknown(api, error)
        self._unknown.add(1, _call(api, error.operation))

    def on_deviation(self, operation: str, path: str, what: str) -> None:
        """Count a place where an answer differs from the specification."""
        super().on_deviation(operation, path, what)
        self._deviations.add(1, {"venues.operation": operation})

    def on_page(self, api: str, note: PageNote) -> None:
        """Count a page."""
        super().on_page(api, note)
        self._pages.add(1, _call(api, note.operation))

    def on_limit(self, api: str, note: LimitNote) -> None:
        """Record a wait."""
        super().on_limit(api, note)
        self._waits.record(note.wait, {**_call(api, note.operation), "venues.limit.reason": note.why})

    def on_stream(self, note: StreamNote) -> None:
        """Count a connection that was lost."""
        super().on_stream(note)
        if note.what == "lost":
            self._losses.add(1, {"venues.api": note.api})

    def on_gap(self, api: str, gap: Gap) -> None:
        """Count a gap."""
        super().on_gap(api, gap)
        self._gaps.add(1, {"venues.api": api, "venues.gap.reason": gap.reason})

    def on_overflow(self, api: str, channel: Channel[Any], dropped: int) -> None:
        """Count an event that was lost."""
        super().on_overflow(api, channel, dropped)
        self._overflows.add(1, {"venues.api": api})

    def _record(self, sent: Sent, outcome: Attributes, elapsed: float, more: Attributes) -> None:
        """Record a request when it is over: an interrupted one leaves no span that never ends."""
        end = time.time_ns()
        server = _server(sent)
        span = self._tracer.start_span(
            f"{sent.method} {sent.operation}",
            kind=SpanKind.CLIENT,
            attributes={**server, **outcome, **more, **_of_span(sent)},
            start_time=end - int(elapsed * 1e9),
        )
        if "error.type" in outcome:
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)
        self._durations.record(elapsed, {**server, **outcome, **_call(sent.api, sent.operation)})


def _server(sent: Sent) -> Attributes:
    parts = urlsplit(sent.url)
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    return {"http.request.method": sent.method, "server.address": parts.hostname or "", "server.port": port}


def _of_span(sent: Sent) -> Attributes:
    found: Attributes = {**_call(sent.api, sent.operation), "url.full": sent.url}
    if sent.attempt > 1:
        found["http.request.resend_count"] = sent.attempt - 1
    if sent.client_id is not None:
        found["venues.client_id"] = sent.client_id
    return found


def _call(api: str, operation: str) -> Attributes:
    return {"venues.api": api, "venues.operation": operation}


def _name(error: Exception) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}"
