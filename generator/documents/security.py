"""Describes for OpenAPI what a signing rule adds to a request, and where."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.signing import Placement, Scheme
from generator.words.schemas import Schema

TIME = "timestamp"


def security_schemes(api: Api) -> Schema:
    """Return one scheme for each header and query parameter that authenticates the caller."""
    made: Schema = {}
    carriers = {operation.carrier == "query" for operation in api.operations if operation.auth == "signed"}
    for rule, placement in _every_placement(api):
        # The time proves nothing. Members of the body are no security scheme in OpenAPI; `added_members` has them.
        if placement.value != TIME and (placement.place != "param" or True in carriers):
            made[f"{rule}_{placement.value}"] = _scheme(api, rule, placement)
    return made


def _every_placement(api: Api) -> Iterator[tuple[str, Placement]]:
    yield from (("key", placement) for placement in api.signing.key)
    for scheme in api.signing.schemes:
        yield from ((scheme.name, placement) for placement in _placements(scheme))


def _placements(scheme: Scheme) -> tuple[Placement, ...]:
    return (*scheme.place, scheme.signature) if scheme.signature else scheme.place


def _scheme(api: Api, rule: str, placement: Placement) -> Schema:
    docs = {credential.name: credential.doc for credential in api.signing.credentials}
    docs |= {"signature": next((s.doc for s in api.signing.schemes if s.name == rule), "")}
    described = {"description": docs[placement.value]}
    # OpenAPI ignores an `apiKey` called Authorization; bearer tokens have a type of their own.
    if placement.place == "header" and placement.name == "Authorization" and placement.prefix.strip() == "Bearer":
        return {"type": "http", "scheme": "bearer"} | described
    place = "header" if placement.place == "header" else "query"
    prefix = {"x-prefix": placement.prefix} if placement.prefix else {}
    return {"type": "apiKey", "name": placement.name, "in": place} | described | prefix


def security(api: Api, operation: Operation) -> list[Schema]:
    """Return the alternatives, one of which a call needs; each lists what it combines."""
    if operation.auth == "none":
        return []
    if operation.auth == "key":
        return [{f"key_{placement.value}": [] for placement in api.signing.key}]
    return [
        {f"{s.name}_{p.value}": [] for p in _placements(s) if p.value != TIME and not _in_body(operation, p)}
        for s in _schemes(api, operation)
    ]


def _schemes(api: Api, operation: Operation) -> list[Scheme]:
    return [s for s in api.signing.schemes if not operation.schemes or s.name in operation.schemes]


def _in_body(operation: Operation, placement: Placement) -> bool:
    # `param` means beside the other parameters: in the query of a GET, in the body of a POST.
    return placement.place == "param" and operation.carrier != "query"


def added_parameters(api: Api, operation: Operation) -> list[Schema]:
    """Return the timestamp of a signed request, if it is in a header or the query."""
    if operation.auth != "signed":
        return []
    schemes = _schemes(api, operation)
    found: dict[tuple[str, str], list[Scheme]] = {}
    for scheme in schemes:
        for placement in scheme.place:
            if placement.value == TIME and not _in_body(operation, placement):
                place = "header" if placement.place == "header" else "query"
                found.setdefault((place, placement.name), []).append(scheme)
    return [
        # Required only if every scheme needs it: the caller may use another one.
        {"name": name, "in": place, "required": len(users) == len(schemes), "schema": _time(users[0])} | _adders(users)
        for (place, name), users in found.items()
    ]


def added_members(api: Api, operation: Operation) -> Schema:
    """Return what the signing rule adds to the body of a request."""
    if operation.auth != "signed":
        return {}
    members: Schema = {}
    for scheme in _schemes(api, operation):
        for placement in _placements(scheme):
            if _in_body(operation, placement):
                schema = _time(scheme) if placement.value == TIME else {"type": "string"}
                members.setdefault(placement.name, schema | _adders([scheme]))
    return members


def _time(scheme: Scheme) -> Schema:
    return {"type": "integer", "format": "int64", "x-unit": scheme.time}


def _adders(schemes: list[Scheme]) -> Schema:
    names = [scheme.name for scheme in schemes]
    return {"description": "Added by the signing rule.", "x-added-by": names}


def signing(scheme: Scheme) -> Schema:
    """Return a signing rule as data."""
    params = {"order": "sorted" if scheme.params_sorted else "given"}
    params |= {"encoding": "percent" if scheme.params_percent else "raw"}
    return {
        "description": scheme.doc,
        "credentials": list(scheme.credentials),
        "time": scheme.time,
        "place": [{"in": p.place, "name": p.name, "value": p.value, "prefix": p.prefix} for p in scheme.place],
        "query": "sorted" if scheme.query_sorted else "given",
        "params": params | {"dropEmpty": scheme.params_drop_empty, "sortInner": scheme.params_sort_inner},
        "payload": list(scheme.payload),
        "algorithm": scheme.algorithm,
        "secret": scheme.secret,
        "encoding": scheme.encoding,
        "signature": {"in": scheme.signature.place, "name": scheme.signature.name} if scheme.signature else None,
    }
