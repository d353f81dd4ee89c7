"""Drops from documents what nothing in them refers to."""

from __future__ import annotations

from typing import Any

from generator.words.schemas import Schema

SCHEMAS = "#/components/schemas/"
HOLDING = (dict, list, tuple)


def drop_unused_security(document: Schema) -> Schema:
    """Leave out the security schemes that no operation asks for."""
    components: Schema = document["components"]
    calls = [call for methods in document["paths"].values() for call in methods.values()]
    used = {name for call in calls for choice in call["security"] for name in choice}
    kept = {name: scheme for name, scheme in components["securitySchemes"].items() if name in used}
    return document | {"components": components | {"securitySchemes": kept}}


def drop_unused_schemas(document: Schema) -> Schema:
    """Leave out the schemas that nothing refers to: generators would make types that no call returns."""
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


def _named(value: Any) -> list[str]:
    """Return the names of the schemas that are referred to."""
    # No function that calls itself: a document has a hundred thousand values.
    found, waiting = list[str](), [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            ref = value.get("$ref")
            if isinstance(ref, str) and ref.startswith(SCHEMAS):
                found.append(ref.removeprefix(SCHEMAS))
            waiting += [member for member in value.values() if isinstance(member, HOLDING)]
        elif isinstance(value, (list, tuple)):
            waiting += [member for member in value if isinstance(member, HOLDING)]
    return found
