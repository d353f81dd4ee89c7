"""Where answers hold things, and with which example each is written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from msgspec import Struct as Record

from generator.ground.json_path import value_at
from generator.model.api import Api
from generator.model.meaning import Held, Place
from generator.model.operations import Operation
from generator.model.per_api import per_api
from generator.model.types import Field, Json, Struct

Path = tuple[str | int, ...]
THINGS = (
    "order",
    "group",
    "fill",
    "position",
    "balance",
    "loan",
    "repayment",
    "entry",
    "trade",
    "candle",
    "ticker",
    "book",
)


class Holder(Record, frozen=True):
    """One place of an answer where things of one kind are."""

    thing: str
    path: Path
    """From the top of the body, by wire names; 0 in a list of one, such as that of an account's balances."""

    form: Literal["one", "list", "map", "values"]
    """An object, or several; or a map or list whose members are not objects, but what `phrase` says."""

    struct: Struct
    phrase: str = ""
    example: Json = None


class Replies:
    """Finds where the answers of one API hold things."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._meanings = api.meanings
        pushed = api.streams.structs if api.streams else ()
        self._structs = {struct.name: struct for struct in (*api.structs, *pushed)}

    @cached_property
    def _examples(self) -> dict[tuple[str, str], Json]:
        # Not at once: most who ask where things are never ask for an example, and this one reads every answer.
        return dict(self._found_examples())

    def payload(self, operation: Operation) -> Path:
        """Return the way to what an answer returns, from the top of the body."""
        # Not `unwrap`: what some answers have one level deeper, the examples have here.
        return (self._api.envelope.data,) if self._api.envelope.data and operation.payload == "data" else ()

    def can_write(self, operation: Operation, thing: str) -> bool:
        """Whether an answer has a place for things of a kind."""
        return bool(self.holders(operation, thing))

    def holders(self, operation: Operation, thing: str) -> tuple[Holder, ...]:
        """Return where an answer holds things of a kind; none where it can't be written."""
        found = [*self._holders(operation, thing)]
        paths = [holder.path for holder in found]
        # Of several places for the same thing, the one that the example fills is the one that is documented to be used.
        filled = [h for h in found if value_at(operation.response, h.path) is not None]
        return tuple(filled[:1] if len(paths) > 1 and all(h.form == "list" for h in found) else found)

    def _holders(self, operation: Operation, thing: str) -> Iterator[Holder]:
        for held in self._meanings.held(operation.returns, thing):
            path = path_of(operation.response, self.payload(operation), held)
            if path is None:
                continue  # a list in a list: nothing says which of the outer ones a thing belongs to
            listed = [*self._plain_lists(held.struct, thing)]
            for field, phrase in listed:
                form: Literal["map", "values"] = "map" if field.type.kind == "map" else "values"
                yield Holder(thing, (*path, field.wire), form, held.struct, phrase)
            if not listed and (example := self._example(operation, held)) is not None:
                yield Holder(thing, path, "list" if held.many else "one", held.struct, example=example)

    def repeated(self, operation: Operation) -> tuple[tuple[str, Path], ...]:
        """Return the parameters that an answer repeats beside its things, as the symbol of klines, and where."""
        struct = self._structs.get(operation.returns.name) if operation.returns and not operation.returns.item else None
        if struct is None or struct.things or not isinstance(operation.response, dict):
            return ()
        names = (
            param for param in operation.params if param.wire == self._api.market or param.phrase in ("symbol", "coin")
        )
        sent = {(param.wire, param.type) for param in names}
        found = [(f.wire, (*self.payload(operation), f.wire)) for f in struct.fields if (f.wire, f.type) in sent]
        return tuple((wire, path) for wire, path in found if value_at(operation.response, path) is not None)

    def refusals(self, operation: Operation) -> tuple[Holder, ...]:
        """Return where an answer holds what was refused of a batch."""
        inner = [
            Holder("refusal", (*self.payload(operation), *held.wires, field.wire), "list", struct)
            for held in self._meanings.held(operation.returns, "order")
            for field in held.struct.fields
            for struct in [self._structs.get(name) for name in field.type.names]
            if struct is not None and struct.is_a("refusal")
        ]
        return (*self._refusals(operation), *inner)

    def _refusals(self, operation: Operation) -> Iterator[Holder]:
        for held in self._meanings.held(operation.returns, "refusal"):
            path = (*self.payload(operation), *held.wires)
            listed = [*self._plain_lists(held.struct, "refusal")]
            for field, phrase in listed:
                form: Literal["map", "values"] = "map" if field.type.kind == "map" else "values"
                yield Holder("refusal", (*path, field.wire), form, held.struct, phrase)
            if not listed:
                yield Holder("refusal", path, "list", held.struct)

    def _plain_lists(self, struct: Struct, thing: str) -> Iterator[tuple[Field, str]]:
        """Yield the lists and maps of a thing that hold no objects, and what their members mean."""
        for place in self._meanings.places(struct, thing):
            if place.field.type.item and place.phrase.text in ("id", "message") and len(place.fields) == 1:
                yield place.field, place.phrase.text

    def _example(self, operation: Operation, held: Held) -> Json:
        """Return one thing of the operation's example, or of another one with such things."""
        own = self._examples.get((operation.full_name, held.struct.name))
        return own or self._examples.get(("", held.struct.name))

    def _found_examples(self) -> Iterator[tuple[tuple[str, str], Json]]:
        for operation in self._api.operations:
            for thing in THINGS:
                yield from self._examples_of(operation, thing)

    def _examples_of(self, operation: Operation, thing: str) -> Iterator[tuple[tuple[str, str], Json]]:
        for held in self._meanings.held(operation.returns, thing):
            path = path_of(operation.response, self.payload(operation), held)
            value = value_at(operation.response, path) if path is not None else None
            several = value if isinstance(value, list) and held.many else [value]
            needed = [place for place in self.places(held.struct, thing) if place.phrase.text == "id"]
            for one in several:
                # Of a batch's answer, what was refused has no id.
                if one and (not needed or any(value_at(one, place.wires) for place in needed)):
                    yield (operation.full_name, held.struct.name), one
                    yield ("", held.struct.name), one
                    break

    def inner(self, holder: Holder) -> Iterator[Holder]:
        """Yield the lists of other things in each thing of a place, such as an order's fills; their paths begin in it."""
        for field in holder.struct.fields:
            struct = self._structs.get(field.type.item.name) if field.type.item else None
            example: Json = value_at(holder.example, (field.wire,)) or self._inner_example(holder.struct, field)
            if (
                struct is not None
                and struct.things
                and field.type.kind == "list"
                and isinstance(example, list)
                and example
            ):
                yield Holder(struct.things[0].name, (field.wire,), "list", struct, example=example[0])

    def _inner_example(self, struct: Struct, field: Field) -> Json:
        """Return what a list in a thing has in some example."""
        known = (one for (_, name), one in self._examples.items() if name == struct.name)
        return next((found for one in known if (found := value_at(one, (field.wire,)))), None)

    def places(self, struct: Struct, thing: str) -> tuple[Place, ...]:
        """Return the members of a thing that have a meaning which holds always, and are not in lists."""
        return tuple(p for p in self._meanings.places(struct, thing) if not p.many and not p.phrase.when)

    def cases(self, struct: Struct, thing: str) -> tuple[Place, ...]:
        """Return the members of a thing that mean something beside certain values of one other member."""
        places = (p for p in self._meanings.places(struct, thing) if len(p.fields) == 1 and len(p.phrase.when) == 1)
        return tuple(p for p in places if p.phrase.when[0].values)


@per_api
def replies(api: Api) -> Replies:
    """Return what finds where the answers of an API hold things."""
    return Replies(api)


def path_of(document: Json, base: Path, held: Held) -> Path | None:
    """Return the way to things from the top of a body; None where a list of several is on it.

    Args:
        document: The example.
        base: The way to what the things are held by.
        held: Where they are from there.
    """
    path = base
    for field in held.fields[:-1]:
        path = (*path, field.wire)
        if field.type.item is not None:
            listed = value_at(document, path)
            if not isinstance(listed, list) or len(listed) != 1:
                return None
            path = (*path, 0)
    return (*path, *(field.wire for field in held.fields[-1:]))
