"""Interest on loans of Bitget, by the clock of the mock exchange: when it is charged, listed and paid back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from venues.bitget_margin import BitgetMargin
from venues.mock import Mock


@pytest.fixture
def trading() -> Iterator[tuple[Mock, BitgetMargin]]:
    """A mock exchange on which a loan costs 1 % a day, and its client."""
    with Mock("bitget_margin") as mock, BitgetMargin(**mock.credentials, base_url=mock.url, limiter="off") as client:
        mock.account.set_interest("0.01")
        mock.account.deposit("USDT", "1000", wallet="cross")
        yield mock, client


def owed(mock: Mock) -> Decimal:
    return mock.account.balance("USDT", wallet="cross").interest


def test_interest_is_charged_at_once_and_after_each_hour(trading: tuple[Mock, BitgetMargin]) -> None:
    """A part of an hour costs nothing more; the balance shows what is owed, beside the loan."""
    mock, client = trading
    client.cross.borrow(coin="USDT", borrow_amount="2400")
    assert Decimal(1) == owed(mock)
    mock.clock.advance("59m")
    assert Decimal(1) == owed(mock)
    mock.clock.advance("1m")
    assert Decimal(2) == owed(mock)
    mock.clock.advance("1d")
    (shown,) = client.cross.get_assets(coin="USDT")
    assert (Decimal(2400), Decimal(26), Decimal(974)) == (shown.borrow, shown.interest, shown.net)


def test_interest_is_listed(trading: tuple[Mock, BitgetMargin]) -> None:
    """The history has a line for each charge, the latest first, and tells the first one from the others."""
    mock, client = trading
    client.cross.borrow(coin="USDT", borrow_amount="2400")
    mock.clock.advance("2h")
    lines = client.cross.get_interest(start_time=mock.now() - 86_400_000).result_list
    assert ["scheduled", "scheduled", "first"] == [str(line.type) for line in lines]
    assert {(Decimal(1), "USDT")} == {(line.amount, line.interest_coin) for line in lines}
    times = [line.created_time for line in lines]
    assert [3_600_000, 3_600_000] == [times[0] - times[1], times[1] - times[2]]


def test_a_repayment_pays_interest_first_and_ends_it(trading: tuple[Mock, BitgetMargin]) -> None:
    """What is left of the loan goes on to cost; once all is paid back, time costs nothing."""
    mock, client = trading
    client.cross.borrow(coin="USDT", borrow_amount="2400")
    mock.clock.advance("1h")
    paid = client.cross.repay(coin="USDT", repay_amount="1202")
    assert (Decimal(1202), Decimal(1200)) == (paid.repay_amount, paid.remain_debt_amount)
    (repayment,) = [loan for loan in mock.account.loans if loan.repaid]
    assert (Decimal(2), Decimal(0)) == (repayment.interest, owed(mock))
    mock.clock.advance("1h")
    assert Decimal("0.5") == owed(mock)
    client.cross.repay(coin="USDT", repay_amount="1200.5")
    mock.clock.advance("7d")
    assert Decimal(0) == owed(mock)


def test_the_rate_and_what_is_owed_last_over_a_restart(tmp_path: Path) -> None:
    """A state that is read again owes the same, and goes on at the same rate."""
    file = tmp_path / "state"
    with Mock("bitget_margin", state=file) as mock, BitgetMargin(**mock.credentials, base_url=mock.url) as client:
        mock.account.set_interest("0.01")
        client.cross.borrow(coin="USDT", borrow_amount="2400")
    with Mock("bitget_margin", state=file) as again:
        assert Decimal(1) == owed(again)
        again.clock.advance("1h")
        assert Decimal(2) == owed(again)


def test_what_no_page_says_is_named() -> None:
    """The rate is that of an example, and how often it is charged is a guess; without loans nobody can set it."""
    assert "interest" in Mock("bitget_margin").assumed[""]
    with pytest.raises(ValueError, match="no interest is charged here"):
        Mock("aster_futures").account.set_interest("0.01")
