# Edited in templates/venues/core/operation.py; the copy in generated/ is imported.
"""The former path of what lies in `venues.core.request.operation`, for transports of one's own that import it from here."""

from __future__ import annotations

from venues.core.request.operation import Operation, Reply, Request, Response

__all__ = ["Operation", "Reply", "Request", "Response"]
