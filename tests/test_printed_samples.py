"""Answers and pushes as the documentation prints them: each is read as promised, or a quirk says why not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from tests.support import inventory
from tests.support.apis import APIS, Api
from tests.support.printed import Printed, printed
from tests.support.streams import examples
from venues.core.answer.decode import NotSuccess, Reader
from venues.core.channels.channel import ChannelSpec
from venues.core.request.messages import Reply
from venues.core.request.operation import Operation
from venues.core.streams.payload import PayloadReader
from venues.errors import DecodeError

DOCUMENTS = inventory.SHARED / "docs"
BY_NAME = {api.name: api for api in APIS}
ASKED = frozenset({"op", "method", "reqType", "success", "retCode", "result"})
"""Members of what is sent to a stream, and of how it acknowledges that."""

# Where a sample deviates, and a quirk says why; that of the guide is an answer in general, with an object without members.
KNOWN: dict[str, set[str]] = {
    "bybit": {"asset/transfer/inter-transfer-list.mdx:109", "guide.mdx:180"},
    "sixmm": set(),
    "bingx_swap": {"rest-v1.md:1636"},
    "bitget_margin": {"margin-v1.zh.txt:1966", "margin-v1.zh.txt:2647"},
}
READ = {"bybit": 131, "sixmm": 4, "bingx_swap": 33, "bitget_margin": 43}
BARE = {"binance_spot": 51, "aster_futures": 76}
"""How many samples are answers, of exchanges without an envelope: whatever is printed might be one."""
PUSHED = {
    ("bybit", "websocket/"): 32,
    ("binance_spot", "web-socket-streams"): 11,
    ("binance_spot", "user-data-stream"): 6,
    ("sixmm", "websocket"): 3,
    ("bingx_swap", "websocket"): 4,
}
"""API and begin of the names of its pages → how many samples are pushes."""

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the documents in ../shared/exchanges are not here")


@cache
def _samples(api: str) -> tuple[Printed, ...]:
    return tuple(printed(DOCUMENTS / api))


def _asked(api: Api, paths: tuple[str, ...]) -> list[Operation[Any]]:
    """Return the operations of the nearest path that is one."""
    for path in paths:
        found = [each for each in api.operations if each.path == path or (len(path) > 8 and each.path.endswith(path))]
        if found:
            return found
    return []


def _answers(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield where a success is printed, and how it deviates from what its operation promises."""
    api = BY_NAME[name]
    code = api.client.PROFILE.envelope.code
    for sample in _samples(name):
        if isinstance(sample.value, dict) and code in sample.value:
            found = [
                how for each in _asked(api, sample.before) if (how := _deviations(api, each, sample.value)) is not None
            ]
            if found:
                yield sample.place, min(found, key=len)


@cache
def _reader(name: str, full_name: str) -> Reader:
    api = BY_NAME[name]
    return Reader(next(each for each in api.operations if each.full_name == full_name), api.client.PROFILE.envelope)


def _deviations(api: Api, operation: Operation[Any], value: Any) -> list[str] | None:
    """Return how an answer deviates; None if it is a refusal."""
    found: list[str] = []
    reply = Reply(200, {}, json.dumps(value).encode())
    try:
        _reader(api.name, operation.full_name).read(reply, lambda path, what: found.append(f"{path}: {what}"))
    except NotSuccess:
        return None
    except DecodeError as error:
        return [str(error)]
    return found


@pytest.mark.parametrize("name", READ)
def test_every_printed_answer_is_read(name: str) -> None:
    """What an exchange shows of its answers has the form that the specification promises."""
    read = dict(_answers(name))
    assert KNOWN[name] == {place for place, how in read.items() if how}, read
    assert READ[name] == sum(not how for how in read.values())


@pytest.mark.parametrize("name", BARE)
def test_as_many_bare_answers_are_read_as_are_printed(name: str) -> None:
    """Without an envelope nothing tells a sample of an answer from another one, but that an operation reads it."""
    api = BY_NAME[name]
    near = [(sample, _asked(api, sample.before) + _asked(api, sample.after)) for sample in _samples(name)]
    read = [any(_deviations(api, each, sample.value) == [] for each in found if each.returns) for sample, found in near]
    assert BARE[name] == sum(read)


def _pushes(name: str, pages: str) -> Iterator[bool]:
    """Yield for each sample of some pages whether a channel reads it without a deviation."""
    channels = {example.channel.SPEC for example in examples(BY_NAME[name])}
    for sample in _samples(name):
        frame = sample.value
        members = frame if isinstance(frame, dict) else {}
        if sample.place.startswith(pages) and not members.keys() & ASKED:
            inside = [members[each] for each in ("data", "event") if each in members]
            named = [spec for spec in channels if _may_be_named(spec, members.get("topic"))]
            yield any(_is_push(spec, data) for spec in named for data in (frame, *inside))


def _may_be_named(spec: ChannelSpec, topic: str | None) -> bool:
    return topic is None or (isinstance(spec.topic, str) and topic.startswith(re.split(r"[{[]", spec.topic)[0]))


def _is_push(spec: ChannelSpec, data: Any) -> bool:
    kind, at = spec.payload, data
    if kind is None:
        for step in spec.at:
            at = at.get(step) if isinstance(at, dict) else None
        kind = spec.events.get(str(at))
    if kind is None or not data:
        return False
    seen: list[str] = []
    reader = PayloadReader(spec.name, kind, lax=spec.lax, also=spec.also, empty_is_missing=spec.empty_is_missing)
    try:
        reader.read(msgspec.json.encode(data), lambda path, what: seen.append(path))
    except DecodeError:
        return False
    return not seen


@pytest.mark.parametrize(("name", "pages"), PUSHED)
def test_as_many_pushes_are_read_as_are_printed(name: str, pages: str) -> None:
    """Every sample of a push is one of a channel, without a deviation."""
    assert PUSHED[name, pages] == sum(_pushes(name, pages))
