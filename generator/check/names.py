"""Finds names that would break the generated code: Python's own, the runtime's, and two that become the same."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

from generator.build.signing_rules import PARTS
from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.operations import Group
from generator.model.types import Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

# fmt: off
CLASSES = frozenset((
    "Any", "ArrayModel", "AsyncCore", "AsyncGroup", "AsyncOptions", "AsyncPager", "AsyncTransport", "AttributeError", "BookJoin",
    "BookRule", "BookSides", "Channel", "CHANNELS",
    "ChannelSpec", "ClassVar", "ClientOptions", "Clock", "Condition", "Cost", "Decimal", "Echo", "Envelope", "ErrorAnswer",
    "ErrorCode", "ERRORS", "Event", "Example", "EXAMPLES", "False", "Fields", "Findable", "Flat", "Gap", "Group", "Hooks",
    "Json", "KeySigner", "Likeness", "Limit", "Limiter", "ListOf", "Lookup", "MapOf", "Mapping", "Model", "Moment", "None",
    "NotRequired", "Number", "Numbering", "OpenIntEnum", "OpenStrEnum", "Operation", "OPERATIONS", "Paged", "Pager", "PagerPosition", "Paging", "Param", "PathLike", "PROFILE", "Profile",
    "RequestDraft", "Retry", "Rule", "Secret", "SecretModel", "Self", "Sequence", "Signer", "SIGNERS", "STATUSES",
    "SSLContext", "StreamExample", "SyncCore", "SyncOptions", "Unpack", "TimeSource", "TimestampMs", "TimestampS", "TopicParam", "Transport", "True",
    "TypedDict", "UnknownEvent",
))
# fmt: on
"""Class names that generated modules and documents use themselves."""

CLIENT = frozenset(
    {
        *("call", "close", "cost", "from_env", "prepare", "reconcile", "request", "streams", "with_options"),
        *("instrument", "instruments", "new_id", "symbols", "wait"),
        *("bool", "cached_property", "float", "import_module", "int", "str"),
    }
)
"""Attributes of every client, and names that its class body uses; no group may have one of them."""

GROUP = frozenset({"bool", "dict", "int", "list", "params", "str"})
"""Names that annotations of methods use. A method `list` would hide the type for the methods after it."""

ARGUMENTS = frozenset(
    {
        *("self", "cls", "environment", "base_url", "timeout", "transport", "clock"),
        *("hooks", "validate", "retry", "limiter", "client_ids"),
        *("proxy", "ca_file", "ssl_context", "local_address", "user_agent"),
    }
)
"""Arguments of every client, beside its credentials."""


def check_names(source: Source, api: Api, notes: Notes) -> None:
    """Note every name that can't be generated."""
    at = source.files["api.yaml"]
    _check_client(at, api, notes)
    _check_groups(source, api.groups, notes)
    _check_operations(source, api.groups, notes)
    _check_types(source, api, notes)
    _check_other_names(source, api, notes)
    _check_channels(source, api, notes)
    _check_credentials(read.mapping(at, "signing"), notes)
    _check_irregular(at, api, notes)


def operations_of(source: Source, group: Group) -> list[Map]:
    """Return where the operations of a group stand, in their order."""
    return read.maps(source.files[f"rest/{group.name}.yaml"], "operations")


def _check_client(at: Map, api: Api, notes: Notes) -> None:
    for name in (api.client, f"Async{api.client}"):
        if name in CLASSES:
            notes.add(at, "client", "client", f"`{name}` is used by the generated modules; choose another name")


def _check_groups(source: Source, groups: tuple[Group, ...], notes: Notes) -> None:
    seen: dict[str, str] = {}
    for group in groups:
        at, name = source.files[f"rest/{group.name}.yaml"], group.name
        if keyword.iskeyword(name):
            notes.add(at, "", name, f"`{name}` is a Python keyword; rename the file")
        if name in CLIENT:
            notes.add(at, "", name, f"every client has an attribute `{name}`; rename the file")
        if group.class_name in seen:
            notes.add(
                at, "", name, f"becomes the class `{group.class_name}`, like {seen[group.class_name]}; rename one"
            )
        seen.setdefault(group.class_name, name)


def _check_operations(source: Source, groups: tuple[Group, ...], notes: Notes) -> None:
    seen: dict[str, str] = {}
    for group in groups:
        for operation, at in zip(group.operations, operations_of(source, group), strict=True):
            name, full = operation.name, operation.full_name
            if keyword.iskeyword(name) or name in GROUP:
                notes.add(
                    at, "name", full, f"`{name}` is a Python keyword or type; start with a verb, such as get_{name}"
                )
            first = seen.setdefault(operation.constant, full)
            if first != full:
                notes.add(at, "name", full, f"becomes the constant `{operation.constant}`, like {first}; rename one")


def _check_types(source: Source, api: Api, notes: Notes) -> None:
    taken = _generated_classes(api)
    seen: dict[str, Map] = {}
    for name, at, key in _type_places(source):
        where = f"types.{name}"
        if name in CLASSES:
            notes.add(at, key, where, f"`{name}` is used by the generated modules; choose another name")
        elif name in taken:
            notes.add(at, key, where, f"`{name}` is also {taken[name]}; choose another name")
        if name in seen:
            first = seen[name]
            line = first.line_of(name if name in first else "name")
            notes.add(at, key, where, f"another type is called `{name}` ({first.file}:{line}); choose another name")
        seen.setdefault(name, at)


def _generated_classes(api: Api) -> dict[str, str]:
    """Return class name → what it is, for all names that the generator derives."""
    taken = dict.fromkeys((api.client, f"Async{api.client}"), "the client")
    for group in api.groups:
        for name in (group.class_name, f"Async{group.class_name}"):
            taken[name] = f"the class of the group `{group.name}`"
    for struct in api.structs:
        if struct.sent:
            taken[f"{struct.name}Fields"] = f"what describes `{struct.name}`, which is sent"
    enums = {enum.name for enum in api.enums}
    events = {channel.event_class: channel.name for channel in _channels_of(api)}
    return taken | {name: f"the class of the events of `{by}`" for name, by in events.items() if name not in enums}


def _channels_of(api: Api) -> tuple[Channel, ...]:
    return api.streams.channels if api.streams else ()


def _check_other_names(source: Source, api: Api, notes: Notes) -> None:
    """Note other names of members that could never be read, or that say of two members that they arrived."""
    structs = {struct.name: struct for struct in (*api.structs, *(api.streams.structs if api.streams else ()))}
    for name, at, key in _type_places(source):
        own = at if key == "name" else read.mapping(at, name)
        if name in structs:
            _check_other_names_of(structs[name], read.mapping(own, "fields"), notes)


def _check_other_names_of(struct: Struct, fields: Map, notes: Notes) -> None:
    seen = {field.wire: field.wire for field in struct.fields}
    for field in struct.fields:
        at, where = read.mapping(fields, field.wire), f"structs.{struct.name}.{field.wire}"
        if field.also and (struct.array or not struct.received):
            why = "the members of an array have no names" if struct.array else f"{struct.name} is sent, not received"
            notes.add(at, "also", where, f"{why}; remove `also`")
        for other in field.also:
            if other in seen:
                notes.add(at, "also", where, f"`{other}` is a name of the member `{seen[other]}` already")
            seen.setdefault(other, field.wire)


def _check_channels(source: Source, api: Api, notes: Notes) -> None:
    enums = {enum.name for enum in api.enums}
    places = read.maps(source.files.get("streams.yaml", read.EMPTY), "channels")
    for channel, at in zip(_channels_of(api), places, strict=True):
        for name in (channel.class_name, channel.event_class):
            what = "the generated modules use" if name in CLASSES else ""
            what = "is an enum" if name in enums and name == channel.class_name else what
            if what:
                problem = f"becomes the class `{name}`, which {what}; choose another name"
                notes.add(at, "name", f"channels.{channel.name}", problem)


def _type_places(source: Source) -> Iterator[tuple[str, Map, str]]:
    """Yield each type with the place of its name."""
    for file, kind in (("types.yaml", "enums"), ("types.yaml", "structs"), ("streams.yaml", "structs")):
        at = read.mapping(source.files.get(file, read.EMPTY), kind)
        yield from ((name, at, name) for name in at)
    for content in source.files.values():
        for operation in read.maps(content, "operations"):
            own = read.mapping(operation, "struct")
            if own:
                yield str(own["name"]), own, "name"


def _check_credentials(at: Map, notes: Notes) -> None:
    credentials = read.mapping(at, "credentials")
    for name in credentials:
        where = f"signing.credentials.{name}"
        if keyword.iskeyword(name):
            notes.add(credentials, name, where, f"`{name}` is a Python keyword; choose another")
        elif name in ARGUMENTS:
            notes.add(credentials, name, where, f"every client has an argument `{name}`; choose another name")
        elif name in PARTS or name == "sign":
            notes.add(credentials, name, where, f"`{name}` has a special meaning in signing rules; choose another name")
    schemes = read.mapping(at, "schemes")
    if "key" in schemes:
        notes.add(schemes, "key", "signing.schemes.key", "`key` is reserved for `auth: key`; choose another name")


def _check_irregular(at: Map, api: Api, notes: Notes) -> None:
    structs = (*api.structs, *(api.streams.structs if api.streams else ()))
    wires = {field.wire for struct in structs for field in struct.fields}
    wires |= {param.wire for operation in api.operations for param in operation.params}
    wires |= {param.wire for channel in _channels_of(api) for param in channel.params}
    # An entry for a wire name that no longer exists is usually a misspelled one.
    names = read.mapping(at, "names")
    for wire in names:
        notes.check_known(names, wire, "names", wire, wires, "parameter or member", "unused")
