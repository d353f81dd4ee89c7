"""Where a spec and the lists of its documents differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generator.build.coverage import envelope_names, param_paths, structs_of
from generator.model.operations import Operation
from generator.model.types import Field, Type
from tests.support import inventory
from tests.support.inventory import ANYWHERE, Listed
from tests.support.specs import model

Difference = tuple[str, str]
"""An operation (or what else it is about), and in what the spec differs there."""


def differences(api: str) -> Iterator[Difference]:
    """Return all differences."""
    for find in (in_operations, in_params, in_members, in_enums, in_codes):
        yield from find(api)


def in_operations(api: str) -> Iterator[Difference]:
    """Return operations that are listed or printed somewhere and that the spec lacks, or has otherwise."""
    signed = {(listed.method, listed.path): listed.signed for listed in inventory.operations(api)}
    for method, path in sorted({*signed, *inventory.printed(api)}):
        operation = _operation(api, method, path)
        if operation is None:
            yield f"{method} {path}", "lacks the operation"
        elif operation.method != method:
            yield operation.full_name, f"sends {operation.method} where {method} is printed"
        elif signed.get((method, path), operation.auth == "signed") != (operation.auth == "signed"):
            yield operation.full_name, f"has {operation.auth} as authentication"


def in_params(api: str) -> Iterator[Difference]:
    """Return parameters that the spec lacks, marks otherwise, or adds."""
    for operation, listed in _pairs(api):
        own = param_paths(tuple(p for p in operation.params if not p.common), structs_of(model(api)))
        there = own | {param.wire: param.required for param in operation.params} | _signed(api, operation)
        for path, mark in listed.params:
            if path not in there:
                yield operation.full_name, f"lacks the parameter {path}"
            elif mark is not None and mark != there[path]:
                yield operation.full_name, f"has the parameter {path} {'mandatory' if there[path] else 'optional'}"
        for path in own:
            if path not in dict(listed.params):
                yield operation.full_name, f"adds the parameter {path}"


def in_members(api: str) -> Iterator[Difference]:
    """Return members of answers that the spec lacks, or demands where the document lists others and not these."""
    for operation, listed in _pairs(api):
        there = dict(_members(api, operation))
        rows = [*listed.members, *listed.sample]
        documented = {*rows, *(holder for path in rows for holder in _holders(path))}
        for path in rows:
            if not any(_fits(path, body) for body in there):
                yield operation.full_name, f"lacks the member {path.removeprefix(f'{ANYWHERE}.')}"
        for body, field in there.items():
            if field is None or field.optional or any(_fits(path, body) for path in documented):
                continue
            if any(path.rpartition(".")[0] in (body.rpartition(".")[0], ANYWHERE) for path in documented):
                yield operation.full_name, f"demands the member {body}"


def in_enums(api: str) -> Iterator[Difference]:
    """Return enumerations that the spec lacks; each of its own stands for one only, and a boolean for true and false."""
    booleans = {p.wire for operation in model(api).operations for p in operation.params if p.type.kind == "boolean"}
    left = Counter(frozenset(str(member.value) for member in enum.members) for enum in model(api).enums)
    for name, listed in inventory.enums(api).items():
        values = frozenset(map(str, listed))
        if values == {"true", "false"} and name in booleans:
            continue
        if not left[values]:
            yield name, f"lacks the values {', '.join(map(str, listed))}"
        left[values] -= 1


def in_codes(api: str) -> Iterator[Difference]:
    """Return error codes that the spec lacks."""
    rest = {error.code for error in model(api).errors}
    streams = {error.code for error in model(api).stream_errors}
    yield from (("codes", f"lacks {code}") for code in inventory.codes(api) if code not in rest)
    yield from (("stream codes", f"lacks {code}") for code in inventory.stream_code_rows(api) if code not in streams)


def _pairs(api: str) -> Iterator[tuple[Operation, Listed]]:
    for listed in inventory.operations(api):
        operation = _operation(api, listed.method, listed.path)
        if operation is not None:
            yield operation, listed


def _operation(api: str, method: str, path: str) -> Operation | None:
    there = {operation.method: operation for operation in model(api).operations if operation.path == path}
    return there.get(method) or (next(iter(there.values())) if len(there) == 1 else None)


def _signed(api: str, operation: Operation) -> dict[str, bool]:
    schemes = model(api).signing.schemes if operation.auth == "signed" else ()
    return {placement.name: True for scheme in schemes for placement in scheme.place if placement.place != "header"}


def _members(api: str, operation: Operation) -> Iterator[tuple[str, Field | None]]:
    root = "data" if operation.payload == "data" else ""
    yield from ((name, None) for name in envelope_names(model(api)))
    if operation.returns is not None:
        yield from _below(api, operation.returns, root)
    if operation.returns is not None and operation.returns.item is not None and operation.single:
        yield from _below(api, operation.returns.item, root)


def _below(api: str, typed: Type, path: str) -> Iterator[tuple[str, Field | None]]:
    if typed.kind == "map":
        yield f"{path}.*", None
    if typed.item is not None:
        yield from _below(api, typed.item, f"{path}[]" if typed.kind == "list" else f"{path}.*")
    for field in structs_of(model(api))[typed.name].fields if typed.kind == "struct" else ():
        inner = f"{path}.{field.wire}" if path else field.wire
        yield inner, field
        yield from _below(api, field.type, inner)


def _holders(path: str) -> Iterator[str]:
    """Return the members that a member lies in: of `list[].tiers[].rate` it is `list` and `list[].tiers`."""
    return (path[:end].removesuffix("[]") for end, character in enumerate(path) if character == "." and end)


def _fits(path: str, body: str) -> bool:
    if not path.startswith(ANYWHERE):
        return path == body
    return f".{body}".endswith(path.removeprefix(ANYWHERE))
