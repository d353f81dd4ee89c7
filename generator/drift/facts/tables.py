"""What the rows of a table say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.drift.facts.facts import brief
from generator.drift.facts.profile import Profile
from generator.drift.facts.samples import Sample
from generator.drift.pages.blocks import Row, Table
from generator.drift.pages.listed import mark_in
from generator.drift.pages.words import NAME, Words

CONTAINERS = ("array", "list", "object", "json", "map", "[]")


@dataclass(frozen=True)
class Entry:
    """A parameter or a field."""

    path: str
    type: str
    required: bool | None
    text: str
    line: int


def kind_of(table: Table, role: str | None, profile: Profile) -> str:
    """Return what a table lists: errors, enum, enums, endpoints, channels, weights, fields, params or nothing."""
    roles = [profile.words.role(word) for word in table.header]
    if any(pattern.fullmatch(joined_header(table)) for pattern in profile.enum_tables):
        return "enum"
    return _kind_by_columns(roles) or _kind_by_role(roles, role)


def _kind_by_columns(roles: Sequence[str | None]) -> str:
    """Return what a table lists that has no parameters or fields; nothing for others."""
    kinds = {
        "enum": roles[:1] == ["value"],
        "enums": roles[:2] == ["name", "value"],
        "endpoints": {"method", "path"} <= set(roles),
        "channels": roles[:1] == ["channel"],
        "errors": "code" in roles[:2] and not {"name", "field", "type"} & set(roles),
        "weights": "weight" in roles and "name" not in roles,
    }
    return next((kind for kind, fits in kinds.items() if fits), "")


def joined_header(table: Table) -> str:
    """Return a table's headings on one line, as profiles match them."""
    return " | ".join(word.strip("*` ") for word in table.header)


def _kind_by_role(roles: Sequence[str | None], role: str | None) -> str:
    if not {"name", "field"} & set(roles):
        return ""
    asks, marked = role in ("params", "body"), bool({"required", "optional"} & set(roles))
    if role in ("fields", "response") or ("field" in roles and not (asks and marked)):
        return "fields"
    return "params" if asks or marked else ""


def cells(table: Table, words: Words) -> Iterator[tuple[Row, dict[str, str]]]:
    """Yield the rows with their cells by what the columns hold; the first of two like columns that says something."""
    roles = [words.role(word) for word in table.header]
    for row in table.rows:
        by_role = dict[str, str]()
        for role, cell in zip(roles, row.cells, strict=False):
            if role and not by_role.get(role):
                by_role[role] = cell
        yield row, by_role


def entries(table: Table, profile: Profile, sample: Sample) -> Iterator[Entry | Row]:
    """Yield the parameters or fields of a table; a row that cannot be read as it is."""
    parents = list[tuple[int, str]]()
    for row, cell in cells(table, profile.words):
        depth, raw = _depth(cell.get("name") or cell.get("field") or "", profile)
        name, said = mark_in(raw)
        names = [_bare(part) for part in re.split(r"\s*[,，]\s*|\s+/\s+", name)]
        if not all(NAME.match(part) for part in names):
            yield row
            continue
        parents = [(d, p) for d, p in parents if d < depth]
        typed, marked = mark_in(cell.get("type", "").strip("`* ") or _type_beside(name, profile))
        required = _required(cell, profile, raw, (said, marked))
        for part in names:
            path = f"{parents[-1][1]}{part}" if parents else part
            yield Entry(path, brief(typed), required, _text(cell), row.line)
        parents.append((depth, path + _joint(path, typed, sample)))


def _depth(raw: str, profile: Profile) -> tuple[int, str]:
    mark = profile.nested.match(raw.strip())
    name = raw.strip()[mark.end() :] if mark else raw.strip()
    depth = len(re.sub(r"[\s]|&gt;", lambda m: ">" if m.group() != " " else "", mark.group())) if mark else 0
    return depth, name


def _bare(name: str) -> str:
    name = re.sub(r"\s*[(（\[][^)）\]]*[)）\]]\s*\Z", "", name) if " " in name else name
    return name.strip('`* "“”')


def _type_beside(name: str, profile: Profile) -> str:
    """Return the type that stands behind a name, in its cell: `limit (int)`."""
    beside = re.search(r"\s[(（\[]([^)）\]]*)[)）\]]\s*\Z", name)
    return beside.group(1) if beside and profile.words.is_type(beside.group(1)) else ""


def _required(cell: dict[str, str], profile: Profile, raw: str, beside: Sequence[bool | None]) -> bool | None:
    """Say whether a row must be given: as its own column has it, else by a mark in another cell."""
    said = profile.words.required(cell.get("required", ""))
    if said is not None:
        return said
    if cell.get("optional"):
        return profile.words.must(cell["optional"])
    if raw.rstrip("`").endswith("*"):
        return True
    marks = (*beside, mark_in(cell.get("description", ""))[1] if not cell.get("required") else None)
    return next((mark for mark in marks if mark is not None), None)


def _text(cell: dict[str, str]) -> str:
    return " ".join(part for part in (cell.get("description", ""), _condition(cell)) if part)


def _condition(cell: dict[str, str]) -> str:
    mark = cell.get("required", "")
    return mark if " " in mark else ""


def _joint(path: str, kind: str, sample: Sample) -> str:
    """Return what stands between a member and its own members: `[].` for lists."""
    leaf = path.rsplit(".", 1)[-1].removesuffix("[]")
    kinds = [member.type for member in sample.members if member.path.rsplit(".", 1)[-1] == leaf]
    if path.endswith("[]"):
        return "."
    listed = "array" in kinds or (not kinds and re.search(r"array|list|\[\]", kind, re.IGNORECASE))
    return "[]." if listed else "."


def is_container(kind: str) -> bool:
    """Whether a type may have members."""
    return any(word in kind.lower() for word in CONTAINERS)
