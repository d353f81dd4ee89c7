# Edited in templates/venues/core/http_sync.py; the copy in generated/ is imported.
"""The former path of what lies in `venues.core.http.with_urllib3`, for programs that import it from here."""

from __future__ import annotations

from venues.core.http.with_urllib3 import Urllib3Transport

__all__ = ["Urllib3Transport"]
