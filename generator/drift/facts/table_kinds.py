"""Decides what a table lists, by its headings, the label above it and the request beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from generator.drift.facts.profile import Profile
from generator.drift.pages.blocks import Table


def kind_of(
    table: Table, role: str | None, profile: Profile, asked: Collection[str] = (), *, answered: bool = True
) -> str:
    """Return what a table lists: errors, enum, enums, examples, endpoints, channels, weights, fields, params or nothing.

    Args:
        table: The table.
        role: What the label above it introduces.
        profile: The words of its headings.
        asked: The parameters in the query of the address.
        answered: Whether a response of the operation precedes the table.
    """
    roles = [profile.words.role(word) for word in table.header]
    if any(pattern.fullmatch(joined_header(table)) for pattern in profile.enum_tables):
        return "enum"
    by_columns = _kind_by_columns(roles)
    if by_columns == "enums" and not _lists_values(table, roles):
        return "examples"
    return by_columns or _kind_by_role(roles, _role_beside(table, roles, role, asked, answered=answered))


def _lists_values(table: Table, roles: Sequence[str | None]) -> bool:
    """Whether a table of names and values lists valid values; one value per name is an example, not a list."""
    headings = " ".join(table.header[:2]).lower()
    names = [row.cells[0] for row in table.rows]
    values = [row.cells[1] for row in table.rows if len(row.cells) > 1]
    several = any(re.search(r"\S\s*[/,、]\s*\S|`[^`]+`.*`[^`]+`", value) for value in values)
    return several or len(set(names)) < len(names) or bool(re.search(r"enum|values|枚举", headings))


def _role_beside(
    table: Table, roles: Sequence[str | None], role: str | None, asked: Collection[str], *, answered: bool
) -> str | None:
    """Return what a table without a label lists: parameters if the address names them, or if it marks them.

    Only parameters are marked as required before the response, whatever the heading of the first column is.
    """
    if role in ("fields", "response", "params", "body") or answered:
        return role
    named = {row.cells[0].strip("`* ") for row in table.rows if row.cells}
    marked = {"required", "optional"} & set(roles)
    return "params" if marked or (named and named <= set(asked)) else role


def _kind_by_columns(roles: Sequence[str | None]) -> str:
    """Return what a table without parameters or fields lists; empty for other tables."""
    kinds = {
        "enum": roles[:1] == ["value"],
        "enums": roles[:2] == ["name", "value"],
        "endpoints": {"method", "path"} <= set(roles),
        "channels": roles[:1] == ["channel"],
        "errors": "code" in roles[:2] and not {"name", "field", "type"} & set(roles),
        # `Parameter | Symbols | Weight`: the first column says of which parameter the second one is a case.
        "weights": "weight" in roles and ("name" not in roles or (len(roles) == 3 and roles[:2] == ["name", None])),
    }
    return next((kind for kind, fits in kinds.items() if fits), "")


def joined_header(table: Table) -> str:
    """Return a table's headings on one line, as profiles match them."""
    return " | ".join(word.strip("*` ") for word in table.header)


def _kind_by_role(roles: Sequence[str | None], role: str | None) -> str:
    if not {"name", "field"} & set(roles):
        return ""
    asks, marked = role in ("params", "body"), bool({"required", "optional"} & set(roles))
    # A table under "Parameters" lists parameters, even if its first heading is "Field".
    if role in ("fields", "response") or ("field" in roles and not asks):
        return "fields"
    return "params" if asks or marked else ""
