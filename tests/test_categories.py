"""What depends on a category: markets, parameters of some products, channels of several connections, joined answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from venues.bybit import Bybit
from venues.bybit.operations import TRADE_PLACE_ORDERS
from venues.bybit.params import OrderReference
from venues.bybit.streams import channels
from venues.core.answer.decode import Reader
from venues.core.answer.joining import joined
from venues.core.call.budget import reported_uses
from venues.core.request.limits import Charge, Limit
from venues.core.request.messages import Reply
from venues.errors import DecodeError, InvalidRequest
from venues.mock import Mock


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock("bybit", remembers=False) as running:
        yield running


@pytest.fixture
def client(mock: Mock) -> Iterator[Bybit]:
    with Bybit(api_key="mock-key", api_secret="mock-secret", base_url=mock.url) as made:
        yield made


def test_a_symbol_of_several_markets_needs_its_market(client: Bybit) -> None:
    """BTCUSDT has another step in spot than in linear, and without a market nothing is guessed."""
    steps = [client.instrument("BTCUSDT", market=market).step for market in ("spot", "linear")]
    assert [Decimal("0.000001"), Decimal("0.001")] == steps
    with pytest.raises(InvalidRequest, match="BTCUSDT is traded in spot, linear"):
        client.instrument("BTCUSDT")
    with pytest.raises(InvalidRequest, match="BTC/USDT is traded in"):
        client.symbols.find("BTC/USDT")
    assert "BTCUSDT" == client.symbols.find("BTC/USDT", market="linear")
    assert "BTCUSDT" not in client.instruments()


def test_an_unknown_market_is_an_error(client: Bybit) -> None:
    """The error says which markets there are."""
    with pytest.raises(InvalidRequest, match="'margin'; the exchange has spot, linear, inverse, option"):
        client.instruments(market="margin")


def test_a_parameter_of_another_category_is_rejected(client: Bybit, mock: Mock) -> None:
    """Nothing is sent, and the error says for which category the parameter is."""
    with pytest.raises(InvalidRequest, match="Only for `option`"):
        client.market.get_recent_trades(category="spot", symbol="BTCUSDT", option_type="Call")
    assert [] == mock.requests


def test_an_example_answers_for_its_category(client: Bybit) -> None:
    """The mock exchange returns what is asked for."""
    first = client.market.get_instruments(category="option").items[0]
    assert ("Put", None) == (first.options_type, first.contract_type)


def test_the_window_is_always_sent_and_signed(client: Bybit, mock: Mock) -> None:
    """Whoever gives none gets the default; the mock exchange accepts the signature over either."""
    client.account.get_account_info()
    client.account.get_account_info(recv_window=20_000)
    assert ["5000", "20000"] == [request.headers["X-BAPI-RECV-WINDOW"] for request in mock.requests]


def test_results_of_a_batch_have_their_codes(client: Bybit) -> None:
    """The codes come in a list of their own, and belong to the orders at the same places."""
    orders: list[OrderReference] = [
        {"symbol": "BTCUSDT", "order_id": "1"},
        {"symbol": "ATOMUSDT", "order_id": "2"},
    ]
    results = client.trade.cancel_orders(category="spot", request=orders).items
    assert [0, 170213] == [result.code for result in results]


@pytest.mark.parametrize("more", [[{"code": 1}], None, [{"code": 1}, {"code": 2}]], ids=["fits", "missing", "longer"])
def test_lists_that_do_not_match_are_not_joined(more: object) -> None:
    """Only lists of one length belong together; an item keeps what it has."""
    body = json.dumps({"result": {"list": [{"id": "7"}]}, "ext": {"list": more}}).encode()
    made = json.loads(joined(body, ("result", "list"), ("ext", "list"), ("code",)))["result"]["list"]
    assert ([{"id": "7", "code": 1}] if more == [{"code": 1}] else [{"id": "7"}]) == made


def test_a_joined_answer_that_contradicts_itself_proves_nothing() -> None:
    """To join lists writes the body anew, and must not hide that it says two codes."""
    order = b'{"category":"spot","symbol":"BTCUSDT","orderId":"1","orderLinkId":"a","createAt":"1"}'
    rest = b'"retCode":0,"retMsg":"OK","result":{"list":[%s]},"retExtInfo":{"list":[{"code":0,"msg":"OK"}]}}' % order
    reader = Reader(TRADE_PLACE_ORDERS, Bybit.PROFILE.envelope)
    assert 1 == len(reader.read(Reply(200, {}, b"{" + rest), lambda *_: None).items)
    with pytest.raises(DecodeError, match="contradicts itself"):
        reader.read(Reply(200, {}, b'{"retCode":10001,' + rest), lambda *_: None)


def test_what_is_left_says_what_is_used() -> None:
    """A header that counts down is understood; who is allowed more than is documented has used nothing."""
    limit = Limit("orders", 10, 1000, "uid", left="X-Left")
    charge = Charge(limit, 1, "me")
    reported = [reported_uses([charge], {"X-Left": left}) for left in ("7", "99", "many")]
    assert [[(charge, 3)], [(charge, 0)], []] == reported


def test_channels_of_two_connections_differ() -> None:
    """The same topic of two categories is two subscriptions."""
    spot, linear = (channels.Trades(category=category, symbol="BTCUSDT") for category in ("spot", "linear"))
    assert (spot.topic, "spot", "linear") == (linear.topic, spot.connection, linear.connection)
    assert spot != linear
