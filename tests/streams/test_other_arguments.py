"""Subscriptions whose arguments are not those of the example, and pushes that nobody gets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.apis import Api
from tests.support.streams import EXAMPLES, streams
from venues.core.channels.channel import Event
from venues.core.channels.examples import StreamExample
from venues.core.channels.topics import key_of
from venues.mock import Mock
from venues.mock.streams.server import NobodySubscribed

TOPICS = [(api, example) for api, example in EXAMPLES if "symbol" in example.channel.arguments]


def label(value: object) -> str:
    return value.name if isinstance(value, Api) else repr(value.channel) if isinstance(value, StreamExample) else ""


@pytest.mark.parametrize(("api", "example"), TOPICS, ids=label)
async def test_other_arguments_have_events_of_their_own(api: Api, example: StreamExample) -> None:
    """Who subscribes to another symbol than the example's gets an event of that symbol, and not of the example's."""
    known: dict[str, Any] = dict(example.channel.arguments)
    symbol = known["symbol"]
    other = type(example.channel)(**known | {"symbol": ("z" if symbol[0].islower() else "Z") + symbol[1:]})
    with Mock(api.name, remembers=False) as mock:
        async with streams(api, mock) as opened:
            event = await anext(await opened.subscribe(other).ready())
    assert isinstance(event, Event)
    assert other == event.channel
    assert symbol not in repr(event.data)


async def test_a_push_that_nobody_gets_is_told() -> None:
    """A push of a topic to which nobody is subscribed fails, and says what is subscribed."""
    api, example = TOPICS[0]
    with Mock(api.name, remembers=False) as mock:
        async with streams(api, mock) as opened:
            await opened.subscribe(example.channel).ready()
            with pytest.raises(NobodySubscribed, match=key_of(example.channel.topic)):
                mock.streams.push(example.push, "something@else")
            assert 1 == mock.streams.push(example.push, example.channel.topic)
