"""A database in Redis for one test: empty, and taken by no other process that runs tests on the same server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from redis import Redis

DATABASES = range(1, 16)
"""A server has sixteen by default; the first one holds the claims, and perhaps somebody's data."""
CLAIM = "venues-tests:{}"
LONGEST = 600
"""Seconds after which a claim ends whose process was killed."""


@contextmanager
def own_database(address: str) -> Iterator[str]:
    """Yield the address of a database that is empty now and again afterwards; those with data are left alone.

    Args:
        address: Of the server, with the number of any database.
    """
    server = address.rpartition("/")[0]
    with _opened(server, 0) as claims:
        number = _claim(claims, server)
        try:
            yield f"{server}/{number}"
        finally:
            with _opened(server, number) as own:
                own.flushdb()
            claims.delete(CLAIM.format(number))


def _opened(server: str, number: int) -> Redis:
    from redis import Redis

    return Redis.from_url(f"{server}/{number}")


def _claim(claims: Redis, server: str) -> int:
    for number in DATABASES:
        # Two suites, or two processes of one, may look for a database at the same moment.
        if claims.set(CLAIM.format(number), os.getpid(), nx=True, ex=LONGEST):
            with _opened(server, number) as own:
                if not own.dbsize():
                    return number
            claims.delete(CLAIM.format(number))
    pytest.fail(f"{server} has no empty database from 1 to 15; flush one of them")
