"""Reads the rows of tables: parameters, members, and positions of arrays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.drift.facts.deprecation import with_mark_of_end
from generator.drift.facts.facts import brief
from generator.drift.facts.profile import Profile
from generator.drift.facts.samples import Sample
from generator.drift.pages.blocks import Row, Table
from generator.drift.pages.listed import mark_in
from generator.drift.pages.words import NAME, Words

_NOTHING = re.compile(
    r"""
    (?:there\ (?:are|is)\ )?
    (?:none | no(?:\ \w+)?\ param(?:eter)?s?(?:\ (?:are\ )?(?:required|needed))? | n/?a | null | empty | 无 | 无参数 | -+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OPTIONAL = re.compile(r"[*_\s]*[\[(（【]\s*(?:optional|可选)\s*[\])）】][*_:\s]*", re.IGNORECASE)
_CHOICE = re.compile(r"\d{1,4}|[A-Za-z_][\w-]{0,40}")
CONTAINERS = ("array", "list", "object", "json", "map", "[]")


@dataclass(frozen=True)
class Entry:
    """A parameter or a field."""

    path: str
    type: str
    required: bool | None
    text: str
    line: int
    allowed: tuple[str, ...] = ()
    """The values in a column of its own."""


@dataclass(frozen=True)
class Position:
    """What a row says of one position in the arrays of a list: `bids[0]`, `list[4]: closePrice`."""

    of: str
    at: int
    name: str
    type: str
    text: str
    line: int


# A member of a list by its place: `bids[0]`, `kline[4]: close`.
_POSITION = re.compile(r"(?P<of>[A-Za-z_]\w*)\[(?P<at>\d{1,2})\](?:\s*[:：-]\s*(?P<name>[A-Za-z_]\w*))?")


def cells(table: Table, words: Words) -> Iterator[tuple[Row, dict[str, str]]]:
    """Yield the rows with their cells by role; of two columns with one role, the first that is not empty."""
    roles = [words.role(word) for word in table.header]
    # A column `Enum` lists the values of what another column names.
    roles = ["allowed" if role == "name" and "name" in roles[:at] else role for at, role in enumerate(roles)]
    for row in table.rows:
        by_role = dict[str, str]()
        for role, cell in zip(roles, row.cells, strict=False):
            if role and not by_role.get(role):
                by_role[role] = cell
        yield row, by_role


def marks(table: Table, words: Words) -> bool:
    """Whether a table has a column that says what is required."""
    return bool({"required", "optional"} & {words.role(word) for word in table.header})


def marks_optional(table: Table, words: Words) -> bool:
    """Whether a table marks `[Optional]` in its descriptions, for lack of a column: then the other rows are required."""
    roles = [words.role(word) for word in table.header]
    if marks(table, words) or "description" not in roles:
        return False
    at = roles.index("description")
    return any(_OPTIONAL.match(row.cells[at]) for row in table.rows if at < len(row.cells))


def entries(
    table: Table, profile: Profile, sample: Sample, *, convention: bool = False
) -> Iterator[Entry | Position | Row]:
    """Yield the parameters or fields of a table; a row that cannot be read is yielded unchanged.

    Args:
        table: The table.
        profile: How to read it.
        sample: The response, which shows which members are lists.
        convention: Whether the page marks what is optional, so that the rest is required.
    """
    # A star after some names says that the others are optional.
    starred = any(_is_starred(row.cells[0]) for row in table.rows if row.cells)
    whole = convention and not {"required", "optional"} & {profile.words.role(word) for word in table.header}
    parents, placed = list[tuple[int, str]](), dict[str, str]()
    for row, cell in cells(table, profile.words):
        depth, raw = _depth(_wire_name(cell), profile)
        name, said = mark_in(raw)
        if is_nothing(name) and not any(cell.get(role) for role in ("type", "description")):
            continue
        if position := _POSITION.fullmatch(name.strip("`* ")):
            of, at = position["of"], int(position["at"])
            yield Position(
                of, at, position["name"] or "", brief(cell.get("type", "").strip("`* ")), _text(cell), row.line
            )
            continue
        # One row for several: `bidPrice, askPrice` or `high / low`.
        names = [_bare(part) for part in re.split(r"\s*[,，]\s*|\s+/\s+", name)]
        if not all(NAME.match(part) for part in names):
            yield row
            continue
        parents = [(d, p) for d, p in parents if d < depth]
        if name == "body" and cell.get("in", "").strip("`* ").lower() == "body":
            continue  # the body as a whole, whose members follow
        typed, marked = mark_in(cell.get("type", "").strip("`* ") or _type_beside(name, profile))
        required = _required(cell, profile, raw, (said, marked))
        above = parents[-1][1] if parents else placed.get(cell.get("parent", "").strip("`* "), "")
        for part in names:
            path = f"{above}{part}"
            given = True if whole and required is None else False if starred and required is None else required
            text = with_mark_of_end(f"{name} {cell.get('type', '')}", _text(cell))
            yield Entry(path, brief(typed), given, text, row.line, choices_in(cell.get("allowed", "")))
        parents.append((depth, path + _joint(path, typed, sample)))
        placed.setdefault(part, parents[-1][1])


def choices_in(cell: str) -> tuple[str, ...]:
    """Return the values that a cell of possible values lists: `buy, sell` or ```a` `b```; none in a range or a sentence."""
    found = [part.strip("`'\"“”* ") for part in re.split(r"\s*[,，、/|]\s*|\s+or\s+|(?<=`)\s+(?=`)", cell.strip())]
    fits = len(found) > 1 and all(_CHOICE.fullmatch(part) for part in found)
    return tuple(dict.fromkeys(found)) if fits else ()


def _wire_name(cell: dict[str, str]) -> str:
    """Return the wire name in a row; where a column `Name` follows `Field`, it has a title of it."""
    first = next((role for role in cell if role in ("name", "field")), "name")
    return cell.get(first) or cell.get("name") or cell.get("field") or ""


def is_nothing(text: str) -> bool:
    """Whether a text says that there is nothing: `None`, `No parameters`, `无`."""
    return _NOTHING.fullmatch(text.strip(" .。*_`\n")) is not None


def _depth(raw: str, profile: Profile) -> tuple[int, str]:
    mark = profile.nested.match(raw.strip())
    name = raw.strip()[mark.end() :] if mark else raw.strip()
    depth = len(re.sub(r"\s", "", mark.group()).replace("&gt;", ">")) if mark else 0
    return depth, name


def _bare(name: str) -> str:
    name = re.sub(r"\s*[(（\[][^)）\]]*[)）\]]\s*\Z", "", name) if " " in name else name
    # A gap of the path is often written as in the path.
    return re.sub(r"\A\{(\w+)\}\Z", r"\1", name.strip('`* "“”~'))


def _type_beside(name: str, profile: Profile) -> str:
    """Return the type that follows a name in its cell: `limit (int)`."""
    beside = re.search(r"\s[(（\[]([^)）\]]*)[)）\]]\s*\Z", name)
    return beside.group(1) if beside and profile.words.is_type(beside.group(1)) else ""


def _required(cell: dict[str, str], profile: Profile, raw: str, beside: Sequence[bool | None]) -> bool | None:
    """Return whether a row is required: by its column, else by a mark in another cell; None if unknown."""
    said = profile.words.required(cell.get("required", ""))
    if said is not None:
        return said
    if cell.get("optional"):
        return profile.words.must(cell["optional"])
    # A star after the name is the usual mark in generated references.
    if _is_starred(raw):
        return True
    marks = (*beside, mark_in(cell.get("description", ""))[1] if not cell.get("required") else None)
    return next((mark for mark in marks if mark is not None), None)


def _is_starred(name: str) -> bool:
    return re.search(r"\w`?\s?\*`?\Z", name) is not None


def _text(cell: dict[str, str]) -> str:
    words = _OPTIONAL.sub("", cell.get("description", ""), count=1)
    default = cell.get("default", "").strip("`'\"“”* ")
    stated = f"Default: `{default}`." if _CHOICE.fullmatch(default) and not is_nothing(default) else ""
    allowed = cell.get("allowed", "")
    bounds = "" if choices_in(allowed) or is_nothing(allowed) else allowed
    return " ".join(part for part in (words, stated, bounds, _condition(cell)) if part)


def _condition(cell: dict[str, str]) -> str:
    mark = cell.get("required", "")
    return mark if " " in mark else ""


def _joint(path: str, kind: str, sample: Sample) -> str:
    """Return what joins a member and its own members: `[].` for lists, else a dot."""
    leaf = path.rsplit(".", 1)[-1].removesuffix("[]")
    kinds = [member.type for member in sample.members if member.path.rsplit(".", 1)[-1] == leaf]
    if path.endswith("[]"):
        return "."
    # The sample decides: tables call lists `object` or leave the type empty.
    listed = "array" in kinds or (not kinds and re.search(r"array|list|\[\]", kind, re.IGNORECASE))
    return "[]." if listed else "."


def is_container(kind: str) -> bool:
    """Whether a type may have members."""
    return any(word in kind.lower() for word in CONTAINERS)
