"""The reference pages of streams: frames, payload trees, samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.frames import placeholders, topic, topic_values
from generator.model.streams import Streams
from generator.model.types import Json, Type
from generator.reference.connections import access
from generator.reference.trees import HOME, Trees
from generator.words.arguments import Examples
from generator.words.markdown import code, code_block, codes, compact, enumeration, pretty, prose
from generator.words.phrases import source_words, type_words

NUMBER = 1
"""The id in example frames."""
DELIVERS = {
    "snapshot": "a full snapshot with every push",
    "change": "updates only",
    "snapshot_then_change": "a snapshot first, then updates",
}


class StreamPages:
    """Prints the content of the stream pages of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        streams = api.streams
        # Payloads of streams contain structs of REST, so links and trees need both.
        structs = (*api.structs, *(streams.structs if streams else ()))
        self._trees = Trees(replace(api, structs=structs))
        self._examples = Examples(api)

    def _streams(self) -> Streams:
        assert self._api.streams is not None
        return self._api.streams

    def facts(self, channel: Channel) -> list[tuple[str, str]]:
        """Return (name, text) of the facts about a channel."""
        connection = self._streams().connection(channel.connection)
        found = [("Connection", self._connections(channel))]
        found.append(("Access", access(connection)))
        if channel.topic is not None:
            found.append(("Topic", code(channel.topic if isinstance(channel.topic, str) else compact(channel.topic))))
        found.append(("Delivers", DELIVERS[channel.delivers] + (f"; {prose(channel.every)}" if channel.every else "")))
        if channel.sequence is not None:
            number = f"{code(channel.sequence.last)} is the sequence number; a `Gap` has the last one before the gap"
            joined = f". {code(channel.sequence.previous)} is the number of the previous push"
            found.append(("Sequence", number + (joined if channel.sequence.previous else "")))
        return [*found, ("Source", source_words(channel.page, channel.heading))]

    def _connections(self, channel: Channel) -> str:
        known = [self._streams().connection(name) for name in channel.connections]
        if channel.chosen_by is None:
            return f"{code(known[0].name)}. {prose(known[0].doc)}"
        named = enumeration([code(one.name) for one in known], "or")
        return f"{named}, as {code(channel.chosen_by)} says"

    def params(self, channel: Channel) -> list[str]:
        """Return the parameters of a channel."""
        return self._trees.channel_params(channel)

    def frames(self, channel: Channel) -> Iterator[tuple[str, str]]:
        """Yield the frames of a subscription, each with its name."""
        connection = self._streams().connection(channel.connection)
        example = channel.examples[0]
        if channel.topic is not None:
            wanted = topic(channel.topic, topic_values(channel, example.params))
            number: Json = str(NUMBER) if self._streams().ids == "string" else NUMBER
            values = {"topic": wanted, "topics": [wanted], "id": number}
            if "subscribe" in connection.send:
                yield "Subscribe", _block(fill(connection.send["subscribe"], values))
            if connection.receive.get("subscribed"):
                # Exchanges confirm in one of several forms; the first is the usual one.
                yield "Acknowledgement", _block(fill(connection.receive["subscribed"][0], values))
            if "unsubscribe" in connection.send:
                yield "Unsubscribe", _block(fill(connection.send["unsubscribe"], values))
        for one in channel.examples:
            yield "Push", _block(one.push)

    def payloads(self, channel: Channel) -> Iterator[tuple[str, str, list[str]]]:
        """Yield title, words and tree of each type of payload."""
        kinds: dict[Type, list[str]] = {channel.payload: []} if channel.payload else {}
        for name, typed in channel.events.items():
            kinds.setdefault(typed, []).append(name)
        for typed, names in kinds.items():
            words = type_words(typed, HOME)
            title = f"Payload of {codes(names)}" if names else "Payload"
            yield title, f"{words[:1].upper()}{words[1:]}.", self._trees.type_fields(typed)

    def samples(self, channel: Channel) -> list[tuple[str, str]]:
        """Return runnable samples, each with its name."""
        return [
            ("Python", code_block("python", self._sync_sample(channel), 4)),
            ("Async", code_block("python", self._async_sample(channel), 4)),
        ]

    def _client_and_channel(self, channel: Channel) -> tuple[str, str]:
        private = self._streams().connection(channel.connection).private
        params = channel.examples[0].params
        given = ", ".join(
            f"{each.param.name}={_double_quote(self._examples.value(each.param.type, params[each.wire]))}"
            for each in channel.params
            if each.wire in params
        )
        made = f"channels.{channel.class_name}({given})"
        return f"{self._api.client}{'.from_env' if private else ''}()", made

    def _head(self, prefix: str) -> str:
        api = self._api
        client = f"from venues.{api.name} import {prefix}{api.client}\n"
        return f"{client}from venues.{api.name}.streams import Gap, channels\n"

    def _sync_sample(self, channel: Channel) -> str:
        client, made = self._client_and_channel(channel)
        return (
            f"{self._head('')}\n"
            f"with {client} as client, client.streams() as streams:\n"
            f"    for event in streams.subscribe({made}):\n{_print_event(8)}"
        )

    def _async_sample(self, channel: Channel) -> str:
        client, made = self._client_and_channel(channel)
        return (
            f"import asyncio\n\n{self._head('Async')}\n\nasync def main() -> None:\n"
            f"    async with Async{client} as client, client.streams() as streams:\n"
            f"        async for event in streams.subscribe({made}):\n{_print_event(12)}\n\nasyncio.run(main())\n"
        )


def _double_quote(printed: str) -> str:
    """Print a text in double quotes, as formatters do."""
    return f'"{printed[1:-1]}"' if printed[:1] == "'" and '"' not in printed and "\\'" not in printed else printed


def _print_event(indent: int) -> str:
    inner = " " * indent
    return (
        f"{inner}if isinstance(event, Gap):\n{inner}    print(event.reason, event.last)\n"
        f"{inner}else:\n{inner}    print(event.data)\n{inner}break  # the first one is enough here\n"
    )


def fill(template: Json, values: Mapping[str, Json]) -> Json:
    """Fill a template for display; optional members are omitted."""
    if isinstance(template, str):
        name = next(placeholders(template), None)
        return template if name is None else values.get(name, "")
    if isinstance(template, dict):
        return {k: fill(v, values) for k, v in template.items() if not str(v).endswith("?}")}
    return [fill(member, values) for member in template] if isinstance(template, list) else template


def _block(frame: Json) -> str:
    return code_block("json", pretty(frame))
