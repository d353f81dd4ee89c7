"""A draft names operations by what they do."""

from __future__ import annotations

import pytest

from generator.drift.edit.titles import name_of_title
from generator.drift.edit.verbs import effect_of, operation_name


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("GET /api/v3/openOrders", "get_open_orders"),
        ("DELETE /api/v3/openOrders", "cancel_open_orders"),
        ("DELETE /api/v3/order", "cancel_order"),
        ("DELETE /v1/orders/{orderId}", "cancel_order"),
        ("GET /v1/orders/{orderId}", "get_order"),
        ("GET /v1/addresses/{id}", "get_address"),
        ("POST /api/v3/order", "place_order"),
        ("POST /api/v3/order/test", "test_order"),
        ("POST /v5/order/create", "place_order"),
        ("POST /v5/order/cancel-all", "cancel_all_orders"),
        ("POST /v1/order/batch-cancel", "cancel_batch_orders"),
        ("POST /v5/position/set-leverage", "set_leverage"),
        ("POST /v5/account/borrow", "borrow"),
        ("GET /v5/account/borrow-history", "get_borrow_history"),
        ("GET /api/v3/ping", "ping"),
        ("POST /api/v3/userDataStream", "create_user_data_stream"),
        ("DELETE /api/v3/userDataStream", "delete_user_data_stream"),
        ("PUT /api/v3/userDataStream", "update_user_data_stream"),
        ("GET /v5/order/history", "get_order_history"),
        ("GET /v5/position/list", "get_position"),
        ("DELETE /api/v3/orderList", "cancel_order_list"),
        ("POST /v1/query", "query"),
        ("DELETE /v1/cancel", "cancel"),
        ("GET /api/v2/private/buy", "buy"),
        ("GET /api/v2/private/cancel_all_by_lamp", "cancel_all_by_lamp"),
    ],
)
def test_a_verb_follows_the_method(owner: str, name: str) -> None:
    """Orders are placed and canceled; nouns that look like verbs are none where something is read."""
    assert name == operation_name(owner, set())


def test_a_taken_name_gets_more_of_the_path() -> None:
    """Two calls with the same last part are told apart by what stands before it."""
    assert "place_sor_order" == operation_name("POST /api/v3/sor/order", {"place_order"})
    assert "get_order_2" == operation_name("GET /order", {"get_order", "x"})


@pytest.mark.parametrize(
    ("owner", "name", "effect", "asks"),
    [
        ("GET /v1/time", "get_time", "read", False),
        ("GET /v2/private/buy", "buy", "once", True),
        ("GET /v2/order/cancel", "cancel_order", "once", True),
        ("GET /v1/withdraw-history", "get_withdraw_history", "read", False),
        ("POST /v1/executed-history", "create_executed_history", "once", True),
        ("POST /v1/order/test", "test_order", "read", False),
        ("POST /v1/order", "place_order", "once", False),
        ("DELETE /v1/order", "cancel_order", "repeatable", True),
        ("POST /v1/leverage", "set_leverage", "repeatable", True),
        ("POST /v1/order/cancelReplace", "cancel_replace", "once", False),
        ("POST /v1/orders/query", "query_orders", "once", True),
    ],
)
def test_effects_follow_verbs_and_are_asked_where_they_repeat(owner: str, name: str, effect: str, asks: bool) -> None:
    """What would be sent again is never taken for granted, nor is what might be a question and is sent once."""
    found, question = effect_of(owner, name)
    assert (effect, asks) == (found, bool(question))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("POST / Place order", "place_order"),
        ("1.2 Query Open Orders (TRADE)", "get_open_orders"),
        ("Submit Cancel for an Order", "cancel_order"),
        ("New Order", "place_order"),
        ("Get K-lines.", "get_klines"),
        ("GET /v1/time (Check server time)", "get_server_time"),
        ("Cancel all open orders on a symbol", "cancel_all_open_orders"),
        ("Order Book", ""),
        ("/private/buy", ""),
        ("Get", ""),
    ],
)
def test_a_heading_that_begins_with_a_verb_names_the_call(title: str, name: str) -> None:
    """Its articles, and what stands behind a preposition, are left out; a heading without a verb gives no name."""
    assert name == name_of_title(title)
