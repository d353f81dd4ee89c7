"""A small bot: sells what is held when the price falls to a stop, once; its own tests are in test_stop_loss.py."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal

from venues import errors
from venues.aster_futures import AsterFutures, Order, operations


@dataclass
class StopLoss:
    client: AsterFutures
    symbol: str
    stop: Decimal
    quantity: Decimal
    sold: bool = False
    """Whether it was sold, or may have been: then it is never sold again."""

    def step(self, price: Decimal) -> Order | None:
        """Look at a price; return the order, if one was placed now and is known."""
        if self.sold or price > self.stop:
            return None
        self.sold = True
        order = {"symbol": self.symbol, "side": "SELL", "type": "MARKET", "quantity": self.quantity}
        try:
            return self.client.call(operations.TRADE_PLACE_ORDER, **order).data
        except errors.ExecutionUnknown as lost:
            outcome = self.client.reconcile(lost, operations.TRADE_PLACE_ORDER)
            self.sold = outcome.executed is not False  # only proof lets it try again
            return outcome.found
        except (errors.RateLimited, errors.ExchangeUnavailable, errors.ConnectionFailed):
            self.sold = False  # certainly not executed: the next price tries again
            return None


if __name__ == "__main__":
    with AsterFutures.from_env() as client, client.streams() as streams:
        from venues.aster_futures.streams import channels, events

        bot = StopLoss(client, sys.argv[1], Decimal(sys.argv[2]), Decimal(sys.argv[3]))
        for event in streams.subscribe(channels.BookTicker(symbol=bot.symbol)):
            if isinstance(event, events.BookTickerEvent) and bot.step(event.data.bid_price):
                break
