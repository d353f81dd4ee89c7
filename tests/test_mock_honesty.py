"""What is asked of a mock exchange that remembers is done, refused, or named as not simulated: never dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any, get_args

import pytest

from tests.support.apis import APIS, Api
from tests.support.mocks import client
from tests.support.orders import OrderCall, order_calls
from tests.support.traders import OWN, PLACES, OneMarket, label
from venues import errors
from venues.mock import Mock, NotSimulated, Order
from venues.mock.declared.api import Failure, load_api
from venues.mock.declared.things import Sent

MADE = [(api, call) for api in APIS for does in ("place", "amend") for call in order_calls(api, does)]
NUMBERS = {"price": "59000", "quantity": "4", "value": "118000", "leverage": "7", "trailing": "1"}
HARMLESS = {"newOrderRespType", "strategyId", "strategyType", "selfTradePreventionMode", "smpType"}
"""Parameters that change nothing that is remembered; who adds one here has thought about it."""

READ_BY_OTHERS = {"marketUnit", "triggerDirection"}
"""Parameters that say what others mean, and nothing by themselves."""


RULES = (*get_args(Failure)[get_args(Failure).index("insufficient_balance") :],)
"""The rules that an order can break."""


@pytest.mark.parametrize("api", APIS, ids=label)
def test_a_code_for_a_broken_rule_is_documented_or_assumed(api: Api) -> None:
    """A code that the documentation has for any wrong parameter, and not for the rule, stands in `mock.assumed`."""
    declared, mock = load_api(api.name), Mock(api.name)
    for market in declared.markets or ("",):
        failures = declared.in_market(market).failures if market else declared.failures
        assert {failures[rule] for rule in RULES if rule in failures} <= declared.errors.keys()
        general = {failures.get("missing_param"), failures.get("wrong_param")}
        guessed = {rule for rule in RULES if rule in failures and failures[rule] in general}
        assert guessed <= {*mock.assumed.get(market, ())}


def test_words_that_decide_are_sent_as_they_are_documented() -> None:
    """Other people's clients compare the whole message, full stop included, so nothing is added to it."""
    api, place = next(each for each in PLACES if each[0].name == "binance_spot")
    with Mock(api.name) as mock, client(api, mock) as caller:
        mock.account.deposit("USDT", "1")
        for more, words in (
            ({}, "Account has insufficient balance for requested action."),
            ({"price": "59000.0001"}, "Filter failure: PRICE_FILTER"),
        ):
            with pytest.raises(errors.ApiError) as refused:
                caller.call(place.operation, **place.arguments(**OWN | more))
            assert words == refused.value.message


@pytest.mark.parametrize(("api", "call"), MADE, ids=label)
def test_nothing_is_dropped_in_silence(api: Api, call: OrderCall) -> None:
    """Each parameter of an order, with each of its values: the order has it, or it is not made at all."""
    place = next(each for own, each in PLACES if own is api and each.market == call.market)
    mock, dropped = OneMarket(api.name, place), list[str]()
    mock.start()
    with client(api, mock) as caller:
        for sent, value in every_value(api, call):
            mock.forget()
            with suppress(errors.VenueError):
                mock.market(place.example["symbol"]).price("61000")
                if call.declared.does == "amend":
                    caller.call(place.operation, **place.arguments(**OWN))
                before = mock.orders
                caller.call(call.operation, **arguments(call, before, sent, value))
                order = next(each for each in reversed(mock.orders) if each not in before)
                if not has(order, sent, value):
                    dropped.append(f"{sent.wire}={value}")
    with suppress(NotSimulated):
        mock.stop()
    assert [] == dropped


def every_value(api: Api, call: OrderCall) -> Iterator[tuple[Sent, str]]:
    """Yield each parameter of a call with each value that it can have."""
    declared = load_api(api.name)
    params = {param.wire: param for param in declared.by_name[call.name].params}
    for sent in call.declared.sent:
        kind = params[sent.wire].type
        values = declared.enums.get(kind.name, ()) or {"boolean": ("true", "false")}.get(kind.kind, ())
        yield from ((sent, value) for value in values or [NUMBERS.get(phrase_of(sent), "60500")])


def phrase_of(sent: Sent) -> str:
    """Return what a parameter means, usually."""
    return sent.phrase or (sent.cases[-1].phrase if sent.cases else "")


def arguments(call: OrderCall, orders: list[Order], sent: Sent, value: str) -> dict[str, Any]:
    """Return an order, or a change of the one that is there, with this value for one parameter."""
    own = OWN | ({"id": str(orders[-1].id), "symbol": orders[-1].symbol} if orders else {})
    own |= {"quantity": "3"} if call.declared.does == "amend" else {}
    kept = ("id", "symbol", "client_id") if call.declared.does == "amend" else ("symbol",)
    given: Any = {"true": True, "false": False}.get(value, value)
    name = call.operation.by_wire[sent.wire].name
    return call.arguments(**own) | ({} if sent.phrase in kept else {name: given})


def has(order: Order, sent: Sent, value: str) -> bool:
    """Whether an order has what was asked for."""
    words = sent.says.get(value)
    if sent.harmless:
        return sent.wire in HARMLESS | READ_BY_OTHERS
    if sent.phrase == "within":
        return order.market == value
    if value == sent.default or sent.phrase in ("id", "symbol"):
        return True
    if words is not None:
        said = {order.side, order.slot or order.side, *order.features}
        return said.issuperset(words)
    phrase = phrase_of(sent)
    if phrase in ("price", "quantity"):
        return bool(getattr(order, phrase) == Decimal(value))
    if sent.phrase == "order.client_id":
        return order.client_id == value
    return sent.phrase == "client_id" or (bool(sent.phrase) and is_kept(order, sent.phrase, value))


def is_kept(order: Order, phrase: str, value: str) -> bool:
    """Whether an order shows what was said, and acts on it."""
    acts = order.trigger is not None or phrase in ("leverage", "value", "position.id") or phrase.startswith("exit.")
    return acts and order.said.get(phrase) == value
