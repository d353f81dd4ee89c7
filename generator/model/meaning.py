"""What the types of one API mean, resolved: where a thing has which member, and what the values of an enum say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct as Record
from msgspec.structs import replace

from generator.model.operations import Operation
from generator.model.types import Enum, Field, Member, Param, Phrase, Struct, Type

Words = tuple[str, ...]
"""What a value says; none for nothing special."""


class Place(Record, frozen=True):
    """Where a thing has a member with a meaning."""

    phrase: Phrase
    """Seen from the thing: what a struct that is an order and a fill calls `fill.price` is the fill's `price`."""

    fields: tuple[Field, ...]
    """From the thing inward: the member itself comes last, wrappers before it."""

    @property
    def field(self) -> Field:
        """The member itself."""
        return self.fields[-1]

    @property
    def wires(self) -> tuple[str, ...]:
        """The way to it by wire names."""
        return tuple(field.wire for field in self.fields)

    @property
    def names(self) -> tuple[str, ...]:
        """The way to it by Python names."""
        return tuple(field.name for field in self.fields)

    @property
    def many(self) -> bool:
        """Whether a list or map of wrappers is on the way, as a list of filters."""
        return any(field.type.item for field in self.fields[:-1])


class Held(Record, frozen=True):
    """Where an answer or a push holds things."""

    struct: Struct
    fields: tuple[Field, ...]
    """From the outside in, through wrappers; none where the type itself is the thing, or a list of them."""

    many: bool
    """Whether a list or map is on the way."""

    @property
    def wires(self) -> tuple[str, ...]:
        """The way to it by wire names."""
        return tuple(field.wire for field in self.fields)


class Meanings:
    """What the types of one API mean."""

    def __init__(self, structs: Iterable[Struct], enums: Iterable[Enum]) -> None:
        self._structs = {struct.name: struct for struct in structs}
        self._enums = {enum.name: enum for enum in enums}
        # Each printer asks for the same few things again for each call.
        self._known_places: dict[tuple[int, str | None], tuple[Struct, tuple[Place, ...]]] = {}
        self._known_structs: dict[str, tuple[Struct, ...]] = {}
        self._known_held: dict[tuple[Type, str], tuple[Held, ...]] = {}

    def structs_of(self, thing: str) -> tuple[Struct, ...]:
        """Return the structs that are such a thing, in some case."""
        if thing not in self._known_structs:
            self._known_structs[thing] = tuple(struct for struct in self._structs.values() if struct.is_a(thing))
        return self._known_structs[thing]

    def places(self, struct: Struct, thing: str | None = None) -> tuple[Place, ...]:
        """Return the members of a thing that have a meaning, in order, those in wrappers included.

        Args:
            struct: What has the members.
            thing: As what it is looked at, where it is several things; by default as the first one.
        """
        scope = None if thing is None or struct.things[:1] == () or struct.things[0].name == thing else thing
        key = (id(struct), scope)
        if key not in self._known_places:
            # The struct is kept beside them: as long as it lives, no other one has its id.
            self._known_places[key] = struct, tuple(self._places(struct, scope, (), frozenset({struct.name})))
        return self._known_places[key][1]

    def _places(
        self, struct: Struct, scope: str | None, way: tuple[Field, ...], seen: frozenset[str]
    ) -> Iterator[Place]:
        for field in struct.fields:
            for phrase in field.means.phrases if field.means else ():
                inner = _in_scope(phrase, scope)
                if inner is not None:
                    yield Place(inner, (*way, field))
            for name in field.type.names:
                inside = self._structs.get(name)
                # Wrappers are walked through; a struct that is a thing of its own, as fills in an order, is not.
                if inside is not None and not inside.things and name not in seen:
                    yield from self._places(inside, scope, (*way, field), seen | {name})

    def place(self, struct: Struct, phrase: str, thing: str | None = None, *, market: bool = False) -> Place | None:
        """Return where a thing has what a phrase says: the first such member, or None.

        Args:
            struct: What has the member.
            phrase: As in a spec: `filled quantity`.
            thing: As what the struct is looked at; by default as the first thing that it is.
            market: Whether to look for a limit of market orders.
        """
        places = self.places(struct, thing)
        return next((p for p in places if (p.phrase.text, p.phrase.market) == (phrase, market)), None)

    def held(self, typed: Type | None, thing: str) -> tuple[Held, ...]:
        """Return where a type holds things, itself included; not what lies in other things, as an order's fills."""
        if typed is None:
            return ()
        if (typed, thing) not in self._known_held:
            self._known_held[typed, thing] = tuple(self._held(typed, thing, (), frozenset()))
        return self._known_held[typed, thing]

    def _held(self, typed: Type, thing: str, way: tuple[Field, ...], seen: frozenset[str]) -> Iterator[Held]:
        for name in typed.names:
            struct = self._structs.get(name)
            if struct is None or name in seen:
                continue
            if struct.is_a(thing):
                yield Held(struct, way, typed.item is not None or any(field.type.item for field in way))
            if not struct.things:
                for field in struct.fields:
                    yield from self._held(field.type, thing, (*way, field), seen | {name})

    def is_batch(self, operation: Operation) -> bool:
        """Whether a call is about several things: a list of them, or of their ids, is among its parameters."""
        things = {deed.about for deed in operation.deeds}
        # A batch is recognized by what it is given: its answer may be a list for other reasons.
        lists = [param for param in operation.params if param.type.kind == "list"]
        return any(
            param.phrase in ("id", "client_id") or any(self.held(param.type, thing) for thing in things)
            for param in lists
        )

    def says(self, of: Field | Param, value: object) -> Words | None:
        """Return what a value of a member or parameter says; None if unknown."""
        written = str(value).lower() if isinstance(value, bool) else str(value)
        if of.means and of.means.reads:
            return of.means.reads.get(written)
        # A boolean says its own phrase, or nothing special.
        if of.type.kind == "boolean" and of.phrase:
            return (of.phrase,) if written == "true" else ()
        members = self._members(of.type)
        return next((member.means for member in members if str(member.value) == written), None)

    def members(self, typed: Type, word: str) -> tuple[Member, ...]:
        """Return the members of an enum that say a word, beside others or alone, in the order of the file."""
        return tuple(member for member in self._members(typed) if member.means and word in member.means)

    def _members(self, typed: Type) -> tuple[Member, ...]:
        enum = self._enums.get(typed.name)
        return enum.members if enum else ()


def _in_scope(phrase: Phrase, scope: str | None) -> Phrase | None:
    """Return a phrase as seen from one of the things that a struct is, or None if it is about another one."""
    if scope is None:
        return phrase
    owner, _, rest = phrase.text.partition(".")
    return replace(phrase, text=rest) if owner == scope and rest else None
