"""What the mock exchange needs to keep orders: which calls are about them, and where their meanings stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.ground.json_text import json_text
from generator.mock.signing import set_members
from generator.model import vocabulary
from generator.model.api import Api
from generator.model.meaning import Held, Place
from generator.model.operations import Deed, Operation
from generator.model.types import Enum, Field, Json, Param

Data = dict[str, Any]  # JSON
VERBS = frozenset({"place", "cancel", "get", "list"})
SENT = frozenset(
    {"id", "client_id", "symbol", "side", "kind", "price", "quantity", "value", "position.side", "leverage"}
)
"""What the engine understands when it is sent, beside what is yes or no."""

FEATURES = frozenset({"market", "ioc", "fok", "post_only"})
"""What orders can be; for stops and closing orders the engine would need positions and triggers."""

TIMES = ("timestamp_ms", "timestamp_s")
RANGE = 2
"""How many times a list is asked for with: from and to."""


class OrderCalls:
    """Finds the calls of one API with which orders can be made and remembered."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._meanings = api.meanings
        self._enums = {enum.name: enum for enum in api.enums}
        self._structs = {struct.name: struct for struct in api.structs}
        self._templates = dict(self._examples())
        self._shelves = frozenset(o.shelf.name for o in api.operations if self._deed(o, "place") and self._data(o))

    def of(self, operation: Operation) -> Data:
        """Return what an operation does with orders; nothing where its example is played back."""
        # Orders that can't be made can't be found either; an empty list in place of an example helps nobody.
        return self._data(operation) if operation.shelf.name in self._shelves else {}

    def _deed(self, operation: Operation, verb: str = "") -> Deed | None:
        """Return what an operation does with one order or all; None for batches and for what is something else."""
        if len(operation.deeds) != 1 or operation.shelf.by or self._meanings.is_batch(operation):
            return None
        deed = operation.deeds[0]
        wanted = deed.thing == "order" and deed.verb in VERBS and verb in ("", deed.verb)
        # A list of some orders, such as liquidations, says nothing of which.
        return deed if wanted and not (deed.verb == "list" and operation.of == "some") else None

    def _data(self, operation: Operation) -> Data:
        deed = self._deed(operation)
        if deed is None or not all(self._can_send(param, operation) for param in operation.params):
            return {}
        held = self._held(operation)
        if not held and (deed.verb != "cancel" or self._meanings.held(operation.returns, "order")):
            return {}
        return set_members(
            does="cancel_all" if deed.every else deed.verb,
            of=operation.of,
            shelf=operation.shelf.name,
            sent=[self._sent(param) for param in operation.params if not self._is_paging(param, operation)],
            span=_span(operation),
            paging=self._paging(operation),
            held=held,
            absent=self._code(operation, "OrderNotFound"),
            duplicate=self._code(operation, "DuplicateClientId"),
            unique=next((param.unique for param in operation.params if param.phrase == "client_id"), None),
        )

    def _can_send(self, param: Param, operation: Operation) -> bool:
        """Whether the engine may know what a required parameter says."""
        if not param.required or param.common or self._is_paging(param, operation):
            return True
        if param.phrase not in SENT:
            return (param.means is not None and not param.means.phrases) or () in self._says(param).values()
        allowed = [_text(value) for value in param.values]
        said = [words for value, words in self._says(param).items() if value in allowed or not allowed]
        return param.phrase != "kind" or any(FEATURES.issuperset(words) for words in said)

    @staticmethod
    def _is_paging(param: Param, operation: Operation) -> bool:
        paging = operation.paging
        named = (paging.start, paging.end, paging.limit) if paging else ()
        return param.common or param.wire in named or param.wire in _span(operation)

    def _sent(self, param: Param) -> Data:
        return set_members(
            wire=param.wire,
            phrase=param.phrase,
            says=self._says(param),
            default=None if param.default is None else _text(param.default),
            harmless=param.means is not None and not param.means.phrases,
        )

    def _says(self, of: Param | Field) -> dict[str, tuple[str, ...]]:
        """Return the values whose meaning is known, and what each says."""
        enum: Enum | None = self._enums.get(of.type.name)
        values: Iterable[object] = [member.value for member in enum.members] if enum else ()
        if of.means and of.means.reads:
            values = of.means.reads
        elif of.type.kind == "boolean":
            values = ("true", "false") if of.phrase in vocabulary.SWITCHES else ()
        said = {_text(value): self._meanings.says(of, value) for value in values}
        return {value: words for value, words in said.items() if words is not None}

    def _code(self, operation: Operation, kind: str) -> str | None:
        """Return the first code of a kind that the operation lists, or else the only one of the API."""
        own = [error.code for error in operation.errors if error.kind == kind]
        every = [error.code for error in self._api.errors if error.kind == kind]
        return own[0] if own else every[0] if len(every) == 1 else None

    def _held(self, operation: Operation) -> Data:
        """Return where the answer has its order or orders, and how one is written there."""
        found = self._meanings.held(operation.returns, "order")
        if len(found) != 1 or found[0].struct.array or any(field.type.item for field in found[0].fields[:-1]):
            return {}
        held = found[0]
        path = (*self._payload(operation), *held.wires)
        template = self._templates.get((operation.full_name, held.struct.name)) or self._templates.get(held.struct.name)
        members = [*self._members(held, operation)]
        if template is None or not any(member.get("phrase") == "id" for member in members):
            return {}
        refused = [each.wires for each in self._meanings.held(operation.returns, "refusal") if each.fields]
        return set_members(
            path=path,
            many=held.many,
            example=json_text(template),
            members=members,
            clear=[(*self._payload(operation), *wires) for wires in refused if wires != held.wires],
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
            says=self._says(field),
        )

    def _paging(self, operation: Operation) -> Data:
        paging = operation.paging
        if paging is None:
            return {}
        struct = self._structs.get(operation.returns.name) if operation.returns else None
        wires = {field.name: (*self._payload(operation), field.wire) for field in struct.fields} if struct else {}
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
        makers = [o for o in self._api.operations if o.shelf == operation.shelf and self._deed(o, "place")]
        return any((param.wire, param.type) == (field.wire, field.type) for o in makers for param in o.params)

    def _payload(self, operation: Operation) -> tuple[str, ...]:
        data = self._api.envelope.data if operation.payload == "data" else None
        return tuple(key for key in (data, operation.unwrap) if key is not None)

    def _examples(self) -> Iterator[tuple[str | tuple[str, str], Json]]:
        """Yield one order of each example, by its operation and struct, and by its struct alone."""
        for operation in self._api.operations:
            for held in self._meanings.held(operation.returns, "order"):
                value = _value(operation.response, (*self._payload(operation), *held.wires))
                one = value[0] if isinstance(value, list) and value else value
                if isinstance(one, dict) and one:
                    yield (operation.full_name, held.struct.name), one
                    yield held.struct.name, one


def _span(operation: Operation) -> tuple[str, ...]:
    """Return the parameters between which a list is asked for: whatever they are called, there are two times."""
    times = tuple(param.wire for param in operation.params if param.type.kind in TIMES and not param.common)
    return times if len(times) == RANGE else ()


def _value(document: Json, path: tuple[str, ...]) -> Json:
    for step in path:
        if not isinstance(document, dict):
            return None
        document = document.get(step)
    return document


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
