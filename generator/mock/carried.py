"""What channels carry that the mock exchange pushes of its own accord: orders, fills, the account, and the market."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.ground.json_path import value_at
from generator.ground.json_text import json_text
from generator.mock.holders import Holders
from generator.mock.signing import set_members
from generator.model import vocabulary
from generator.model.api import Api
from generator.model.channels import Channel, ChannelExample
from generator.model.frames import data_path, event_of, pushed_payload, topic_values
from generator.model.meaning import Held
from generator.model.remembering import order_memory
from generator.model.replies import Holder, path_of
from generator.model.types import TIMES, Json, Struct, Type

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
"""Of these, every ticker has one."""

THINGS = ("order", "group", "fill", "position", "balance", "trade", "candle", "ticker", "book")


class Carriers:
    """Says of the channels of one API what they carry, and where in a push that stands."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._meanings = api.meanings
        self._memory = order_memory(api)
        self._markets = api.markets if api.mock.markets else ()
        """Markets that have connections of their own are named as these."""
        self._connections = {c.name: c for c in api.streams.connections} if api.streams else {}
        self._holders = Holders(api, self._memory)
        self._structs = {s.name: s for s in (*api.structs, *(api.streams.structs if api.streams else ()))}

    def of(self, channel: Channel, connection: str = "") -> Data:
        """Return what a channel carries on a connection; nothing where only its examples can be pushed."""
        is_apart = connection in self._markets
        if is_apart and connection not in self._api.mock.markets:
            return {}  # nothing can happen in that market
        carried = [*self._carried(channel, connection if is_apart else "")]
        if not carried:
            return {}
        return set_members(
            shelf=channel.shelf.name,
            within=connection if is_apart else "",
            choice=next((each.wire for each in channel.params if each.param.wire == self._api.market), None),
            symbol=self._symbol(channel),
            step=self._step(channel),
            levels=self._levels(channel),
            numbers=self._numbers(channel),
            action=self._action(channel),
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

    def _action(self, channel: Channel) -> Data | None:
        """Return the member that says whether a push has all or what changed, and the first words for both."""
        streams = self._api.streams
        templates = self._connections[channel.connection].receive.get("push", ())
        named = (
            k for one in templates if isinstance(one, dict) for k, v in one.items() if v in ("{action}", "{action?}")
        )
        wire = next(named, None)
        if streams is None or wire is None or not streams.snapshot or channel.delivers != "snapshot_then_change":
            return None
        pushed = (value_at(example.push, (wire,)) for one in streams.channels for example in one.examples)
        change = next((str(said) for said in pushed if said is not None and said not in streams.snapshot), None)
        return None if change is None else {"wire": wire, "snapshot": streams.snapshot[0], "change": change}

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

    def _carried(self, channel: Channel, market: str) -> Iterator[Data]:
        for event, typed in channel.events.items() or (("", channel.payload),):
            for thing in THINGS:
                for held in self._meanings.held(typed, thing):
                    # An order with the fill that changed it is pushed as that order.
                    if not (thing == "fill" and held.struct.is_a("order")):
                        yield from self._one(channel, market, thing, held, typed, event)

    def _one(
        self, channel: Channel, market: str, thing: str, held: Held, typed: Type | None, event: str
    ) -> Iterator[Data]:
        templates = self._connections[channel.connection].receive.get("push", ())
        for example in _examples(channel, market):
            payload: Json = pushed_payload(templates, example.push)
            outer: tuple[int, ...] = (0,) if held.fields and typed and typed.item else ()
            # A list of wrappers, each with things of its own, has one place for them only where it is a list of one.
            is_one = not outer or value_at(payload, (1,)) is None
            inner = path_of(payload, outer, held) if is_one else None
            one = _first(value_at(payload, inner), many=held.many) if inner is not None else None
            if one is None or inner is None or (event and event_of(channel, payload) != event):
                continue
            base = tuple(str(step) for step in data_path(templates))
            form = Holder(thing, (*base, *inner), "list" if held.many else "one", held.struct, example=one)
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
                    beside=[(*base, *path) for path in self._beside(typed, held.wires)] if not outer else [],
                    event=self._event(held.struct),
                )
            return

    def _times(self, templates: tuple[Json, ...], typed: Type | None, base: Path) -> Iterator[Path]:
        """Yield where a push says when it was sent, outside of the things in it."""
        for template in templates[:1]:
            if isinstance(template, dict):
                yield from ((key,) for key, value in template.items() if value in ("{time}", "{time?}"))
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
        members = enum.members if enum else ()
        amended = next((str(member.value) for member in members if member.means == (vocabulary.AMENDED,)), None)
        known = [str(member.value) for member in members]
        return set_members(wire=field.wire, filled=str(case.when[0].values[0]), amended=amended, known=known)


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


def _examples(channel: Channel, market: str) -> tuple[ChannelExample, ...]:
    """Return the examples of a market, or all of them."""
    own = tuple(each for each in channel.examples if each.params.get(channel.chosen_by or "") == market)
    return own or channel.examples


def _first(value: Json, *, many: bool) -> Json:
    """Return one thing of an example; None where it has none."""
    if not many:
        return value
    return value[0] if isinstance(value, list) and value else None
