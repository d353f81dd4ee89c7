"""Prints parameters and responses as trees, each member with its own anchor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.streams import Channel
from generator.model.types import Field, Param, Struct, Type
from generator.words.markdown import anchor, code, link, prose, sentence, spot
from generator.words.meaning import meaning_words
from generator.words.phrases import Namer, field_notes, notes, sent_as, struct_notes, type_words

HOME = "../"


@dataclass(frozen=True)
class Node:
    """One line of a tree."""

    depth: int
    text: str

    @property
    def line(self) -> str:
        """As an item of a nested list."""
        return f"{'    ' * self.depth}- {self.text}"


@dataclass(frozen=True)
class Place:
    """Where members are: the path in their anchors, and their indentation."""

    path: tuple[str, ...] = ()
    depth: int = 0

    def below(self, wire: str) -> Place:
        """Return the place of the members of a member."""
        return Place((*self.path, wire), self.depth + 1)


class Trees:
    """Prints the trees of one API."""

    def __init__(self, api: Api) -> None:
        self._structs = {struct.name: struct for struct in api.structs}

    def params(self, operation: Operation) -> list[str]:
        """Return the parameters, required ones first, each with its members below it."""
        ordered = sorted(operation.params, key=lambda param: not param.required)
        return [node.line for param in ordered for node in self._param(param, (), frozenset())]

    def answer(self, operation: Operation) -> list[str]:
        """Return the fields of the response."""
        struct = self._struct(operation.returns)
        return [node.line for node in self._members(struct, Place(), frozenset())] if struct else []

    def type_fields(self, typed: Type) -> list[str]:
        """Return the fields of a type, on a page that has several types."""
        struct = self._struct(typed)
        return [node.line for node in self._members(struct, Place((struct.name,)), frozenset())] if struct else []

    def channel_params(self, channel: Channel) -> list[str]:
        """Return the parameters of a channel."""
        return [node.line for each in channel.params for node in self._param(each.param, (), frozenset())]

    def _struct(self, typed: Type | None) -> Struct | None:
        while typed is not None and typed.item is not None:
            typed = typed.item
        return self._structs.get(typed.name) if typed is not None else None

    def _param(self, param: Param, above: tuple[str, ...], seen: frozenset[str]) -> Iterator[Node]:
        depth = len(above)
        path = (*above, param.wire)
        place = anchor("param", *path)
        kind = ", ".join(filter(None, [type_words(param.type, HOME), sent_as(param)]))
        words = f"{_self_link(place, param.wire)} *{kind}*{' **required**' if param.required else ''} — "
        words += " ".join(
            [
                prose(sentence(with_unit(param.doc, param.unit))),
                *notes(param),
                *meaning_words(param, code),
                *_python(param.wire, param.name),
            ]
        )
        yield Node(depth, words)
        struct = self._struct(param.type)
        if struct is None:
            return
        if struct.name in seen:
            # A struct that contains itself would never end.
            yield Node(depth + 1, f"Fields of {code(struct.name)} as above.")
            return
        for note in struct_notes(struct, Namer("param", struct.params, *path)):
            yield Node(depth + 1, note)
        for member in struct.params:
            yield from self._param(member, path, seen | {struct.name})

    def _members(self, struct: Struct, above: Place, seen: frozenset[str]) -> Iterator[Node]:
        depth = above.depth
        if struct.name in seen:
            yield Node(depth, f"Fields of {code(struct.name)} as above.")
            return
        for note in struct_notes(struct, Namer("field", ())):
            yield Node(depth, note)
        for index, field in enumerate(struct.fields):
            yield Node(depth, _field(field, above, index if struct.array else None))
            inner = self._struct(field.type)
            if inner is not None:
                yield from self._members(inner, above.below(field.wire), seen | {struct.name})


def _field(field: Field, above: Place, index: int | None) -> str:
    place = anchor("field", *above.path, field.wire)
    kind = type_words(field.type, HOME) + (", optional" if field.optional else "")
    position = f"item {index}: " if index is not None else ""
    words = [
        prose(sentence(with_unit(field.doc, field.unit))),
        *field_notes(field),
        *meaning_words(field, code),
        *_python(field.wire, field.name),
    ]
    return f"{position}{_self_link(place, field.wire)} *{kind}* — {' '.join(words)}"


def _self_link(place: str, wire: str) -> str:
    return spot(place) + link(code(wire), f"#{place}")


def _python(wire: str, name: str) -> list[str]:
    return [f"Python: {code(name)}."] if name != wire else []
