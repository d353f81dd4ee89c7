# Edited in templates/venues/core/answer/joining.py; the copy in generated/ is imported.
"""Joins two lists of an answer whose items belong together, place by place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from venues.core.values.interruption import is_of_program


def joined(body: bytes, into: tuple[str, ...], source: tuple[str, ...], members: tuple[str, ...]) -> bytes:
    """Return the body with the members of the second list in the items of the first.

    Where the two do not match, the body is returned as it came: what is then missing, the decoder says.
    """
    try:
        content = msgspec.json.Decoder(float_hook=Decimal).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        if is_of_program(error):
            raise
        return body
    items, more = _at(content, into), _at(content, source)
    if not isinstance(items, list) or not isinstance(more, list) or len(items) != len(more):
        return body
    for item, found in zip(items, more, strict=True):
        if isinstance(item, dict) and isinstance(found, dict):
            item.update({name: found[name] for name in members if name in found and name not in item})
    return msgspec.json.Encoder(decimal_format="number").encode(content)


def _at(content: Any, path: tuple[str, ...]) -> Any:  # JSON
    for step in path:
        content = content.get(step) if isinstance(content, dict) else None
    return content
