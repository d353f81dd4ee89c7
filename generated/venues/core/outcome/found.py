"""Finds a thing by its client id in whatever an exchange answered."""

from __future__ import annotations

import msgspec


def matching(data: object, client_id: str) -> object | None:
    """Return the innermost object that has a member with this value."""
    if isinstance(data, msgspec.Struct):
        return _in(data, list(msgspec.structs.asdict(data).values()), client_id)
    if isinstance(data, dict):
        return _in(data, list(data.values()), client_id)
    if isinstance(data, list):
        return next((found for item in data if (found := matching(item, client_id)) is not None), None)
    return None


def _in(data: object, members: list[object], client_id: str) -> object | None:
    inner = next((found for member in members if (found := matching(member, client_id)) is not None), None)
    if inner is not None:
        return inner
    return data if client_id in [member for member in members if isinstance(member, str)] else None
