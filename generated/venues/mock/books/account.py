# Edited in templates/venues/mock/books/account.py; the copy in generated/ is imported.
"""The account's money: what is there, what is locked, what a fill moves; and its positions, where contracts are traded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

from venues.mock.books.journal import Journal
from venues.mock.books.limits import ONE, Instruments
from venues.mock.books.money import Balance, Entry, EntryKind, Loan, Position
from venues.mock.books.order import DIGITS, NOTHING, Fill, Order
from venues.mock.declared.things import Fees, Trading, Wallet
from venues.mock.request.received import RequestRefused

Key = tuple[str, str, str]
"""Wallet, symbol where each pair has one of its own, coin."""

FREE = Fees(NOTHING, NOTHING)
FIRST_ID = 5_000_001


class Account:
    """Balances, positions, loans and the ledger of one account."""

    def __init__(
        self, trading: Trading, wallets: Mapping[str, Wallet], instruments: Instruments, journal: Journal
    ) -> None:
        self.trading, self.wallets = trading, wallets
        self.instruments = instruments
        self.fees: Fees = trading.fees or FREE
        self.has_contracts: bool = any(wallet.contracts for wallet in wallets.values())
        self.balances: dict[Key, Balance] = {}
        self.positions: dict[tuple[str, str], Position] = {}
        """By symbol and slot; those that were closed are not among them."""
        self.loans: list[Loan] = []
        self.entries: list[Entry] = []
        self.hedged: bool = False
        self._leverage: dict[tuple[str, str], Decimal] = {}
        self._isolated: dict[str, bool] = {}
        self._coins: dict[str, str] = {}
        self._counted: set[tuple[str, str]] = set()
        self._journal = journal
        self._ids = FIRST_ID
        self.now: int = 0

    # What there is.

    def key(self, wallet: str, symbol: str, coin: str) -> Key:
        """Return where a coin is kept."""
        known = self.wallets.get(wallet)
        # One exchange writes `usdt` here and `USDT` there, and means one coin.
        coin = self._coins.setdefault(coin.upper(), coin)
        return (wallet, symbol if known is not None and known.per_symbol else "", coin)

    def balance(self, key: Key) -> Balance:
        """Return what there is of a coin."""
        return self.balances.get(key) or Balance(key[2], key[0], key[1])

    def change(self, key: Key, **changes: Decimal) -> Balance:
        """Add to the figures of a balance."""
        balance = self.balance(key)
        added = {name: getattr(balance, name) + change for name, change in changes.items()}
        self.balances[key] = balance = replace(balance, changed_at=self.now, **added)
        return balance

    def tell(self, *keys: Key) -> None:
        """Tell those who listen how balances stand."""
        for key in dict.fromkeys(keys):
            self._journal.note(self.balance(key))

    def new_id(self) -> int:
        """Return an id that nothing has yet."""
        self._ids += 1
        return self._ids

    def add_entry(
        self,
        kind: EntryKind,
        key: Key,
        quantity: Decimal,
        *,
        symbol: str = "",
        fill: Fill | None = None,
        fee: Decimal = NOTHING,
    ) -> None:
        """Write a line into the ledger."""
        entry = Entry(self.new_id(), kind, key[2], quantity, self.now, key[0], symbol or key[1], fee=fee)
        if fill is not None:
            entry = replace(entry, fill_id=fill.id, order_id=fill.order_id)
        self.entries.append(entry)

    def deposit(self, key: Key, quantity: Decimal) -> Balance:
        """Add money; from now on orders are refused where it does not suffice."""
        self._counted.add(key[:2])
        balance = self.change(key, quantity=quantity)
        self.add_entry("transfer", key, quantity)
        self.tell(key)
        return balance

    # What orders lock.

    def lock(self, order: Order, price: Decimal) -> Order:
        """Lock what an order needs, and return it with that.

        Args:
            order: A new order, or one whose size or price has changed; nothing is locked for it.
            price: At which it is expected to fill at worst.

        Raises:
            RequestRefused: if there is not enough, and somebody has deposited something at all.
        """
        key, each = self._need(order, price)
        needed = each * order.open_quantity
        available = self.balance(key).available
        if key[:2] in self._counted and needed > available:
            raise RequestRefused("insufficient_balance", f"{needed:f} {key[2]} are needed, {available:f} are available")
        if needed:
            self.change(key, locked=needed)
            self.tell(key)
        return replace(order, held=each, held_coin=key[2])

    def unlock(self, order: Order, quantity: Decimal) -> None:
        """Free what was locked for a part of an order."""
        if order.held and quantity:
            self.change(self._key_of(order), locked=-order.held * quantity)

    def relock(self, order: Order) -> None:
        """Lock again what was locked for an order before."""
        if order.held:
            self.change(self._key_of(order), locked=order.held * order.open_quantity)

    def tell_locked(self, order: Order) -> None:
        """Tell those who listen of the balance in which money for an order is locked."""
        self.tell(self._key_of(order))

    def _key_of(self, order: Order) -> Key:
        return self.key(order.wallet, order.symbol, order.held_coin)

    def _need(self, order: Order, price: Decimal) -> tuple[Key, Decimal]:
        """Return which coin an order locks, and how much for each unit."""
        instrument = self.instruments.of(order.symbol)
        if not self.has_contracts:
            coin = instrument.coin("quote" if order.side == "buy" else "base")
            return self.key(order.wallet, order.symbol, coin), price if order.side == "buy" else ONE
        key = self.key(order.wallet, order.symbol, instrument.coin("coin"))
        return key, NOTHING if self.reduces(order) else price * instrument.worth / self.leverage(order)

    def reduces(self, order: Order) -> bool:
        """Whether an order can only make a position smaller, and so needs no margin."""
        position = self.positions.get((order.symbol, order.slot))
        if position is None or position.side == order.side:
            return False
        return order.is_reducing or order.open_quantity <= position.quantity

    def reducible(self, order: Order) -> Decimal:
        """Return how much of a position an order could close."""
        position = self.positions.get((order.symbol, order.slot))
        return position.quantity if position is not None and position.side != order.side else NOTHING

    # Settings.

    def leverage(self, order: Order) -> Decimal:
        """Return the leverage that an order opens with: its own, or that of the symbol."""
        own = order.said.get("leverage")
        slot = order.slot or order.side
        found = self._leverage.get((order.symbol, slot)) or self._leverage.get((order.symbol, ""))
        return Decimal(own) if own else found or Decimal(self.trading.leverage)

    def set_leverage(self, symbol: str, slot: str, leverage: Decimal) -> None:
        """Change the leverage of a symbol, or of one of its sides."""
        self._leverage[symbol, slot] = leverage
        for key, position in self.positions.items():
            if position.symbol == symbol and slot in ("", position.side):
                margin = _rounded(position.cost / leverage)
                self.change(self._margin_key(position), margin=margin - position.margin)
                self.positions[key] = replace(position, leverage=leverage, margin=margin)

    def set_isolated(self, symbol: str, *, isolated: bool) -> None:
        """Change whether a symbol has margin of its own."""
        self._isolated[symbol] = isolated
        for key, position in self.positions.items():
            if position.symbol == symbol:
                self.positions[key] = replace(position, isolated=isolated)

    def _margin_key(self, position: Position) -> Key:
        return self.key(position.wallet, position.symbol, position.coin)

    # What fills move.

    def settle(self, order: Order, price: Decimal, quantity: Decimal, *, maker: bool) -> Fill:
        """Let a part of an order be filled, and return that: money and position have moved then."""
        self.unlock(order, quantity)
        id = self.new_id()
        fill = Fill(
            order.id,
            order.symbol,
            order.side,
            price,
            quantity,
            maker,
            self.now,
            id,
            slot=order.slot,
            shelf=order.shelf,
            wallet=order.wallet,
            client_id=order.client_id,
            features=order.features,
        )
        return self._settle_contract(order, fill) if self.has_contracts else self._settle_coins(fill)

    def _rate(self, fill: Fill) -> Decimal:
        return self.fees.maker if fill.maker else self.fees.taker

    def _settle_coins(self, fill: Fill) -> Fill:
        instrument = self.instruments.of(fill.symbol)
        base, quote = (self.key(fill.wallet, fill.symbol, instrument.coin(which)) for which in ("base", "quote"))
        value = fill.price * fill.quantity
        moved = {base: fill.quantity, quote: -value} if fill.side == "buy" else {base: -fill.quantity, quote: value}
        received = base if fill.side == "buy" else quote
        paying = received if self.fees.paid_in == "received" else quote
        fee = _rounded((fill.quantity if paying == base else value) * self._rate(fill))
        for key, change in moved.items():
            paid = fee if key == paying else NOTHING
            self.change(key, quantity=change - paid)
            self.add_entry("fill", key, change - paid, symbol=fill.symbol, fill=fill, fee=paid)
        return replace(fill, fee=fee, fee_coin=paying[2])

    def _settle_contract(self, order: Order, fill: Fill) -> Fill:
        instrument = self.instruments.of(fill.symbol)
        key = self.key(fill.wallet, fill.symbol, instrument.coin("coin"))
        fee = _rounded(fill.price * fill.quantity * instrument.worth * self._rate(fill))
        position, profit = self._moved_position(order, fill, key)
        self.change(key, quantity=profit - fee, profit=profit)
        fill = replace(fill, fee=fee, fee_coin=key[2], profit=profit, position_id=position.id)
        for kind, amount in (("profit", profit), ("fee", -fee)):
            if amount:
                self.add_entry(kind, key, amount, symbol=fill.symbol, fill=fill)  # type: ignore[arg-type]  # literals
        return fill

    def _moved_position(self, order: Order, fill: Fill, key: Key) -> tuple[Position, Decimal]:
        """Let a fill change a position, and return it with the profit."""
        at = (fill.symbol, fill.slot)
        position = self.positions.get(at)
        profit = NOTHING
        rest = fill.quantity
        if position is not None and position.side != fill.side:
            closed = min(rest, position.quantity)
            position, profit = self._reduced(position, fill.price, closed)
            rest -= closed
        if rest:
            # What is left of a fill that was larger than the position opens one on the other side.
            opened = None if position is not None and not position.quantity else position
            position = self._enlarged(opened, order, fill, rest)
        assert position is not None  # a fill is never empty
        old = self.positions.get(at)
        before = (old.margin, old.open_profit) if old else (NOTHING, NOTHING)
        self.change(key, margin=position.margin - before[0], open_profit=position.open_profit - before[1])
        if position.quantity:
            self.positions[at] = position
        else:
            self.positions.pop(at, None)
        return position, profit

    def _reduced(self, position: Position, price: Decimal, closed: Decimal) -> tuple[Position, Decimal]:
        left = position.quantity - closed
        # The last part gets all that is left, so that nothing is lost by rounding.
        cost = _rounded(position.cost * closed / position.quantity) if left else position.cost
        margin = _rounded(position.margin * closed / position.quantity) if left else position.margin
        gained = price * closed * position.worth - cost
        profit = gained if position.side == "buy" else -gained
        changed = replace(
            position,
            quantity=left,
            cost=position.cost - cost,
            margin=position.margin - margin,
            profit=position.profit + profit,
            changed_at=self.now,
        )
        return changed, profit

    def _enlarged(self, position: Position | None, order: Order, fill: Fill, quantity: Decimal) -> Position:
        instrument = self.instruments.of(fill.symbol)
        leverage = self.leverage(order)
        if position is None:
            isolated = self._isolated.get(fill.symbol, False)
            position = Position(
                self.new_id(),
                fill.symbol,
                fill.slot,
                fill.side,
                NOTHING,
                NOTHING,
                instrument.worth,
                leverage,
                isolated,
                NOTHING,
                NOTHING,
                instrument.coin("coin"),
                self.now,
                self.now,
                fill.wallet,
                fill.price,
            )
        cost = fill.price * quantity * instrument.worth
        return replace(
            position,
            quantity=position.quantity + quantity,
            cost=position.cost + cost,
            margin=position.margin + _rounded(cost / leverage),
            leverage=leverage,
            changed_at=self.now,
        )

    def tell_position(self, fill: Fill) -> None:
        """Tell those who listen what a fill has moved."""
        instrument = self.instruments.of(fill.symbol)
        if not self.has_contracts:
            coins = [instrument.coin(which) for which in ("base", "quote")]
            self.tell(*(self.key(fill.wallet, fill.symbol, coin) for coin in coins))
            return
        position = self.positions.get((fill.symbol, fill.slot))
        if position is not None:
            self._journal.note(position)
        self.tell(self.key(fill.wallet, fill.symbol, instrument.coin("coin")))

    def set_price(self, symbol: str, price: Decimal) -> None:
        """Let the open profit of positions follow the market."""
        for at in [at for at in self.positions if at[0] == symbol]:
            old = self.positions[at]
            self.positions[at] = new = replace(old, market_price=price)
            if new.open_profit != old.open_profit:
                self.change(self._margin_key(new), open_profit=new.open_profit - old.open_profit)

    # Loans.

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
        paid = min(quantity, balance.loan + balance.interest)
        if paid > balance.available:
            raise RequestRefused("insufficient_balance", f"{paid:f} {key[2]} are more than what is available")
        interest = min(paid, balance.interest)
        self.change(key, quantity=-paid, loan=interest - paid, interest=-interest)
        return self._add_loan("repayment", key, paid, interest)

    def _add_loan(self, kind: EntryKind, key: Key, quantity: Decimal, interest: Decimal) -> Loan:
        repaid = kind == "repayment"
        loan = Loan(self.new_id(), key[2], quantity, self.now, key[0], key[1], interest, repaid)
        self.loans.append(loan)
        self.add_entry(kind, key, -quantity if repaid else quantity)
        self.tell(key)
        return loan


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(DIGITS, ROUND_HALF_EVEN)
