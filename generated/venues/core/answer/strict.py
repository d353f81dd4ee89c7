# Edited in templates/venues/core/answer/strict.py; the copy in generated/ is imported.
"""The strict decoder of an operation's answers: straight into the struct, and exactly as it was promised."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, get_args

import msgspec

from venues.core.answer.envelope import Envelope
from venues.core.request.operation import Operation
from venues.core.values.decoders import build_decoder

Decode = Callable[[bytes], Any]


def decoder_of(operation: Operation[Any], envelope: Envelope, *, is_bare: bool) -> Decode:
    """Return the strict decoder of the payload, or, where answers have an envelope, of its code and data."""
    promised = _promised(operation)
    if envelope.data is None or is_bare:
        return _decode(operation, envelope, promised)
    members: list[Any] = [("code", Any, None)]
    if operation.returns is not None:
        members.append(("data", promised))
    names = {"code": envelope.code, "data": envelope.data}
    answer = msgspec.defstruct("Answer", members, rename=names, kw_only=True)
    return _decode(operation, envelope, answer)


def of_success(decode: Decode, success: Collection[object], operation: Operation[Any]) -> Decode:
    """Return what reads the payload of an envelope, and only beside a code of success."""
    returns_nothing = operation.returns is None

    def read(body: bytes) -> Any:
        answer = decode(body)
        # False is 0 for Python, and true 1; a code is neither.
        if answer.code not in success or isinstance(answer.code, bool):
            raise msgspec.ValidationError("not a success")
        return None if returns_nothing else answer.data

    return read


def _decode(operation: Operation[Any], envelope: Envelope, wanted: Any) -> Decode:
    strict = not operation.lax
    decode = build_decoder(wanted, strict=strict).decode
    also, empties = operation.also, envelope.empty_is_missing
    if not (also or empties):
        return decode
    from venues.core.answer.variants import tidying  # most exchanges don't need it

    return tidying(decode, wanted, also=also, empties=empties, strict=strict)


def _promised(operation: Operation[Any]) -> Any:
    returns = operation.returns
    if returns is None:
        return Any
    return get_args(returns)[0] | returns if operation.single else returns
