# Edited in templates/venues/core/answer/evidence.py; the copy in generated/ is imported.
"""What an answer must hold to be believed: the things that were promised, and the ids that were sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from operator import attrgetter
from typing import Any, get_origin

import msgspec

from venues.core.answer.things import (
    attribute,
    attributes,
    is_array,
    is_hollow,
    kind_of,
    required,
    stands,
    struct_in,
)
from venues.core.request.lookups import Echo, is_written_as
from venues.core.request.operation import Operation

MISSING = (None, "")
"""How exchanges write that they have no value; neither is an id."""
NO_IDS: tuple[object, ...] = (*MISSING, [], {})
"""The same, also where several ids would stand."""


class Doubtful(Exception):
    """An answer that comes as a success, and does not prove one."""

    def __init__(self, reason: str, *, executed: bool | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.executed = executed
        """True where success is proved, and only the rest can't be read."""


class Evidence:
    """Holds the answers of one operation against what it promises."""

    def __init__(self, operation: Operation[Any]) -> None:
        returns = operation.returns
        self._operation = operation
        self._shape: Any = get_origin(returns) or returns
        self._thing = struct_in(returns)
        self._is_once = operation.effect == "once"
        self._needs = operation.needs if self._shape is self._thing else ()
        self._id_getters = tuple(attrgetter(attribute(self._thing, wire)) for wire in self._needs)
        self._is_hollow = self._thing is not None and not required(self._thing)
        """Whether the strict decoder makes a thing of nothing, for none of its members need be there."""
        self.echoes: tuple[tuple[str, Echo, tuple[str, ...]], ...] = tuple(
            (echo.param, echo, attributes(self._thing, echo.path)) for echo in operation.echoes
        )
        """The parameter (wire name), what in the answer must agree with it, and where that is (our names)."""

    @property
    def promises_nothing(self) -> bool:
        """Whether nothing is returned."""
        return self._operation.returns is None

    @property
    def is_list(self) -> bool:
        """Whether a list is returned."""
        return self._shape is list

    @property
    def may_be_single(self) -> bool:
        """Whether an item may stand for the list of it alone."""
        return self._operation.single

    @property
    def is_thing(self) -> bool:
        """Whether a struct is returned."""
        return self._thing is not None and self._shape is self._thing

    @property
    def is_of_ids(self) -> bool:
        """Whether decoded data is something wherever it has its ids."""
        return not self.is_list and not (self._is_hollow and self._shape is self._thing)

    @property
    def open_ids(self) -> list[str]:
        """The ids (our names) that the strict decoder takes for something where they are nothing: all but integers."""
        members = {} if self._thing is None else {f.encode_name: f for f in msgspec.structs.fields(self._thing)}
        return [members[wire].name for wire in self._needs if members[wire].type is not int]

    def requires(self, wire: str) -> bool:
        """Whether what is returned is an object that always has this member."""
        return self._shape is self._thing and self._thing is not None and wire in required(self._thing)

    def holds(self, data: Any) -> bool:
        """Whether decoded data is something, as far as the strict decoder does not see to that."""
        for id_of in self._id_getters:  # none, unless a thing was promised
            if id_of(data) in MISSING:
                return False
        if self._shape is list:
            items = data if isinstance(data, list) else [data]
            return bool(items or not self._is_once) and not (self._is_hollow and any(map(is_hollow, items)))
        return not self._is_hollow or self._shape is not self._thing or not is_hollow(data)

    def proves(self, payload: object) -> bool | None:
        """Return True if a payload has the id of what was made, whatever else is wrong with it; else None."""
        has_ids = self._needs and isinstance(payload, dict) and all(payload.get(w) not in MISSING for w in self._needs)
        return True if has_ids else None

    def made_beside_error(self, payload: object, sent: Mapping[str, object]) -> str:
        """Return the member by which an error names what a call that must happen once has made; empty if none does.

        The caller's own id is such a member only where things have no other: some exchanges repeat it in a refusal.
        """
        if not self._is_once:
            return ""
        if self._operation.made_ids:
            return _first_id(payload, self._operation.made_ids)
        if self._shape is not self._thing or not isinstance(payload, dict):
            return ""
        if self._needs:
            return "" if any(payload.get(wire) in MISSING for wire in self._needs) else self._needs[0]
        for param, echo, _ in self.echoes:
            if sent.get(param) is not None and echo.agrees(str(sent[param]), str(payload.get(echo.path[0]))):
                return echo.path[0]
        return ""

    def check_mended(self, data: Any) -> None:
        """Hold a mended thing against what was promised.

        Raises:
            Doubtful: if nothing of it could be read.
        """
        is_whole = self._shape is self._thing and self._thing is not None and not self._is_hollow
        if is_whole and is_hollow(data):
            raise Doubtful("nothing of what it holds can be read")

    def check(self, payload: object) -> None:
        """Hold a parsed payload against what was promised, before it is mended.

        Raises:
            Doubtful: if it holds nothing of that.
        """
        if self._shape is list:
            self._check_list(payload)
        elif self._shape is dict:
            if not isinstance(payload, dict):
                raise Doubtful(f"{kind_of(payload)} where an object was promised")
            if not self._is_any(list(payload.values())):
                raise Doubtful("no member of its object is what was promised")
        elif self._thing is not None:
            self._check_thing(payload, self._thing)

    def _check_list(self, payload: object) -> None:
        if isinstance(payload, dict) and self._thing is not None and stands(payload, self._thing):
            return
        if not isinstance(payload, list):
            raise Doubtful(f"{kind_of(payload)} where a list was promised")
        if not self._is_any(payload) or (self._is_once and not payload):
            raise Doubtful("no member of its list is what was promised")

    def _check_thing(self, payload: object, thing: type[msgspec.Struct]) -> None:
        # Some exchanges put the one object that they promise into a list.
        found = payload[0] if isinstance(payload, list) and len(payload) == 1 and not is_array(thing) else payload
        if not stands(found, thing):
            unknown = " without a known member" if isinstance(found, dict) else ""
            raise Doubtful(f"{kind_of(found)}{unknown} where {thing.__name__} was promised")
        missing = [wire for wire in self._needs if not isinstance(found, dict) or found.get(wire) in MISSING]
        if missing:
            raise Doubtful(f"it has no {' and no '.join(missing)}")

    def _is_any(self, members: list[Any]) -> bool:
        """Whether at least one member is a thing; none need be where there are none."""
        thing = self._thing
        return thing is None or not members or any(stands(member, thing) for member in members)

    def check_ids(self, data: object, sent: Mapping[str, object]) -> None:
        """Hold the ids that an answer names against those that were sent, by wire name.

        Raises:
            Doubtful: if it is about something else.
        """
        for param, echo, names in self.echoes:
            if sent.get(param) is None:
                continue
            own, answered = str(sent[param]), data
            for name in names:
                answered = getattr(answered, name, None)
            # Compared as it is first: nearly always it is the same text.
            if answered != own and answered not in MISSING and not echo.agrees(own, str(answered)):
                raise Doubtful(f"it names {_shown(echo)} {str(answered)!r}, but the call named {own!r}")

    def check_item_ids(self, data: object, sent: Collection[str]) -> None:
        """Hold the ids that the answer to a batch names against those of all its items.

        Raises:
            Doubtful: if it is about an item that was not sent.
        """
        ids, prefix = self._operation.ids, self._operation.prefix
        for answered in self._named_items(data):
            if not any(is_written_as(own, answered, ids, prefix) for own in sent):
                raise Doubtful(f"it names the order {answered!r}, which is not one of this batch")

    def _named_items(self, data: object) -> Iterator[str]:
        """Yield the ids by which an answer names the items of a batch."""
        if isinstance(data, list):
            for member in data:
                yield from self._named_items(member)
        elif isinstance(data, msgspec.Struct):
            for name in data.__struct_fields__:
                value = getattr(data, name)
                if name in self._operation.item_keys and isinstance(value, dict):
                    yield from value
                elif name in self._operation.item_ids and value not in MISSING:
                    yield str(value)
                else:
                    yield from self._named_items(value)


def _first_id(payload: object, wires: Collection[str]) -> str:
    """Return the first of these members that has an id, however deep in a payload; empty if none has."""
    parts = [payload]
    while parts:
        part = parts.pop()
        if isinstance(part, list):
            parts.extend(part)
        elif isinstance(part, dict):
            for wire in wires:
                if part.get(wire) not in NO_IDS:
                    return wire
            parts.extend(part.values())
    return ""


def _shown(echo: Echo) -> str:
    return ".".join(echo.path)
