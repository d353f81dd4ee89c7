"""Describes for OpenAPI what a signing rule adds to a request, and where."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.signing import Scheme
from generator.model.signing_parts import OTHER, WHOLE_NUMBERS, Member, Part, Placement, Value
from generator.words.schemas import Schema


def security_schemes(api: Api) -> Schema:
    """Return one scheme for each header and query parameter that authenticates the caller."""
    made: Schema = {}
    carriers = {operation.carrier == "query" for operation in api.operations if operation.auth == "signed"}
    for rule, placement in _every_placement(api):
        # Members of the body are no security scheme in OpenAPI; `added_members` has them.
        if placement.place != "param" or True in carriers:
            made[f"{rule}_{placement.value}"] = _scheme(api, rule, placement)
    return made


def _every_placement(api: Api) -> Iterator[tuple[str, Placement]]:
    """Yield what proves who calls, and the rule that places it."""
    yield from (("key", placement) for placement in api.signing.key)
    for scheme in api.signing.schemes:
        yield from ((scheme.name, placement) for placement in scheme.placements if _proves(scheme, placement))


def _proves(scheme: Scheme, placement: Placement) -> bool:
    """Whether a placement says who calls; times, nonces and literals do not."""
    return scheme.depends_on_secret(placement.part)


def _scheme(api: Api, rule: str, placement: Placement) -> Schema:
    docs = {credential.name: credential.doc for credential in api.signing.credentials}
    # What is neither a credential nor described anywhere is made by the rule, whose description says how.
    made = next((s.doc for s in api.signing.schemes if s.name == rule), "")
    described = {"description": docs.get(placement.value, made)}
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
        {f"{s.name}_{p.value}": [] for p in s.placements if _proves(s, p) and not _in_body(operation, p)}
        for s in _schemes(api, operation)
    ]


def _schemes(api: Api, operation: Operation) -> list[Scheme]:
    return [s for s in api.signing.schemes if not operation.schemes or s.name in operation.schemes]


def _in_body(operation: Operation, placement: Placement) -> bool:
    # `param` means beside the other parameters: in the query of a GET, in the body of a POST.
    return placement.place == "param" and operation.carrier != "query"


def added_parameters(api: Api, operation: Operation) -> list[Schema]:
    """Return the times, nonces and literals of a signed request that go into a header or the query."""
    if operation.auth != "signed":
        return []
    schemes = _schemes(api, operation)
    found: dict[tuple[str, str], list[Scheme]] = {}
    for scheme in schemes:
        for placement in scheme.placements:
            if not _proves(scheme, placement) and not _in_body(operation, placement):
                place = "header" if placement.place == "header" else "query"
                found.setdefault((place, placement.name), []).append(scheme)
    return [
        # Required only if every scheme needs it: the caller may use another one.
        {"name": name, "in": place, "required": len(users) == len(schemes), "schema": _added(users[0], name)}
        | _adders(users)
        for (place, name), users in found.items()
    ]


def added_members(api: Api, operation: Operation) -> Schema:
    """Return what the signing rule adds to the body of a request."""
    if operation.auth != "signed":
        return {}
    found: dict[str, Schema] = {}
    users: dict[str, list[Scheme]] = {}
    for scheme in _schemes(api, operation):
        for name, member in _members_of(scheme, operation):
            found.setdefault(name, member)
            users.setdefault(name, []).append(scheme)
    return {name: member | _adders(users[name]) for name, member in found.items()}


def _members_of(scheme: Scheme, operation: Operation) -> Iterator[tuple[str, Schema]]:
    """Yield what one scheme adds to the body."""
    for placement in scheme.placements:
        if _in_body(operation, placement):
            yield placement.name, _added(scheme, placement.name)
    if scheme.body_value and scheme.value(scheme.body_value).kind == "json":
        for member in scheme.value(scheme.body_value).members:
            if member.part is not None:
                yield member.name, {"type": "integer" if member.is_number else "string"}


def _added(scheme: Scheme, name: str) -> Schema:
    """Describe what a rule adds under a name."""
    part = next(placement.part for placement in scheme.placements if placement.name == name)
    if part.kind == "literal":
        return {"type": "string", "const": part.name}
    forms = {"timestamp": scheme.time, "expires": scheme.time, "nonce": scheme.nonce}
    form = forms.get(part.name) if part.kind == "built_in" else None
    return {"type": "integer", "format": "int64", "x-unit": form} if form in WHOLE_NUMBERS else {"type": "string"}


def _adders(schemes: list[Scheme]) -> Schema:
    names = [scheme.name for scheme in schemes]
    return {"description": "Added by the signing rule.", "x-added-by": names}


def signing(scheme: Scheme) -> Schema:
    """Return a signing rule as data."""
    how = scheme.printing
    params: Schema = {
        "order": "sorted" if how.is_sorted else "given",
        "encoding": "percent" if how.is_percent else "raw",
    }
    params |= {"dropEmpty": how.drops_empty, "sortInner": how.sorts_inner}
    params |= {"inner": "flat"} if how.is_flat else {}
    params |= {"with": {name: part.word for name, part in how.added}} if how.added else {}
    params |= {name: text for name, text, usual in (("pair", how.pair, "="), ("join", how.join, "&")) if text != usual}
    made: Schema = {
        "description": scheme.doc,
        "credentials": list(scheme.credentials),
        "time": scheme.time,
        "place": [_placed(placement) for placement in scheme.place],
        "query": "sorted" if scheme.query_sorted else "given",
        "params": params,
        "payload": _texts(scheme.signed) if scheme.signed else [],
        "algorithm": scheme.algorithm,
        "secret": scheme.secret,
        "encoding": scheme.encoding,
        "signature": {"in": scheme.signature.place, "name": scheme.signature.name} if scheme.signature else None,
    }
    rarer: Schema = {
        "expiresMs": scheme.expires_ms,
        "nonce": scheme.nonce,
        "secretForm": scheme.secret_form,
        "body": scheme.body if scheme.body != "given" else None,
        "values": {value.name: _value(value) for value in scheme.values if value is not scheme.signed},
    }
    return made | {name: value for name, value in rarer.items() if value}


def _placed(placement: Placement) -> Schema:
    made: Schema = {"in": placement.place, "name": placement.name, "value": placement.value, "prefix": placement.prefix}
    return made | ({"at": "first"} if placement.is_first else {})


def _value(value: Value) -> Schema:
    made: Schema = {"of": _texts(value)} if value.kind == "of" else {value.kind: _members(value.members)}
    made |= {"header": _members(value.token_header)} if value.token_header else {}
    made |= {"hash": value.hash} if value.hash else {}
    made |= {"sign": True} if value.is_signed and value.kind != "jwt" else {}
    made |= {"encoding": value.encoding} if value.encoding else {}
    made |= {"when": value.condition.word} if value.condition else {}
    return made | ({"methods": list(value.methods)} if value.methods else {})


def _members(members: tuple[Member, ...]) -> Schema:
    return {member.name: _member(member) for member in members}


def _member(member: Member) -> Schema:
    if member.part is None:
        return {"value": "params"} if member.is_object or member.is_spread else {"constant": member.constant}
    return {"value": member.part.word, "written": "number" if member.is_number else "text"}


def _texts(value: Value) -> list[str] | dict[str, list[str]]:
    """Return the parts of a text; by method where it depends on that."""
    texts: dict[str, list[str]] = {method: list(map(_word, parts)) for method, parts in value.texts.items()}
    return texts.get(OTHER, []) if len(texts) == 1 else texts


def _word(part: Part) -> str:
    return part.word
