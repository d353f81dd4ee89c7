"""The published OpenAPI documents are valid, complete and honest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from generator.documents.operation_ids import operation_ids
from generator.ground.tree import ROOT
from generator.model.api import Api
from tests.support.specs import SPECS, models

Json = Any  # JSON
APIS = models()
each_api = pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)


@cache
def document(name: str) -> Json:
    return json.loads((ROOT / "generated" / "openapi" / f"{name}.json").read_text("utf-8"))


def operations(name: str) -> Iterator[tuple[str, Json]]:
    """Yield every operation with the pointer to it."""
    for path, methods in document(name)["paths"].items():
        for method, operation in methods.items():
            yield f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}", operation


def misfits(name: str, pointer: str, value: Json) -> list[str]:
    """Say where a value does not fit the schema at a place of the document."""
    resource = Resource.from_contents(document(name), default_specification=DRAFT202012)
    registry = Registry().with_resource("urn:document", resource)
    validator = Draft202012Validator({"$ref": f"urn:document#{pointer}"}, registry=registry)
    return [f"{name}{pointer}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


@each_api
def test_document_is_valid(api: Api) -> None:
    """The official validator finds nothing wrong with it as OpenAPI 3.1."""
    assert [] == [error.message for error in OpenAPIV31SpecValidator(document(api.name)).iter_errors()]


@each_api
def test_every_operation_is_in_the_document(api: Api) -> None:
    """Each operation stands at its method and path."""
    wanted = {(o.method.lower(), o.path, o.full_name) for o in api.operations}
    paths = document(api.name)["paths"].items()
    assert wanted == {(method, path, o["x-method"]) for path, methods in paths for method, o in methods.items()}
    assert len(api.operations) == sum(len(methods) for _, methods in paths)


@each_api
def test_ids_of_operations_are_names_of_methods(api: Api) -> None:
    """Each id is there once, in camel case and in snake case alike, and repeats no group that the name says anyway."""
    ids = {operation["x-method"]: operation["operationId"] for _, operation in operations(api.name)}
    assert len(ids) == len({name.lower() for name in ids.values()})
    for full_name, name in ids.items():
        group, _, method = full_name.partition(".")
        assert name.lower() in (method.replace("_", ""), full_name.replace("_", "").replace(".", "")), full_name
        assert name.isalnum(), full_name
        assert name[0].islower(), full_name
        assert not name.startswith(f"{group}{group.capitalize()}"), full_name


@each_api
def test_operation_that_is_added_changes_no_id(api: Api) -> None:
    """What stands behind an operation changes nothing about its id."""
    for count in range(len(api.groups)):
        assert operation_ids(replace(api, groups=api.groups[:count])).items() <= operation_ids(api).items()


@each_api
def test_answers_fit_their_schemas(api: Api) -> None:
    """The example of each answer, errors included, fits the schema that stands beside it."""
    found = []
    for pointer, operation in operations(api.name):
        for status, answer in operation["responses"].items():
            for media, content in answer.get("content", {}).items():
                place = f"{pointer}/responses/{status}/content/{media.replace('/', '~1')}/schema"
                for example in content.get("examples", {}).values():
                    found += misfits(api.name, place, example["value"])
    assert [] == found


@each_api
def test_bodies_fit_their_schemas(api: Api) -> None:
    """The example of each request body fits its schema."""
    found = []
    for pointer, operation in operations(api.name):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            place = f"{pointer}/requestBody/content/{media.replace('/', '~1')}/schema"
            found += misfits(api.name, place, content["example"])
    assert [] == found


@each_api
def test_parameters_fit_their_schemas(api: Api) -> None:
    """The example of each parameter fits its schema, and so does its default."""
    found = []
    for pointer, operation in operations(api.name):
        for index, parameter in enumerate(operation["parameters"]):
            place = f"{pointer}/parameters/{index}/schema"
            if "example" in parameter:
                found += misfits(api.name, place, parameter["example"])
            if "default" in parameter.get("schema", {}):
                found += misfits(api.name, place, parameter["schema"]["default"])
    assert [] == found


@each_api
def test_every_answer_has_an_example(api: Api) -> None:
    """No answer goes without an example, and no expected code without one of its refusal."""
    wanted = {o.full_name: {"answer", *(f"code {error.code}" for error in o.errors)} for o in api.operations}
    assert wanted == {operation["x-method"]: shown(operation) for _, operation in operations(api.name)}


def shown(operation: Json) -> set[str]:
    contents = [answer.get("content", {}) for answer in operation["responses"].values()]
    return {name for content in contents for media in content.values() for name in media.get("examples", {})}


@each_api
def test_security_says_everything_that_is_added(api: Api) -> None:
    """What a signed request carries beside its own parameters is a security scheme, a parameter or a member of the body."""
    schemes = document(api.name)["components"]["securitySchemes"]
    for operation, (_, printed) in zip(api.operations, by_order(api), strict=True):
        if operation.auth != "signed":
            continue
        allowed = [s for s in api.signing.schemes if not operation.schemes or s.name in operation.schemes]
        assert len(allowed) == len(printed["security"]), operation.full_name
        for scheme, requirement in zip(allowed, printed["security"], strict=True):
            wanted = {p.name for p in (*scheme.place, *([scheme.signature] if scheme.signature else []))}
            named = {schemes[name].get("name", "Authorization") for name in requirement}
            assert wanted == named | added(printed, scheme.name), operation.full_name


def by_order(api: Api) -> list[tuple[str, Json]]:
    found = {operation["x-method"]: (pointer, operation) for pointer, operation in operations(api.name)}
    return [found[operation.full_name] for operation in api.operations]


def added(operation: Json, scheme: str) -> set[str]:
    """Return what a scheme adds outside of the security schemes."""
    names = {p["name"] for p in operation["parameters"] if scheme in p.get("x-added-by", ())}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        members = content["schema"]["properties"].items()
        names |= {name for name, member in members if scheme in member.get("x-added-by", ())}
    return names


@each_api
def test_public_operations_need_nothing(api: Api) -> None:
    """A public call says so, and a call with the key alone asks for no signature."""
    for operation, (_, printed) in zip(api.operations, by_order(api), strict=True):
        if operation.auth == "none":
            assert [] == printed["security"], operation.full_name
        if operation.auth == "key":
            assert [{f"key_{p.value}": [] for p in api.signing.key}] == printed["security"], operation.full_name


@each_api
def test_limits_are_in_the_document(api: Api) -> None:
    """Every operation that is limited says by which buckets."""
    for operation, (_, printed) in zip(api.operations, by_order(api), strict=True):
        limited = bool(operation.limit or operation.costs or operation.auth in api.default_limits)
        assert limited == bool(printed.get("x-rate-limit")), operation.full_name


@each_api
def test_ranges_and_patterns_are_in_the_document(api: Api) -> None:
    """What the client checks before sending, the document says too."""
    for operation, (_, printed) in zip(api.operations, by_order(api), strict=True):
        written = json.dumps(printed)
        for param in operation.params:
            assert (param.minimum is None) or ("inimum" in written), f"{operation.full_name}.{param.wire}"
            assert (param.pattern is None) or ('"pattern"' in written), f"{operation.full_name}.{param.wire}"


@each_api
def test_enums_are_in_the_document(api: Api) -> None:
    """Each enum is a schema with all its values and their names, except where parameters list values themselves."""
    schemas, listed = everything(api), listed_in_place(api)
    for enum in (enum for enum in api.enums if enum.name in schemas or enum.name not in listed):
        assert [member.value for member in enum.members] == schemas[enum.name]["enum"]
        assert [member.name for member in enum.members] == schemas[enum.name]["x-enum-varnames"]


def everything(api: Api) -> Json:
    """Return the schemas of the document, and those that only streams use."""
    path = ROOT / "generated" / "asyncapi" / f"{api.name}.json"
    streams = json.loads(path.read_text("utf-8"))["components"]["schemas"] if api.streams else {}
    return streams | document(api.name)["components"]["schemas"]


def listed_in_place(api: Api) -> set[str]:
    """Return the enums of parameters that list values: those of channels, and those that take only some of an enum's."""
    channels = api.streams.channels if api.streams else ()
    topics = {param.param.type.name for channel in channels for param in channel.params}
    return topics | {param.type.name for operation in api.operations for param in operation.params if param.values}


@each_api
def test_no_schema_is_left_over(api: Api) -> None:
    """Everything under `schemas` is used: generators make no types that nobody meets."""
    text = json.dumps(document(api.name))
    unused = [s for s in document(api.name)["components"]["schemas"] if f'"#/components/schemas/{s}"' not in text]
    assert [] == unused


def test_every_extension_is_explained() -> None:
    """Each `x-` key of the documents stands in specs/README.md."""
    told = (SPECS / "README.md").read_text("utf-8")
    used = {key for api in APIS for key in extensions(document(api.name))}
    assert set() == {key for key in used if f"`{key}`" not in told}


def extensions(value: Json) -> set[str]:
    """Return the `x-` keys of a document; examples and names of headers aside."""
    if isinstance(value, list):
        return {key for member in value for key in extensions(member)}
    if not isinstance(value, dict):
        return set()
    inner = {key for name, member in value.items() if name not in ("examples", "example") for key in extensions(member)}
    return inner | {key for key in value if key.startswith("x-")}


@each_api
def test_no_example_is_named_by_a_number(api: Api) -> None:
    """JavaScript puts names that are integers first, so a refusal would be taken for the usual answer."""
    names = {name for _, operation in operations(api.name) for name in shown(operation)}
    assert not [name for name in names if name.lstrip("-").isdecimal()]


@each_api
def test_decimals_share_one_schema(api: Api) -> None:
    """Generators make one type of all exact numbers, and none of them is a float."""
    text = json.dumps(document(api.name)["components"]["schemas"])
    both = document(api.name)["components"]["schemas"].get("DecimalOrNumber")
    assert '"number"' not in text.replace(json.dumps(both), "")


@each_api
def test_title_names_a_package(api: Api) -> None:
    """Tools derive the name of a package from the title, and Python imports none that begins with a digit."""
    assert document(api.name)["info"]["title"][0].isalpha()
