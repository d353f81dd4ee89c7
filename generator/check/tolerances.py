"""Finds forms of an answer that cannot stand for what an operation returns."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.operations import Operation
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def check_tolerances(api: Api, operation: Operation, at: Map, notes: Notes) -> None:
    """Note each form in `tolerates` from which what `returns` says cannot be made."""
    for problem in _problems(api, operation, at):
        notes.add(at, "tolerates", operation.name, problem)


def _problems(api: Api, operation: Operation, at: Map) -> Iterator[str]:
    returned = operation.returns.name if operation.returns is not None else None
    struct = next((struct for struct in api.structs if struct.name == returned), None)
    fields = struct.fields if struct is not None else ()
    if operation.list_of is not None:
        listed = [field.wire for field in fields if field.type.kind == "list"]
        if operation.list_of not in listed:
            yield f"`list_of` needs a struct that has the list `{operation.list_of}`, and is what the operation returns"
        needed = [field.wire for field in fields if not field.optional and field.wire != operation.list_of]
        yield from (f"a bare list lacks `{wire}`; make it optional" for wire in needed if operation.list_of in listed)
    if "empty_object" in read.texts(at, "tolerates"):
        if struct is None:
            yield "`empty_object` needs a struct that the operation returns"
        yield from (f"an object without members lacks `{f.wire}`; make it optional" for f in fields if not f.optional)
