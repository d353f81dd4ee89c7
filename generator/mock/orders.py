"""What the mock exchange needs to keep orders: which calls are about them, and where their meanings stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.ground.json_text import json_text
from generator.mock.signing import set_members
from generator.model.api import Api
from generator.model.meaning import Held, Place
from generator.model.operations import ErrorCode, Operation
from generator.model.remembering import TIMES, OrderMemory, span_of, value_text
from generator.model.types import Field, Param

Data = dict[str, Any]  # JSON


def _codes(errors: Iterable[ErrorCode], kind: str) -> list[str]:
    """Return the codes of a kind, and then those that have it with a certain message: `-2010 Duplicate order sent`."""
    listed = list(errors)
    codes = [error.code for error in listed if error.kind == kind]
    return codes + [f"{error.code} {says}" for error in listed for says, meant in error.meanings if meant.kind == kind]


class OrderCalls:
    """Says of the calls of one API what they do with orders."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._meanings = api.meanings
        self._memory = OrderMemory(api)
        self._structs = {struct.name: struct for struct in api.structs}

    def of(self, operation: Operation) -> Data:
        """Return what an operation does with orders; nothing where its example is played back."""
        deed = self._memory.deed(operation)
        if deed is None:
            return {}
        return set_members(
            does="cancel_all" if deed.every else deed.verb,
            of=operation.of,
            shelf=operation.shelf.name,
            sent=[self._sent(param) for param in operation.params if not self._memory.is_paging(param, operation)],
            span=span_of(operation),
            paging=self._paging(operation),
            held=self._held(operation),
            absent=self._code(operation, "OrderNotFound"),
            duplicate=self._code(operation, "DuplicateClientId"),
            unique=next((param.unique for param in operation.params if param.phrase == "client_id"), None),
        )

    def _sent(self, param: Param) -> Data:
        return set_members(
            wire=param.wire,
            phrase=param.phrase,
            says=self._memory.says(param),
            default=None if param.default is None else value_text(param.default),
            harmless=param.means is not None and not param.means.phrases,
        )

    def _code(self, operation: Operation, kind: str) -> str | None:
        """Return the first code of a kind that the operation lists, or else the only one of the API."""
        own = _codes(operation.errors, kind)
        every = _codes(self._api.errors, kind)
        return own[0] if own else every[0] if len(every) == 1 else None

    def _held(self, operation: Operation) -> Data:
        """Return where the answer has its order or orders, and how one is written there."""
        held = self._memory.held(operation)
        if held is None:
            return {}
        payload = self._memory.payload(operation)
        refused = [each.wires for each in self._meanings.held(operation.returns, "refusal") if each.fields]
        return set_members(
            path=(*payload, *held.wires),
            many=held.many,
            example=json_text(self._memory.example(operation, held)),
            members=[*self._members(held, operation)],
            clear=[(*payload, *wires) for wires in refused if wires != held.wires],
        )

    def _members(self, held: Held, operation: Operation) -> Iterator[Data]:
        known = {place.wires: place for place in self._meanings.places(held.struct, "order")}
        for field in held.struct.fields:
            if (field.wire,) not in known and field.type.kind in TIMES:
                yield set_members(path=(field.wire,), phrase="changed", kind=field.type.kind)
            elif (field.wire,) not in known and self._is_sent(field, operation):
                yield set_members(path=(field.wire,), phrase="sent", kind=field.type.kind)
        yield from (self._member(place) for place in known.values() if not place.many and not place.phrase.when)

    def _member(self, place: Place) -> Data:
        field = place.field
        return set_members(
            path=place.wires,
            phrase=place.phrase.text,
            kind=field.type.kind,
            optional=field.optional,
            says=self._memory.says(field),
        )

    def _paging(self, operation: Operation) -> Data:
        paging = operation.paging
        if paging is None:
            return {}
        struct = self._structs.get(operation.returns.name) if operation.returns else None
        wires = (
            {field.name: (*self._memory.payload(operation), field.wire) for field in struct.fields} if struct else {}
        )
        return set_members(
            by=paging.by,
            start=paging.start,
            limit=paging.limit,
            size=paging.size,
            goes=paging.goes,
            begin=None if paging.begin is None else str(paging.begin),
            total=wires.get(paging.total or ""),
            next=wires.get(paging.next or ""),
            number=wires.get(paging.number or ""),
        )

    def _is_sent(self, field: Field, operation: Operation) -> bool:
        """Whether the calls that make such orders send something of the same name and type."""
        return any(
            (param.wire, param.type) == (field.wire, field.type)
            for o in self._memory.makers(operation)
            for param in o.params
        )
