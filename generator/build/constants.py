"""Builds constants: what every call of an operation sends or signs, whatever the caller passes."""

from __future__ import annotations

from typing import Literal, cast

from generator.model.operations import Constant
from generator.model.types import Scalar
from generator.source import reading as read
from generator.source.load import Map, Source


def constant_names(source: Source) -> set[str]:
    """Return the names of all constants of an API's operations."""
    return {
        wire
        for file in source.files.values()
        for at in read.maps(file, "operations")
        for wire in read.mapping(at, "constants")
    }


def constants(at: Map) -> tuple[Constant, ...]:
    """Return the constants of one operation."""
    found = []
    for wire, given in read.mapping(at, "constants").items():
        place = read.exact(given, "in") if isinstance(given, Map) else None
        value = given["value"] if isinstance(given, Map) else given
        found.append(Constant(wire, cast(Scalar, value), cast("Literal['query']", place)))
    return tuple(found)
