"""Says which headers and parameters of a signed request no log may show."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.signing import Scheme
from generator.model.signing_parts import Value

WHOLE_BODY = "*"
"""Stands among the hidden names for the body as a whole."""


def secret_names(scheme: Scheme) -> tuple[str, ...]:
    """Return the headers and parameters that hold a credential or a signature."""
    names = {placement.name for placement in scheme.placements if scheme.depends_on_secret(placement.part)}
    if scheme.body_value:
        names |= set(_secret_members(scheme, scheme.value(scheme.body_value)))
    return tuple(sorted(names))


def _secret_members(scheme: Scheme, body: Value) -> Iterator[str]:
    # A member can be masked only if the body is readable JSON; otherwise the body is hidden as a whole.
    if body.kind != "json" or body.encoding:
        if any(map(scheme.depends_on_secret, body.parts())):
            yield WHOLE_BODY
        return
    yield from (member.name for member in body.members if member.part and scheme.depends_on_secret(member.part))
