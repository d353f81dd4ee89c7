"""A short soak: what clients say of some hundred orders, whatever the server does to them."""

from __future__ import annotations

import logging

import pytest

from tests.soak.orders import soak

SEED, SECONDS, ORDERS = 13, 6.0, 320


def test_nothing_is_said_of_an_order_that_is_not_so(caplog: pytest.LogCaptureFixture) -> None:
    """No order is called executed that was not, refused that was, or absent that exists; none is sent twice."""
    pytest.importorskip("pyreqwest", reason="the extra `fast` is not installed")
    caplog.set_level(logging.CRITICAL, "venues")  # thousands of warnings, each of which is right
    figures = soak(SEED, SECONDS, ORDERS)
    assert [] == figures.faults, f"seed {SEED}"
    assert 0 < min(figures.reported[word] for word in ("executed", "refused", "unknown"))
    assert 0 < min(figures.reconciled[word] for word in ("executed", "not executed", "unknown"))
