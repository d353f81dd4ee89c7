# Edited in templates/venues/__init__.py; the copy in generated/ is imported.
"""Typed clients for crypto exchanges, each generated from one specification.

Import the exchange you trade on; nothing else is loaded:

    from venues.your_exchange import YourExchange

Functions that take the client of any exchange say `Client` or `AsyncClient`:

    from venues import Client

    def used(client: Client) -> dict[str, int]:
        return {name: limit.used for name, limit in client.limits.usage().items()}
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venues.core.async_client import AsyncCore as AsyncClient
    from venues.core.client import SyncCore as Client
    from venues.core.values.export import as_columns as rows
    from venues.core.values.export import json_default

__version__ = "0.1.0"
__all__ = ["AsyncClient", "Client", "__version__", "json_default", "rows"]

_LATER = {
    "AsyncClient": ("venues.core.async_client", "AsyncCore"),
    "Client": ("venues.core.client", "SyncCore"),
    "json_default": ("venues.core.values.export", "json_default"),
    "rows": ("venues.core.values.export", "as_columns"),
}
"""What is loaded when it is first asked for: what every client is, and what makes columns and JSON."""


def __getattr__(name: str) -> object:
    """Load what takes time to load."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, found = _LATER[name]
    return getattr(import_module(module), found)


def __dir__() -> list[str]:
    """Return the names of this package, those that are loaded later included."""
    return sorted({*globals(), *__all__})
