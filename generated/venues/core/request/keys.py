# Edited in templates/venues/core/request/keys.py; the copy in generated/ is imported.
"""Reads the key to sign with from a credential. No message shows a part of it."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from hashlib import md5
from typing import Literal

from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest

Form = Literal["text", "base64", "base64url", "base58", "hex", "md5", "upper", "base64-text"]
"""How a key is read from the text of a credential."""
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SEED = 32
"""Bytes of the seed of an Ed25519 key; some exchanges hand out the public key behind it, too."""


def key_bytes(secret: Secret, form: Form) -> bytes:
    """Return the bytes of a key.

    Raises:
        InvalidRequest: if the credential is not what the form says.
    """
    found = _read(secret, form)
    if found is None:  # raised here, in a frame that holds no part of the secret
        raise InvalidRequest(f"the key to sign with can't be read; it must be {form}")
    return found


def _read(secret: Secret, form: Form) -> bytes | None:
    """Return the bytes of a key, or None if the credential is not what the form says."""
    text = secret.reveal()
    if form == "text":
        return text.encode()
    if form == "upper":
        return text.upper().encode()
    if form == "md5":
        return md5(text.encode(), usedforsecurity=False).hexdigest().encode()
    if form == "base64-text":
        return b64encode(text.encode())
    try:
        return _decoded(text, form)
    except (ValueError, binascii.Error):
        return None


def _decoded(text: str, form: Form) -> bytes:
    if form == "hex":
        return bytes.fromhex(text)
    if form == "base58":
        return _from_base58(text.rpartition(":")[2])  # some write the kind of the key before it: `ed25519:…`
    # Padding may be missing, as it often is in base64url.
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    # Python takes both alphabets here, although each letter of the other one means that the key is of another form.
    if form == "base64url" and not {"+", "/"}.isdisjoint(text):
        raise ValueError(form)
    return b64decode(padded, altchars=b"-_" if form == "base64url" else None, validate=True)


def _from_base58(text: str) -> bytes:
    number = 0
    for char in text:
        number = number * 58 + BASE58.index(char)
    zeros = len(text) - len(text.lstrip(BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def private_key(secret: Secret, form: Form) -> object:
    """Return a private key for `cryptography`: PEM if the form is text, else the bytes of DER.

    Raises:
        InvalidRequest: if it can't be read.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key

    load = load_pem_private_key if form == "text" else load_der_private_key
    try:
        return load(key_bytes(secret, form), None)  # not in a variable, which a traceback would show
    except InvalidRequest:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm):
        what = "unencrypted PEM, PKCS#8" if form == "text" else f"unencrypted PKCS#8 in {form}"
    raise InvalidRequest(f"the private key can't be read; it must be {what}")


def ed25519_key(secret: Secret, form: Form) -> object:
    """Return an Ed25519 key: PEM if the form is text, else its seed.

    Raises:
        InvalidRequest: if it can't be read.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if form == "text":
        return private_key(secret, form)
    size = len(key_bytes(secret, form))  # only the length in a variable, for a traceback shows those
    if size not in (SEED, 2 * SEED):
        raise InvalidRequest(f"the private key has {size} bytes; an Ed25519 seed has {SEED}")
    return Ed25519PrivateKey.from_private_bytes(key_bytes(secret, form)[:SEED])
