# Edited in templates/venues/core/operation.py; the copy in generated/ is imported.
"""The former path of what lies in `venues.core.request`, for transports of one's own that import it from here."""

from __future__ import annotations

from venues.core.request.messages import Reply, Request, Response
from venues.core.request.operation import Operation

__all__ = ["Operation", "Reply", "Request", "Response"]
