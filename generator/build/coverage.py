"""Counts how much of what an exchange documents is in the spec.

The figures of `documented` in api.yaml are counted on the exchange's pages, by the definitions in
specs/schema/api.json; the spec is counted here by the same definitions.
One row of a table on the pages is one path here, such as `orderList[].price`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.model.api import Api
from generator.model.documentation import Coverage
from generator.model.operations import Operation
from generator.model.types import Json, Param, Struct, Type
from generator.source import reading as read
from generator.source.load import Map

Structs = dict[str, Struct]


def coverage(documented: Map, api: Api) -> tuple[Coverage, ...]:
    """Return the documented and the covered figure of each kind, in the order of `documented`."""
    return tuple(_count(documented, what, COUNTS[what](api)) for what in documented)


def param_paths(params: tuple[Param, ...], structs: Structs) -> dict[str, bool]:
    """Return the path of each parameter and of each member that is sent in one, and whether it is required."""
    return dict(_walk_params(params, structs, "", ()))


def member_paths(operation: Operation, api: Api) -> set[str]:
    """Return the path of each member in the example responses of an operation, without the envelope's members."""
    if operation.returns is None:
        return set()
    bodies = (operation.response, *(variant.response for variant in operation.variants))
    payloads = (_payload(operation, body, api) for body in bodies)
    paths = {path for payload in payloads for path in _walk_payload(operation.returns, payload, structs_of(api), "")}
    # With `returns_from: body` the payload is the whole body, and the envelope's members lie among its own. Pages list
    # them at every operation, but they are facts of the API.
    return paths - envelope_names(api) if operation.payload == "body" else paths


def envelope_names(api: Api) -> set[str]:
    """Return the members of the envelope, or nothing where answers have none."""
    envelope = api.envelope
    return {envelope.code, *envelope.message, envelope.data, *envelope.other} if envelope.data is not None else set()


def structs_of(api: Api) -> Structs:
    """Return the structs of an API by name."""
    return {struct.name: struct for struct in api.structs}


def _count(documented: Map, what: str, covered: int) -> Coverage:
    explained = read.mapping(documented, what)
    count = read.integer(explained, "count") if explained else read.integer(documented, what)
    return Coverage(what, count or 0, covered, read.text(explained, "why") if explained else "")


def _walk_params(
    params: tuple[Param, ...], structs: Structs, before: str, seen: tuple[str, ...]
) -> Iterator[tuple[str, bool]]:
    for param in params:
        path = before + param.wire
        yield path, param.required
        # A struct may contain itself, through others too; its rows stand on a page once.
        for name in param.type.names:
            if name in structs and name not in seen:
                inner = f"{path}{'[]' * (param.type.kind == 'list')}."
                yield from _walk_params(structs[name].params, structs, inner, (*seen, name))


def _payload(operation: Operation, body: Json, api: Api) -> Json:
    payload = body.get(api.envelope.data) if operation.payload == "data" and isinstance(body, dict) else body
    if operation.unwrap and isinstance(payload, dict) and operation.unwrap in payload:
        payload = payload[operation.unwrap]
    # `tolerates: [one_for_list]`: the exchange sends a bare object where there is one.
    return [payload] if operation.single and not isinstance(payload, list) else payload


def _walk_payload(typed: Type, value: Json, structs: Structs, path: str) -> Iterator[str]:
    if typed.item is not None:
        members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for member in members:
            yield from _walk_payload(typed.item, member, structs, path)
    elif typed.kind == "struct":
        yield from _walk_struct(structs[typed.name], value, structs, path)


def _walk_struct(struct: Struct, value: Json, structs: Structs, path: str) -> Iterator[str]:
    if struct.array and isinstance(value, list):
        # Trailing members of an array may be missing.
        value = {field.wire: member for field, member in zip(struct.fields, value, strict=False)}
    if not isinstance(value, dict):
        return
    for field in struct.fields:
        if field.wire in value:
            inner = f"{path}.{field.wire}" if path else field.wire
            yield inner
            yield from _walk_payload(field.type, value[field.wire], structs, inner)


def _params(api: Api) -> list[bool]:
    """Return whether each parameter is required; those that all signed operations share are counted once."""
    structs = structs_of(api)
    own = [
        required
        for operation in api.operations
        for required in param_paths(tuple(p for p in operation.params if not p.common), structs).values()
    ]
    common = {param.wire: param.required for operation in api.operations for param in operation.params if param.common}
    return [*own, *common.values()]


def _codes(api: Api) -> int:
    statuses = {status.code for status in api.http_errors}
    return sum(error.code not in statuses for error in api.errors)


COUNTS: dict[str, Callable[[Api], int]] = {
    "operations": lambda api: len(api.operations),
    "params": lambda api: len(_params(api)),
    "required": lambda api: sum(_params(api)),
    "fields": lambda api: sum(len(member_paths(operation, api)) for operation in api.operations),
    "enums": lambda api: len(api.enums),
    "values": lambda api: sum(len(enum.members) for enum in api.enums),
    "codes": _codes,
    "stream_codes": lambda api: len(api.stream_errors),
}
