"""All generated APIs, without naming any."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import venues
from venues.core.async_client import AsyncCore
from venues.core.client import SyncCore
from venues.core.request.operation import Operation


@dataclass(frozen=True)
class Api:
    """One API, ready to be tested."""

    name: str
    module: ModuleType
    client: type[SyncCore]
    async_client: type[AsyncCore]

    @property
    def operations(self) -> tuple[Operation[Any], ...]:
        found: tuple[Operation[Any], ...] = self.module.operations.OPERATIONS
        return found

    def arguments(self, operation: Operation[Any]) -> dict[str, Any]:
        return dict(self.module.examples.EXAMPLES[operation.full_name].arguments)

    def response(self, operation: Operation[Any]) -> str:
        return str(self.module.examples.EXAMPLES[operation.full_name].response)


def all_apis() -> list[Api]:
    """Return every API that was generated."""
    names = [m.name for m in pkgutil.iter_modules(venues.__path__) if m.ispkg and m.name not in ("core", "mock", "cli")]
    return [_api(name) for name in names]


def _api(name: str) -> Api:
    module = importlib.import_module(f"venues.{name}")
    exported = [getattr(module, one) for one in module.__all__ if isinstance(getattr(module, one), type)]
    client = next(one for one in exported if issubclass(one, SyncCore))
    async_client = next(one for one in exported if issubclass(one, AsyncCore))
    return Api(name, module, client, async_client)


APIS = all_apis()
OPERATIONS = [(api, operation) for api in APIS for operation in api.operations]


def label(value: object) -> str:
    """Name a parameter of a test."""
    if isinstance(value, Api):
        return value.name
    return value.full_name if isinstance(value, Operation) else str(getattr(value, "__name__", value))
