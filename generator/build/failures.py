"""Builds the codes with which the mock exchange rejects what is wrong."""

from __future__ import annotations

from generator.source import reading as read
from generator.source.load import Map


def failure_codes(mock: Map) -> dict[str, str]:
    """Return the name of each failure and its code, as `ErrorCode.meanings` names one that a message narrows."""
    return {name: _code(value) for name, value in read.mapping(mock, "failures").items()}


def assumed_failures(mock: Map) -> tuple[str, ...]:
    """Return the failures whose code no documentation says."""
    return tuple(name for name, value in read.entries(mock, "failures") if read.flag(value, "assumed"))


def _code(value: object) -> str:
    if not isinstance(value, Map):
        return str(value)
    says = read.exact(value, "says")
    return str(value["code"]) if says is None else f"{value['code']} {says}"
