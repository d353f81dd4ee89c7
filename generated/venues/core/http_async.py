# Edited in templates/venues/core/http_async.py; the copy in generated/ is imported.
"""The former path of what lies in `venues.core.http.with_aiohttp`, for programs that import it from here."""

from __future__ import annotations

from venues.core.http.with_aiohttp import AiohttpTransport

__all__ = ["AiohttpTransport"]
