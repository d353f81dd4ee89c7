"""The OpenAPI 3.1 document of an API: its operations, their responses, and how calls are signed."""

from __future__ import annotations

from generator.documents.info import CONTACT, LICENSE
from generator.documents.operation_ids import operation_ids
from generator.documents.params import RequestSchemas, constant_members, constant_parameters
from generator.documents.references import drop_unused_schemas, drop_unused_security
from generator.documents.responses import REFUSAL, outcome, refusal, responses, shared_responses
from generator.documents.security import added_members, added_parameters, security, security_schemes, signing
from generator.model.api import Api
from generator.model.codes import ErrorCode
from generator.model.documentation import Quirk
from generator.model.limits import Case, Limit
from generator.model.operations import Operation
from generator.model.types import Condition, Json, Param, Rule
from generator.words.quirks import with_quirks
from generator.words.schemas import Schema, schemas


def document(api: Api, version: str) -> Schema:
    """Return the document, ready to be written as JSON."""
    return drop_unused_security(drop_unused_schemas(_whole(api, version)))


def _whole(api: Api, version: str) -> Schema:
    return {
        "openapi": "3.1.0",
        "info": _info(api, version),
        "servers": [
            {"url": server.rest, "description": server.doc or server.name, "x-environment": server.name}
            for server in api.servers
        ],
        "tags": [{"name": group.name, "description": group.doc} for group in api.groups],
        "paths": _paths(api),
        "components": {
            "schemas": _schemas(api),
            "responses": shared_responses(api),
            "securitySchemes": security_schemes(api),
        },
        "x-error-codes": {
            error.code: _meaning(error)
            | ({"messages": {says: _meaning(meant) for says, meant in error.meanings}} if error.messages else {})
            for error in api.errors
        },
        "x-signing": {scheme.name: signing(scheme) for scheme in api.signing.schemes},
    }


def _meaning(error: ErrorCode) -> Schema:
    return {"kind": error.kind, "message": error.message, "outcome": outcome(error)}


def _info(api: Api, version: str) -> Schema:
    return {
        "title": _title(api),
        "version": version,
        "summary": api.title,
        "description": api.summary,
        "contact": CONTACT,
        "license": LICENSE,
        "x-quirks": _quirks(api.quirks),
    }


def _title(api: Api) -> str:
    """Return a title from which tools can derive the name of a package: it begins with a letter."""
    return api.title if api.title[0].isalpha() else f"{api.client} ({api.title})"


def _schemas(api: Api) -> Schema:
    sent = {
        struct.name: RequestSchemas(api).struct(struct) for struct in api.structs if struct.sent and not struct.received
    }
    # Sorted, because the order of schemas has no meaning and must not depend on that of the spec.
    return dict(sorted((schemas(api) | sent | {REFUSAL: refusal(api)}).items()))


def _paths(api: Api) -> Schema:
    paths: Schema = {}
    requests = [(operation.method, operation.path) for operation in api.operations]
    ids = operation_ids(api)
    for operation in api.operations:
        shared = requests.count((operation.method, operation.path)) > 1
        # OpenAPI has one operation for each path and method; a fragment, which is never sent, distinguishes the others.
        path = f"{operation.path}#{operation.full_name}" if shared else operation.path
        paths.setdefault(path, {})[operation.method.lower()] = _operation(api, operation, ids)
    return paths


def _operation(api: Api, operation: Operation, ids: dict[str, str]) -> Schema:
    sent, added = RequestSchemas(api), constant_members(operation) | added_members(api, operation)
    params = [sent.parameter(p, _example(operation, p)) for p in operation.params if p.place != "body"]
    made: Schema = {
        "operationId": ids[operation.full_name],
        "tags": [operation.group],
        "summary": operation.summary,
        "externalDocs": {"url": operation.page.url, "description": operation.heading},
        "parameters": constant_parameters(operation) + params + added_parameters(api, operation),
        "responses": responses(api, operation),
        "security": security(api, operation),
        "x-method": operation.full_name,
        "x-effect": operation.effect,
    }
    if described := with_quirks(operation.doc, operation.quirks):
        made["description"] = "\n\n".join(described)
    has_empty_body = operation.carrier == "json" and api.empty_body == "object"
    if added or has_empty_body or any(param.place == "body" for param in operation.params):
        made["requestBody"] = sent.body(operation, added)
    if operation.deprecated:
        made |= {"deprecated": True, "x-deprecated": operation.deprecated}
    return made | _extensions(api, operation, ids)


def _example(operation: Operation, param: Param) -> Json:
    """Return the example of a parameter."""
    given = operation.example.get(param.wire)
    # Tools send all examples at once: together they must be one call, which obeys the rules.
    return given if given is not None or operation.rules else param.example


def _extensions(api: Api, operation: Operation, ids: dict[str, str]) -> Schema:
    extra: Schema = {
        "x-rate-limit": _limits(api, operation),
        "x-rules": [_rule(rule) for rule in operation.rules],
        "x-client-id": operation.client_id,
        "x-lookup": [
            {"operation": ids[one.operation], "params": dict(one.params), "absent": list(one.absent)}
            for one in operation.lookups
        ],
        "x-conclusive": operation.conclusive,
        "x-permission": operation.permission,
        "x-joins": operation.joins
        and {"into": ".".join(operation.joins.into), "from": ".".join(operation.joins.source)},
    }
    return {key: value for key, value in extra.items() if value}


def _limits(api: Api, operation: Operation) -> list[Schema]:
    """Return every limit that a call counts against, with its cost."""
    limits = api.buckets
    if not operation.limit and not operation.costs and operation.auth in api.default_limits:
        name = api.default_limits[operation.auth].name
        return [_bucket(name, limits[name], (Case(1),))]
    made = [_bucket(cost.bucket, limits[cost.bucket], cost.cases) for cost in operation.costs]
    own = [_bucket(operation.full_name, operation.limit, (Case(1),))] if operation.limit else []
    return own + made


def _bucket(name: str, limit: Limit, cases: tuple[Case, ...]) -> Schema:
    made: Schema = {"bucket": name, limit.unit: limit.amount, "per": limit.per, "by": limit.by}
    if limit.header:
        made["header"] = limit.header
    if limit.left:
        made["left"] = limit.left
    costs = [_cost(case) for case in cases]
    return made | {"cost": cases[0].amount if costs == [{"when": [], "is": cases[0].amount}] else costs}


def _cost(case: Case) -> Schema:
    made: Schema = {"when": [_condition(one) for one in case.when], "is": case.amount}
    return made | ({"per": case.per} if case.per else {}) | ({"most": case.most} if case.most else {})


def _rule(rule: Rule) -> Schema:
    made: Schema = {rule.kind: list(rule.wires)}
    if rule.when:
        made["when"] = [_condition(condition) for condition in rule.when]
    if rule.within_ms:
        made["underMs" if rule.under else "withinMs"] = rule.within_ms
    return made


def _condition(condition: Condition) -> Schema:
    made: Schema = {
        "param": condition.wire,
        "values": list(condition.values) or None,
        "present": condition.present,
        "min": condition.minimum,
        "max": condition.maximum,
    }
    return {key: value for key, value in made.items() if value is not None}


def _quirks(quirks: tuple[Quirk, ...]) -> list[Json]:
    return [{"what": quirk.what, "why": quirk.why} for quirk in quirks]
