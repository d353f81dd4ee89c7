# Edited in templates/venues/core/streams/lost.py; the copy in generated/ is imported.
"""The end of a connection, as its tasks raise it."""

from __future__ import annotations

from venues.core.channels.channel import Reason


class Lost(Exception):
    """The connection is of no use any more."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason: Reason = reason
        super().__init__(detail)
