"""Builds what a spec itself says about finding a lost call: the caller's id, and the calls that look for it.

What follows from meaning is derived later, by `finding` and `lookups`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.build.finding import SENT
from generator.build.rules import ParamRules
from generator.ground.problems import suggest
from generator.model.codes import ErrorCode
from generator.model.lookups import Batch, Lookup
from generator.model.types import Param, Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes


class WrittenLookups:
    """Builds the lookups of one API as they are written, and notes mistakes in them."""

    def __init__(
        self,
        source: Source,
        notes: Notes,
        rules: ParamRules,
        structs: Mapping[str, Struct],
        errors: Mapping[str, ErrorCode],
    ) -> None:
        self._source = source
        self._notes = notes
        self._rules = rules
        self._structs = structs
        self._errors = errors

    def client_id(self, at: Map, name: str, params: dict[str, Param]) -> str | None:
        """Return the parameter that holds the caller's id, if it is one of the call itself."""
        wire = read.exact(at, "client_id")
        if wire is None or "." in wire:  # `list.member` belongs to a batch
            return None
        self._rules.check_param(at, "client_id", name, wire, params)
        return wire

    def batch(self, at: Map, name: str, params: dict[str, Param]) -> Batch | None:
        """Read `list.member`: the member of a batch's items that holds the caller's id."""
        wire, dot, member = str(at.get("client_id", "")).partition(".")
        if not dot or not self._rules.check_param(at, "client_id", name, wire, params):
            return None
        found = self._item_members(params[wire])
        if not self._notes.check_known(at, "client_id", name, member, found, f"member of an item of `{wire}`"):
            return None
        return Batch(wire, member, found[member].name)

    def _item_members(self, param: Param) -> dict[str, Param]:
        """Return the members of the items of a list, by wire name."""
        struct = self._structs.get(param.type.item.name) if param.type.item else None
        return {member.wire: member for member in struct.params} if struct else {}

    def lookup(self, at: Map, name: str, params: dict[str, Param]) -> Lookup:
        """Build one call that may find what another one made."""
        filled = tuple(read.pairs(at, "with").items())
        for _, source in filled:
            wire, dot, member = source.partition(".")
            if source != SENT and self._rules.check_param(at, "with", f"{name}.lookup", wire, params) and dot:
                known = self._item_members(params[wire])
                self._notes.check_known(at, "with", f"{name}.lookup", member, known, f"member of an item of `{wire}`")
        self._check_lookup(at, name, [wire for wire, _ in filled])
        return Lookup(str(at["operation"]), filled, read.texts(at, "absent"))

    def _check_lookup(self, lookup: Map, name: str, wires: list[str]) -> None:
        where, wanted, operations = f"{name}.lookup", str(lookup["operation"]), dict(self._maps_by_name())
        if not self._notes.check_known(lookup, "operation", where, wanted, operations, "operation"):
            return
        params = read.mapping(operations[wanted], "params")
        for wire in wires:
            if wire not in params:
                what = f"{wanted} has no parameter `{wire}`{suggest(wire, params)}"
                self._notes.add(lookup, "with", where, what)
        for wire, param in read.entries(operations[wanted], "params"):
            if read.flag(param, "required") and wire not in wires:
                self._notes.add(lookup, "with", where, f"{wanted} needs `{wire}`; add it to `with`")
        for code in read.texts(lookup, "absent"):
            self._notes.check_known(lookup, "absent", where, code, self._errors, "code")

    def _maps_by_name(self) -> Iterator[tuple[str, Map]]:
        """Yield every operation of the API by group and name."""
        for file, at in self._source.files.items():
            for operation in read.maps(at, "operations"):
                yield f"{file.removeprefix('rest/').removesuffix('.yaml')}.{operation['name']}", operation
