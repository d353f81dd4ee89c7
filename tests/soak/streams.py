"""Streams through random kills and silences: every push is received once or covered by a gap, and nothing is left over.

python -m tests.soak.streams --seconds 60
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import gc
import logging
import os
import random
import sys
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.support.apis import APIS, Api
from tests.support.streams import SOON, changed, protocol
from venues.aster_futures.streams import channels as aster
from venues.bingx_swap.streams import channels as bingx
from venues.bitget_margin.streams import channels as bitget
from venues.core.channels.channel import Channel, Event, Gap
from venues.core.streams.protocol import Beat, HeartbeatSpec, Message, StreamProtocol
from venues.hibt_futures.streams import channels as hibt
from venues.mock import Mock
from venues.mock.streams.server import NobodySubscribed

GROWTH = 2_000_000
"""How many bytes memory may grow between the middle and the end."""
SILENCE = 0.4
LAST = 10**12
"""The number of the push that ends a run."""


@dataclass
class Subject:
    """A channel whose pushes can be numbered."""

    api: str
    channel: Channel[Any]
    number: Callable[[Any, int], None]
    """Puts a number into a frame."""
    read: Callable[[Any], int]
    """Reads it from an event's payload."""
    repeats: bool = False
    """Whether its numbers tell repetitions and wrong order."""


def subjects() -> list[Subject]:
    """Return one channel for each way in: by login, plain, by listen key, packed, and by arrays."""
    return [
        Subject(
            "bitget_margin",
            bitget.CrossOrders(symbol="BTCUSDT"),
            lambda frame, n: frame["data"][-1].update(version=str(n)),
            lambda data: int(data[-1].version),
        ),
        Subject(
            "aster_futures",
            aster.AggregateTrades(symbol="BTCUSDT"),
            lambda frame, n: frame["data"].update(a=n),
            lambda data: int(data.id),
            repeats=True,
        ),
        Subject(
            "aster_futures",
            aster.Account(),
            lambda frame, n: frame.update(E=n),
            lambda data: int(data.event_time),
        ),
        Subject(
            "hibt_futures",
            hibt.Trades(symbol="btc_usdt"),
            lambda frame, n: frame["data"].__setitem__(3, str(n)),
            lambda data: int(data.time),
        ),
        Subject(
            "bingx_swap",
            bingx.Trades(symbol="BTC-USDT"),
            lambda frame, n: frame["data"]["trades"][-1].update(volume=n),
            lambda data: int(data.trades[-1].volume),
        ),
    ]


@dataclass
class Record:
    """What was pushed, and what came of it."""

    pushed: list[int] = field(default_factory=list)
    seen: list[int | Gap] = field(default_factory=list)
    deeds: Counter[str] = field(default_factory=Counter)

    def faults(self) -> list[str]:
        """Return every push that was received twice, or neither received nor covered by a gap."""
        received = [one for one in self.seen if isinstance(one, int)]
        found = [f"{n} came {count} times" for n, count in Counter(received).items() if count > 1]
        came, covered, last, gap = set(received), set[int](), 0, False
        for one in self.seen:
            if isinstance(one, Gap):
                gap = True
            else:
                covered |= {n for n in self.pushed if last < n < one} if gap else set()
                last, gap = max(last, one), False
        return [*found, *(f"{n} is lost" for n in self.pushed if n not in came and n not in covered)]


class Chaos(threading.Thread):
    """Pushes numbered frames, and breaks connections in between."""

    def __init__(self, mock: Mock, subject: Subject, record: Record, until: float, chance: random.Random) -> None:
        super().__init__(name="chaos")
        self._floor, self._subject, self._record = mock.streams, subject, record
        self._until, self._chance = until, chance
        self._number = 0
        self._frame = self._floor.example(subject.channel.SPEC.name)

    def run(self) -> None:
        """Go on until the time is up, then push the last one until it has arrived."""
        while time.monotonic() < self._until:
            self._push(self._chance.randint(1, 20))
            deed = self._chance.choice([self._kill, self._close, self._hush, self._wait, self._wait, *self._tricks()])
            self._record.deeds[deed.__name__.strip("_")] += 1
            deed()
        self._floor.silent = False
        while LAST not in self._record.seen:
            self._send(self._numbered(LAST))
            time.sleep(0.05)

    def _tricks(self) -> list[Callable[[], None]]:
        return [self._twice, self._swapped] if self._subject.repeats else []

    def _numbered(self, number: int) -> Any:
        frame = copy.deepcopy(self._frame)
        self._subject.number(frame, number)
        return frame

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _send(self, *frames: Any) -> bool:
        """Push frames; return whether anybody was there to get them."""
        try:
            return bool(self._floor.push_all([*frames], self._subject.channel.topic))
        except NobodySubscribed:
            return False

    def _push(self, count: int) -> None:
        for number in [self._next() for _ in range(count)]:
            if self._send(self._numbered(number)):
                self._record.pushed.append(number)

    def _twice(self) -> None:
        number = self._next()
        if self._send(*[self._numbered(number)] * 2):
            self._record.pushed.append(number)

    def _swapped(self) -> None:
        """The second of two comes first, and again in the end."""
        first, second = self._next(), self._next()
        frames = [self._numbered(second), self._numbered(first), self._numbered(second)]
        if self._send(*frames):
            self._record.pushed += [first, second]

    def _kill(self) -> None:
        self._floor.drop()

    def _close(self) -> None:
        self._floor.close()

    def _hush(self) -> None:
        """Be silent until the client has noticed; what is pushed meanwhile is lost."""
        before = self._floor.opened
        self._floor.silent = True
        self._push(self._chance.randint(0, 5))
        self._floor.wait(lambda floor: floor.opened > before)
        self._floor.silent = False

    def _wait(self) -> None:
        time.sleep(self._chance.uniform(0, 0.05))


def impatient(api: Api) -> StreamProtocol:
    """Return a protocol that notices silence soon."""
    beat = Beat(Message("protocol", "ping"), every=SILENCE / 3)
    made = changed(protocol(api), heartbeat=HeartbeatSpec(silence=SILENCE, client=beat))
    free = {
        name: replace(one, limits=replace(one.limits, messages=None, subscriptions=None, reconnects=None))
        for name, one in made.connections.items()
    }
    return replace(made, connections=free)


async def endure(subject: Subject, seconds: float, chance: random.Random) -> Record:
    """Listen while chaos reigns."""
    api = next(api for api in APIS if api.name == subject.api)
    record = Record()
    with Mock(api.name, keep=1000, remembers=False) as mock:
        mock.streams.examples = False
        options: Any = {"base_url": mock.url, "timeout": 0.5, "limiter": "off"}
        async with api.async_client(**{**mock.credentials, **options}) as client:
            opened = client.streams(reconnect=SOON)
            opened._protocol = impatient(api)
            async with opened:
                subscription = await opened.subscribe(subject.channel).ready()
                chaos = Chaos(mock, subject, record, time.monotonic() + seconds, chance)
                chaos.start()
                async for found in subscription:
                    number = subject.read(found.data) if isinstance(found, Event) else found
                    if number == LAST and LAST in record.seen:
                        continue
                    record.seen.append(number if isinstance(number, Gap) else int(str(number)))
                    if number == LAST:
                        break
                await asyncio.to_thread(chaos.join)
        await asyncio.to_thread(mock.streams.wait, lambda floor: floor.connected == 0)
    return record


def left_over() -> tuple[int, int]:
    """Return how many threads and open files there are."""
    gc.collect()
    return threading.active_count(), len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0  # noqa: PTH208


def main() -> None:
    """Run every subject for its share of the time; exit 1 if something was lost or left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    chance = random.Random(chosen.seed)
    print(f"streams, seed {chosen.seed}")
    failed = False
    share = chosen.seconds / len(subjects())
    for subject in subjects():
        asyncio.run(endure(subject, share / 8, chance))  # what is made once is made now
        before = left_over()
        tracemalloc.start()
        record = asyncio.run(endure(subject, share * 7 / 8, chance))
        faults, counts, gaps = (
            record.faults(),
            (len(record.pushed), len(record.seen)),
            [g for g in record.seen if isinstance(g, Gap)],
        )
        deeds = dict(sorted(record.deeds.items()))
        record = Record()
        after = left_over()
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        reasons = dict(sorted(Counter(gap.reason for gap in gaps).items()))
        print(
            f"{subject.api:14} {subject.channel!r:40} pushed {counts[0]}, seen {counts[1]}, gaps {reasons}, {deeds}, {grown} bytes"
        )
        for fault in faults[:10]:
            print(f"    {fault}")
        if before != after:
            print(f"    left over: {after} threads and files, {before} before")
        failed |= bool(faults) or before != after or grown > GROWTH
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
