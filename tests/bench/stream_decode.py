"""Order-book pushes from frame to event, side by side with a bare msgspec decode of the same bytes.

python -m tests.bench.stream_decode
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from tests.support.apis import APIS, Api
from tests.support.streams import examples, protocol
from venues.core.answer.models import Flat
from venues.core.channels.channel import Channel
from venues.core.streams.frames import PLACEHOLDER
from venues.core.streams.payload import flat
from venues.core.streams.reader import FrameReader, Push
from venues.core.streams.topic import Topic

LEVELS = 20
ROUNDS = 30
CALLS = 300
SIDES = frozenset({"asks", "bids", "a", "b"})


def books(api: Api) -> list[tuple[Channel[Any], bytes]]:
    """Return the order books of an API and a push of each with twenty levels a side."""
    found = {}
    for example in examples(api):
        frame = msgspec.json.decode(example.push)
        if _grow(frame) and _typed(example.channel):
            found[example.channel] = msgspec.json.encode(frame)
    return list(found.items())


def _typed(channel: Channel[Any]) -> bool:
    """Whether its sides are lists of levels; where the exchange documents none, there is nothing to decode."""
    return any("Level" in str(field.type) for field in msgspec.structs.fields(channel.SPEC.payload))


def _grow(value: Any) -> bool:
    """Fill the sides of a book; return whether there were any."""
    if not isinstance(value, dict):
        return False
    grown = [_fill(value, key) for key in value if key in SIDES and isinstance(value[key], list) and value[key]]
    return any([*grown, *(_grow(member) for member in value.values())])


def _fill(value: dict[str, Any], key: str) -> bool:
    side = value[key]
    if isinstance(side[0], dict) and set(side[0]) != {"p", "v"}:
        return False
    size = 1 if isinstance(side[0], (list, dict)) else 2
    value[key] = [side[i % size] if size == 2 else side[0] for i in range(LEVELS * size)]
    return True


def ours(api: Api, channel: Channel[Any], frame: bytes) -> Callable[[], object]:
    """Return what turns the frame into an event, as a connection does it."""
    spoken = protocol(api)
    topic = Topic(channel, lambda operation, path, what: None)
    topic.tracker = None
    inbox = FrameReader(spoken.connections[channel.SPEC.connection], spoken)
    inbox.listen([topic])

    def read() -> object:
        push = inbox.read(frame)
        assert isinstance(push, Push)
        return push.topics[0].take(push.raw, push.whole, push.time)

    return read


def bare(api: Api, channel: Channel[Any], frame: bytes) -> Callable[[], object]:
    """Return a decoder of the whole frame, its envelope known beforehand."""
    push = protocol(api).connections[channel.SPEC.connection].receive["push"][0]
    key = next(key for key, member in push.items() if (w := PLACEHOLDER.match(str(member))) and w.group(1) == "data")
    envelope = msgspec.defstruct("Envelope", [("data", channel.SPEC.payload)], rename={"data": key})
    decode = msgspec.json.Decoder(envelope, strict=not channel.SPEC.lax, dec_hook=flat, float_hook=Decimal).decode
    return lambda: decode(frame)


def seconds(call: Callable[[], object]) -> float:
    """Return the seconds of one call, out of many."""
    begun = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - begun) / CALLS


async def compare(api: Api, channel: Channel[Any], frame: bytes) -> float:
    """Print both times; return how many times longer ours takes."""
    mine, theirs = ours(api, channel, frame), bare(api, channel, frame)
    rounds = [(seconds(theirs), seconds(mine)) for _ in range(ROUNDS)]
    least = min(one for one, _ in rounds), min(two for _, two in rounds)
    ratio = statistics.median(two / one for one, two in rounds)
    flatly = " flat" if _is_flat(channel) else ""
    print(
        f"{api.name:14} {channel!r:60} {len(frame):6} bytes{flatly}  "
        f"bare {least[0] * 1e6:7.1f} µs  ours {least[1] * 1e6:7.1f} µs  ×{ratio:.2f}"
    )
    return ratio


def _is_flat(channel: Channel[Any]) -> bool:
    fields = msgspec.structs.fields(channel.SPEC.payload)
    return any(getattr(field.type, "__origin__", None) is Flat for field in fields)


def main() -> None:
    """Compare every order book of every API."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=float, default=1.3, help="How many times longer it may take.")
    most = parser.parse_args().most
    ratios = [asyncio.run(compare(api, channel, frame)) for api in APIS for channel, frame in books(api)]
    raise SystemExit(0 if max(ratios) <= most else f"more than {most} times a bare decode")


if __name__ == "__main__":
    main()
