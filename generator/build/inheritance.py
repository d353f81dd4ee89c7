"""Gives parameters the meaning that the member of the same name has in the thing which their call is about."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from generator.model.deeds import Deed
from generator.model.meaning import Meanings, Place
from generator.model.operations import Group, Operation
from generator.model.types import Meaning, Param, Phrase
from generator.model.vocabulary import SETTINGS

NARROW = frozenset({"symbol", "coin"})
"""All that parameters of a list, a setting or a book inherit: others say there where a page begins, or filter by something."""


def with_inherited(groups: tuple[Group, ...], meanings: Meanings, symbols: tuple[str, ...]) -> tuple[Group, ...]:
    """Return the groups with the meaning of each parameter whose meaning is not said.

    Args:
        groups: What was built.
        meanings: What the members of things mean.
        symbols: The parameters that name a pair or contract, in every call.
    """

    def complete(operation: Operation) -> Operation:
        params = tuple(_complete(param, operation, meanings, symbols) for param in operation.params)
        return operation if params == operation.params else replace(operation, params=params)

    return tuple(replace(group, operations=tuple(map(complete, group.operations))) for group in groups)


def _complete(param: Param, operation: Operation, meanings: Meanings, symbols: tuple[str, ...]) -> Param:
    if param.means or not operation.deeds:
        return param
    if param.wire in symbols:
        return replace(param, means=Meaning((Phrase("symbol"),)))
    found = [place for deed in operation.deeds for place in _twins(param, deed, meanings)]
    # Members that disagree leave the parameter without a meaning: it must be said.
    if len({place.phrase.text for place in found}) != 1:
        return param
    twin = found[0].field.means
    return replace(param, means=Meaning((found[0].phrase,), twin.reads if twin else {}))


def _twins(param: Param, deed: Deed, meanings: Meanings) -> Iterator[Place]:
    """Yield the members of the things of a deed that are called as a parameter and have its type."""
    for struct in meanings.structs_of(deed.about):
        for place in meanings.places(struct, deed.about):
            same = place.field.wire == param.wire and place.field.type == param.type
            if same and place.field.phrase and (not _is_narrow(deed) or place.phrase.text in NARROW):
                yield place


def _is_narrow(deed: Deed) -> bool:
    return deed.verb in ("list", "set") or deed.thing in ("book", *SETTINGS)
