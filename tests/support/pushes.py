"""Reads what channels push of orders and the market, by what it means."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.support.apis import APIS, Api
from tests.support.streams import examples
from venues.core.channels.channel import Channel, Event
from venues.mock.declared.api import load_api
from venues.mock.declared.channels import Carried, PushedThing
from venues.mock.exact import parse, value_at


def carried_by(channel: Channel[Any]) -> Carried | None:
    """Return what the mock exchange pushes to a channel by itself."""
    rules = load_api(channel.api).streams
    assert rules is not None
    return next(one.carried for one in rules.channels if one.name == channel.SPEC.name)


def channels_of(thing: str) -> list[tuple[Api, Channel[Any], PushedThing]]:
    """Return the channels of every API that carry such things, with the arguments of their first examples."""
    found: dict[tuple[str, str], tuple[Api, Channel[Any], PushedThing]] = {}
    for api in APIS:
        for example in examples(api):
            carried = carried_by(example.channel)
            for form in carried.things if carried else ():
                if form.holder.thing == thing:
                    found.setdefault((api.name, example.channel.SPEC.name), (api, example.channel, form))
    return [*found.values()]


def things_in(event: object, form: PushedThing) -> list[dict[str, Any]]:
    """Return the things in an event by what their members mean; words as the specification has them, else text."""
    assert isinstance(event, Event), event
    payload = parse(msgspec.json.encode(event.data))
    found = value_at(payload, form.holder.path[len(form.base) :])
    return [_meant(one, form) for one in (found if form.holder.many else [found])]


def _meant(thing: Any, form: PushedThing) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for member in form.holder.members:
        value = value_at(thing, member.path)
        if value is not None and member.is_meant(thing):
            read[member.phrase] = member.says.get(str(value), str(value)) if member.says else str(value)
    return read
