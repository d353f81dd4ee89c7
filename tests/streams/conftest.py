"""Fixtures of the tests of streams."""

from __future__ import annotations

import pytest

from tests.support.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that a test lets pass."""
    return Clock(monkeypatch)
