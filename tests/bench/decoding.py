"""500 futures orders from the bytes in a file to objects: exact numbers here, and what others make of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.bench.measure import Call

MANY = 500


def orders() -> bytes:
    """Return what the exchange would answer: its documented order, many times, in the form that both it and Binance use."""
    from venues.aster_futures.examples import EXAMPLES

    one = json.loads(EXAMPLES["trade.get_orders"].response)[0]
    return json.dumps([{**one, "orderId": one["orderId"] + i} for i in range(MANY)], separators=(",", ":")).encode()


def ours(path: str) -> Call:
    """As our client reads an answer, deviations noted."""
    from venues.aster_futures import AsterFutures, operations
    from venues.core.answer.decode import Reader
    from venues.core.request.messages import Reply

    reader, reply = Reader(operations.TRADE_GET_ORDERS, AsterFutures.PROFILE.envelope), Reply(
        200, {}, Path(path).read_bytes()
    )
    return lambda: reader.read(reply, lambda _path, _what: None)


def bare(path: str) -> Call:
    """The same types by msgspec alone."""
    import msgspec

    from venues.aster_futures.operations import TRADE_GET_ORDERS

    decode = msgspec.json.Decoder(TRADE_GET_ORDERS.returns, strict=not TRADE_GET_ORDERS.lax).decode
    body = Path(path).read_bytes()
    return lambda: decode(body)


def plain(path: str) -> Call:
    """Dicts of texts and floats."""
    body = Path(path).read_bytes()
    return lambda: json.loads(body)


def binance(path: str) -> Call:
    """The models of the Binance USD-M SDK, whose numbers stay texts."""
    from binance_sdk_derivatives_trading_usds_futures.rest_api.models import AllOrdersResponseInner

    body = Path(path).read_bytes()

    def read() -> list[Any]:
        return [AllOrdersResponseInner.from_dict(one) for one in json.loads(body)]

    return read
