"""Finds what contradicts itself in how operations page, and lists that don't say how they do."""

from __future__ import annotations

from collections.abc import Iterator

from generator.build.paging import UNSAID
from generator.check.names import operations_of
from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.paging import PAGES, Paging
from generator.model.types import TIMES
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes


def check_paging(source: Source, api: Api, notes: Notes) -> None:
    """Note every contradiction."""
    for group in api.groups:
        for operation, at in zip(group.operations, operations_of(source, group), strict=True):
            paging = read.mapping(at, "paging")
            if operation.paging is not None:
                for key, what in _problems(operation, operation.paging, paging):
                    notes.add(paging, key, f"{operation.name}.paging", what)
            elif "paging" not in at and _has_pages(operation, api):
                notes.add(at, "params", operation.name, _UNSAID)
            if any(other.name == _method(operation) for other in group.operations):
                notes.add(at, "name", operation.name, f"its method `{_method(operation)}` is an operation, too")


_UNSAID = "returns a list in pages; say in `paging` how they are asked for, or why that is `unsaid`"


def _method(operation: Operation) -> str:
    return f"iter_{operation.name.removeprefix('get_')}" if operation.paging else ""


def _has_pages(operation: Operation, api: Api) -> bool:
    """Whether a list is read in pages, by the names of the parameters."""
    if operation.effect != "read" or operation.returns is None:
        return False
    struct = next((struct for struct in api.structs if struct.name == operation.returns.name), None)
    lists = [field for field in struct.fields if field.type.kind == "list"] if struct else []
    is_list = operation.returns.kind == "list" or len(lists) == 1
    # By name, since the spec says nothing yet: a list of which only the first page is read loses items silently.
    return is_list and any(param.wire.lower() in PAGES for param in operation.params)


def _problems(operation: Operation, paging: Paging, at: Map) -> Iterator[tuple[str, str]]:
    kinds = {param.wire: param.type.kind for param in operation.params}
    if operation.effect != "read":
        yield "by", "only what changes nothing (`effect: read`) can be asked for page by page"
    if paging.by == "time":
        yield from _time_problems(paging, kinds, at.get("time") == UNSAID)
    elif paging.end is not None:
        yield "to", f"is for pages by time, and these are by {paging.by}"
    if paging.by != "time" and paging.keeps is not None:
        yield "keeps", f"is for pages by time, and these are by {paging.by}"
    if paging.by == "cursor" and paging.next is None:
        yield "by", "a cursor comes with each page; name the member of the answer in `next`"
    if paging.by == "id" and paging.next is None and not paging.key:
        yield "by", "nothing says which id the next page begins with; name the items' id in `key`, or a member in `next`"
    if paging.by == "page" and paging.begin is None and paging.number is None:
        yield "by", "say the number of the first page in `first`, or the member of the answer that has it in `number`"
    # The pager adds 1 to it.
    if paging.by == "page" and kinds.get(paging.start) != "integer":
        yield "from", f"`{paging.start}` is {kinds.get(paging.start)}, and numbers of pages are integers"
    yield from _param_problems(operation, paging)
    yield from _key_problems(at)


def _param_problems(operation: Operation, paging: Paging) -> Iterator[tuple[str, str]]:
    if paging.window_ms and paging.by != "time" and paging.within is None:
        yield "window", "says how long a window may be; name the parameters for its start and end in `within`"
    needed = next((param for param in operation.params if param.wire == paging.start and param.required), None)
    if needed and paging.by == "cursor" and paging.begin is None:
        yield "from", f"`{paging.start}` is required; say in `begin` what asks for the first page"
    for param in operation.params:
        if param.name == "position" and not paging.is_driven(param):
            yield "by", "`position` is an argument of `iter_` methods; give the parameter another `name`"
    for wire in paging.without:
        if any(param.wire == wire and param.required for param in operation.params):
            yield "without", f"`{wire}` is required, so it can't be left out"


def _time_problems(paging: Paging, kinds: dict[str, str], is_unsaid: bool) -> Iterator[tuple[str, str]]:
    if paging.end is None:
        yield "by", "pages by time need `to`, the parameter for the end of the window"
    for key, wire in (("from", paging.start), ("to", paging.end)):
        if wire is not None and kinds.get(wire) not in TIMES:
            yield key, f"`{wire}` is {kinds.get(wire)}, and no time"
    if paging.time is None and not is_unsaid:
        yield "by", "no member of an item means `time`; name it in `time`"
    # Windows overlap, so the same item comes twice; without a time or an id, it could not be recognized.
    if is_unsaid and not paging.key:
        yield "time", "where it is not known which time counts, items must be told apart by an id; name it in `key`"
    if paging.within is not None:
        yield "within", "is the window of pages by id, cursor or number; here it is `from` and `to`"


def _key_problems(at: Map) -> Iterator[tuple[str, str]]:
    for key, by in (
        ("next", ("id", "cursor")),
        ("total", ("page",)),
        ("number", ("page",)),
        ("first", ("page",)),
        ("goes", ("id",)),
    ):
        if key in at and at["by"] not in by:
            yield key, f"is for pages by {' or '.join(by)}, and these are by {at['by']}"
