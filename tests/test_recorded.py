"""Answers that nobody here wrote: shapes that exchanges were seen to send, with values of our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.apis import APIS, Api
from tests.support.streams import EXAMPLES, examples, protocol
from venues.core.answer.decode import NotSuccess, Reader
from venues.core.channels.channel import ChannelSpec
from venues.core.request.messages import Reply
from venues.core.streams.frames import match
from venues.core.streams.payload import PayloadReader
from venues.errors import DecodeError

FOLDER = Path(__file__).parent / "recorded"
BY_NAME = {api.name: api for api in APIS}
WITH_STREAMS = {api.name for api, _ in EXAMPLES}
Read = Callable[[Callable[[str, str], None]], object]
"""Reads a shape, and reports its deviations."""


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the corpus; tests/recorded/README.md explains the members."""

    origin: str
    call: str = ""
    topic: str | None = None
    answer: msgspec.Raw = msgspec.Raw()
    push: msgspec.Raw = msgspec.Raw()
    expected: dict[str, str] = {}


@dataclass(frozen=True)
class Case:
    """A shape of one API."""

    api: str
    line: int
    shape: Shape


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield Case(path.stem, number, msgspec.json.decode(line, type=Shape))


CASES = list(cases())
NOT_COVERED = "nothing here"
"""The place that says why a shape belongs to no call and no channel."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.api}:{case.line}: {case.shape.origin}")
def test_decodes(case: Case) -> None:
    """What an exchange was seen to send is read as the specification says, or differs where that is known, with a reason."""
    api = BY_NAME[case.api]
    readers = _answers(api, case.shape) if case.shape.call else _pushes(api, case.shape)
    # Several calls and channels may share a path or a topic; the shape is an answer of one of them.
    found = min((_deviations(read) for read in readers), key=len, default={NOT_COVERED: ""})
    assert case.shape.expected.keys() == found.keys(), found


def test_there_are_enough() -> None:
    """The corpus does not shrink unseen."""
    assert 190 <= len(CASES)


def test_no_shape_comes_twice() -> None:
    """Each line shows something that no other shows."""
    seen = [
        (case.api, case.shape.call, case.shape.topic, bytes(case.shape.answer or case.shape.push)) for case in CASES
    ]
    assert len(set(seen)) == len(seen)


def _deviations(read: Read) -> dict[str, str]:
    """Return the places where a shape differs from what was promised, with what stands there."""
    found: dict[str, str] = {}
    try:
        read(found.__setitem__)
    except DecodeError as error:
        return {"unreadable": str(error)}
    except NotSuccess:
        return {"refused": "an error"}
    return found


def _answers(api: Api, shape: Shape) -> Iterator[Read]:
    method, path = shape.call.split()
    profile = api.client.PROFILE
    for operation in api.operations:
        if (operation.method, operation.path) == (method, path):
            yield _reading(Reader(operation, profile.envelope), shape)


def _reading(reader: Reader, shape: Shape) -> Read:
    return lambda report: reader.read(Reply(200, {}, bytes(shape.answer)), report)


def _pushes(api: Api, shape: Shape) -> Iterator[Read]:
    frame = msgspec.json.decode(shape.push)
    for spec in {example.channel.SPEC for example in (examples(api) if api.name in WITH_STREAMS else ())}:
        templates = protocol(api).connections[spec.connection].receive.get("push", ())
        matched = match(templates, frame)
        data = frame if matched is None else matched.get("data", frame)
        kind = _kind(spec, data)
        if kind is not None and _has_topic(spec, shape.topic):
            yield _pushing(PayloadReader(spec.name, kind, lax=spec.lax, empty_is_missing=spec.empty_is_missing), data)


def _pushing(reader: PayloadReader, data: Any) -> Read:
    return lambda report: reader.read(msgspec.json.encode(data), report)


def _kind(spec: ChannelSpec, data: Any) -> Any:
    """Return the type that a payload has in a channel, or None if the channel has no such payload."""
    if spec.payload is not None:
        return spec.payload
    value = data
    for step in spec.at:
        value = value.get(step) if isinstance(value, dict) else None
    return spec.events.get(str(value))


def _has_topic(spec: ChannelSpec, topic: str | None) -> bool:
    """Whether a topic is one of a channel; streams of an account have none."""
    if not isinstance(spec.topic, str):
        return spec.topic is None and not topic
    pattern = re.escape(spec.topic).replace(r"\[", "(?:").replace(r"\]", ")?")
    return re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "[^@]+?", pattern), topic or "") is not None
