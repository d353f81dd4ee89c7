# Edited in templates/venues/mock/books/purse.py; the copy in generated/ is imported.
"""The account's money: what there is of each coin, what was borrowed, and the ledger of all that moved it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import count

from msgspec.structs import replace

from venues.mock.books.journal import Journal
from venues.mock.books.money import Balance, Entry, EntryKind, Loan
from venues.mock.books.order import NOTHING, Fill
from venues.mock.declared.things import Wallet
from venues.mock.request.received import RequestRefused

Key = tuple[str, str, str]
"""Wallet, symbol where each pair has one of its own, coin."""

FIRST_ID = 5_000_001


class Holdings:
    """What the markets of one exchange share: the money of the account, and the numbers of what comes to be."""

    def __init__(self) -> None:
        self.balances: dict[Key, Balance] = {}
        self.loans: list[Loan] = []
        self.entries: list[Entry] = []
        self.coins: dict[str, str] = {}
        self.counted: set[tuple[str, str]] = set()
        self.ids: count[int] = count(FIRST_ID + 1)
        self.orders: int = 0
        """How many there are, in all markets."""


class Purse:
    """Balances, loans and the ledger of one account, as one market sees and changes them."""

    def __init__(
        self, wallets: Mapping[str, Wallet], journal: Journal, holdings: Holdings | None = None, market: str = ""
    ) -> None:
        self.wallets = wallets
        self.market = market
        self.holdings: Holdings = holdings or Holdings()
        self.balances: dict[Key, Balance] = self.holdings.balances
        self.loans: list[Loan] = self.holdings.loans
        self.entries: list[Entry] = self.holdings.entries
        self.now: int = 0
        self._coins = self.holdings.coins
        self._counted = self.holdings.counted
        self._keys: dict[tuple[str, str, str], Key] = {}
        """What was asked for → where it is; each fill asks seven times."""
        self._journal = journal

    def key(self, wallet: str, symbol: str, coin: str) -> Key:
        """Return where a coin is kept."""
        said = wallet, symbol, coin
        found = self._keys.get(said)
        if found is None:
            known = self.wallets.get(wallet)
            # One exchange writes `usdt` here and `USDT` there, and means one coin.
            coin = self._coins.setdefault(coin.upper(), coin)
            found = self._keys[said] = (wallet, symbol if known is not None and known.per_symbol else "", coin)
        return found

    def balance(self, key: Key) -> Balance:
        """Return what there is of a coin."""
        return self.balances.get(key) or Balance(key[2], key[0], key[1], is_shared=bool(self.market))

    def change(self, key: Key, **changes: Decimal) -> Balance:
        """Add to the figures of a balance."""
        balance = self.balances.get(key) or self.balance(key)
        for name, change in changes.items():
            changes[name] = getattr(balance, name) + change
        self.balances[key] = balance = replace(balance, changed_at=self.now, **changes)
        return balance

    def tell(self, *keys: Key) -> None:
        """Tell those who listen how balances stand."""
        for key in dict.fromkeys(keys):
            self._journal.note(self.balance(key))

    def new_id(self) -> int:
        """Return an id that nothing has yet."""
        return next(self.holdings.ids)

    def add_entry(
        self,
        kind: EntryKind,
        key: Key,
        quantity: Decimal,
        *,
        symbol: str = "",
        fill: Fill | None = None,
        fee: Decimal = NOTHING,
        at: int | None = None,
        is_first: bool = False,
    ) -> None:
        """Write a line into the ledger."""
        time = self.now if at is None else at
        entry = Entry(self.new_id(), kind, key[2], quantity, time, key[0], symbol or key[1], fee=fee, is_first=is_first)
        if fill is not None:
            entry = replace(entry, fill_id=fill.id, order_id=fill.order_id, market=self.market)
        self.entries.append(entry)

    def deposit(self, key: Key, quantity: Decimal) -> Balance:
        """Add money; from now on orders are refused where it does not suffice."""
        self._counted.add(key[:2])
        balance = self.change(key, quantity=quantity)
        self.add_entry("transfer", key, quantity)
        self.tell(key)
        return balance

    def is_counted(self, key: Key) -> bool:
        """Whether there was a deposit, so that there can be too little."""
        return key[:2] in self._counted

    def borrow(self, key: Key, quantity: Decimal) -> Loan:
        """Add borrowed money."""
        self.change(key, quantity=quantity, loan=quantity)
        return self._add_loan("loan", key, quantity, NOTHING)

    def repay(self, key: Key, quantity: Decimal) -> Loan:
        """Pay back a loan: interest first, and never more than is owed.

        Raises:
            RequestRefused: if there is not so much.
        """
        balance = self.balance(key)
        # To repay everything, callers send a little more: interest may be charged in the meantime.
        paid = min(quantity, balance.loan + balance.interest)
        if paid > balance.available:
            raise RequestRefused("insufficient_balance", f"{paid:f} {key[2]} are more than what is available")
        interest = min(paid, balance.interest)
        self.change(key, quantity=-paid, loan=interest - paid, interest=-interest)
        return self._add_loan("repayment", key, paid, interest)

    def _add_loan(self, kind: EntryKind, key: Key, quantity: Decimal, interest: Decimal) -> Loan:
        repaid = kind == "repayment"
        balance = self.balance(key)
        owed = balance.loan + balance.interest
        loan = Loan(self.new_id(), key[2], quantity, self.now, key[0], key[1], interest, owed, repaid)
        self.loans.append(loan)
        self.add_entry(kind, key, -quantity if repaid else quantity)
        self.tell(key)
        return loan
