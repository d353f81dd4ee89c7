"""Borrow, see what is owed, and repay all of it; an answer that is lost makes no second loan."""

from __future__ import annotations

import sys
from decimal import Decimal

from venues import errors
from venues.bitget_margin import BitgetMargin, operations


def borrow(client: BitgetMargin, coin: str, amount: Decimal) -> bool | None:
    """Return whether the amount was borrowed; None if nobody knows yet."""
    most = client.cross.get_max_borrowable(coin=coin).max_borrowable_amount
    if amount > most:
        raise SystemExit(f"{amount} {coin} is more than the {most} that can be borrowed")
    try:
        client.cross.borrow(coin=coin, borrow_amount=amount)
    except errors.ExecutionUnknown as lost:  # sent, and no answer: never sent again, but looked up
        outcome = client.reconcile(lost, operations.CROSS_BORROW)
        print(*outcome.evidence, sep="\n")
        return outcome.executed
    return True


def repay(client: BitgetMargin, coin: str) -> Decimal:
    """Repay what is owed, interest included; return what is still owed."""
    (asset,) = client.cross.get_assets(coin=coin)
    owed = asset.borrow + asset.interest
    return client.cross.repay(coin=coin, repay_amount=owed).remain_debt_amount if owed else Decimal(0)


if __name__ == "__main__":
    with BitgetMargin.from_env() as client:
        if borrow(client, sys.argv[1], Decimal(sys.argv[2])):
            print("still owed:", repay(client, sys.argv[1]))
