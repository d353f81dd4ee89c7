"""Prints parameters and responses as trees, each member with its own anchor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct as Record

from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.operations import Operation
from generator.model.types import Enum, Field, Member, Param, Struct, Type
from generator.words.markdown import anchor, code, enumeration, link, prose, sentence, spot
from generator.words.meaning import meaning_words
from generator.words.phrases import field_notes, in_python, notes, sent_as, struct_notes, struct_rules, type_words
from generator.words.rules import Namer

HOME = "../"
"""From the page of an operation, in the folder of its group, to the folder of its API."""
MOST_VALUES = 12
"""Values of an enum that a line lists; the page of the enum has all of them."""


class Node(Record, frozen=True):
    """One line of a tree."""

    depth: int
    text: str

    @property
    def line(self) -> str:
        """As an item of a nested list."""
        return f"{'    ' * self.depth}- {self.text}"


class Place(Record, frozen=True):
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
        self._enums = {enum.name: enum for enum in api.enums}
        self._said: dict[tuple[str, str], str] = {}

    def params(self, operation: Operation) -> list[str]:
        """Return the parameters, required ones first, each with its members below it."""
        ordered = sorted(operation.params, key=lambda param: not param.required)
        return [node.line for param in ordered for node in self._param(param, operation.params, (), frozenset())]

    def answer(self, operation: Operation) -> list[str]:
        """Return the fields of the response."""
        struct = self._struct(operation.returns)
        return [node.line for node in self._members(struct, Place(), frozenset())] if struct else []

    def type_fields(self, typed: Type) -> list[str]:
        """Return the fields of a type, on a page that has several types."""
        struct = self._struct(typed)
        return [node.line for node in self._members(struct, Place((struct.name,)), frozenset())] if struct else []

    def keys(self, struct: Struct) -> list[str]:
        """Return the members of a struct that is sent, without what lies below them."""
        params = sorted(struct.params, key=lambda param: not param.required)
        lines = [next(self._param(param, struct.params, (), frozenset())) for param in params]
        return [node.line for node in lines]

    def rules(self, struct: Struct) -> list[str]:
        """Return the rules about several members of a struct that is sent."""
        return struct_rules(struct, Namer("param", struct.params))

    def attributes(self, struct: Struct) -> list[str]:
        """Return the members of a struct that is received, without what lies below them."""
        indices = [index if struct.array else None for index in range(len(struct.fields))]
        return [
            f"- {self._field(field, struct, Place(), index)}"
            for field, index in zip(struct.fields, indices, strict=True)
        ]

    def channel_params(self, channel: Channel) -> list[str]:
        """Return the parameters of a channel."""
        params = tuple(each.param for each in channel.params)
        return [node.line for param in params for node in self._param(param, params, (), frozenset())]

    def _struct(self, typed: Type | None) -> Struct | None:
        while typed is not None and typed.item is not None:
            typed = typed.item
        return self._structs.get(typed.name) if typed is not None else None

    def _param(
        self, param: Param, beside: tuple[Param, ...], above: tuple[str, ...], seen: frozenset[str]
    ) -> Iterator[Node]:
        """Yield the line of a parameter, and those of its members; `beside` are the parameters that it may speak of."""
        depth = len(above)
        path = (*above, param.wire)
        kind = ", ".join(filter(None, [type_words(param.type, HOME), sent_as(param)]))
        words = f"{_names(anchor('param', *path), param)} *{kind}*{' **required**' if param.required else ''} — "
        words += " ".join(
            [
                prose(sentence(in_python(with_unit(param.doc, param.unit), beside))),
                *notes(param),
                *self._values(param),
                *meaning_words(param, _speller(beside)),
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
            yield from self._param(member, struct.params, path, seen | {struct.name})

    def _values(self, param: Param) -> list[str]:
        """List the values of an enum that a parameter takes, unless it takes some of them only."""
        enum = next((self._enums[name] for name in param.type.names if name in self._enums), None)
        if enum is None or param.values:
            return []
        shown = [_value(enum, member) for member in enum.members[:MOST_VALUES]]
        more = len(enum.members) - len(shown)
        return [f"One of {', '.join(shown)}, and {more} more." if more else f"One of {enumeration(shown, 'or')}."]

    def _members(self, struct: Struct, above: Place, seen: frozenset[str]) -> Iterator[Node]:
        depth = above.depth
        if struct.name in seen:
            yield Node(depth, f"Fields of {code(struct.name)} as above.")
            return
        for note in struct_notes(struct, Namer("field", ())):
            yield Node(depth, note)
        for index, field in enumerate(struct.fields):
            yield Node(depth, self._field(field, struct, above, index if struct.array else None))
            inner = self._struct(field.type)
            if inner is not None:
                yield from self._members(inner, above.below(field.wire), seen | {struct.name})

    def _field(self, field: Field, struct: Struct, above: Place, index: int | None) -> str:
        # A struct stands on the pages of many calls; only the anchors of its members differ there.
        key = (struct.name, field.wire)
        if key not in self._said:
            self._said[key] = _said(field, struct)
        position = f"item {index}: " if index is not None else ""
        return f"{position}{_names(anchor('field', *above.path, field.wire), field)} {self._said[key]}"


def _said(field: Field, struct: Struct) -> str:
    kind = type_words(field.type, HOME) + (", optional" if field.optional else "")
    words = [
        prose(sentence(in_python(with_unit(field.doc, field.unit), struct.fields))),
        *field_notes(field),
        *meaning_words(field, _speller(struct.fields)),
    ]
    return f"*{kind}* — {' '.join(words)}"


def _names(place: str, member: Param | Field) -> str:
    """Print the name in Python, and beside it the exchange's word for it."""
    words = spot(place) + link(code(member.name), f"#{place}")
    return words if member.name == member.wire else f"{words} · {code(member.wire)}"


def _speller(members: Sequence[Param | Field]) -> Callable[[str], str]:
    # Few members mean anything that names another one.
    return lambda wire: code({member.wire: member.name for member in members}.get(wire, wire))


def _value(enum: Enum, member: Member) -> str:
    # A number says nothing, so its name stands beside it; a text is mostly its own name.
    return f"{code(member.value)} ({member.name})" if enum.base == "integer" else code(member.value)
