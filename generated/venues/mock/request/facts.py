# Edited in templates/venues/mock/request/facts.py; the copy in generated/ is imported.
"""What is known of a request before its proof is looked at: its texts, without what signing added last."""

from __future__ import annotations

import re
from collections.abc import Collection

from venues.mock.declared.api import Operation
from venues.mock.declared.signing import Scheme
from venues.mock.request.received import Received
from venues.mock.request.signed import Facts, Pairs, printed


def facts_of(scheme: Scheme, operation: Operation, received: Received) -> Facts:
    """Return the parts of a request that a signing rule may name."""
    late = scheme.late_names
    query = _drop_pairs(received.query, late)
    body = received.body.decode("utf-8", "replace")
    body = _drop_members(body, late) if operation.carrier == "json" else _drop_pairs(body, late)
    raw = "&".join([f"{name}={value}" for name, value in received.query_pairs if name not in late])
    built_in = {
        "method": received.method,
        "path": received.path,
        "host": received.headers.get("Host", ""),
        "query": query,
        "?query": f"?{query}" if query else "",
        "raw_query": raw,
        "?raw_query": f"?{raw}" if raw else "",
        "body": body,
    }
    constants = {constant.wire: constant.text for constant in operation.constants}

    def sent(name: str) -> str:
        if name in constants:
            return constants[name]
        return received.headers.get(name) or dict(_every_pair(scheme, operation, received)).get(name, "")

    return Facts(received.method, built_in, _pairs(scheme, operation, received) if scheme.uses_params else [], sent)


def _every_pair(scheme: Scheme, operation: Operation, received: Received) -> Pairs:
    return received.query_pairs if scheme.body_value else received.pairs(operation)


def _pairs(scheme: Scheme, operation: Operation, received: Received) -> Pairs:
    """Return all parameters as text, but for those that are added last."""
    late = scheme.late_names
    if scheme.body_value:
        return [(name, value) for name, value in received.query_pairs if name not in late]
    if operation.carrier == "json":
        members = received.members.items()
        ordered = [(name, printed(value, scheme)) for name, value in members]
    else:
        ordered = received.form_pairs
    return [(name, value) for name, value in [*received.query_pairs, *ordered] if name not in late]


def _drop_pairs(pairs: str, names: Collection[str]) -> str:
    """Drop parameters from a raw query or form; the rest stays as it was sent, encoded or not."""
    if not names:
        return pairs
    return "&".join([pair for pair in pairs.split("&") if pair.partition("=")[0] not in names])


def _drop_members(body: str, names: Collection[str]) -> str:
    """Drop members from the end of a raw JSON object, or from its beginning."""
    # Not parsed and written again: the signature is over the bytes, with the spaces and numbers of the sender.
    for name in names:
        member = rf'"{re.escape(name)}":"[^"]*"'
        body, found = re.subn(rf",?{member}}}$", "}", body)
        if not found:
            body = re.sub(rf'^(\{{(?:"[^"]*":(?:"[^"]*"|[^,"\[{{]*),)*?){member},?', r"\1", body)
    return body
