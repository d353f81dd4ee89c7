"""The tests of a bot: prices and accidents are made by a mock exchange, which says what was really executed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.users.stop_loss import StopLoss
from venues.aster_futures import AsterFutures
from venues.mock import Fault, Mock
from venues.retry import NEVER


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock("aster_futures", remembers=True) as mock:
        yield mock


@pytest.fixture
def bot(mock: Mock) -> Iterator[StopLoss]:
    with AsterFutures(**mock.credentials, base_url=mock.url, retry=NEVER) as client:
        mock.market("BTCUSDT").price("60000")
        yield StopLoss(client, "BTCUSDT", stop=Decimal(59000), quantity=Decimal("0.1"))


def test_nothing_is_sold_above_the_stop(mock: Mock, bot: StopLoss) -> None:
    assert bot.step(Decimal("59000.1")) is None
    assert mock.count("trade.place_order") == 0


def test_all_is_sold_once_at_the_stop(mock: Mock, bot: StopLoss) -> None:
    order = bot.step(Decimal(59000))
    assert order is not None
    assert (order.status, order.executed_qty) == ("FILLED", Decimal("0.1"))
    bot.step(Decimal(58000))
    assert mock.count("trade.place_order") == 1


def test_lost_answer_sells_nothing_twice(mock: Mock, bot: StopLoss) -> None:
    mock.fault("trade.place_order", Fault.AFTER)  # executed, and no answer
    order = bot.step(Decimal(59000))
    assert order is not None
    bot.step(Decimal(58000))
    assert mock.count("trade.place_order") == 1


def test_refused_order_is_tried_again(mock: Mock, bot: StopLoss) -> None:
    mock.fault("trade.place_order", Fault.RATE_LIMITED, retry_after=0)
    assert bot.step(Decimal(59000)) is None
    assert bot.step(Decimal(58990)) is not None
    assert mock.count("trade.place_order") == 1
