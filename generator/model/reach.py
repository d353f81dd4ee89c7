"""Which enums and structs a type reaches, however deep."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.types import Struct, Type


def reachable(typed: Type, structs: Mapping[str, Struct]) -> set[str]:
    """Return the names of the enums and structs in a type."""
    found: set[str] = set()
    todo = list(typed.names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            fields = structs[name].fields if name in structs else ()
            todo.extend(inner for field in fields for inner in field.type.names)
    return found


def has_scalars_in_text(typed: Type, structs: Mapping[str, Struct]) -> bool:
    """Whether numbers or booleans arrive inside strings, somewhere in a type."""
    return any(field.text for name in reachable(typed, structs) if name in structs for field in structs[name].fields)
