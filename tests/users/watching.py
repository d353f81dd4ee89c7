"""Watches a bot by hooks: calls and their times, retries, waits for limits, and what the documentation gets wrong."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping
from statistics import median

from venues.aster_futures import AsterFutures
from venues.errors import ExecutionUnknown
from venues.hooks import Hooks, LimitNote, Received, Sent


class Watch(Hooks):
    """Counts; every method that is overridden here logs nothing any more, unless it calls `super()`."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.counts: Counter[str] = Counter()

    def on_response(self, sent: Sent, received: Received) -> None:
        self.seconds[sent.operation].append(received.elapsed)
        self.counts[f"HTTP {received.status}"] += 1

    def on_retry(self, sent: Sent, error: Exception, delay: float) -> None:
        self.counts[f"sent again after {type(error).__name__}"] += 1

    def on_limit(self, api: str, note: LimitNote) -> None:
        self.counts[f"waited for {note.why}"] += 1

    def on_deviation(self, operation: str, path: str, what: str) -> None:
        self.counts[f"{operation}: {what} at {path}"] += 1

    def on_unknown(self, api: str, error: ExecutionUnknown) -> None:
        self.counts["unknown outcomes"] += 1
        super().on_unknown(api, error)  # somebody has to look: keep the line in the log

    def report(self) -> Mapping[str, object]:
        """Return the counts, and the median time of each call in milliseconds."""
        times = {name: round(median(found) * 1000, 1) for name, found in self.seconds.items()}
        return {**self.counts, "milliseconds": times}


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    watch = Watch()
    with AsterFutures.from_env(hooks=watch) as client:
        for _ in range(10):
            client.market.get_order_book(symbol="BTCUSDT", limit=5)
    print(watch.report())
