"""What the rows of a table say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.drift.blocks import Row, Table
from generator.drift.profile import Profile
from generator.drift.samples import Sample
from generator.drift.words import NAME, Words

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
    return _listed(roles) or _named(roles, role)


def _listed(roles: Sequence[str | None]) -> str:
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


def _named(roles: Sequence[str | None], role: str | None) -> str:
    if not {"name", "field"} & set(roles):
        return ""
    if role in ("fields", "response") or "field" in roles:
        return "fields"
    return "params" if role in ("params", "body") or "required" in roles else ""


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
        raw = cell.get("name") or cell.get("field") or ""
        depth, name = _depth(raw, profile)
        names = [_bare(part) for part in re.split(r"\s*[,，]\s*|\s+/\s+", name)]
        if not all(NAME.match(part) for part in names):
            yield row
            continue
        parents = [(d, p) for d, p in parents if d < depth]
        for part in names:
            path = f"{parents[-1][1]}{part}" if parents else part
            yield Entry(path, cell.get("type", "").strip("`* "), _required(raw, cell, profile), _text(cell), row.line)
        parents.append((depth, path + _joint(path, cell.get("type", ""), sample)))


def _depth(raw: str, profile: Profile) -> tuple[int, str]:
    mark = profile.nested.match(raw.strip())
    name = raw.strip()[mark.end() :] if mark else raw.strip()
    depth = len(re.sub(r"[\s]|&gt;", lambda m: ">" if m.group() != " " else "", mark.group())) if mark else 0
    return depth, name


def _bare(name: str) -> str:
    name = re.sub(r"\s*[(（\[][^)）\]]*[)）\]]\s*\Z", "", name) if " " in name else name
    return name.strip('`* "“”')


def _required(raw: str, cell: dict[str, str], profile: Profile) -> bool | None:
    said = profile.words.required(cell.get("required", ""))
    return True if said is None and raw.rstrip("`").endswith("*") else said


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
