# Edited in templates/venues/mock/streams/frame_writer.py; the copy in generated/ is imported.
"""Writes the frames of channels: the documented push, with what has happened in place of its example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from venues.mock.declared.streams import Carried, Channel, Numbers, PushedThing
from venues.mock.exact import Json, compact, put, value_at
from venues.mock.streams.frames import topic_key
from venues.mock.streams.played import for_topic
from venues.mock.streams.wording import Meant, worded


@dataclass(frozen=True)
class Said:
    """One thing that a frame says, by meaning."""

    thing: str
    meant: Meant
    event: str = ""
    """What happened to an order, where a fill did."""


class FrameWriter:
    """Writes the frames of one channel; the frames of each topic are numbered."""

    def __init__(self, channel: Channel) -> None:
        assert channel.carried is not None  # it is made only for channels that carry something
        self.channel: Channel = channel
        self.carried: Carried = channel.carried
        self._forms: dict[str, PushedThing] = {form.thing: form for form in channel.carried.things}
        self._numbers: dict[str, int] = {}

    def carries(self, thing: str) -> bool:
        """Whether the channel tells such things."""
        return thing in self._forms

    def frame(self, topic: Json, said: Sequence[Said], now: int) -> str:
        """Return one frame for the subscribers of a topic, as JSON text.

        Args:
            topic: What they subscribed to; None where nothing is subscribed to.
            said: What it says; several things only where the push has lists of them.
            now: The exchange's time in milliseconds.
        """
        first = self._forms[said[0].thing]
        document = for_topic(self.channel, first.push, first.values, topic)
        for place in first.times:
            put(document, place, _like(now, value_at(document, place)))
        for place in first.beside:
            put(document, place, [])
        for thing in dict.fromkeys(each.thing for each in said):
            self._put(document, self._forms[thing], [each for each in said if each.thing == thing])
        self._number(document, first, topic_key(topic))
        return compact(document)

    def _put(self, document: Json, form: PushedThing, said: Sequence[Said]) -> None:
        things = [self._thing(form, each) for each in said]
        put(document, form.path, things if form.many else things[0])

    @staticmethod
    def _thing(form: PushedThing, said: Said) -> Json:
        thing = worded(form.example, form.members, said.meant)
        if form.event is not None:
            words = [
                value
                for member in form.members
                if member.phrase == "status"
                for value in [value_at(thing, member.path)]
            ]
            # An exchange has the same word for what happened and for what came of it, but for fills.
            happened = (
                form.event.filled if said.event == "filled" else next((w for w in words if w in form.event.known), None)
            )
            put(thing, (form.event.wire,), happened or form.event.known[0])
        return thing

    def _number(self, document: Json, form: PushedThing, key: str) -> None:
        numbers = self.carried.numbers
        payload = value_at(document, form.base)
        for item in payload if isinstance(payload, list) else [payload]:
            old = value_at(item, (numbers.last,)) if numbers is not None else None
            if numbers is not None and old is not None and not _is_id(form, numbers):
                before = self._numbers.get(key, int(old))
                self._numbers[key] = before + 1
                for wire, number in _numbered(numbers, before).items():
                    put(item, (wire,), _like(number, old))


def _is_id(form: PushedThing, numbers: Numbers) -> bool:
    return any(member.path == (numbers.last,) and member.phrase == "id" for member in form.members)


def _numbered(numbers: Numbers, before: int) -> Mapping[str, int]:
    # Where the first change holds the number of the snapshot, each begins with the last number of the one before.
    first = before if numbers.begins == "at" else before + 1
    named = {numbers.last: before + 1, numbers.first: first, numbers.previous: before}
    return {wire: number for wire, number in named.items() if wire is not None}


def _like(number: int, example: Json) -> Json:
    return str(number) if isinstance(example, str) else number
