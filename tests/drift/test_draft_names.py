"""A draft names operations by what they do."""

from __future__ import annotations

import pytest

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
        ("POST /v1/query", "query_all"),
    ],
)
def test_a_verb_follows_the_method(owner: str, name: str) -> None:
    """Orders are placed and cancelled; nouns that look like verbs are none where something is read."""
    assert name == operation_name(owner, set())


def test_a_taken_name_gets_more_of_the_path() -> None:
    """Two calls with the same last part are told apart by what stands before it."""
    assert "place_sor_order" == operation_name("POST /api/v3/sor/order", {"place_order"})
    assert "get_order_2" == operation_name("GET /order", {"get_order", "x"})


@pytest.mark.parametrize(
    ("owner", "name", "effect", "asks"),
    [
        ("GET /v1/time", "get_time", "read", False),
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
