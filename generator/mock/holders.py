"""Where answers have things, and what the members of each mean, as the mock exchange reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from generator.ground.json_text import json_text
from generator.mock.signing import set_members
from generator.model.api import Api
from generator.model.meaning import Place
from generator.model.operations import Operation
from generator.model.remembering import OrderMemory, value_text
from generator.model.replies import Holder
from generator.model.types import TIMES, Field, Struct, Type

Data = dict[str, Any]  # JSON


class Holders:
    """Writes down where the answers of one API have things."""

    def __init__(self, api: Api, memory: OrderMemory) -> None:
        self._meanings, self._market = api.meanings, api.market
        pushed = api.streams.structs if api.streams else ()
        self._structs = {struct.name: struct for struct in (*api.structs, *pushed)}
        self._replies = memory.replies
        self._says = memory.says

    def of(self, operation: Operation, thing: str, makers: Iterable[Operation] = ()) -> list[Data]:
        """Return the places of an answer that have things of a kind.

        Args:
            operation: Whose answer is described.
            thing: Such as `order`.
            makers: The calls that make such things; answers may repeat what those were sent.
        """
        sent = {(param.wire, param.type) for maker in makers for param in maker.params}
        return [self.data(holder, sent) for holder in self._replies.holders(operation, thing)]

    def refusals(self, operation: Operation) -> list[Data]:
        """Return the places of an answer that have what was refused of a batch."""
        return [
            set_members(
                thing="refusal",
                path=holder.path,
                form=holder.form,
                phrase=holder.phrase,
                members=[*self._refusal_members(holder, operation)] if not holder.phrase else [],
            )
            for holder in self._replies.refusals(operation)
        ]

    def _refusal_members(self, holder: Holder, operation: Operation) -> Iterator[Data]:
        alone = holder.struct.things[0].name == "refusal"
        for place in self._replies.places(holder.struct, "refusal"):
            yield self._member(holder.struct, place)
        # An order and its refusal in one struct: what names the order is in both, if that is how they are paired.
        if not alone and operation.pairs is not None:
            names = ("client_id",) if operation.pairs == "client_id" else ("symbol", "client_id")
            yield from (
                self._member(holder.struct, place)
                for place in self._replies.places(holder.struct, "order")
                if place.phrase.text in names
            )

    def data(self, holder: Holder, sent: Collection[tuple[str, Type]] = ()) -> Data:
        """Return one place of an answer.

        Args:
            holder: The place.
            sent: Names and types of what makes such things was sent; answers may repeat it.
        """
        if holder.phrase:
            return set_members(thing=holder.thing, path=holder.path, form=holder.form, phrase=holder.phrase)
        return set_members(
            thing=holder.thing,
            path=holder.path,
            form=holder.form,
            example=json_text(holder.example),
            members=[*self._members(holder, sent)],
            only={field.wire: own for field in holder.struct.fields if (own := self._markets(field))},
            fixed=[*self._fixed(holder)],
            inner=[self.data(inner) for inner in self._replies.inner(holder)],
        )

    def _markets(self, field: Field) -> list[str]:
        """Return the markets in which alone a member exists; none where it does in all."""
        return [value_text(value) for value in field.only.get(self._market or "", ())]

    def _members(self, holder: Holder, sent: Collection[tuple[str, Type]]) -> Iterator[Data]:
        places = self._replies.places(holder.struct, holder.thing)
        known = {place.wires: place for place in places}
        for field in holder.struct.fields:
            if (field.wire,) not in known and field.wire == self._market:
                yield set_members(path=_path(holder.struct, field), phrase="within", kind=field.type.kind)
            elif (field.wire,) not in known and field.type.kind in TIMES:
                yield set_members(path=_path(holder.struct, field), phrase="changed", kind=field.type.kind)
            elif (field.wire,) not in known and (field.wire, field.type) in sent:
                yield set_members(path=_path(holder.struct, field), phrase="sent", kind=field.type.kind)
        yield from (self._member(holder.struct, place) for place in known.values())
        yield from (self._case(holder.struct, place) for place in self._replies.cases(holder.struct, holder.thing))

    def _member(self, struct: Struct, place: Place) -> Data:
        field = place.field
        path = [*_path(struct, place.fields[0]), *place.wires[1:]]
        return set_members(
            path=path,
            phrase=place.phrase.text,
            kind=field.type.kind,
            optional=field.optional,
            says=self._says(field),
            signed=bool(field.means and field.means.signed),
            negative=bool(field.means and field.means.negative),
            level=self._level(field),
            flat=field.flat,
        )

    def _case(self, struct: Struct, place: Place) -> Data:
        """Return a member that has its meaning beside certain values of another one."""
        condition = place.phrase.when[0]
        beside = [{"wire": condition.wire, "text": value_text(value)} for value in condition.values]
        return self._member(struct, place) | {"beside": beside}

    def _level(self, field: Field) -> list[str | int]:
        """Return where the levels of a book have their price and quantity; empty for what has no levels."""
        struct = next((self._structs[name] for name in field.type.names if name in self._structs), None)
        if struct is None or field.type.kind != "list":
            return []
        said = {one.phrase: _path(struct, one)[0] for one in struct.fields if one.phrase in ("price", "quantity")}
        return [said["price"], said["quantity"]] if {"price", "quantity"} <= said.keys() else []

    @staticmethod
    def _fixed(holder: Holder) -> Iterator[Data]:
        """Yield the members whose value makes a struct such a thing."""
        thing = next(each for each in holder.struct.things if each.name == holder.thing)
        for condition in thing.when:
            if condition.values:
                yield {"wire": condition.wire, "text": value_text(condition.values[0])}


def _path(struct: Struct, field: Field) -> list[str | int]:
    return [struct.fields.index(field)] if struct.array else [field.wire]
