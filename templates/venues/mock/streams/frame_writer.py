# Edited in templates/venues/mock/streams/frame_writer.py; the copy in generated/ is imported.
"""Writes the frames of channels: the documented push, with what has happened in place of its example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from venues.mock.books.facts import Facts
from venues.mock.books.writing import Writer
from venues.mock.declared.channels import Carried, Channel, EventMember, Numbers, PushedThing
from venues.mock.exact import Json, compact, put, value_at
from venues.mock.streams.frames import topic_key
from venues.mock.streams.played import for_topic


@dataclass(frozen=True)
class Said:
    """One thing that a frame says."""

    thing: str
    facts: Facts
    filled: bool = False
    """Whether it is an order that a fill has changed."""

    amended: bool = False
    """Whether it is an order that its owner has changed."""


class FrameWriter:
    """Writes the frames of one channel; the frames of each topic are numbered."""

    def __init__(self, channel: Channel) -> None:
        assert channel.carried is not None  # it is made only for channels that carry something
        self.channel: Channel = channel
        self.carried: Carried = channel.carried
        self._forms = {form.holder.thing: (form, Writer(form.holder)) for form in channel.carried.things}
        self._numbers: dict[str, int] = {}

    def carries(self, thing: str) -> bool:
        """Whether the channel carries such things."""
        return thing in self._forms

    def phrases(self, thing: str) -> tuple[str, ...]:
        """Return what the channel says of such things."""
        return tuple(member.phrase for member in self._forms[thing][0].holder.members)

    def frame(self, topic: Json, said: Sequence[Said], now: int) -> str:
        """Return one frame for the subscribers of a topic, as JSON text.

        Args:
            topic: What they subscribed to; None where nothing is subscribed to.
            said: What it says; several things only where the push has lists of them.
            now: The exchange's time in milliseconds.
        """
        form, _ = self._forms[said[0].thing]
        document = for_topic(self.channel, form.push, form.values, topic)
        for place in form.times:
            put(document, place, _like(now, value_at(document, place)))
        for place in form.beside:
            put(document, place, [])
        for thing in dict.fromkeys(each.thing for each in said):
            document = self._with(document, thing, [each for each in said if each.thing == thing])
        self._number(document, form, topic_key(topic), said[0].facts)
        action = self.carried.action
        if action is not None:
            is_change = "version before" in said[0].facts.values
            put(document, (action.wire,), action.change if is_change else action.snapshot)
        return compact(document)

    def _with(self, document: Json, thing: str, said: Sequence[Said]) -> Json:
        """Return a frame with these things, which may be the whole of it."""
        form, writer = self._forms[thing]
        things = [_thing(form, writer, each) for each in said]
        payload = things if form.holder.many else things[0]
        if not form.holder.path:
            return payload
        put(document, form.holder.path, payload)
        return document

    def _number(self, document: Json, form: PushedThing, key: str, facts: Facts) -> None:
        numbers, payload = self.carried.numbers, value_at(document, form.base)
        for item in payload if isinstance(payload, list) else [payload]:
            old = value_at(item, (numbers.last,)) if numbers is not None else None
            if numbers is None or old is None or _is_id(form, numbers):
                continue
            before = self._numbers.get(key, int(old))
            # A book has its own numbers, which are those of the snapshots that calls get.
            last = facts.values.get("version", before + 1)
            before = facts.values.get("version before", last - 1)
            self._numbers[key] = last
            for wire, number in _numbered(numbers, before, last).items():
                put(item, (wire,), _like(number, old))


def _thing(form: PushedThing, writer: Writer, said: Said) -> Json:
    thing = writer.write(said.facts)
    if form.event is not None:
        status = next((value_at(thing, m.path) for m in form.holder.members if m.phrase == "status"), None)
        put(thing, (form.event.wire,), _event(form.event, status, said))
        writer.write_cases(thing, said.facts)
    return thing


def _event(event: EventMember, status: Json, said: Said) -> str:
    """Return the exchange's word for what happened to an order."""
    if said.filled:
        return event.filled
    if said.amended and event.amended is not None:
        return event.amended
    # It has the same word for what happened and for what came of it.
    return str(status) if status in event.known else event.known[0]


def _is_id(form: PushedThing, numbers: Numbers) -> bool:
    return any(member.path == (numbers.last,) and member.phrase == "id" for member in form.holder.members)


def _numbered(numbers: Numbers, before: int, last: int) -> Mapping[str, int]:
    # Where the first change holds the number of the snapshot, each begins with the last number of the one before.
    first = before if numbers.begins == "at" else before + 1
    named = {numbers.last: last, numbers.first: first, numbers.previous: before}
    return {wire: number for wire, number in named.items() if wire is not None}


def _like(number: int, example: Json) -> Json:
    return str(number) if isinstance(example, str) else number
