"""What templates may call: everything that needs thought, so that they only print."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from generator import expressions as print_
from generator import limits, streams, told
from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.signing import Scheme, Signing
from generator.model.types import Json, Param, Type

Filter = Callable[..., Any]  # templates call with what they have


def docstring(text: str | list[str], indent: int = 0) -> str:
    """Print a whole docstring, of one paragraph or of several."""
    paragraphs = [text] if isinstance(text, str) else text
    body = f"\n\n{' ' * indent}".join(print_.doc(paragraph, indent) for paragraph in paragraphs)
    return print_.docstring(body, indent)


def enum_base(base: str) -> str:
    """Name the base class of an enum."""
    return "OpenIntEnum" if base == "integer" else "OpenStrEnum"


def typed_member(param: Param) -> str:
    """Print the annotation of a member of a TypedDict."""
    annotation = param.type.argument.replace("params.", "")
    return annotation if param.required else f"NotRequired[{annotation}]"


def kept_credentials(scheme: Scheme) -> list[str]:
    """Return the credentials that are placed or signed as they are."""
    used = {p.value for p in scheme.place} | set(scheme.payload)
    return [name for name in scheme.credentials if name in used]


def uses_time(scheme: Scheme) -> bool:
    """Whether the time is part of what is sent or signed."""
    return "timestamp" in scheme.payload or any(p.value == "timestamp" for p in scheme.place)


def key_credentials(signing: Signing) -> tuple[str, ...]:
    """Return the credentials of calls that carry the key only."""
    return tuple(dict.fromkeys(p.value for p in signing.key))


def server_addresses(api: Api) -> dict[str, str]:
    """Return environment → address."""
    return {server.name: server.rest for server in api.servers}


def fixed_headers(api: Api) -> dict[str, str]:
    """Return the headers that every request carries."""
    headers = {"User-Agent": api.user_agent or "venues"}
    if any(operation.carrier == "json" for operation in api.operations):
        headers["Content-Type"] = "application/json"
    return headers | api.headers


def environments(api: Api) -> str:
    """Say which environments there are."""
    names = [f"`{server.name}`" for server in api.servers]
    return f"One of {', '.join(names)}; the first by default." if len(names) > 1 else f"Only {names[0]} is known."


def required_first(params: Iterable[Param]) -> list[Param]:
    """Order parameters as a reader wants them: what must be given comes first."""
    return sorted(params, key=lambda param: not param.required)


def settings(operation: Operation) -> list[tuple[str, object]]:
    """Return the rarer settings of an operation that differ from the default."""
    every = [
        ("schemes", operation.schemes, ()),
        ("client_id", operation.client_id, None),
        ("payload", operation.payload, "data"),
        ("unwrap", operation.unwrap, None),
        ("single", operation.single, False),
        ("lax", operation.lax, False),
        ("conclusive", operation.conclusive, False),
    ]
    return [(name, value) for name, value, usual in every if value != usual]


class Examples:
    """Prints examples by Python name, as a caller would write them."""

    def __init__(self, api: Api) -> None:
        self._sent = {struct.name: struct for struct in api.structs}
        self._enums = {enum.name: enum for enum in api.enums}

    def arguments(self, operation: Operation) -> str:
        """Print a dict of arguments."""
        given = [(p, operation.example[p.wire]) for p in operation.params if p.wire in operation.example]
        return "{" + ", ".join(f"{print_.literal(p.name)}: {self.value(p.type, v)}" for p, v in given) + "}"

    def value(self, typed: Type, value: Json) -> str:
        """Print a value as a caller would pass it."""
        if typed.item is not None and isinstance(value, list):
            return "[" + ", ".join(self.value(typed.item, member) for member in value) + "]"
        if typed.kind == "struct" and isinstance(value, dict):
            members = {param.wire: param for param in self._sent[typed.name].params}
            inner = [f"{print_.literal(members[w].name)}: {self.value(members[w].type, v)}" for w, v in value.items()]
            return "{" + ", ".join(inner) + "}"
        if typed.kind == "decimal":
            return f'Decimal("{value}")'
        if typed.kind == "boolean":
            return str(value in (True, "true"))
        if typed.kind in ("integer", "timestamp_ms", "timestamp_s"):
            return str(int(str(value)))
        return print_.literal(value)


def filters(api: Api) -> dict[str, Filter]:
    """Return the filters of the templates of one API."""
    return {
        **common(),
        "enum_base": enum_base,
        "typed_member": typed_member,
        "described": partial(told.described, api),
        "param_expression": print_.param,
        "rule_expression": print_.rule,
        "payload_expression": print_.payload,
        "placed": print_.placed,
        "hidden_names": print_.hidden,
        "kept_credentials": kept_credentials,
        "uses_time": uses_time,
        "key_credentials": key_credentials,
        "server_addresses": server_addresses,
        "fixed_headers": fixed_headers,
        "environments": environments,
        "required_first": required_first,
        "told": told.told,
        "code_quirks": told.code_quirks,
        "rules_told": partial(told.rules_told, api),
        "traits": partial(told.traits, api),
        "in_python": told.in_python,
        "raises": print_.raises,
        "settings": settings,
        "charges": partial(limits.charges, api),
        "secrets": limits.secrets,
        "lookup_expression": limits.lookup,
        "buckets": limits.buckets,
        "time_source": limits.time_source,
        "example_arguments": Examples(api).arguments,
        "json_text": print_.quoted_json,
        "stream_addresses": streams.addresses,
        "topic_param": streams.topic_param,
        "connection_expression": partial(streams.connection, api),
        "channel_spec": partial(streams.channel_spec, api),
        "channel_arguments": partial(streams.arguments, Examples(api)),
    }


def common() -> dict[str, Filter]:
    """Return the filters of all templates."""
    return {"as_tuple": tuple, "literal": print_.literal, "doc": print_.doc, "docstring": docstring}
