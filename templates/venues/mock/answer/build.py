# Edited in templates/venues/mock/answer/build.py; the copy in generated/ is imported.
"""Answers: examples of the specification, and a test's own payloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Literal

from msgspec.structs import replace

from venues.mock.answer.errors import Errors
from venues.mock.answer.sent import Answer
from venues.mock.declared.operations import Batch, Find, Join, Operation
from venues.mock.exact import Json, Path, compact, parse, put, text_of, value_at, with_names
from venues.mock.ledger import Executed
from venues.mock.request.rules import variant_of

Changes = Iterable[tuple[Path, Json]]


class Answers(Errors):
    """Writes the answers of one API."""

    def example(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> Answer:
        """Answer an operation's example; the ids that were sent are repeated, and the server's time is `now`."""
        changes = self._repeated_ids(operation, arguments)
        clock = self._api.clock
        if clock is not None and clock.operation == operation.full_name:
            place = (*self._payload_path(operation), clock.field)
            told = {"ms": now, "s": now // 1000, "ns": now * 1_000_000}[clock.unit]
            changes.append((place, _as_in_example(told, value_at(parse(operation.response), place))))
        body = replace_values(_response(operation, arguments).encode(), changes)
        if operation.batch is not None:
            body = self._batch_answer(operation, operation.batch, arguments, body)
        return Answer(body, shape=_asked_shape(operation, arguments))

    def remembered(self, operation: Operation, arguments: Mapping[str, Json], body: bytes) -> Answer:
        """Answer a body that was written from what is remembered, as one object or a list, whichever is asked for."""
        if operation.beside:
            repeated = [(path, arguments[wire]) for wire, path in operation.beside if wire in arguments]
            body = replace_values(body, repeated)
        return Answer(body, shape=_asked_shape(operation, arguments))

    def _batch_answer(self, operation: Operation, batch: Batch, arguments: Mapping[str, Json], body: bytes) -> bytes:
        """Answer for the items that were sent, each by its own id; items that the example has more fall away."""
        items = arguments.get(batch.list)
        sent = [item.get(batch.member) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        if sent == list(batch.ids):
            return body
        new = [one or own for one, own in zip(sent, batch.ids, strict=False)]
        names = {own: name for own, name in zip_longest(batch.ids, new) if own is not None}
        document = with_names(parse(body), names)
        path = operation.joins.into if operation.joins else self._payload_path(operation)
        payload = value_at(document, path)
        if path and isinstance(payload, list):
            put(document, path, payload[: len(sent)])
        elif isinstance(payload, list):
            document = payload[: len(sent)]
        return compact(document).encode()

    def _repeated_ids(self, operation: Operation, arguments: Mapping[str, Json]) -> list[tuple[Path, Json]]:
        """Return the ids that were sent, and where the answer repeats them."""
        own = operation.client_id
        changes: list[tuple[Path, Json]] = []
        if own is not None and own in arguments:
            changes += [(path, arguments[own]) for path in operation.places.client_id]
        repeated = [(path, arguments[wire]) for wire, path in operation.places.echoes if wire in arguments]
        example = parse(operation.response) if repeated else None
        return changes + [(path, _as_in_example(value, value_at(example, path))) for path, value in repeated]

    def in_shape(self, operation: Operation | None, answer: Answer) -> Answer:
        """Return an answer in the shape that it is to have; the last step, because faults know places in the example."""
        if operation is not None and operation.joins is not None:
            answer = replace(answer, body=_parted(answer.body, operation.joins))
        if operation is None or answer.shape is None:
            return answer
        return replace(answer, body=self._shaped_body(operation, answer))

    def _shaped_body(self, operation: Operation, answer: Answer) -> bytes:
        try:
            document = parse(answer.body)
        except ValueError:
            return answer.body  # a fault broke it
        path = self._payload_path(operation)
        payload = value_at(document, path)
        if answer.shape == "one" and isinstance(payload, list):
            # An exchange that returns one object has none for an empty list; an object without members comes closest.
            payload = payload[0] if payload else {}
        elif answer.shape == "list" and not isinstance(payload, list):
            payload = [payload]
        else:
            return answer.body
        if not path:
            return compact(payload).encode()
        put(document, path, payload)
        return compact(document).encode()

    def hit(self, operation: Operation, find: Find, executed: Executed, arguments: Mapping[str, Json]) -> Answer:
        """Answer a lookup that finds an order: the example, with the ids, the time and the sizes of the call."""
        changes: list[tuple[Path, Json]] = [(path, executed.client_id) for path in find.client_id]
        changes += [(path, executed.at) for path in find.made]
        changes += [(path, executed.arguments[wire]) for wire, path in find.echoes if wire in executed.arguments]
        example = parse(operation.response)
        written = [(path, _as_in_example(value, value_at(example, path))) for path, value in changes]
        repeated = self._repeated_ids(operation, arguments)
        return Answer(replace_values(operation.response.encode(), [*repeated, *written]))

    def miss(self, operation: Operation, find: Find) -> Answer:
        """Answer a lookup that finds nothing: with a code, or with empty lists."""
        # As the exchange does: some have a code for unknown orders, others return empty lists.
        if find.absent:
            return self.code(find.absent[0])
        return Answer(replace_values(operation.response.encode(), [(path, []) for path in find.lists]))

    def payload(self, operation: Operation, payload: Json) -> Answer:
        """Answer a test's own payload, in the envelope if the operation has one."""
        data = self._api.envelope.data
        if data is None or operation.payload == "body":
            return Answer(compact(payload).encode())
        return Answer(compact({**self._api.envelope.example, data: payload}).encode())

    def _payload_path(self, operation: Operation) -> tuple[str, ...]:
        data = self._api.envelope.data
        return (data,) if data is not None and operation.payload == "data" else ()


def _response(operation: Operation, arguments: Mapping[str, Json]) -> str:
    """Return the example for what is asked."""
    variant = variant_of(operation, arguments)
    return operation.response if variant is None else variant.response


def _parted(body: bytes, join: Join) -> bytes:
    """Send in two lists what the examples have in one."""
    try:
        document = parse(body)
    except ValueError:
        return body  # a fault broke it
    items = value_at(document, join.into)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return body
    more = [{name: item.pop(name) for name in join.members if name in item} for item in items]
    holder, (*outer, last) = document, join.source
    for step in outer:
        holder = holder.setdefault(step, {})
    holder[last] = more
    return compact(document).encode()


def _asked_shape(operation: Operation, arguments: Mapping[str, Json]) -> Literal["one", "list"] | None:
    if operation.one_with is None:
        return None
    return "one" if operation.one_with in arguments else "list"


def _as_in_example(value: Json, example: Json) -> Json:
    """Return a value as text or number, as the example has it: a form sends all as text, an answer may not."""
    if isinstance(example, str) and not isinstance(value, (list, dict)) and value is not None:
        return text_of(value)
    if isinstance(value, str) and isinstance(example, (int, Decimal)) and not isinstance(example, bool):
        number = Decimal(value)
        return int(number) if isinstance(example, int) and number == int(number) else number
    return value


def replace_values(body: bytes, changes: Changes) -> bytes:
    """Replace values in a JSON text; without changes, or if it is not JSON, return it byte for byte."""
    pending = list(changes)
    if not pending:
        return body
    try:
        document = parse(body)
    except ValueError:
        return body
    for path, value in pending:
        put(document, path, value)
    return compact(document).encode()
