# Edited in templates/venues/fast.py; the copy in generated/ is imported.
"""Transports by pyreqwest, for speed; needs the extra `fast`."""

from __future__ import annotations

from venues.core.http.with_pyreqwest import AsyncFastTransport, FastTransport

__all__ = ["AsyncFastTransport", "FastTransport"]
