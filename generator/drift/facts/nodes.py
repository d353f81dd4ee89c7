"""The parts of schemas and bodies in an OpenAPI document, whatever stands where they should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.drift.facts.facts import brief
from generator.drift.pages.openapi import Node

BODIES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


def parts_of(schema: dict[str, Node]) -> list[Node]:
    """Return the schemas that one is put together from, or may be one of."""
    return [part for together in ("allOf", "oneOf", "anyOf") for part in list_of(schema.get(together))]


def items_of(node: Node) -> Iterator[tuple[str, Any]]:  # Any: JSON
    """Return the members of an object; nothing of anything else."""
    return ((str(key), value) for key, value in node.items()) if isinstance(node, dict) else iter(())


def list_of(node: Node) -> list[Any]:  # Any: JSON
    """Return a list; an empty one for anything else."""
    return node if isinstance(node, list) else []


def values_of(schema: dict[str, Node]) -> tuple[str, ...]:
    """Return the values of an enumeration, each once."""
    return tuple(dict.fromkeys(brief(str(value)) for value in list_of(schema.get("enum")) if value is not None))


def ended_values(schema: dict[str, Node]) -> list[str]:
    """Return the values of an enumeration that a schema marks as deprecated, as documents of this project do."""
    return [brief(str(value)) for value in list_of(schema.get("x-deprecated-values"))]


def schema_of(content: Node) -> Node:
    """Return the schema of a body: JSON if there is one."""
    kinds = dict(items_of(content))
    chosen = next((kinds[kind] for kind in BODIES if kind in kinds), next(iter(kinds.values()), None))
    return chosen.get("schema") if isinstance(chosen, dict) else None
