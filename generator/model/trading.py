"""What an API says that helps to trade, found by what its fields mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.types import Param, Type


@dataclass(frozen=True)
class ClientIdForm:
    """What orders take as a client order id."""

    max_length: int | None
    patterns: tuple[str, ...]


def client_id_form(api: Api) -> ClientIdForm | None:
    """Return the form that every call that makes something takes as the caller's id, or None where none takes one."""
    params = [param for operation in api.operations for param in _client_ids(api, operation)]
    if not params:
        return None
    lengths = [param.max_length for param in params if param.max_length is not None]
    patterns = dict.fromkeys(param.pattern for param in params if param.pattern is not None)
    return ClientIdForm(min(lengths, default=None), tuple(patterns))


def _client_ids(api: Api, operation: Operation) -> Iterator[Param]:
    """Yield the parameters of a call that hold the caller's ids of what it makes."""
    for param in operation.params:
        if param.wire == operation.client_id:
            yield param
        elif operation.batch is not None and param.wire == operation.batch.wire:
            yield from (member for member in _members(api, param.type) if member.wire == operation.batch.member)


def _members(api: Api, typed: Type) -> tuple[Param, ...]:
    return next((struct.params for struct in api.structs if struct.name in typed.names), ())
