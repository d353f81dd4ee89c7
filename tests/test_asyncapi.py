"""The AsyncAPI documents, held against the streams themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tests.support.apis import APIS, Api
from tests.support.streams import EXAMPLES, examples

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted((ROOT / "generated" / "asyncapi").glob("*.json"))


def named(value: object) -> str:
    return value.name if isinstance(value, Api) else str(value)


def document(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "generated" / "asyncapi" / f"{api.name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("api", APIS, ids=named)
def test_has_every_channel(api: Api) -> None:
    """Every channel is in the document, under its own name."""
    wanted = {example.channel.SPEC.name for example in examples(api)}
    assert set() == wanted - set(document(api)["channels"])


@pytest.mark.parametrize("api", APIS, ids=named)
def test_every_reference_leads_somewhere(api: Api) -> None:
    """No `$ref` points at something that is not there."""
    whole = document(api)
    assert [] == [ref for ref in _references(whole) if _at(whole, ref) is None]


def test_there_is_one_for_every_api() -> None:
    """Every API that has streams has a document."""
    assert sorted({api.name for api, _ in EXAMPLES}) == [path.stem for path in DOCUMENTS]


@pytest.mark.parametrize("api", APIS, ids=named)
def test_every_payload_has_a_name(api: Api) -> None:
    """No payload is an anonymous schema, of which generators make classes that are called by a number."""
    components = document(api)["components"]
    assert {} == {name: m for name, m in components["messages"].items() if set(m["payload"]) != {"$ref"}}
    inline = {name: list(_objects(schema)) for name, schema in components["schemas"].items()}
    assert {} == {name: found for name, found in inline.items() if found}


@pytest.mark.parametrize("api", APIS, ids=named)
def test_every_example_fits_its_schema(api: Api) -> None:
    """The examples of pushes are what the schemas of their messages allow."""
    whole = document(api)
    registry = Registry().with_resource("urn:document", Resource.from_contents(whole, default_specification=DRAFT7))
    found = []
    for name, message in whole["components"]["messages"].items():
        validator = Draft7Validator({"$ref": f"urn:document{message['payload']['$ref']}"}, registry=registry)
        for example in message.get("examples", ()):
            found += [f"{name}: {e.json_path}: {e.message[:200]}" for e in validator.iter_errors(example["payload"])]
    assert [] == found


@pytest.mark.parametrize("api", APIS, ids=named)
def test_every_request_names_its_answers(api: Api) -> None:
    """Whoever subscribes sees from the document what comes back, and by which member both belong together."""
    whole = document(api)
    asked = {name: o for name, o in whole["operations"].items() if name.startswith(("subscribe_", "unsubscribe_"))}
    answered = {name for name, o in asked.items() if o.get("reply")}
    acknowledged = {
        name for name in asked if f"{name.partition('_')[0]}d" in _channel_of(whole, asked[name])["messages"]
    }
    assert acknowledged == answered
    for operation in (asked[name] for name in answered):
        request = _at(whole, operation["messages"][0]["$ref"] + "/$ref")
        answer = _at(whole, operation["reply"]["messages"][0]["$ref"] + "/$ref")
        assert all(_correlated(whole, _at(whole, message)) for message in (request, answer)), operation


@pytest.mark.parametrize("api", APIS, ids=named)
def test_every_private_server_says_how_to_get_in(api: Api) -> None:
    """A server that wants to know who connects names the ways to say so, and every connection is bound to HTTP's GET."""
    whole = document(api)
    private = {schema.rpartition("/")[2] for s in whole["servers"].values() for schema in _references(s)}
    assert set(whole["components"]["securitySchemes"]) == private
    assert {"GET"} == {_at(whole, c["bindings"]["$ref"])["ws"]["method"] for c in whole["channels"].values()}


def _channel_of(whole: Any, operation: Any) -> Any:
    return _at(whole, operation["channel"]["$ref"])


def _correlated(whole: Any, message: Any) -> bool:
    """Whether the member that a message is correlated by is in its payload."""
    schema = _at(whole, message["payload"]["$ref"])
    if "anyOf" in schema and "correlationId" not in message:
        return True  # forms of one frame that name the topic at different places
    for step in message["correlationId"]["location"].removeprefix("$message.payload#/").split("/"):
        schema = _at(whole, schema["$ref"]) if "$ref" in schema else schema
        schema = schema.get("properties", {}).get(step)
        if schema is None:
            return False
    return True


def _objects(value: Any, inside: bool = False) -> Iterator[Any]:
    """Yield objects with members inside a schema; the schema itself is not one."""
    if isinstance(value, list):
        for member in value:
            yield from _objects(member, inside)
    elif isinstance(value, dict):
        if inside and "properties" in value:
            yield value
        for member in value.values():
            yield from _objects(member, True)


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [ref for member in value for ref in _references(member)]
    if not isinstance(value, dict):
        return []
    found = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return [*found, *(ref for member in value.values() for ref in _references(member))]


def _at(whole: Any, ref: str) -> Any:
    for step in ref.removeprefix("#/").split("/"):
        whole = whole.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(whole, dict) else None
    return whole
