"""Every channel of every API: subscribe, receive the example, unsubscribe, over a socket, sync and async."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import msgspec
import pytest

from tests.support.apis import APIS, Api
from tests.support.mocks import is_what_was_promised
from tests.support.streams import EXAMPLES, Watching, streams, sync_streams
from tests.support.waiting import PATIENCE
from venues.core.channels.channel import Channel, Event
from venues.core.channels.examples import StreamExample
from venues.core.channels.topics import key_of
from venues.mock import Mock


@pytest.fixture(scope="module")
def mocks() -> Iterator[dict[str, Mock]]:
    """One mock exchange an API."""
    with ExitStack() as stack:
        yield {api.name: stack.enter_context(Mock(api.name, remembers=False)) for api in APIS}


def label(value: object) -> str:
    return value.name if isinstance(value, Api) else repr(value.channel) if isinstance(value, StreamExample) else ""


@pytest.mark.parametrize(("api", "example"), EXAMPLES, ids=label)
async def test_example_arrives(api: Api, example: StreamExample, mocks: dict[str, Mock]) -> None:
    """Whoever subscribes receives the example as a typed event that needs no mending, until they unsubscribe."""
    floor, hooks = mocks[api.name].streams, Watching()
    async with streams(api, mocks[api.name], hooks=hooks) as opened:
        subscription = await opened.subscribe(example.channel).ready()
        check(await anext(subscription), example.channel)
        await subscription.remove(example.channel)
        assert example.channel.topic is None or key_of(example.channel.topic) not in floor.topics
    assert [] == hooks.found


@pytest.mark.parametrize(("api", "example"), EXAMPLES, ids=label)
def test_example_arrives_sync(api: Api, example: StreamExample, mocks: dict[str, Mock]) -> None:
    """The sync twin does the same."""
    floor = mocks[api.name].streams
    with sync_streams(api, mocks[api.name]) as opened, opened.subscribe(example.channel) as subscription:
        check(subscription.next(timeout=PATIENCE), example.channel)
        subscription.remove(example.channel)
        assert example.channel.topic is None or key_of(example.channel.topic) not in floor.topics


def test_every_channel_has_an_example() -> None:
    """No channel is left out above."""
    seen = {type(example.channel) for _, example in EXAMPLES}
    assert [] == [channel for channel in _all_channels() if channel not in seen]


@pytest.mark.parametrize(("api", "example"), EXAMPLES, ids=label)
def test_examples_hold_what_types_promise(api: Api, example: StreamExample) -> None:
    """The frame of an example is JSON, and its channel can be told apart by its words."""
    assert msgspec.json.decode(example.push)
    assert type(example.channel).__name__ in repr(example.channel)


def check(event: object, channel: Channel[Any]) -> None:
    spec = channel.SPEC
    assert isinstance(event, spec.event)
    assert isinstance(event, Event)
    assert channel == event.channel
    promised = [spec.payload] if spec.payload is not None else list(spec.events.values())
    assert any(is_what_was_promised(event.data, one) for one in promised), event.data


def _all_channels() -> list[type[Channel[Any]]]:
    from importlib import import_module

    return [one for api in APIS for one in import_module(f"venues.{api.name}.streams.channels").CHANNELS]
