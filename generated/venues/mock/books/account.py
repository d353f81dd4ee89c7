# Edited in templates/venues/mock/books/account.py; the copy in generated/ is imported.
"""What fills move: coins, or positions where contracts are traded; and what else changes positions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.interest import Interests
from venues.mock.books.journal import Journal
from venues.mock.books.limits import Instruments
from venues.mock.books.locking import Locking
from venues.mock.books.money import Loan, Position
from venues.mock.books.order import NOTHING, Fill, Order
from venues.mock.books.positions import enlarged, reduced, rounded, with_leverage
from venues.mock.books.purse import Holdings, Key
from venues.mock.declared.things import Fees, Trading, Wallet

FREE = Fees(NOTHING, NOTHING)


class Account(Locking):
    """The money and the positions of one account."""

    def __init__(
        self,
        trading: Trading,
        wallets: Mapping[str, Wallet],
        instruments: Instruments,
        journal: Journal,
        holdings: Holdings | None = None,
        market: str = "",
    ) -> None:
        super().__init__(trading, wallets, instruments, journal, holdings, market)
        self.fees: Fees = trading.fees or FREE
        self.interests: Interests | None = Interests(self, trading.interest) if trading.interest is not None else None

    def borrow(self, key: Key, quantity: Decimal) -> Loan:
        """Add borrowed money, and charge its first interest."""
        loan = super().borrow(key, quantity)
        if self.interests is not None:
            self.interests.begin(key, quantity)
        return loan

    def set_leverage(self, symbol: str, slot: str, leverage: Decimal) -> None:
        """Change the leverage of a symbol, or of one of its sides."""
        self.settings.set_leverage(symbol, slot, leverage)
        for key, position in self.positions.items():
            if position.symbol == symbol and slot in ("", position.side):
                self.positions[key] = new = with_leverage(position, leverage)
                self.change(self._margin_key(position), margin=new.margin - position.margin)

    def set_isolated(self, symbol: str, *, isolated: bool) -> None:
        """Change whether a symbol has margin of its own."""
        self.settings.set_isolated(symbol, isolated=isolated)
        for key, position in self.positions.items():
            if position.symbol == symbol:
                self.positions[key] = replace(position, isolated=isolated)

    def _margin_key(self, position: Position) -> Key:
        return self.key(position.wallet, position.symbol, position.coin)

    def settle(self, order: Order, price: Decimal, quantity: Decimal, *, maker: bool) -> Fill:
        """Fill a part of an order, move money and position, and return the fill."""
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
            market=self.market,
            order_price=order.price or NOTHING,
            order_quantity=order.quantity,
            order_left=order.open_quantity - quantity,
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
        fee = rounded((fill.quantity if paying == base else value) * self._rate(fill))
        for key, change in moved.items():
            paid = fee if key == paying else NOTHING
            self.change(key, quantity=change - paid)
            self.add_entry("fill", key, change - paid, symbol=fill.symbol, fill=fill, fee=paid)
        return replace(fill, fee=fee, fee_coin=paying[2])

    def _settle_contract(self, order: Order, fill: Fill) -> Fill:
        instrument = self.instruments.of(fill.symbol)
        key = self.key(fill.wallet, fill.symbol, instrument.coin("coin"))
        fee = rounded(fill.price * fill.quantity * instrument.worth * self._rate(fill))
        at = fill.symbol, fill.slot
        old = self.positions.get(at)
        position, profit = self._moved(order, fill, old)
        before = (old.margin, old.open_profit) if old is not None else (NOTHING, NOTHING)
        margin, open_profit = position.margin - before[0], position.open_profit - before[1]
        self.change(key, quantity=profit - fee, profit=profit, margin=margin, open_profit=open_profit)
        if position.quantity:
            self.positions[at] = position
        else:
            self.positions.pop(at, None)
        fill = replace(fill, fee=fee, fee_coin=key[2], profit=profit, position_id=position.id)
        for kind, amount in (("profit", profit), ("fee", -fee)):
            if amount:
                self.add_entry(kind, key, amount, symbol=fill.symbol, fill=fill)  # type: ignore[arg-type]  # literals
        return fill

    def _moved(self, order: Order, fill: Fill, position: Position | None) -> tuple[Position, Decimal]:
        """Return a position after a fill, and the profit of that."""
        profit, rest = NOTHING, fill.quantity
        if position is not None and position.side != fill.side:
            closed = min(rest, position.quantity)
            position, profit = reduced(position, fill.price, closed, self.now)
            rest -= closed
        if rest:
            # What is left of a fill that was larger than the position opens one on the other side.
            leverage = self.leverage(order)
            opened = position if position is not None and position.quantity else self._new_position(fill, leverage)
            position = enlarged(opened, fill.price, rest, leverage, self.now)
        assert position is not None  # a fill is never empty
        return position, profit

    def _new_position(self, fill: Fill, leverage: Decimal) -> Position:
        instrument = self.instruments.of(fill.symbol)
        return Position(
            self.new_id(),
            fill.symbol,
            fill.slot,
            fill.side,
            NOTHING,
            NOTHING,
            instrument.worth,
            leverage,
            self.settings.is_isolated(fill.symbol),
            NOTHING,
            NOTHING,
            instrument.coin("coin"),
            self.now,
            self.now,
            fill.wallet,
            fill.price,
            market=self.market,
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

    def fund(self, symbol: str, rate: Decimal) -> Decimal:
        """Settle funding of the positions of a symbol; return what the account received."""
        received = NOTHING
        for position in [each for each in self.positions.values() if each.symbol == symbol]:
            value = position.market_price * position.quantity * position.worth
            amount = rounded(-value * rate if position.side == "buy" else value * rate)
            key = self._margin_key(position)
            self.change(key, quantity=amount)
            self.add_entry("funding", key, amount, symbol=symbol)
            self.tell(key)
            received += amount
        return received

    def set_price(self, symbol: str, price: Decimal) -> None:
        """Recompute the open profit of positions at the market's price."""
        for at in [at for at in self.positions if at[0] == symbol]:
            old = self.positions[at]
            self.positions[at] = new = replace(old, market_price=price)
            if new.open_profit != old.open_profit:
                self.change(self._margin_key(new), open_profit=new.open_profit - old.open_profit)
