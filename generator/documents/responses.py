"""Prints the responses of an API for OpenAPI: payloads in their envelope, and errors by HTTP status."""

from __future__ import annotations

from collections.abc import Iterable

from generator.documents.params import MEDIA
from generator.model.api import Api
from generator.model.codes import ErrorCode
from generator.model.operations import Operation
from generator.model.types import Json
from generator.words.schemas import Schema, object_schema, type_schema

OK = 200
REFUSAL = "ErrorAnswer"
"""The schema of an error response; no struct may have this name."""


def shared_responses(api: Api) -> Schema:
    """Return the responses that any operation can have."""
    description = "Rejected; the code gives the reason." if api.envelope.data or api.errors else "Rejected."
    return {
        "Refused": {"description": description, "content": _content({"$ref": f"#/components/schemas/{REFUSAL}"})},
        "Failed": {"description": "Server error; the request may have been executed."},
        **{_name(status): _status(status) for status in api.http_errors},
    }


def _name(status: ErrorCode) -> str:
    return f"Status{status.code}"


def _status(status: ErrorCode) -> Schema:
    return {"description": status.message, "x-kind": status.kind, "x-outcome": outcome(status)}


def outcome(error: ErrorCode) -> str:
    """Return `rejected` if a request with this code was certainly not executed, else `unknown`."""
    return "unknown" if error.unknown else "rejected"


def refusal(api: Api) -> Schema:
    """Return the schema of an error response."""
    return object_schema("An error response.", _head(api), [api.envelope.code])


def _head(api: Api) -> Schema:
    envelope = api.envelope
    codes = f"Result code: {' or '.join(envelope.success)} means success. `x-error-codes` lists the others."
    return {
        envelope.code: {"type": envelope.base, "description": codes},
        **{name: {"type": "string"} for name in envelope.message},
        **{name: {"description": doc} for name, doc in envelope.other.items()},
    }


def responses(api: Api, operation: Operation) -> Schema:
    """Return the responses of an operation by HTTP status."""
    by_status: dict[int, list[ErrorCode]] = {}
    for error in operation.errors:
        by_status.setdefault(error.http, []).append(error)
    made = {str(OK): _success_response(api, operation, by_status.pop(OK, []))}
    made |= {status.code: {"$ref": f"#/components/responses/{_name(status)}"} for status in api.http_errors}
    made |= {str(status): _error_response(api, errors) for status, errors in by_status.items()}
    made |= {"4XX": {"$ref": "#/components/responses/Refused"}, "5XX": {"$ref": "#/components/responses/Failed"}}
    return dict(sorted(made.items()))


def _success_response(api: Api, operation: Operation, errors: list[ErrorCode]) -> Schema:
    schema = _answer(api, operation)
    examples = {"answer": {"summary": "Success.", "value": operation.response}}
    # A code that no page lists for a call, such as that of a wrong key, comes in the same way as the others.
    if not (errors or any(error.http == OK and error.kind != "Success" for error in api.errors)):
        return {"description": "Success.", "content": _content(schema, examples)}
    # Exchanges that report errors with HTTP 200: one status, two schemas.
    schema = {"anyOf": [schema, {"$ref": f"#/components/schemas/{REFUSAL}"}]}
    description = "Success or error: the exchange sends errors with this status, too."
    return {"description": description, "content": _content(schema, examples | _examples(api, errors))}


def _error_response(api: Api, errors: list[ErrorCode]) -> Schema:
    schema = {"$ref": f"#/components/schemas/{REFUSAL}"}
    return {"description": "Rejected; the code gives the reason.", "content": _content(schema, _examples(api, errors))}


def _content(schema: Schema, examples: Schema | None = None) -> Schema:
    return {MEDIA["json"]: {"schema": schema} | ({"examples": examples} if examples else {})}


def _examples(api: Api, errors: Iterable[ErrorCode]) -> Schema:
    # Named by a text: JavaScript puts names that are integers first, and tools take the first example for a success.
    return {f"code {error.code}": {"summary": error.kind, "value": _refusal(api, error)} for error in errors}


def _refusal(api: Api, error: ErrorCode) -> dict[str, Json]:
    whole = api.envelope.base == "integer" and error.code.lstrip("-").isdecimal()
    code = int(error.code) if whole else error.code
    return {api.envelope.code: code, api.envelope.message[0]: error.message}


def _answer(api: Api, operation: Operation) -> Schema:
    payload = _payload(api, operation)
    if operation.payload == "body" or api.envelope.data is None:
        return payload
    members, required = _head(api), [api.envelope.code]
    if operation.returns:
        members[api.envelope.data] = payload
        required.append(api.envelope.data)
    elif isinstance(operation.response, dict) and api.envelope.data in operation.response:
        members[api.envelope.data] = {"description": "Nothing of use."}
    return {"type": "object", "properties": members, "required": required}


def _payload(api: Api, operation: Operation) -> Schema:
    if operation.returns is None:
        return {}
    payload = type_schema(operation.returns)
    # Some exchanges return a bare object in place of a list of one; the schema allows both, as the client does.
    if operation.single and operation.returns.item:
        payload = {"anyOf": [type_schema(operation.returns.item), payload]}
    if operation.list_of:
        # Where the exchange lists things bare, the schema allows both, as the client does.
        struct = next(struct for struct in api.structs if struct.name == operation.returns.name)
        listed = next(field.type for field in struct.fields if field.wire == operation.list_of)
        payload = {"anyOf": [type_schema(listed), payload]}
    if operation.unwrap:
        wrapped = {"type": "object", "properties": {operation.unwrap: payload}, "required": [operation.unwrap]}
        payload = {"anyOf": [wrapped, payload]}
    return payload
