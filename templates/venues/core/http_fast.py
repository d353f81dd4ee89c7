# Edited in templates/venues/core/http_fast.py; the copy in generated/ is imported.
"""The former path of what lies in `venues.core.http.with_pyreqwest`, for programs that import it from here."""

from __future__ import annotations

from venues.core.http.with_pyreqwest import AsyncFastTransport, FastTransport

__all__ = ["AsyncFastTransport", "FastTransport"]
