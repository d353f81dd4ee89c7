"""Hashes what each page depends on, so that a changed word renders again only the pages that may print it.

Every page may print any of the bones of an API: all of it but its prose. Of the prose, a template says in its first
line what it prints: `{# prose: operation #}`. One that says nothing may print anything. A test holds our templates
against what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from msgspec.json import Encoder
from msgspec.structs import replace

from generator.ground.cache import digest
from generator.ground.tree import read_file
from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.documentation import Quirk
from generator.model.operations import Group, Operation
from generator.model.streams import Streams
from generator.model.types import Enum, Field, Param, Struct

# As they are written: 1.0 is not 1, and neither is a text.
_encode = Encoder(decimal_format="number").encode
Described = TypeVar("Described", Field, Param)


_SAID = re.compile(rb"\{# prose: ([a-z]+(?:, [a-z]+)*) #\}\n")


def prose_of(folder: Path, template: str) -> tuple[str, ...]:
    """Return whose prose a template prints, in the words of its first line.

    `operation` (and the types that it reaches), `group`, `channel` and `type` are those that its page is about; `channels`
    and `types` are all that there are. It may be `nothing`, or, where the line is missing, anything.
    """
    said = _SAID.match(read_file(folder, template))
    return tuple(said[1].decode().split(", ")) if said else ("anything",)


class Grounds:
    """What the pages of one API are made from."""

    def __init__(self, api: Api, made_with: str) -> None:
        """Take an API, and a hash of what all pages depend on besides it."""
        self._api, self._made_with = api, made_with
        self._pushed = api.streams.structs if api.streams else ()
        self._structs = {struct.name: struct for struct in (*self._pushed, *api.structs)}
        self._reached: dict[str, frozenset[str]] = {}

    def of(self, prints: Iterable[str], about: Mapping[str, Any]) -> str:
        """Return a hash of what a page may print.

        Args:
            prints: What `prose_of` says of its template.
            about: The operation, type, channel or group that it is about, if it is about one.
        """
        return digest([self._bones, *(self._seen(word, about) for word in prints)])

    def _seen(self, word: str, about: Mapping[str, Any]) -> bytes:
        if word in about:
            return _encode(about[word]) + (self._types_of(about[word]) if word == "operation" else b"")
        if word == "types":
            return self._all_types
        if word == "channels":
            return _encode(self._api.streams)
        # What is not understood may be anything.
        return b"" if word == "nothing" else self._whole

    @cached_property
    def _whole(self) -> bytes:
        return digest([_encode(self._api)]).encode()

    @cached_property
    def _bones(self) -> bytes:
        return digest([self._made_with.encode(), _encode(bones(self._api))]).encode()

    @cached_property
    def _types(self) -> dict[str, bytes]:
        """What there is to say of each type; two may have one name, if one of them is only pushed."""
        found: dict[str, bytes] = {}
        every: tuple[Enum | Struct, ...] = (*self._api.enums, *self._pushed, *self._api.structs)
        for typed in every:
            found[typed.name] = digest([found.get(typed.name, b""), _encode(typed)]).encode()
        return found

    @cached_property
    def _all_types(self) -> bytes:
        return digest(self._types.values()).encode()

    def _types_of(self, operation: Operation) -> bytes:
        """Return what there is to say of the types that an operation takes, returns and is looked up with."""
        types = [*(param.type for param in operation.params), *operation.found]
        types += [operation.returns] if operation.returns else []
        types += [operation.paging.item] if operation.paging else []
        names = set().union(*(self._reach(name) for typed in types for name in typed.names))
        return b"".join(self._types[name] for name in sorted(names) if name in self._types)

    def _reach(self, name: str) -> frozenset[str]:
        """Return the types that a type leads to, itself included."""
        if name not in self._reached:
            found, waiting = set[str](), [name]
            while waiting:
                one = waiting.pop()
                if one not in found:
                    found.add(one)
                    waiting += _named(self._structs.get(one))
            self._reached[name] = frozenset(found)
        return self._reached[name]


def _named(struct: Struct | None) -> Iterator[str]:
    members: tuple[Field | Param, ...] = (*struct.fields, *struct.params) if struct else ()
    return (name for member in members for name in member.type.names)


def bones(api: Api) -> Api:
    """Return an API without what its operations, channels and types say in prose."""
    return replace(
        api,
        groups=tuple(_group(group) for group in api.groups),
        enums=tuple(_enum(enum) for enum in api.enums),
        structs=tuple(_struct(struct) for struct in api.structs),
        streams=api.streams and _streams(api.streams),
    )


def _group(group: Group) -> Group:
    return replace(group, operations=tuple(_operation(operation) for operation in group.operations))


def _operation(operation: Operation) -> Operation:
    params = tuple(map(_described, operation.params))
    return replace(operation, summary="", doc=_any(operation.doc), quirks=_quirks(operation.quirks), params=params)


def _struct(struct: Struct) -> Struct:
    fields, params = tuple(map(_described, struct.fields)), tuple(map(_described, struct.params))
    return replace(struct, doc="", quirks=_quirks(struct.quirks), fields=fields, params=params)


def _enum(enum: Enum) -> Enum:
    members = tuple(replace(member, doc="") for member in enum.members)
    return replace(enum, doc="", quirks=_quirks(enum.quirks), members=members)


def _streams(streams: Streams) -> Streams:
    channels, structs = tuple(map(_channel, streams.channels)), tuple(map(_struct, streams.structs))
    return replace(streams, channels=channels, structs=structs)


def _channel(channel: Channel) -> Channel:
    return replace(channel, summary="", doc=_any(channel.doc), quirks=_quirks(channel.quirks))


def _described(one: Described) -> Described:
    return replace(one, doc="")


def _quirks(quirks: tuple[Quirk, ...]) -> tuple[Quirk, ...]:
    return tuple(replace(quirk, what="", why="") for quirk in quirks)


def _any(text: str | None) -> str | None:
    """Leave of a text that there is one: a page may have a paragraph more for it."""
    return text and "…"
