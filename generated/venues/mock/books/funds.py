# Edited in templates/venues/mock/books/funds.py; the copy in generated/ is imported.
"""The account's money and positions, as a test sees and changes them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from venues.mock.books.account import Account
from venues.mock.books.market import Note, Number, as_decimal, exact
from venues.mock.books.markets import Markets
from venues.mock.books.money import Balance, Entry, Loan, Position
from venues.mock.books.purse import Key

Turn = Callable[[], AbstractContextManager[Markets]]
"""Waits until no call is carried out, and gives the books of all markets as they are then."""


class Funds:
    """What the account has; what is returned is a state, and does not follow."""

    def __init__(self, turn: Turn, note: Note = lambda line: None) -> None:
        self._turn, self._note = turn, note

    def deposit(self, coin: str, quantity: Number, *, wallet: str | None = None, symbol: str = "") -> Balance:
        """Add money; return the new balance.

        Before the first deposit, orders are not refused for lack of money, and balances may be negative.

        Args:
            coin: As the exchange writes it.
            quantity: Amount; text, because a float is not exact.
            wallet: The account, where an exchange has several: `cross`, `isolated`.
            symbol: The pair, where each has money of its own.

        Raises:
            ValueError: if the account or pair is not said where it must be.
        """
        with self._turn() as markets:
            account = markets.first.account
            balance = account.deposit(_key(account, coin, wallet, symbol), exact(quantity))
            said = {"coin": coin, "quantity": exact(quantity), "wallet": wallet, "symbol": symbol}
            self._note({"account": "deposit", "with": said})
            return balance

    def balance(self, coin: str, *, wallet: str | None = None, symbol: str = "") -> Balance:
        """Return the balance of a coin.

        Raises:
            ValueError: if the account or pair is not said where it must be.
        """
        with self._turn() as markets:
            account = markets.first.account
            return account.balance(_key(account, coin, wallet, symbol))

    @property
    def balances(self) -> list[Balance]:
        """All balances."""
        with self._turn() as markets:
            return [*markets.first.account.balances.values()]

    @property
    def positions(self) -> list[Position]:
        """All open positions."""
        with self._turn() as markets:
            return [position for books in markets.each.values() for position in books.account.positions.values()]

    @property
    def loans(self) -> list[Loan]:
        """Loans and repayments, oldest first."""
        with self._turn() as markets:
            return [*markets.first.account.loans]

    @property
    def ledger(self) -> list[Entry]:
        """Everything that moved money, oldest first."""
        with self._turn() as markets:
            return [*markets.first.account.entries]

    def set_fees(self, *, maker: Number, taker: Number) -> None:
        """Change the fees of fills from now on.

        Args:
            maker: Maker fee as a part of the value, such as `0.0002`; negative for a rebate.
            taker: Taker fee as a part of the value.
        """
        rates = {"maker": as_decimal(maker), "taker": as_decimal(taker)}
        with self._turn() as markets:
            for books in markets.each.values():
                books.account.fees = books.account.fees.with_rates(rates["maker"], rates["taker"])
            self._note({"account": "set_fees", "with": rates})

    def set_interest(self, daily: Number) -> None:
        """Change the interest on loans from now on.

        Args:
            daily: Daily rate: `"0.0001"` is 0.01 percent.

        Raises:
            ValueError: if this exchange charges none.
        """
        rate = as_decimal(daily)
        with self._turn() as markets:
            interests = [books.account.interests for books in markets.each.values() if books.account.interests]
            if not interests:
                raise ValueError("no interest is charged here")
            for each in interests:
                each.daily = rate
            self._note({"account": "set_interest", "with": {"daily": rate}})


def _key(account: Account, coin: str, wallet: str | None, symbol: str) -> Key:
    known = account.wallets
    if wallet is None and len(known) > 1:
        raise ValueError(f"say which account: wallet={', '.join(map(repr, known))}")
    name = next(iter(known), "") if wallet is None else wallet
    if name not in known and known:
        raise ValueError(f"no account {wallet!r}; there is {', '.join(map(repr, known))}")
    if name in known and known[name].per_symbol and not symbol:
        raise ValueError(f"each pair has money of its own in {name!r}: say which, by symbol=…")
    return account.key(name, symbol, coin)
