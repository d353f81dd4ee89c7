# Edited in templates/venues/mock/request/signed.py; the copy in generated/ is imported.
"""The text that must have been signed, computed from the raw request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from venues.mock.declared.api import Operation, ParamPrinting, Scheme
from venues.mock.exact import Json
from venues.mock.request.received import Received, text_of


def signed_text(
    scheme: Scheme, operation: Operation, received: Received, time: str, credentials: Mapping[str, str]
) -> str:
    """Return the text to sign: the parts that the scheme lists, one after the other."""
    signature = scheme.signature.name if scheme.signature and scheme.signature.place != "header" else None
    query = _drop_pair(received.query, signature)
    body = received.body.decode("utf-8", "replace")
    body = _drop_member(body, signature) if operation.carrier == "json" else _drop_pair(body, signature)
    parts = {
        "timestamp": time,
        "method": received.method,
        "path": received.path,
        "query": query,
        "?query": f"?{query}" if query else "",
        "body": body,
    }
    text = ""
    for part in scheme.payload:
        if part == "params":
            text += _print_params(scheme, operation, received, signature)
        else:
            # Credentials may be part of the text; everything else stands in quotes, as a literal.
            text += parts[part] if part in parts else credentials.get(part, part.strip("'"))
    return text


def _drop_pair(pairs: str, name: str | None) -> str:
    """Drop a parameter from a raw query or form; the rest stays as it was sent, encoded or not."""
    return "&".join(pair for pair in pairs.split("&") if name is None or pair.partition("=")[0] != name)


def _drop_member(body: str, name: str | None) -> str:
    """Drop the last member of a raw JSON object, if it has that name."""
    # Not parsed and written again: the signature is over the bytes, with the spaces and numbers of the sender.
    return body if name is None else re.sub(rf',?"{re.escape(name)}":"[^"]*"}}$', "}", body)


def _print_params(scheme: Scheme, operation: Operation, received: Received, signature: str | None) -> str:
    """Return all parameters as k=v joined by &, sorted and encoded as the scheme says."""
    how = scheme.params
    members = received.members if operation.carrier == "json" else dict(received.form_pairs)
    pairs = [*received.query_pairs, *((name, text_of(_order_members(value, how))) for name, value in members.items())]
    kept = [(n, v) for n, v in pairs if n != signature and (v or not how.drop_empty)]
    if how.sorted:
        kept.sort(key=lambda pair: pair[0])
    return "&".join(f"{n}={quote(v, safe='-._~') if how.percent else v}" for n, v in kept)


def _order_members(value: Json, how: ParamPrinting) -> Json:
    if isinstance(value, dict):
        names = sorted(value) if how.sort_inner else value
        return {name: _order_members(value[name], how) for name in names if value[name] != "" or not how.drop_empty}
    return [_order_members(member, how) for member in value] if isinstance(value, list) else value
