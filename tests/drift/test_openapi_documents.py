"""OpenAPI 3 and Swagger 2 documents are documentation like any other page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.drift.compare.compare import compare
from generator.drift.compare.reading import load_profile, read_pages, since
from generator.drift.compare.spec_facts import SpecFacts
from generator.drift.facts.facts import Facts
from generator.drift.facts.profile import default_profile
from generator.drift.pages.blocks import Document, Unreadable
from generator.drift.run import api_of
from generator.ground.tree import ROOT
from tests.drift.places import run
from tests.support.apis import APIS

SPECS = ROOT / "specs"
LAMPS: dict[str, Any] = {
    "openapi": "3.0.3",
    "servers": [{"url": "https://lamps.example.com"}],
    "paths": {
        "/v1/lamp": {
            "parameters": [{"name": "room", "in": "query", "required": True, "schema": {"type": "string"}}],
            "get": {
                "summary": "Get a lamp",
                "parameters": [
                    {"$ref": "parts.yaml#/depth"},
                    {"name": "X-KEY", "in": "header", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Lamp"}}}}
                },
            },
            "delete": {"deprecated": True, "description": "Use `POST /v2/lamp/off` from 2030-03-01.", "responses": {}},
        },
        "/v1/lamps/{id}": {
            "put": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "required": ["colour"],
                                "properties": {
                                    "colour": {"$ref": "#/components/schemas/Colour"},
                                    "shades": {"type": "array", "items": {"properties": {"size": {"type": "number"}}}},
                                },
                            }
                        }
                    }
                }
            }
        },
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-KEY"}},
        "schemas": {
            "Colour": {"type": "string", "enum": ["RED", "BLUE"]},
            "Base": {"properties": {"lampId": {"type": "string"}}},
            "Lamp": {
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {"properties": {"inner": {"$ref": "#/components/schemas/Lamp"}}},
                ]
            },
        },
    },
}
PARTS = {"depth": {"name": "depth", "in": "query", "schema": {"type": "integer"}}}
OLD: dict[str, Any] = {
    "swagger": "2.0",
    "host": "lamps.example.com",
    "basePath": "/api",
    "paths": {
        "/lamp": {
            "post": {
                "parameters": [
                    {"name": "room", "in": "formData", "type": "string", "required": True},
                    {"name": "lamp", "in": "body", "schema": {"$ref": "#/definitions/Lamp"}},
                ],
                "responses": {"201": {"schema": {"$ref": "#/definitions/Lamp"}}},
            }
        }
    },
    "definitions": {"Lamp": {"required": ["lampId"], "properties": {"lampId": {"type": "integer"}}}},
}


def read(*files: tuple[str, object]) -> Facts:
    """Read documents of these names."""
    texts = [(name, content if isinstance(content, str) else yaml.safe_dump(content)) for name, content in files]
    return read_pages([Document(name.split(".")[0], name, text) for name, text in texts], default_profile()).all


def known(facts: Facts, owner: str, kind: str) -> dict[str, tuple[str, bool | None]]:
    return {key[2]: (fact.value, fact.required) for key, fact in facts.of(kind, owner)}


@pytest.fixture
def lamps() -> Facts:
    """A description in two files."""
    return read(("lamps.yaml", LAMPS), ("parts.yaml", PARTS))


def test_operations_and_what_they_take(lamps: Facts) -> None:
    """Parameters of the path, of the operation and of another file; what signing adds is none."""
    assert ["GET /v1/lamp", "DELETE /v1/lamp", "PUT /v1/lamps/{id}"] == lamps.owners()
    assert {"room": ("string", True), "depth": ("integer", False)} == known(lamps, "GET /v1/lamp", "param")
    assert {
        "id": ("string", True),
        "colour": ("string", True),
        "shades": ("array[object]", False),
        "shades[].size": ("number", False),
    } == known(lamps, "PUT /v1/lamps/{id}", "param")


def test_answers_end_although_objects_hold_themselves(lamps: Facts) -> None:
    """Parts are put together, and a type within itself is read once."""
    assert {"lampId", "inner"} == set(known(lamps, "GET /v1/lamp", "field"))


def test_enumerations_deprecation_and_addresses(lamps: Facts) -> None:
    """They are facts, as on other pages."""
    assert {"colour=RED", "colour=BLUE"} == set(known(lamps, "PUT /v1/lamps/{id}", "value"))
    assert {"RED", "BLUE"} == set(known(lamps, "enum Colour", "value"))
    assert ("deprecated 2030-03-01 /v2/lamp/off", None) == known(lamps, "DELETE /v1/lamp", "deprecated")[""]
    assert "https://lamps.example.com" == lamps.facts["section servers", "stated", "address"].value


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_swagger_is_read_as_well(kind: str) -> None:
    """Its base path is a part of each path, and a body one of its parameters."""
    facts = read((f"old.{kind}", json.dumps(OLD) if kind == "json" else OLD))
    assert ["POST /api/lamp"] == facts.owners()
    assert {"room": ("string", True), "lampId": ("integer", True)} == known(facts, "POST /api/lamp", "param")
    assert {"lampId"} == set(known(facts, "POST /api/lamp", "field"))


def test_lines_and_lost_references_are_told() -> None:
    """A fact has the line of its path; what a reference to nothing would have said is noted."""
    facts = read(("lamps.yaml", LAMPS))
    line = yaml.safe_dump(LAMPS).split("\n").index("  /v1/lamps/{id}:") + 1
    assert line == facts.facts["PUT /v1/lamps/{id}", "operation", ""].line
    assert ["the reference `parts.yaml#/depth` leads nowhere"] == [note.what for note in facts.notes]


def test_a_change_is_told() -> None:
    """A parameter that came is breaking, if calls need it."""
    text = json.dumps(LAMPS)
    later = text.replace('"required": ["colour"]', '"required": ["colour", "shades"]')
    pages = [read_pages([Document("lamps", "lamps.json", each)], default_profile()) for each in (text, later)]
    assert [("param-became-required", "shades")] == [(c.id, c.name) for c in since(pages[0].facts, pages[1])]


def test_a_draft_of_a_description_equals_it(tmp_path: Path) -> None:
    """`draft` reads it, and `drift` has nothing to add."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "schema").symlink_to(SPECS / "schema")
    for name, content in (("lamps.yaml", LAMPS), ("parts.yaml", PARTS)):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / name).write_text(yaml.safe_dump(content), "utf-8")
    assert 0 == run("draft", "lamps", "--specs", tmp_path / "specs", "--docs", tmp_path / "docs").exit_code
    result = run("drift", "lamps", "--specs", tmp_path / "specs", "--docs", tmp_path / "docs")
    assert (0, True) == (result.exit_code, "no changes against the spec" in result.output)


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_what_we_export_is_read_back(api: Any) -> None:
    """Every parameter, member and code of the spec is in the facts of our own document."""
    path = ROOT / "generated" / "openapi" / f"{api.name}.json"
    found = read_pages([Document(api.name, path.name, path.read_text("utf-8"))], load_profile(SPECS, SPECS / api.name))
    spec = SpecFacts(api_of(SPECS, SPECS / api.name)).facts()
    stated = {(key[0], key[1], _leaf(key)) for key in found.all.facts}
    wanted = {
        key for key in spec.facts if key[1] in ("operation", "param", "field", "code") and key[0] != "stream errors"
    }
    lost = sorted(key for key in wanted if (key[0], key[1], _leaf(key)) not in stated)
    assert [] == lost


def _leaf(key: tuple[str, str, str]) -> str:
    """The last name of a member: a document has the envelope around it."""
    return key[2].rsplit(".", 1)[-1] if key[1] == "field" else key[2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"openapi": "3.0.0", "paths": {', "lamps.json:1: is no JSON"),
        ("openapi: 3.0.0\npaths: {a: [}\n", "lamps.yaml:2: is no YAML"),
    ],
)
def test_a_broken_description_is_told(text: str, said: str) -> None:
    """With its line."""
    with pytest.raises(Unreadable, match=said):
        read((said.split(":", maxsplit=1)[0], text))


def test_a_hostile_description_ends() -> None:
    """Schemas that all lead to all others are read up to a bound."""
    names = [f"S{number}" for number in range(30)]
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": refs[0]}}}}}},
        "components": {"schemas": {name: {"allOf": refs, "properties": {name: refs[1]}} for name in names}},
    }
    assert ["POST /a"] == read(("hostile.json", json.dumps(document))).owners()


def test_json_within_a_text_is_read() -> None:
    """Forms say by `contentSchema` what a text holds, and parameters by `content`."""
    orders = {"type": "array", "items": {"required": ["side"], "properties": {"side": {"type": "string"}}}}
    form = {"properties": {"orders": {"type": "string", "description": "Orders.", "contentSchema": orders}}}
    path = {
        "post": {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}}, "responses": {}},
        "get": {
            "parameters": [{"name": "orders", "in": "query", "content": {"application/json": {"schema": orders}}}],
            "responses": {},
        },
    }
    text = json.dumps({"openapi": "3.1.0", "paths": {"/v1/lamps": path}})
    found = read_pages([Document("lamps", "lamps.json", text)], default_profile()).all.facts
    assert found["POST /v1/lamps", "param", "orders[].side"].required is True
    assert "array[object]" == found["GET /v1/lamps", "param", "orders"].value
    assert "Orders." == found["POST /v1/lamps", "param", "orders"].text


RULES = """
openapi: 3.0.3
info:
  title: Lamps
  description: |
    # General
    Times are in milliseconds. At most 20 requests per second.
servers: [{url: https://lamp.example.com}]
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: lamp-key, description: HMAC SHA256 of the query}
paths:
  /lamps:
    get:
      security: [{key: []}]
      parameters: [{name: limit, in: query, schema: {type: integer, format: int32, maximum: 100}}]
      responses: {"200": {description: ok}}
"""


@pytest.mark.parametrize(
    ("id", "before", "after"),
    [
        ("address-changed", "https://lamp.example.com", "https://glow.example.com"),
        ("unit-changed", "milliseconds", "microseconds"),
        ("limit-changed", "At most 20", "At most 10"),
        ("signing-changed", "name: lamp-key", "name: glow-key"),
        ("signing-changed", "SHA256", "SHA512"),
        ("wording-changed", "maximum: 100", "maximum: 50"),
        ("wording-changed", "int32", "int64"),
        ("wording-changed", "security: [{key: []}]", "security: []"),
    ],
)
def test_what_every_call_follows_is_told_of_a_description(id: str, before: str, after: str) -> None:
    """Addresses, signing, the introduction, and the bounds of values: nothing changes unheard."""
    old, new = (read(("lamps.yaml", text)) for text in (RULES, RULES.replace(before, after)))
    assert id in [change.id for change in compare(old, new)]
    assert [] == compare(old, old)
