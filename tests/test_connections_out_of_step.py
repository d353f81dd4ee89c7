"""A connection on which answers and requests are out of step."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.soak import misbehavior, orders
from tests.soak.ordering import TRANSPORTS, Orderer
from tests.soak.scene import Scene
from tests.soak.wild_exchange import WildExchange
from venues.aster_futures import AsterFutures
from venues.core.request.messages import Reply, Request
from venues.errors import ExecutionUnknown, InsufficientBalance

NAMING = [(api, operation) for api, operation in orders.subjects() if operation.echoes]
"""Orders whose answers name them, so that a foreign answer can be told."""


def answer_and_more(scene: Scene) -> bool:
    """Answer, wait for the next request, and send an answer that belongs to neither."""
    scene.send(scene.honest())
    scene.wait_for_next()
    scene.send(scene.stray())
    return True


def refuse_late(scene: Scene) -> bool:
    """Refuse when the client has long had the stray answer."""
    time.sleep(0.1)
    scene.send(scene.said(scene.words.refused))
    return True


PLAN = {
    "soak-000001": misbehavior.Deed(answer_and_more, executes=True),
    "soak-000002": misbehavior.Deed(refuse_late, executes=False),
    "soak-000003": misbehavior.Deed(misbehavior.answer, executes=True),
}


class Planned(WildExchange):
    """Does to each order what the plan says."""

    def _decide(self, connection: Any, request: Any, own: Any, truth: Any) -> Any:
        self._own = own
        return super()._decide(connection, request, own, truth)

    def _choose(self, received: Any, chance: Any, *, is_order: bool) -> Any:
        return PLAN.get(self._own) or misbehavior.READS[0]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(("api", "operation"), NAMING, ids=lambda value: getattr(value, "name", ""))
def test_no_order_gets_the_answer_to_the_one_before(api: Any, operation: Any, transport: str) -> None:
    """After an answer that names another order its connection is not used again: what comes on it belongs to nobody."""
    pytest.importorskip("pyreqwest", reason="the extra `fast` is not installed")
    with Planned(api, operation, "x", 2.0) as exchange, Orderer(api, operation, transport, exchange) as orderer:
        answers = []
        for own in PLAN:
            exchange.expect(own)
            answers.append(place(orderer, transport, own))
        exchange.wait_until_quiet()
    assert isinstance(answers[1], ExecutionUnknown)
    assert "Response" == type(answers[2]).__name__


def place(orderer: Orderer, transport: str, own: str) -> object:
    """Place an order, and return what the client says of it."""
    if transport in ("urllib3", "fast"):
        return orderer._order(own)[0]
    return orderer._runner.run(orderer._order_async(own))[0]


REFUSED = Reply(400, {}, b'{"code": -2019, "msg": "Margin is insufficient."}')
FOREIGN = Reply(200, {}, b'{"orderId": 1, "symbol": "BTCUSDT", "status": "NEW", "clientOrderId": "of-somebody-else"}')


class Misplacing:
    """Refuses each order, and may place another one meanwhile, which is given an answer that is not its own."""

    def __init__(self) -> None:
        self.meanwhile: list[Any] = []

    def send(self, request: Request, timeout: float) -> Reply:
        """Return what an order is told that was sent on the connection of another one."""
        if b"the-other" in request.body:
            return FOREIGN
        for each in self.meanwhile:
            with pytest.raises(ExecutionUnknown):
                each()
        return REFUSED

    def close(self) -> None:
        """Do nothing."""


def test_refusal_beside_a_mistaken_answer_proves_nothing() -> None:
    """A refusal names no order: while another call is given an answer that is not its own, it may belong to that one."""
    transport = Misplacing()
    order: Any = {
        "symbol": "BTCUSDT",
        "side": "BUY",
        "type": "LIMIT",
        "time_in_force": "GTC",
        "quantity": 1,
        "price": 9,
    }
    with AsterFutures(api_key="k", api_secret="s", transport=transport) as client:
        with pytest.raises(InsufficientBalance):
            client.trade.place_order(**order, new_client_order_id="before")
        transport.meanwhile = [lambda: client.trade.place_order(**order, new_client_order_id="the-other")]
        with pytest.raises(ExecutionUnknown, match="may be that of another call"):
            client.trade.place_order(**order, new_client_order_id="mine")
        transport.meanwhile = []
        with pytest.raises(InsufficientBalance):
            client.trade.place_order(**order, new_client_order_id="after")
