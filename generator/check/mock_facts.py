"""Finds names in `mock` that nothing in the spec has: credentials, codes, operations and parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.build.failures import assumed_failures, failure_codes
from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.mock_facts import TIME_UNITS
from generator.model.signing import Signing
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

GENERAL = ("missing_param", "wrong_param")
"""What is wrong in calls of any kind."""

RULES = frozenset(
    {
        "insufficient_balance",
        "off_tick",
        "off_step",
        "price_too_low",
        "price_too_high",
        "quantity_too_low",
        "quantity_too_high",
        "value_too_low",
        "value_too_high",
        "too_many_orders",
        "no_position",
        "would_take",
        "would_trigger",
        "no_market",
        "wrong_position_side",
    }
)
"""The rules of orders. A documentation that has the code of one names the rule."""


def check_failures(at: Map, where: str, api: Api, notes: Notes) -> None:
    """Note codes and messages that errors.yaml does not have, and codes that can't be the documented ones of a rule.

    Args:
        at: What has the failures: `mock`, or one of its markets.
        where: Its name in messages.
        api: The API.
        notes: Takes the problems.
    """
    failures, assumed = read.mapping(at, "failures"), assumed_failures(at)
    general = {api.signing.failures.get(name) for name in GENERAL}
    for name, key in failure_codes(at).items():
        place, (code, _, says) = f"{where}.failures.{name}", key.partition(" ")
        known = notes.check_known(failures, name, place, code, (error.code for error in api.errors), "code")
        if known and says:
            notes.check_known(failures, name, place, says, _messages(api, code), f"message of {code}")
        elif name in RULES and code in general and name not in assumed:
            what = f"`{code}` is for any wrong parameter: say `assumed: true`, or the message that narrows it (`says`)"
            notes.add(failures, name, place, what)


def _messages(api: Api, code: str) -> list[str]:
    return [one.says for error in api.errors if error.code == code for one in error.messages]


def check_wrong_credentials(at: Map, signing: Signing, codes: Iterable[str], notes: Notes) -> None:
    """Note each name that is no credential, and each code that errors.yaml does not have; `at` is the root of a file."""
    named, known = read.mapping(read.mapping(at, "mock"), "wrong_credentials"), set(codes)
    credentials = [credential.name for credential in signing.credentials]
    for name, code in named.items():
        where = f"mock.wrong_credentials.{name}"
        notes.check_known(named, name, where, name, credentials, "credential")
        notes.check_known(named, name, where, str(code), known, "code")


def check_halves(at: Map, api: Api, notes: Notes) -> None:
    """Note operations, members, parameters and codes that are not there; `at` is the root of api.yaml."""
    named = read.mapping(read.mapping(at, "mock"), "halves")
    operations = {operation.full_name: operation for operation in api.operations}
    structs = {struct.name: struct for struct in api.structs}
    for name, halves in api.mock.halves.items():
        where = f"mock.halves.{name}"
        if not notes.check_known(named, name, where, name, operations, "operation"):
            continue
        operation = operations[name]
        if sorted(deed.verb for deed in operation.deeds) != ["cancel", "place"]:
            notes.add(named, name, where, "must say `does: [place order, cancel order]`")
        struct = structs.get(operation.returns.name) if operation.returns else None
        members = [field.wire for field in struct.fields] if struct else []
        for half in (halves.cancel, halves.place):
            for member in (half.result, half.order):
                notes.check_known(named, name, where, member, members, f"member of what {name} returns")
        params = [param.wire for param in operation.params]
        notes.check_known(named, name, where, halves.goes_on[0], params, f"parameter of {name}")
        for code in (halves.some, halves.all):
            notes.check_known(named, name, where, code, {error.code for error in api.errors}, "code")


def check_disconnect(at: Map, api: Api, notes: Notes) -> None:
    """Note an operation, parameters, a product, topics and markets that are not there; `at` is the root of api.yaml."""
    named, facts = read.mapping(read.mapping(at, "mock"), "disconnect"), api.mock.disconnect
    operations = {operation.full_name: operation for operation in api.operations}
    if facts is None or not notes.check_known(named, "call", "mock.disconnect", facts.call, operations, "operation"):
        return
    params = {param.wire: param for param in operations[facts.call].params}
    for key, wire in (("product", facts.product), ("after", facts.after)):
        notes.check_known(named, key, "mock.disconnect", wire, params, f"parameter of {facts.call}")
    after = params.get(facts.after)
    if after is not None and after.unit not in TIME_UNITS:
        notes.add(
            named, "after", "mock.disconnect", f"{after.wire} must say in which `unit` it is: {', '.join(TIME_UNITS)}"
        )
    channels = api.streams.channels if api.streams else ()
    for topic, (_, market) in facts.topics.items():
        where = f"mock.disconnect.topics.{topic}"
        if not any(_has_topic(channel, topic) for channel in channels):
            notes.add(read.mapping(named, "topics"), topic, where, "no channel has such a topic")
        notes.check_known(read.mapping(named, "topics"), topic, where, market, api.mock.markets, "one of `markets`")


def _has_topic(channel: Channel, topic: str) -> bool:
    pattern = re.sub(r"\\\{.+?\\\}", ".+", re.escape(str(channel.topic)))
    return re.fullmatch(pattern, topic) is not None


def check_one_with(at: Map, api: Api, notes: Notes) -> None:
    """Note operations that are not there, lack the parameter, or never answer a list; `at` is the root of api.yaml."""
    named = read.mapping(read.mapping(at, "mock"), "one_with")
    operations = {operation.full_name: operation for operation in api.operations}
    for wire in named:
        for name in read.texts(named, wire):
            where = f"mock.one_with.{wire}"
            if not notes.check_known(named, wire, where, name, operations, "operation"):
                continue
            params = [param.wire for param in operations[name].params]
            notes.check_known(named, wire, where, wire, params, f"parameter of {name}")
            if not operations[name].single:
                notes.add(named, wire, where, f"{name} must say `tolerates: [one_for_list]`, or callers see two shapes")


def check_markets(at: Map, api: Api, notes: Notes) -> None:
    """Note markets that the parameter which chooses one can't name, and their codes that errors.yaml does not have."""
    named = read.mapping(read.mapping(at, "mock"), "markets")
    if named and api.market is None:
        notes.add(read.mapping(at, "mock"), "markets", "mock.markets", "is for an API whose `symbols` say `within`")
        return
    markets = api.markets
    for name, own in read.entries(read.mapping(at, "mock"), "markets"):
        where = f"mock.markets.{name}"
        notes.check_known(named, name, where, name, markets, f"value of `{api.market}`")
        check_failures(own, where, api, notes)
