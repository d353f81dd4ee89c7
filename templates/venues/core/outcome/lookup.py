"""Looks for what became of a call whose outcome is unknown; loaded when a client is asked to reconcile."""

from __future__ import annotations

import msgspec

from venues.core.request.operation import Lookup
from venues.errors import DecodeError, ExecutionUnknown

BEFORE_SENT = 60_000
"""How far before the time of a lost call its traces are looked for, in milliseconds: clocks may differ by that much."""


def lookup_arguments(
    lookup: Lookup, error: ExecutionUnknown | DecodeError, client_id_wire: str | None
) -> dict[str, object]:
    """Return the arguments of a lookup, by wire name, from those of the lost call."""
    known = {**error.arguments, "$sent": error.sent_at - BEFORE_SENT}
    if client_id_wire:
        known[client_id_wire] = error.client_id
    return {wire: known.get(source) for wire, source in lookup.params}


def undecided_error(error: ExecutionUnknown | DecodeError) -> ExecutionUnknown:
    """Return the error that says that the lookups could not decide it."""
    reason = f"{error.reason}; it can't be looked up with certainty"
    lost = ExecutionUnknown(error.operation, error.client_id, reason)
    lost.arguments, lost.sent_at = error.arguments, error.sent_at
    return lost


def find_matching(data: object, client_id: str) -> object | None:
    """Return the innermost object that has a member with this value."""
    if isinstance(data, msgspec.Struct):
        return _innermost(data, list(msgspec.structs.asdict(data).values()), client_id)
    if isinstance(data, dict):
        return _innermost(data, list(data.values()), client_id)
    if isinstance(data, list):
        return next((found for item in data if (found := find_matching(item, client_id)) is not None), None)
    return None


def _innermost(data: object, members: list[object], client_id: str) -> object | None:
    inner = next((found for member in members if (found := find_matching(member, client_id)) is not None), None)
    if inner is not None:
        return inner
    return data if client_id in [member for member in members if isinstance(member, str)] else None
