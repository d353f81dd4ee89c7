"""Builds what only the mock exchange needs to know: how money, positions and orders behave there."""

from __future__ import annotations

from generator.build.failures import assumed_failures, failure_codes
from generator.model.mock_facts import Disconnect, Fees, Half, Halves, Interest, MarketFacts, MockFacts, TradingFacts
from generator.source import reading as read
from generator.source.load import Map


def mock_facts(at: Map) -> MockFacts:
    """Return what the mock exchange needs to know of an API; `at` is the root of api.yaml."""
    mock = read.mapping(at, "mock")
    named = read.mapping(mock, "one_with")
    one_with = {operation: param for param in named for operation in read.texts(named, param)}
    return MockFacts(
        form_or_query=read.texts(mock, "form_or_query"),
        one_with=one_with,
        halves={name: _halves(one) for name, one in read.entries(mock, "halves")},
        trading=_trading(mock),
        disconnect=_disconnect(read.mapping(mock, "disconnect")),
        markets={name: _market(at) for name, at in read.entries(mock, "markets")},
    )


def _disconnect(at: Map) -> Disconnect | None:
    if not at:
        return None
    topics = {topic: (str(each["product"]), str(each["market"])) for topic, each in read.entries(at, "topics")}
    return Disconnect(str(at["call"]), str(at["product"]), str(at["after"]), read.span(str(at["usual"])), topics)


def _market(at: Map) -> MarketFacts:
    return MarketFacts(_trading(at), failure_codes(at))


def _halves(at: Map) -> Halves:
    cancel, place = (read.mapping(at, name) for name in ("cancel", "place"))
    ((wire, value),) = read.mapping(at, "goes_on").items()
    return Halves(
        Half(str(cancel["result"]), str(cancel["order"])),
        Half(str(place["result"]), str(place["order"])),
        done=str(at["done"]),
        failed=str(at["failed"]),
        untried=str(at["untried"]),
        goes_on=(str(wire), str(value)),
        some=str(at["some"]),
        all=str(at["all"]),
        inside=str(at["inside"]),
    )


def _trading(holder: Map) -> TradingFacts:
    """Return what an API or a market says of trading; what is assumed of its codes counts, too."""
    at = read.mapping(holder, "trading")
    fees, interest = read.mapping(at, "fees"), read.mapping(at, "interest")
    return TradingFacts(
        (
            Fees(str(fees["maker"]), str(fees["taker"]), "received" if fees.get("paid_in") == "received" else "quote")
            if fees
            else None
        ),
        "by_side" if at.get("positions") == "by_side" else "one",
        read.integer(at, "leverage"),
        read.texts(at, "cancels"),
        read.flag(at, "unfunded"),
        "position" if at.get("exits") == "position" else None,
        Interest(str(interest["daily"]), read.span(str(interest["every"]))) if interest else None,
        (*read.texts(at, "assumed"), *assumed_failures(holder)),
    )
