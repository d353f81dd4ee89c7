# Edited in templates/venues/core/values/masking.py; the copy in generated/ is imported.
"""Hides secrets in what others wrote, however they escape it: a server that repeats a request repeats its key.

Looking is cheap, for it is done at every refusal; hiding may be slow, for it is hardly ever needed.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from urllib.parse import unquote, unquote_plus

from venues.core.values.secrets import MASK, SHORTEST

LONGEST = 512
"""Characters of a secret that is looked for in all spellings. Longer ones are private keys, which never leave."""
BACKSLASHES = r"\\{0,4}"
"""How often JSON inside JSON escapes; bounded, for a body of nothing but backslashes must not take long."""
ROUNDS = 4
"""How often escapes are undone: an address inside an address is escaped twice, and a secret may look escaped itself."""
NAMED = {"&": "amp", '"': "quot", "'": "apos", "<": "lt", ">": "gt"}
BLANK = " "


class Masker:
    """Knows some secrets, and all the ways to spell them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spelt = {form for secret in secrets for form in _originals(secret)}
        # The longest first, so that no part of a secret is hidden before the whole.
        # Short secrets are not looked for: they would hide harmless text everywhere.
        long = sorted((s for s in spelt if len(s) >= SHORTEST), key=lambda s: (-len(s), s))
        self._secrets = {secret: _unescaped(secret) for secret in long}

    def body(self, body: bytes) -> bytes:
        """Return a body without them."""
        text = body.decode("latin-1")  # byte by byte, so that what is no text stays what it is
        found = self._within(text)
        return body if not found else self._hidden(text, found).encode("latin-1")

    def text(self, text: str) -> str:
        """Return a text without them."""
        found = self._within(text)
        return text if not found else self._hidden(text, found)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers without them, and without cookies, which are secrets of the exchange's own making."""
        return {name: MASK if name.lower() == "set-cookie" else self.text(value) for name, value in headers.items()}

    def _within(self, text: str) -> list[str]:
        plain = _unescaped(text)
        return [secret for secret, unescaped in self._secrets.items() if unescaped in plain]

    def _hidden(self, text: str, found: list[str]) -> str:
        pattern = "|".join(_any_spelling(secret) for secret in found)
        hidden = re.sub(pattern, MASK, text, flags=re.IGNORECASE)
        # What can be read, but is spelled in an unexpected way, is hidden with all that surrounds it.
        return MASK if self._within(hidden) else hidden


def _originals(secret: str) -> set[str]:
    """Return what a text of a request may have been before it was written there."""
    forms = {secret, unquote(secret), unquote_plus(secret)}
    with suppress(ValueError):
        forms.add(str(json.loads(f'"{secret}"')))
    return forms


def _unescaped(text: str) -> str:
    """Return a text in lower case, without the escapes of JSON, of URLs and of HTML."""
    if "\\" in text:
        text = re.sub(r"\\u00([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)
    for _ in range(ROUNDS):
        text = unquote(text, "latin-1") if "%" in text else text
        text = html.unescape(text) if "&" in text else text
    return text.replace("\\", "").lower()


def _any_spelling(secret: str) -> str:
    return re.escape(secret) if len(secret) > LONGEST else "".join(map(_any_form, secret))


def _any_form(letter: str) -> str:
    """Return a pattern of one character as it is, and as JSON, URLs and HTML escape it."""
    code = ord(letter)
    forms = [BACKSLASHES + re.escape(letter), rf"\\{{1,4}}u{code:04x}", rf"%(?:25)?{code:02x}"]
    forms += [rf"&#x0*{code:x};", rf"&#0*{code};"]
    forms += [f"&{NAMED[letter]};"] if letter in NAMED else []
    forms += [r"\+"] if letter == BLANK else []
    return f"(?:{'|'.join(forms)})"
