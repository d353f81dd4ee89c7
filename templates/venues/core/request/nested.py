# Edited in templates/venues/core/request/nested.py; the copy in generated/ is imported.
"""Checks objects inside parameters against their own requirements and rules."""

from __future__ import annotations

from collections.abc import Mapping

from venues.core.request.params import Fields, ListOf, Param
from venues.errors import InvalidRequest


def check_nested(param: Param, value: object) -> None:
    """Check the objects inside a parameter.

    Raises:
        InvalidRequest: if one lacks a required member or breaks a rule; the message says which one.
    """
    kind = param.kind
    if isinstance(kind, ListOf) and isinstance(kind.item, Fields) and isinstance(value, list):
        for index, item in enumerate(value):
            _check_fields(kind.item, item, f"{param.name}[{index}]")
    elif isinstance(kind, Fields):
        _check_fields(kind, value, param.name)


def _check_fields(fields: Fields, value: object, where: str) -> None:
    if not isinstance(value, Mapping):
        return
    params = {member.wire: member for member in fields.members}
    try:
        for member in fields.members:
            if member.wire in value:
                member.check(value[member.wire], value[member.wire])
                check_nested(member, value[member.wire])
            elif member.required:
                raise InvalidRequest(f"{member.name} must be given")
        for rule in fields.rules:
            rule.check(value, params)
    # The path is added on the way out, so that the message names the item: orders[2]: price must be given.
    except InvalidRequest as error:
        raise InvalidRequest(f"{where}: {error}") from None
