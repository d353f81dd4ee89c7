# Edited in templates/venues/__init__.py; the copy in generated/ is imported.
"""Typed clients for crypto exchanges, each generated from one specification.

Import the exchange you trade on; nothing else is loaded:

    from venues.your_exchange import YourExchange
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venues.core.values.export import as_columns as rows

__version__ = "0.1.0"
__all__ = ["__version__", "rows"]


def __getattr__(name: str) -> object:
    """Load what makes columns when it is first asked for."""
    if name == "rows":
        from venues.core.values.export import as_columns

        return as_columns
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
