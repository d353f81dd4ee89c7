"""Finds what contradicts itself in the meaning of structs, members and enums."""

from __future__ import annotations

from collections.abc import Iterator

from generator.ground.problems import suggest
from generator.model import vocabulary
from generator.model.api import Api
from generator.model.meaning import Meanings, Place
from generator.model.types import Field, Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

COMMON = ("id", "client_id", "symbol", "coin", "time", *vocabulary.SETTINGS)
"""What members of something that is no thing can mean, such as a funding rate or a setting."""
IDS = frozenset({"id", "client_id"})
AMOUNTS = frozenset({"decimal", "integer"})
NUMBERS = frozenset({"price", "quantity", "value", "fee", "profit", "margin", "available", "loan", "interest"})
"""Last words of the phrases that are numbers: `filled quantity`, `open price`."""
SIZED = frozenset({"order", "fill", "trade", "candle", "book"})
"""Things with a size: in the quote coin it is a `value`, in any other unit a `quantity`."""
WORDED = frozenset({"status", "side", "kind", "step"})
"""Phrases whose values say nothing by themselves."""


def check_meaning(source: Source, api: Api, notes: Notes) -> None:
    """Note contradictions in what structs, members and enums are said to be."""
    check = _Check(api, notes)
    for name, at in struct_maps(source):
        struct = check.structs.get(name)
        if struct:
            check.struct(struct, at)


def struct_maps(source: Source) -> Iterator[tuple[str, Map]]:
    """Yield every struct of the files, by name."""
    for name, content in source.files.items():
        yield from read.entries(content, "structs")
        if name.startswith("rest/"):
            for operation in read.maps(content, "operations"):
                own = read.mapping(operation, "struct")
                if own:
                    yield str(own["name"]), own


class _Check:
    """Checks the structs of one API."""

    def __init__(self, api: Api, notes: Notes) -> None:
        self._notes = notes
        self._meanings: Meanings = api.meanings
        self._enums = {enum.name: enum for enum in api.enums}
        self.structs = {s.name: s for s in (*api.structs, *(api.streams.structs if api.streams else ()))}
        self._around = self._things_around()
        """Wrapper → the things around it."""

    def _things_around(self) -> dict[str, set[str]]:
        around: dict[str, set[str]] = {}
        for struct in self.structs.values():
            for place in self._meanings.places(struct) if struct.things else ():
                for field in place.fields[:-1]:
                    for name in field.type.names:
                        around.setdefault(name, set()).update(thing.name for thing in struct.things)
        return around

    def struct(self, struct: Struct, at: Map) -> None:
        """Check one struct; members of wrappers count for the things around them."""
        things = tuple(thing.name for thing in struct.things) or tuple(sorted(self._around.get(struct.name, ())))
        where, members = f"structs.{struct.name}", read.mapping(at, "fields")
        for field in struct.fields:
            for key, what in self._problems(field, things):
                self._notes.add(read.mapping(members, field.wire), key, f"{where}.{field.wire}", what)
        if struct.is_a("position") and not _has_side(struct, self._meanings):
            self._notes.add(
                at,
                "is",
                where,
                "has neither a member that means `side` nor a `signed` one, so nothing tells long from short",
            )
        for field, what in _repetitions(struct, self._meanings):
            self._notes.add(read.mapping(members, field.wire), "means", f"{where}.{field.wire}", what)

    def _problems(self, field: Field, things: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        if field.keys and field.type.kind != "map":
            yield "keys", f"is for maps, but this is {field.type.spec}"
        for phrase in field.means.phrases if field.means else ():
            known = _phrases(things)
            if phrase.text not in known:
                owner = f"{article(' and '.join(things))} has" if things else "a struct without `is` has"
                yield "means", f"{owner} no `{phrase.text}`{suggest(phrase.text, known)}"
            else:
                yield from self._type_problems(field, phrase.text, things)

    def _type_problems(self, field: Field, phrase: str, things: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        scope, _, word = phrase.rpartition(".")
        kind = field.type.kind
        if word == "time" and not kind.startswith("timestamp"):
            yield "means", f"a time is a timestamp, but this is {field.type.spec}"
        # Lists and maps of ids count: batches have them.
        if word in IDS and kind not in ("string", "integer", "list", "map"):
            yield "means", f"an id is a text or an integer, but this is {field.type.spec}"
        # What is paid may be said coin by coin.
        is_by_coin = word == "fee" and kind == "map" and field.keys == "coin"
        if word.split()[-1] in NUMBERS and kind not in AMOUNTS and not is_by_coin:
            yield "means", f"`{phrase}` is a number, but this is {field.type.spec}"
        yield from self._size_problems(field, word, scope, things)
        yield from self._word_problems(field, phrase, word, scope or (things[0] if things else ""))

    def _size_problems(self, field: Field, word: str, scope: str, things: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        # Only things with a size: a balance may well be in the quote asset.
        if not SIZED & {scope, *things}:
            return
        if word.endswith("quantity") and field.unit == "quote coin":
            yield "means", f"a size in the quote coin is a value: `{word.replace('quantity', 'value')}`"
        if word in ("value", "filled value") and field.unit in ("base coin", "contracts"):
            yield "means", f"a size in {field.unit} is a quantity: `{word.replace('value', 'quantity')}`"
        if field.means and field.means.signed and word != "quantity":
            yield "signed", "only the sign of a `quantity` tells a side"

    def _word_problems(self, field: Field, phrase: str, word: str, thing: str) -> Iterator[tuple[str, str]]:
        allowed = vocabulary.values_of(thing, word)
        said = self._said(field)
        if not allowed and word != "step":
            if field.means and field.means.reads:
                yield "reads", f"values of `{phrase}` say nothing"
            return
        if said is None:
            if word in WORDED or field.type.kind != "boolean":
                enum = f"give the members of {field.type.name} `means`, or use" if field.type.name else "use"
                yield "means", f"nothing says what its values mean; {enum} `reads`"
            return
        for words in said:
            for one in words:
                if not (one in allowed or (word == "step" and vocabulary.LENGTH.fullmatch(one))):
                    yield "means", f"a value says `{one}`, which `{phrase}` can't mean"
        if word == "status":
            yield from _status_problems(field, thing, said)

    def _said(self, field: Field) -> list[tuple[str, ...]] | None:
        """Return what the values of a member say; None if unknown."""
        if field.means and field.means.reads:
            return list(field.means.reads.values())
        enum = self._enums.get(field.type.name)
        said = [member.means for member in enum.members if member.means is not None] if enum else []
        return said or None


def _has_side(struct: Struct, meanings: Meanings) -> bool:
    return any(p.phrase.text == "side" or (p.field.means and p.field.means.signed) for p in meanings.places(struct))


def _phrases(things: tuple[str, ...]) -> frozenset[str]:
    """Return what members can mean of something that is these things, or none of them."""
    if not things:
        return frozenset(COMMON)
    own = vocabulary.PHRASES[things[0]]
    scoped = (f"{thing}.{phrase}" for thing in things for phrase in vocabulary.PHRASES[thing])
    # A wrapper may lie in things of several kinds; then its members may mean what any of them has.
    return own.union(scoped, *(vocabulary.PHRASES[thing] for thing in things))


def article(thing: str) -> str:
    """Put the article before a thing: an order."""
    return f"{'an' if thing[:1] in 'aeiou' else 'a'} {thing}"


def _status_problems(field: Field, thing: str, said: list[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield what keeps one from knowing whether an order is done. A member that may be missing says only the end."""
    words = {word for each in said for word in each}
    ends = any(vocabulary.DONE & {*each} and "open" not in each for each in said)
    # With `reads`, a status is one of several fields that say it together, and need not be complete.
    if thing == "order" and not (field.means and field.means.reads):
        if not ends:
            last = "`filled`, `cancelled`, `rejected` or `expired`"
            yield "means", f"no value of {field.type.spec} says how an order ends: {last}"
        if not field.optional and not words & {"open", "waiting"}:
            yield "means", f"no value of {field.type.spec} says that an order is open"
    if thing == "instrument" and "open" not in words:
        yield "means", f"no value of {field.type.spec} says that it can be traded; one of them means `open`"


def _repetitions(struct: Struct, meanings: Meanings) -> Iterator[tuple[Field, str]]:
    """Yield members that mean what an earlier one means, in every case, although both are always there."""
    first: dict[tuple[str, bool], Place] = {}
    for place in meanings.places(struct):
        phrase = place.phrase
        # Cases exclude each other, and several members may add to one `kind`, so these may repeat.
        if len(place.fields) > 1 or phrase.when or phrase.text.endswith("kind") or place.field.keys:
            continue
        earlier = first.setdefault((phrase.text, phrase.market), place)
        refines = any(p.field.means and p.field.means.reads and phrase.text == "status" for p in (earlier, place))
        if earlier is not place and not refines and not (earlier.field.optional and place.field.optional):
            yield place.field, f"means `{phrase.text}`, as `{earlier.field.wire}` does; only one of them can"
