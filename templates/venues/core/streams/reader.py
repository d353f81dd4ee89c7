# Edited in templates/venues/core/streams/reader.py; the copy in generated/ is imported.
"""Reads the frames of the server: what each means, and whom it is for. Pushes that name a topic take a fast path."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from venues.core.answer.body import UNREADABLE, parse
from venues.core.channels.topics import key_of
from venues.core.streams.frames import PLACEHOLDER, match, placeholders
from venues.core.streams.protocol import ConnectionSpec, Message, StreamProtocol
from venues.core.streams.topic import Topic
from venues.core.values.interruption import is_of_program

LONGEST = 20
"""Digits that no time has; `int` refuses to read strings of thousands of digits."""
BRACE = ord("}")
KNOWN = 1000
"""How many beginnings of frames are remembered; more than that only where they hold something that changes."""
PACKED = b"\x1f\x8b"
BEGINNINGS = (b"{", b"[", PACKED)
"""How data begins: JSON, or what was packed."""
AROUND = bytes(range(0x21)) + codecs.BOM_UTF8
"""What some servers put around JSON, and JSON does not allow: byte order marks, blanks and zero bytes."""
_write = msgspec.json.Encoder(decimal_format="number").encode
ORDER = ("subscribed", "unsubscribed", "listed", "failed", "refused", "greeting")
"""In which order templates are compared: an acknowledgment often has a code, too, and would match a refusal."""


class Push(msgspec.Struct, frozen=True):
    """Data for some topics."""

    topics: tuple[Topic, ...]
    raw: bytes
    whole: bool | None
    """Whether it says that it is the whole state; None if it says nothing about that."""
    time: int | None


class Beginning(msgspec.Struct, frozen=True):
    """How frames begin, up to their data, if nothing but the end of the object follows it."""

    size: int
    topic: Topic
    whole: bool | None
    """As in `Push`."""


@dataclass(frozen=True)
class ControlFrame:
    """Any other frame: what it means, and the values of its placeholders."""

    meaning: str
    values: dict[str, Any]


class FrameReader:
    """Reads the frames of one connection."""

    def __init__(self, connection: ConnectionSpec, protocol: StreamProtocol) -> None:
        self._connection = connection
        self._snapshot = protocol.snapshot
        self._pushes = connection.receive.get("push", ())
        self._marked = tuple(push for push in self._pushes if _is_marked(push))
        """Pushes that can't be taken for something else."""
        self.topics: tuple[Topic, ...] = ()
        """What pushes may be about."""
        self._by_key: dict[str, tuple[Topic, ...]] = {}
        self._head = _Head.of(self._pushes)
        self.mark: bytes = self._head.mark if self._head is not None else b""
        """What stands before the data."""
        self.mark_size: int = len(self.mark)
        self.beginnings: dict[bytes, Beginning] = {}
        """Beginnings that are known."""

    def listen(self, topics: Iterable[Topic]) -> None:
        """Set what pushes may be about."""
        self.topics = tuple(topics)
        self._by_key.clear()
        self.beginnings.clear()
        for topic in self.topics:
            self._by_key[topic.pushed_key] = (*self._by_key.get(topic.pushed_key, ()), topic)

    def read(self, frame: bytes) -> Push | ControlFrame:
        """Say what a frame is."""
        head = self._head
        return (self._quick(frame, head) if head is not None else None) or self._slow(frame)

    def _quick(self, frame: bytes, head: _Head) -> Push | None:
        try:
            found = head.decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
            if is_of_program(error):
                raise
            return None
        # An unknown topic is left to the slow path: the frame may be an acknowledgment that names it.
        name = found.topic
        topics = self._by_key.get(name if type(name) is str else key_of(name))
        if topics is None or (head.literals and not head.fits(found)):
            return None
        whole = self._whole(found.action) if head.has_action else None
        push = Push(topics, bytes(found.data), whole, _time(found.time) if head.has_time else None)
        if len(topics) == 1 and not head.has_time:
            self._remember(frame, head, push)
        return push

    def _remember(self, frame: bytes, head: _Head, push: Push) -> None:
        size = frame.find(self.mark) + self.mark_size
        if frame[size:] == push.raw + b"}" and len(self.beginnings) < KNOWN:
            self.beginnings[frame[:size]] = Beginning(size, push.topics[0], push.whole)

    def _slow(self, frame: bytes) -> Push | ControlFrame:
        beat = self._connection.heartbeat
        if beat is not None:
            if beat.server is not None and _is(beat.server.send, frame):
                return ControlFrame("ping", _values(beat.server.send, frame))
            if beat.client is not None and beat.client.answer is not None and _is(beat.client.answer, frame):
                return ControlFrame("pong", {})
        content = parse(frame)
        if content is UNREADABLE:
            bare = frame if frame.startswith(PACKED) else frame.strip(AROUND)
            if bare != frame:
                return self.read(bare)
            return ControlFrame("broken" if frame.startswith(BEGINNINGS) else "unread", {})
        # Marked pushes first; unmarked ones last, because their template would match almost any control frame.
        found = self._push(self._marked, content, frame) or self._word(content)
        return found or self._push(self._pushes, content, frame) or ControlFrame("unread", {})

    def _word(self, content: object) -> ControlFrame | None:
        connection = self._connection
        ways: list[tuple[str, tuple[Any, ...]]] = []
        if connection.login is not None:
            ways += [("accepted", connection.login.accepted), ("ready", connection.ready)]
        else:
            ways.append(("ready", connection.ready))
        if connection.listen_key is not None:
            ways.append(("expired", connection.listen_key.expired))
        ways += [(meaning, connection.receive.get(meaning, ())) for meaning in ORDER]
        if connection.login is not None:
            ways.append(("login_refused", connection.login.refused))
        for meaning, templates in ways:
            values = match(templates, content)
            if values is not None:
                return ControlFrame(meaning, {**values, "frame": content})
        return None

    def _push(self, pushes: tuple[Any, ...], content: object, frame: bytes) -> Push | None:
        values = match(pushes, content)
        if values is None:
            return None
        payload = values.get("data", content)
        topic = values.get("topic")
        topics = self.topics_named(topic) if topic is not None else self.about(payload)
        raw = frame if payload is content else _write(payload)
        return Push(topics, raw, self._whole(values.get("action")), _time(values.get("time")))

    def topics_named(self, topic: object) -> tuple[Topic, ...]:
        """Return the topics that pushes call so."""
        return self._by_key.get(key_of(topic), ())

    def about(self, payload: object) -> tuple[Topic, ...]:
        """Return the topics that a payload which names none is for."""
        kinds = {topic: topic.kind(payload) for topic in self.topics}
        exact = tuple(topic for topic, kind in kinds.items() if topic.lists(kind))
        # A new kind of event goes to all topics as `UnknownEvent`, unless another channel of the connection lists it.
        unknown = [topic for topic, kind in kinds.items() if kind is not None and kind not in self._connection.events]
        return exact or tuple(unknown)

    def _whole(self, action: Any) -> bool | None:
        if action is None or not self._snapshot:
            return None
        return str(action) in self._snapshot


class _Head:
    """Reads the members of a push that tell where it goes; the payload stays as it is."""

    def __init__(self, places: dict[str, str], literals: dict[str, Any]) -> None:
        self.literals = {f"literal{number}": value for number, value in enumerate(literals.values())}
        members: list[Any] = [("topic", Any), ("data", msgspec.Raw)]
        more = [name for name in ("action", "time") if name in places]
        members += [(name, Any, None) for name in (*more, *self.literals)]
        rename = {name: places[name] for name in ("topic", "data", *more)}
        rename |= dict(zip(self.literals, literals, strict=True))
        self.has_action, self.has_time = "action" in places, "time" in places
        self.mark = f'"{places["data"]}":'.encode()
        """What stands before the data."""
        self.decode: Callable[[bytes], Any] = msgspec.json.Decoder(
            msgspec.defstruct("Head", members, rename=rename)
        ).decode

    @classmethod
    def of(cls, pushes: tuple[Any, ...]) -> _Head | None:
        """Make one for pushes that have topic and payload at their top."""
        push = next((p for p in pushes if isinstance(p, dict) and {"topic", "data"} <= placeholders(p)), None)
        # Nested templates would need nested structs; no known exchange has one where speed matters.
        if push is None or any(isinstance(member, (dict, list)) for member in push.values()):
            return None
        places, literals = {}, {}
        for key, member in push.items():
            whole = PLACEHOLDER.match(member) if isinstance(member, str) else None
            if whole:
                places[whole.group(1)] = key
            else:
                literals[key] = member
        return cls(places, literals)

    def fits(self, found: Any) -> bool:
        """Whether the literals are there."""
        for name, value in self.literals.items():
            there = getattr(found, name)
            if there != value and str(there) != str(value):
                return False
        return True


def _is_marked(push: Any) -> bool:
    """Whether a push names its topic and has a word of its own besides."""
    literals = [member for member in push.values() if not placeholders(member)] if isinstance(push, dict) else []
    return bool(literals) and "topic" in placeholders(push)


def _is(message: Message, frame: bytes) -> bool:
    if message.kind == "text":
        return frame == str(message.value).encode()
    return message.kind == "json" and match((message.value,), parse(frame)) is not None


def _values(message: Message, frame: bytes) -> dict[str, Any]:
    return (match((message.value,), parse(frame)) or {}) if message.kind == "json" else {}


def _time(value: object) -> int | None:
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < LONGEST else None
