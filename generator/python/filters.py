"""The filters of the templates of Python modules: decisions are made here, so that templates only print."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from generator.ground.json_text import json_text
from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.signing import Signing
from generator.model.types import Param
from generator.python import docstrings, limits, paging, raising, streams, trading
from generator.python import expressions as print_
from generator.python.signing import masked, placing, rule
from generator.words.annotations import Arguments, annotation, union
from generator.words.arguments import Examples
from generator.words.literals import doc, literal, unbroken
from generator.words.literals import docstring as quoted_docstring
from generator.words.phrases import in_python
from generator.words.quirks import quirk_text, with_quirks

Filter = Callable[..., Any]  # templates call with what they have


def docstring(text: str | list[str], indent: int = 0) -> str:
    """Print a whole docstring, of one paragraph or of several."""
    paragraphs = [text] if isinstance(text, str) else text
    body = f"\n\n{' ' * indent}".join(doc(paragraph, indent) for paragraph in paragraphs)
    return quoted_docstring(body, indent)


def enum_base(base: str) -> str:
    """Name the base class of an enum."""
    return "OpenIntEnum" if base == "integer" else "OpenStrEnum"


def unlisted_value(base: str) -> str:
    """Print a value of which type checkers know only the type."""
    # A call rather than a literal: a checker would infer Literal[0], and report every comparison with another value.
    return "int()" if base == "integer" else "str()"


def typed_member(arguments: Arguments, param: Param) -> str:
    """Print the annotation of a member of a TypedDict in the module `params`."""
    annotation = arguments(param.type, module="")
    return annotation if param.required else f"NotRequired[{annotation}]"


def keyword_argument(arguments: Arguments, param: Param) -> str:
    """Print a parameter of a method: `price: Number | None = None`."""
    annotation = arguments(param.type)
    return f"{param.name}: {annotation}" if param.required else f"{param.name}: {annotation} | None = None"


def key_credentials(signing: Signing) -> tuple[str, ...]:
    """Return the credentials of calls that carry only the key."""
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
    """Return a sentence about the environments."""
    names = [f"`{server.name}`" for server in api.servers]
    return f"One of {', '.join(names)}; the first by default." if len(names) > 1 else f"Only {names[0]} is known."


def required_first(params: Iterable[Param]) -> list[Param]:
    """Put required parameters first."""
    # Python demands it of parameters without a default; `sorted` keeps the order of the spec within both halves.
    return sorted(params, key=lambda param: not param.required)


def constants(operation: Operation) -> tuple[tuple[str, object, str | None], ...]:
    """Return name, value and place of what every call of an operation sends."""
    return tuple((each.wire, each.value, each.place) for each in operation.constants)


def settings(operation: Operation) -> list[tuple[str, object]]:
    """Return the rarer settings of an operation that differ from the default."""
    every = [
        ("schemes", operation.schemes, ()),
        ("client_id", operation.client_id, None),
        ("payload", operation.payload, "data"),
        ("unwrap", operation.unwrap, None),
        ("list_of", operation.list_of, None),
        ("joins", operation.joins and (operation.joins.into, operation.joins.source, operation.joins.members), None),
        ("single", operation.single, False),
        ("lax", operation.lax, False),
        ("also", operation.also, ()),
        ("conclusive", operation.conclusive, False),
        ("needs", operation.needs, ()),
        ("item_ids", operation.item_ids, ()),
        ("item_keys", operation.item_keys, ()),
        ("made_ids", operation.made_ids, ()),
        ("null_is_empty", operation.null_is_empty, False),
        ("may_be_empty", operation.may_be_empty, False),
        ("visible_ms", operation.visible_ms, 0),
        ("findable_ms", operation.findable_ms, None),
        ("ids", operation.ids, "exact"),
        ("prefix", operation.prefix, ""),
    ]
    return [(name, value) for name, value, usual in every if value != usual]


def filters(api: Api) -> dict[str, Filter]:
    """Return the filters of the templates of one API."""
    arguments = Arguments(api.enums)
    return {
        **common(),
        "enum_base": enum_base,
        "unlisted_value": unlisted_value,
        "annotation": annotation,
        "union": union,
        "keyword_argument": partial(keyword_argument, arguments),
        "typed_member": partial(typed_member, arguments),
        "param_doc": partial(docstrings.param_doc, api),
        "param_expression": print_.param,
        "rule_expression": print_.rule,
        "placement_statement": placing.placement_statement,
        "secret_names": masked.secret_names,
        "kept_credentials": rule.kept_credentials,
        "opening_lines": rule.opening_lines,
        "signing_lines": rule.signing_lines,
        "login_lines": rule.login_lines,
        "logins": rule.logins,
        "key_credentials": key_credentials,
        "trading": trading.trading,
        "server_addresses": server_addresses,
        "fixed_headers": fixed_headers,
        "environments": environments,
        "required_first": required_first,
        "with_quirks": with_quirks,
        "quirk_text": quirk_text,
        "endpoint": docstrings.endpoint,
        "source": docstrings.source,
        "code_quirks": docstrings.code_quirks,
        "sent_docstring": partial(docstrings.sent_docstring, api),
        "rule_sentences": partial(docstrings.rule_sentences, api),
        "traits": partial(docstrings.traits, api),
        "in_python": in_python,
        "raises": partial(raising.raises, api),
        "settings": settings,
        "constants": constants,
        "costs": partial(limits.costs, api),
        "secrets": limits.secrets,
        "echo_expression": limits.echo,
        "lookups": partial(limits.lookups, api),
        "found_type": limits.found_type,
        "likeness": limits.likeness,
        "batch": limits.batch,
        "paging": paging.paging,
        "item_type": paging.item_type,
        "iter_name": paging.method_name,
        "iter_params": paging.iter_params,
        "iter_argument": partial(paging.iter_argument, arguments),
        "iter_doc": paging.iter_doc,
        "own_limit": limits.own_limit,
        "shared_limits": limits.shared_limits,
        "time_source": limits.time_source,
        "example_arguments": Examples(api).arguments,
        "json_text": json_text,
        "has_messages": lambda api: any(error.messages for error in api.errors),
        "stream_addresses": streams.addresses,
        "other_stream_addresses": streams.other_addresses,
        "topic_param": streams.topic_param,
        "connection_expression": partial(streams.connection, api),
        "channel_spec": partial(streams.channel_spec, api),
        "book_classes": streams.book_classes,
        "channel_arguments": partial(streams.arguments, Examples(api)),
    }


def common() -> dict[str, Filter]:
    """Return the filters of all templates."""
    return {"as_tuple": tuple, "literal": literal, "doc": doc, "unbroken": unbroken, "docstring": docstring}
