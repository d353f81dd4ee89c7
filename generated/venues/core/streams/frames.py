# Edited in templates/venues/core/streams/frames.py; the copy in generated/ is imported.
"""Templates of frames: filled in for sending, and compared with what arrives.

A string that is nothing but `{name}` is a placeholder; with `?` it may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

# Whole strings only: braces inside other text are the exchange's.
PLACEHOLDER = re.compile(r"\{([a-z_]+)(\?)?\}\Z")


def placeholders(template: object) -> set[str]:
    """Return the placeholders of a template."""
    if isinstance(template, str):
        whole = PLACEHOLDER.match(template)
        return {whole.group(1)} if whole else set()
    if isinstance(template, dict):
        return set().union(*map(placeholders, template.values()))
    return set().union(*map(placeholders, template)) if isinstance(template, list) else set()


def fill(template: Any, values: Mapping[str, object]) -> Any:  # Any: JSON
    """Put values where the placeholders are; members whose placeholder has no value are left out."""
    if isinstance(template, str):
        whole = PLACEHOLDER.match(template)
        return values.get(whole.group(1)) if whole else template
    if isinstance(template, dict):
        return {key: fill(member, values) for key, member in template.items() if not _lacks_value(member, values)}
    return [fill(member, values) for member in template] if isinstance(template, list) else template


def _lacks_value(member: object, values: Mapping[str, object]) -> bool:
    whole = PLACEHOLDER.match(member) if isinstance(member, str) else None
    return bool(whole) and whole is not None and whole.group(1) not in values


def match(templates: tuple[Any, ...], frame: object) -> dict[str, Any] | None:
    """Return the values at the placeholders of the first template that a frame matches, or None."""
    for template in templates:
        found: dict[str, Any] = {}
        if _fits(template, frame, found):
            return found
    return None


def _fits(template: Any, frame: Any, found: dict[str, Any]) -> bool:
    if isinstance(template, str) and (whole := PLACEHOLDER.match(template)):
        found[whole.group(1)] = frame
        return True
    if isinstance(template, dict):
        return isinstance(frame, dict) and all(
            _fits(member, frame[key], found) if key in frame else _may_be_missing(member)
            for key, member in template.items()
        )
    if isinstance(template, list):
        # Lists may be longer than their template, as objects may have more members.
        pairs = zip(template, frame, strict=False) if isinstance(frame, list) else ()
        return isinstance(frame, list) and len(frame) >= len(template) and all(_fits(t, f, found) for t, f in pairs)
    # Exchanges are not consistent about numbers and strings: `0` and `"0"` are the same code.
    return bool(template == frame or str(template) == str(frame))


def _may_be_missing(member: object) -> bool:
    whole = PLACEHOLDER.match(member) if isinstance(member, str) else None
    return whole is not None and whole.group(2) is not None


def encode(frame: object) -> str:
    """Write a frame."""
    return msgspec.json.encode(frame).decode()
