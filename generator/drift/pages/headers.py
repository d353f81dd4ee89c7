"""Recognizes the headers that signing adds: callers do not give them, so they are no parameters."""

from __future__ import annotations

import re

# With a prefix or alone: X-MBX-APIKEY, KEY, x-api-signature, OK-ACCESS-PASSPHRASE, X-CH-TS. Windows are none of them:
# callers choose how long a call may take.
_SIGNING = re.compile(
    r"(?:.*[-_])?(?:(?:api|access|secret|public)[-_]?key(?:[-_]?id)?|key|(?:access[-_]?)?token|passphrase|sign(?:ature)?"
    r"(?:[-_](?:type|method|version))?|time[-_]?stamp|ts|nonce|request[-_]expiry|authorization"
    r"|key[-_]version|content[-_]type|accept)",
    re.IGNORECASE,
)


def is_signing(header: str) -> bool:
    """Whether a header carries a credential, a signature, or the time of a signed call."""
    return _SIGNING.fullmatch(header.strip("`* ")) is not None


def is_header(name: str) -> bool:
    """Whether a parameter is a header by its name, such as `X-WINDOW`."""
    return re.match(r"x-\w", name, re.IGNORECASE) is not None
