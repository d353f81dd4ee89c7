"""Drops from documents what nothing in them refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.words.schemas import Schema

SCHEMAS = "#/components/schemas/"


def drop_unused_security(document: Schema) -> Schema:
    """Leave out the security schemes that no operation asks for."""
    components: Schema = document["components"]
    calls = [call for methods in document["paths"].values() for call in methods.values()]
    used = {name for call in calls for choice in call["security"] for name in choice}
    kept = {name: scheme for name, scheme in components["securitySchemes"].items() if name in used}
    return document | {"components": components | {"securitySchemes": kept}}


def drop_unused_schemas(document: Schema) -> Schema:
    """Leave out the schemas that nothing refers to: generators would make types that nobody meets."""
    components: Schema = document["components"]
    schemas: Schema = components["schemas"]
    parts = [{**document, "components": {}}, *(part for name, part in components.items() if name != "schemas")]
    todo, used = [name for part in parts for name in _named(part)], set[str]()
    while todo:
        name = todo.pop()
        # Schemas may contain themselves; each is followed once.
        if name not in used:
            used.add(name)
            todo.extend(_named(schemas[name]))
    kept = {name: schema for name, schema in schemas.items() if name in used}
    return document | {"components": components | {"schemas": kept}}


def _named(value: Any) -> Iterator[str]:
    """Yield the names of the schemas that are referred to."""
    if isinstance(value, (list, tuple)):
        for member in value:
            yield from _named(member)
    elif isinstance(value, dict):
        ref = value.get("$ref")
        if isinstance(ref, str) and ref.startswith(SCHEMAS):
            yield ref.removeprefix(SCHEMAS)
        for member in value.values():
            yield from _named(member)
