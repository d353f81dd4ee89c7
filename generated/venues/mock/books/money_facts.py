# Edited in templates/venues/mock/books/money_facts.py; the copy in generated/ is imported.
"""Puts positions, balances, loans and the ledger into the words of the specification."""

from __future__ import annotations

from collections.abc import Iterable

from venues.mock.books.facts import Facts
from venues.mock.books.money import Balance, Entry, Loan, Position
from venues.mock.books.order import NOTHING
from venues.mock.declared.holders import Words


def facts_of_position(position: Position) -> Facts:
    """Return what is known of a position."""
    values = {
        "id": position.id,
        "symbol": position.symbol,
        "coin": position.coin,
        "quantity": position.quantity,
        "value": position.cost,
        "price": position.price,
        "leverage": position.leverage,
        "margin": position.margin,
        "available": position.quantity - position.reserved,
        "open quantity": position.reserved,
        "open margin": NOTHING,
        "profit": position.profit,
        "open profit": position.open_profit,
        "market price": position.market_price,
        "exit.stop price": position.stop,
        "exit.take_profit price": position.take_profit,
        "within": position.market,
    }
    words: dict[str, Iterable[Words]] = {
        "side": [(position.side,)],
        # Where the sign of its size says which it is, its side is neither, unless there is one of each.
        "signed side": [(position.slot,) if position.slot else (), (position.side,)],
        "position.side": [(position.slot,)] if position.slot else [(), (position.side,)],
        "isolated": [("isolated",) if position.isolated else ()],
    }
    return Facts(values, words, position.opened_at, position.changed_at, position.side == "sell")


def facts_of_balance(balance: Balance) -> Facts:
    """Return what is known of a balance."""
    values = {
        "coin": balance.coin,
        "symbol": balance.symbol or None,
        "quantity": balance.quantity,
        "value": balance.quantity + balance.open_profit - balance.loan - balance.interest,
        "available": balance.available,
        "margin": balance.margin,
        "open quantity": balance.locked - balance.margin_locked,
        "open margin": balance.margin_locked if balance.is_shared else balance.locked,
        "open profit": balance.open_profit,
        "profit": balance.profit,
        "loan": balance.loan,
        "interest": balance.interest,
    }
    return Facts(values, at=balance.changed_at, changed_at=balance.changed_at)


def facts_of_loan(loan: Loan) -> Facts:
    """Return what is known of a loan or repayment."""
    values = {
        "id": loan.id,
        "client_id": None,
        "symbol": loan.symbol or None,
        "coin": loan.coin,
        "quantity": loan.quantity,
        "open quantity": loan.owed,
        "interest": loan.interest,
    }
    return Facts(values, at=loan.at, changed_at=loan.at)


def facts_of_entry(entry: Entry) -> Facts:
    """Return what is known of a line of the ledger."""
    values = {
        "id": entry.id,
        "symbol": entry.symbol,
        "coin": entry.coin,
        "quantity": entry.quantity,
        "fee": entry.fee,
        "fill.id": entry.fill_id if entry.fill_id is not None else "",
        "order.id": entry.order_id,
        "within": entry.market or None,
    }
    kinds: list[Words] = [(entry.kind, "loan"), (entry.kind,)] if entry.is_first else [(entry.kind,)]
    return Facts(values, {"kind": kinds}, entry.at, entry.at)
