# Edited in templates/venues/core/values/time_limit.py; the copy in generated/ is imported.
"""Limits the time that something may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Overdue(Exception):
    """The time is up."""


@asynccontextmanager
async def time_limit(seconds: float | None) -> AsyncGenerator[None]:
    """Limit the time of what is awaited inside; None is no limit.

    A `TimeoutError` that comes from inside passes: it may be a time limit of the program, which must not be taken for
    this one.

    Raises:
        Overdue: when the time is up.
    """
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
    else:
        return
    raise Overdue
