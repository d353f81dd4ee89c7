# Edited in templates/venues/__init__.py; the copy in generated/ is imported.
"""Typed clients for crypto exchanges, each generated from one specification.

Import the exchange you trade on; nothing else is loaded:

    from venues.your_exchange import YourExchange
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venues.core.values.export import as_columns as rows
    from venues.core.values.export import json_default

__version__ = "0.1.0"
__all__ = ["__version__", "json_default", "rows"]


def __getattr__(name: str) -> object:
    """Load what makes columns and JSON when it is first asked for."""
    if name in ("json_default", "rows"):
        from venues.core.values import export

        return export.as_columns if name == "rows" else export.json_default
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names of this package, those that are loaded later included."""
    return sorted({*globals(), *__all__})
