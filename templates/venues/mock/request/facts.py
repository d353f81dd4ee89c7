# Edited in templates/venues/mock/request/facts.py; the copy in generated/ is imported.
"""What is known of a request before its proof is looked at: its texts, without what signing added last."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from venues.mock.declared.operations import Operation
from venues.mock.declared.signing import Scheme
from venues.mock.request.making import Facts
from venues.mock.request.pairs import Pairs
from venues.mock.request.printing import printed
from venues.mock.request.received import Received

Make = Callable[[Scheme, Operation, Received], str]


def facts_of(scheme: Scheme, operation: Operation, received: Received) -> Facts:
    """Return the parts of a request that a signing rule may name."""
    built_in = {word: BUILT_IN[word](scheme, operation, received) for word in BUILT_IN.keys() & scheme.words}

    def sent(name: str) -> str:
        return sent_text(name, scheme, operation, received)

    return Facts(received.method, built_in, params_of(scheme, operation, received) if scheme.uses_params else [], sent)


def sent_text(name: str, scheme: Scheme, operation: Operation, received: Received) -> str:
    """Return a parameter or a constant as it was sent."""
    for constant in operation.constants:
        if constant.wire == name:
            return constant.text
    return received.headers.get(name) or dict(_every_pair(scheme, operation, received)).get(name, "")


def _query(scheme: Scheme, operation: Operation, received: Received) -> str:
    return _drop_pairs(received.query, scheme.late_names)


def _raw_query(scheme: Scheme, operation: Operation, received: Received) -> str:
    late = scheme.late_names
    return "&".join([f"{name}={value}" for name, value in received.query_pairs if name not in late])


def _body(scheme: Scheme, operation: Operation, received: Received) -> str:
    drop = _drop_members if operation.carrier == "json" else _drop_pairs
    return drop(received.body.decode("utf-8", "replace"), scheme.late_names) if received.body else ""


def _marked(make: Make) -> Make:
    """Return what makes the same text behind a question mark; nothing where there is none."""

    def marked(scheme: Scheme, operation: Operation, received: Received) -> str:
        text = make(scheme, operation, received)
        return f"?{text}" if text else ""

    return marked


BUILT_IN: Mapping[str, Make] = {
    "method": lambda scheme, operation, received: received.method,
    "path": lambda scheme, operation, received: received.path,
    "host": lambda scheme, operation, received: received.headers.get("Host", ""),
    "query": _query,
    "?query": _marked(_query),
    "raw_query": _raw_query,
    "?raw_query": _marked(_raw_query),
    "body": _body,
}
"""Word → what makes it; only what a rule names is made."""


def _every_pair(scheme: Scheme, operation: Operation, received: Received) -> Pairs:
    return received.query_pairs if scheme.body_value else received.pairs(operation)


def params_of(scheme: Scheme, operation: Operation, received: Received) -> Pairs:
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
    kept, _, last = pairs.rpartition("&")
    if last.partition("=")[0] in names and not any(map(kept.__contains__, names)):
        return kept  # as most senders write it: added last
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
