"""Examples of answers whose payload is changed, below the envelope and what proves that it is one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from tests.support.apis import Api
from venues.core.answer.body import parse
from venues.core.answer.things import required, struct_in
from venues.core.request.operation import Operation

ENCODER = msgspec.json.Encoder(decimal_format="number")


def changed(api: Api, operation: Operation[Any], change: Callable[[Any], Any]) -> bytes:
    """Return the example of an answer with another payload; its code stays."""
    answer: Any = parse(api.response(operation).encode())
    envelope = api.client.PROFILE.envelope
    member = None if envelope.data is None or operation.payload == "body" else envelope.data
    payload = answer if member is None else answer.get(member)
    wrapped = operation.unwrap if isinstance(payload, dict) and operation.unwrap in payload else None
    new = change(payload[wrapped] if wrapped else payload)
    if member is None and isinstance(new, dict) and envelope.code in payload:
        new[envelope.code] = payload[envelope.code]
    new = {wrapped: new} if wrapped else new
    return ENCODER.encode(new if member is None else {**answer, member: new})


def anchored(spoilt: Any, whole: Any, operation: Operation[Any]) -> Any:
    """Give a spoilt payload back what proves that it is one: its id, or any member that it always has."""
    if isinstance(whole, list):
        return whole[:1] + spoilt
    struct = struct_in(operation.returns)
    if not isinstance(whole, dict) or struct is None:
        return spoilt
    wires = operation.needs or [wire for wire in whole if wire in (required(struct) or whole)][:1]
    return spoilt | {wire: whole[wire] for wire in wires}


def written(value: Any, write: Callable[[Any], Any]) -> Any:
    """Return JSON with every leaf written otherwise."""
    if isinstance(value, dict):
        return {name: written(member, write) for name, member in value.items()}
    if isinstance(value, list):
        return [written(member, write) for member in value]
    return write(value)


def as_text(value: Any) -> Any:
    """Write a number or boolean as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, Decimal)) else value
