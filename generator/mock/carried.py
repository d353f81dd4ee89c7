"""What channels carry that the mock exchange can push by itself: orders, fills, what the account has, and the market."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.ground.json_path import value_at
from generator.ground.json_text import json_text
from generator.mock.holders import Holders
from generator.mock.signing import set_members
from generator.model import vocabulary
from generator.model.api import Api
from generator.model.frames import data_path, event_of, pushed_payload, topic_values
from generator.model.meaning import Held
from generator.model.remembering import TIMES, OrderMemory
from generator.model.replies import Holder
from generator.model.streams import Channel
from generator.model.types import Json, Struct, Type

Data = dict[str, Any]  # JSON
Path = tuple[str, ...]
NEEDED = {
    "order": {"id", "status"},
    "group": {"id", "status"},
    "fill": {"price", "quantity"},
    "position": {"symbol", "quantity"},
    "balance": {"coin"},
    "trade": {"price"},
    "candle": {"time", "open price", "max price", "min price", "close price"},
    "book": {"buy", "sell"},
}
"""Thing → what must be known of it, so that a push says something."""

PRICES = frozenset({"price", "market price", "buy price", "sell price"})

THINGS = ("order", "group", "fill", "position", "balance", "trade", "candle", "ticker", "book")


class Carriers:
    """Says of the channels of one API what they carry, and where in a push that stands."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._meanings = api.meanings
        self._memory = OrderMemory(api)
        self._connections = {c.name: c for c in api.streams.connections} if api.streams else {}
        self._holders = Holders(api, self._memory.says)
        self._structs = {s.name: s for s in (*api.structs, *(api.streams.structs if api.streams else ()))}

    def of(self, channel: Channel) -> Data:
        """Return what a channel carries; nothing where only its examples can be pushed."""
        carried = [*self._carried(channel)]
        if not carried:
            return {}
        return set_members(
            shelf=channel.shelf.name,
            symbol=self._symbol(channel),
            step=self._step(channel),
            levels=self._levels(channel),
            numbers=self._numbers(channel),
            begins=channel.delivers == "snapshot_then_change",
            whole=channel.delivers == "snapshot",
            things=carried,
        )

    def _numbers(self, channel: Channel) -> Data | None:
        """Return the members that number pushes; nothing where they are times, which grow by themselves."""
        sequence = channel.sequence
        found = [struct for typed in channel.types for name in typed.names if (struct := self._structs.get(name))]
        kinds = {field.wire: field.type.kind for struct in found for field in struct.fields}
        if sequence is None or kinds.get(sequence.last) in TIMES:
            return None
        begins = channel.join.begins if channel.join else None
        return set_members(last=sequence.last, first=sequence.first, previous=sequence.previous, begins=begins)

    def _symbol(self, channel: Channel) -> Data | None:
        names = self._api.symbols.params if self._api.symbols else ()
        found = next((p for p in channel.params if p.param.required and p.param.name in names), None)
        return set_members(wire=found.wire, case=found.case, suffix=found.suffix) if found else None

    def _step(self, channel: Channel) -> Data | None:
        """Return the parameter that says how long candles are, and what its values say."""
        for each in channel.params:
            lengths = {v: w[0] for v, w in self._memory.says(each.param).items() if len(w) == 1}
            if lengths and all(vocabulary.LENGTH.fullmatch(length) for length in lengths.values()):
                return {"wire": each.wire, "lengths": lengths}
        return None

    @staticmethod
    def _levels(channel: Channel) -> Data | None:
        """Return the parameter that says how many levels a side a book has, and its values that are no numbers."""
        book = channel.book
        if book is None or book.depth is None:
            return None
        return set_members(wire=book.depth, counts={str(value): count for count, value in book.depths.items()})

    def _carried(self, channel: Channel) -> Iterator[Data]:
        for event, typed in channel.events.items() or (("", channel.payload),):
            for thing in THINGS:
                for held in self._meanings.held(typed, thing):
                    # An order with the fill that changed it is pushed as that order.
                    if not (thing == "fill" and held.struct.is_a("order")):
                        yield from self._one(channel, thing, held, typed, event)

    def _one(self, channel: Channel, thing: str, held: Held, typed: Type | None, event: str) -> Iterator[Data]:
        templates = self._connections[channel.connection].receive.get("push", ())
        # A list of wrappers, each with things of its own, has no one place for them.
        if any(field.type.item for field in held.fields[:-1]) or (held.fields and typed and typed.item):
            return
        for example in channel.examples:
            payload = pushed_payload(templates, example.push)
            one = _first(value_at(payload, held.wires), many=held.many)
            if one is None or (event and event_of(channel, payload) != event):
                continue
            base = tuple(str(step) for step in data_path(templates))
            form = Holder(thing, (*base, *held.wires), "list" if held.many else "one", held.struct, example=one)
            holder = self._holders.data(form)
            for member in holder.get("members", []):
                _read_fill(member)
            if _is_enough(thing, {member["phrase"] for member in holder.get("members", [])}):
                yield set_members(
                    holder=holder,
                    push=json_text(example.push),
                    values=topic_values(channel, example.params),
                    base=base,
                    times=[*self._times(templates, typed, base)],
                    beside=[(*base, *path) for path in self._beside(typed, held.wires)],
                    event=self._event(held.struct),
                )
            return

    def _times(self, templates: tuple[Json, ...], typed: Type | None, base: Path) -> Iterator[Path]:
        """Yield where a push says when it was sent, outside of the things in it."""
        for template in templates[:1]:
            if isinstance(template, dict):
                yield from ((key,) for key, value in template.items() if value == "{time}")
        struct = self._structs.get(typed.name) if typed else None
        if struct is not None and not struct.things:
            yield from ((*base, field.wire) for field in struct.fields if field.type.kind in TIMES)

    def _beside(self, typed: Type | None, inner: Path) -> Iterator[Path]:
        """Yield where else a push holds things: lists that have nothing new."""
        for thing in THINGS:
            for held in self._meanings.held(typed, thing):
                if held.many and held.wires and held.wires != inner:
                    yield held.wires

    def _event(self, struct: Struct) -> Data | None:
        """Return the member that says what happened to an order, where one of its values makes it a fill, too."""
        case = next((thing for thing in struct.things if thing.name == "fill" and len(thing.when) == 1), None)
        if case is None or not struct.is_a("order") or not case.when[0].values:
            return None
        field = next(field for field in struct.fields if field.wire == case.when[0].wire)
        enum = next((enum for enum in self._api.enums if enum.name == field.type.name), None)
        known = [str(member.value) for member in enum.members] if enum else []
        return {"wire": field.wire, "filled": str(case.when[0].values[0]), "known": known}


def _is_enough(thing: str, phrases: set[str]) -> bool:
    """Whether so much is known of a thing that a push of it says something."""
    # Exchanges have tickers of many kinds; one of these is in each.
    return bool(phrases & PRICES) if thing == "ticker" else NEEDED[thing] <= phrases


def _read_fill(member: Data) -> None:
    """Say of a member of an order what it says of the fill that changed the order."""
    scope, _, word = member["phrase"].partition(".")
    if scope == "fill" and word == "time":
        member["phrase"] = "changed"
    elif scope == "fill" and word in vocabulary.SWITCHES and member["kind"] == "boolean":
        member["says"] = {"true": [word], "false": []}


def _first(value: Json, *, many: bool) -> Json:
    """Return one thing of an example; None where it has none."""
    if not many:
        return value
    return value[0] if isinstance(value, list) and value else None
