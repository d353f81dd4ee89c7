# Edited in templates/venues/core/values/pydantic_schema.py; the copy in generated/ is imported.
"""What pydantic needs to know of a struct, so that FastAPI can return it; pydantic is no dependency of this package."""

from __future__ import annotations

from typing import Any

import msgspec

from venues.core.values.export import as_dict, without_decimals


def schema_of(kind: type[msgspec.Struct]) -> Any:  # a schema of pydantic's, whose type is not at hand
    """Return a schema by which a struct is taken as it is, and written by Python names with decimals as text."""
    from pydantic_core import core_schema

    return core_schema.is_instance_schema(
        kind,
        metadata={"pydantic_js_functions": [lambda _, __: {"type": "object", "title": kind.__name__}]},
        serialization=core_schema.plain_serializer_function_ser_schema(
            lambda struct: without_decimals(as_dict(struct)), when_used="json"
        ),
    )
