"""Where a program can look over the client's shoulder."""

from __future__ import annotations

import logging

logger = logging.getLogger("venues")


class Hooks:
    """Override what you need; the default writes deviations to the log `venues`."""

    def on_deviation(self, operation: str, path: str, what: str) -> None:
        """An answer differs from the specification, and was mended; told once a place.

        Args:
            operation: Group and name of the operation.
            path: Where in the payload, as `[].price`.
            what: What was found there.
        """
        logger.info("%s answered %s at %s", operation, what, path or "the top")
