"""Reads the secret of a signing rule in the form in which exchanges hand it out, and signs with it."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping

from generator.model.signing import Scheme

HASHES = {"hmac-sha256": "sha256", "hmac-sha384": "sha384", "hmac-sha512": "sha512"}
"""Algorithms that need a shared secret only; the others need a private key, which documentation rarely shows."""
# Without 0, O, I and l, which are easily confused.
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SEED = 32
"""Bytes of the seed of an Ed25519 key."""
Sign = Callable[[bytes], bytes]


def signer(scheme: Scheme, credentials: Mapping[str, str]) -> Sign | None:
    """Return what signs with a scheme's secret; None where that takes a private key, or the secret can't be read."""
    key, function = key_of(scheme, credentials), HASHES.get(scheme.algorithm or "")
    return None if key is None or function is None else lambda text: hmac.new(key, text, function).digest()


def key_of(scheme: Scheme, credentials: Mapping[str, str]) -> bytes | None:
    """Return the bytes of a shared secret; None where a scheme takes a private key, or the secret can't be read."""
    if scheme.algorithm not in HASHES:
        return None
    try:
        return _key(credentials.get(scheme.secret or "", ""), scheme.secret_form)
    except ValueError:
        return None


def _key(text: str, form: str | None) -> bytes:
    if form in ("base64", "base64url"):
        if form == "base64url" and not {"+", "/"}.isdisjoint(text):
            raise ValueError(form)
        # Exchanges show such keys without padding; `validate`, or a wrong key would be read as another one.
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if form == "base64url" else None, validate=True)
    if form == "hex":
        return bytes.fromhex(text)
    if form == "base58":
        text = text.rpartition(":")[2]  # some write the kind of the key before it: `ed25519:…`
        number = 0
        for char in text:
            number = number * 58 + BASE58.index(char)
        # In base58, each leading 1 is a zero byte, which a number would lose.
        return bytes(len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    raw = (text.upper() if form == "upper" else text).encode()
    if form == "md5":
        return hashlib.md5(raw, usedforsecurity=False).hexdigest().encode()
    return b64encode(raw) if form == "base64-text" else raw


def can_read_key(scheme: Scheme, text: str) -> bool:
    """Whether a credential is what a scheme's `as` says; a key without it is a text of any kind."""
    form = scheme.secret_form
    if form is None:
        return True
    try:
        size = len(_key(text, form))
    except ValueError:
        return False
    # Some exchanges hand out the public key behind the seed.
    return scheme.algorithm != "ed25519" or size in (SEED, 2 * SEED)
