# Edited in templates/venues/mock/request/digests.py; the copy in generated/ is imported.
"""Keys, signatures and encodings, as an exchange has them: shared secrets, and public keys of its customers."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from importlib.util import find_spec

from venues.mock.declared.signing import Scheme

Verify = Callable[[bytes, bytes], bool]
"""Whether a signature belongs to a text."""

PUBLIC = ("rsa-sha256", "ed25519", "ecdsa-sha256")
"""Algorithms whose secret stays with the caller; the exchange has the public key."""
SHARED = {"hmac-sha256": "sha256", "hmac-sha384": "sha384", "hmac-sha512": "sha512"}
# Base58: without 0, O, I and l, which are easily confused.
DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
HALF = 32


def encode(raw: bytes, encoding: str) -> str:
    """Write bytes in an encoding of the specification."""
    if encoding in ("hex", "HEX"):
        return raw.hex() if encoding == "hex" else raw.hex().upper()
    if encoding == "hex-base64":
        return b64encode(binascii.hexlify(raw)).decode()
    text = b64encode(raw).decode()
    return text.replace("+", "-").replace("/", "_").rstrip("=") if encoding == "base64url" else text


def decode(text: str, encoding: str) -> bytes | None:
    """Return the bytes that a text encodes; None if it is no such text, or another text encodes the same."""
    try:
        if encoding in ("hex", "HEX"):
            raw = bytes.fromhex(text)
        elif encoding == "base64url":
            raw = b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
        else:
            raw = b64decode(text, validate=True)
            raw = bytes.fromhex(raw.decode("ascii")) if encoding == "hex-base64" else raw
    except (ValueError, binascii.Error):
        return None
    # Base64 leaves bits over that decode to nothing; who changes them has changed a byte of the request.
    return raw if encode(raw, encoding) == text else None


def shared_key(text: str, form: str | None) -> bytes:
    """Return the bytes of a shared secret; those of the text itself if it is not what the form says."""
    if form in ("base64", "base64url", "hex"):
        raw = _lenient(text, form)
        return text.encode() if raw is None else raw
    if form == "base58":
        number = 0
        for digit in text:
            number = number * 58 + max(DIGITS.find(digit), 0)
        return bytes(len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if form == "upper":
        return text.upper().encode()
    if form == "md5":
        return binascii.hexlify(hashlib.md5(text.encode(), usedforsecurity=False).digest())
    return b64encode(text.encode()) if form == "base64-text" else text.encode()


def _lenient(text: str, form: str) -> bytes | None:
    try:
        if form == "hex":
            return binascii.unhexlify(text)
        return b64decode(text.replace("-", "+").replace("_", "/").rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (ValueError, binascii.Error):
        return None


def verifier(scheme: Scheme, credentials: Mapping[str, str], public_keys: Mapping[str, str]) -> Verify:
    """Return what verifies the signatures of one customer."""
    own = credentials.get(scheme.secret, "")
    if scheme.algorithm in PUBLIC:
        pem = public_keys.get(scheme.secret) or _public_pem(scheme, own)
        return verifier_of_key(pem) if pem is not None else lambda text, raw: False
    key, digest = shared_key(own, scheme.secret_form), SHARED.get(scheme.algorithm or "", "sha256")
    return _keyed(key, digest)


def _keyed(key: bytes, digest: str) -> Verify:
    """Return what verifies HMACs: `hmac` as RFC 2104 has it, whose own copies take three times as long."""
    size = hashlib.new(digest).block_size
    padded = (key if len(key) <= size else hashlib.new(digest, key).digest()).ljust(size, b"\0")
    inner, outer = (hashlib.new(digest, bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))

    def verify(text: bytes, raw: bytes) -> bool:
        made, whole = inner.copy(), outer.copy()
        made.update(text)
        whole.update(made.digest())
        # A plain comparison: the time it takes gives no secret away, for the secret is an invented one.
        return raw == whole.digest()

    return verify


def can_verify(scheme: Scheme, credentials: Mapping[str, str], public_keys: Mapping[str, str]) -> bool:
    """Whether the exchange has what it takes to verify this kind of signature."""
    return (
        scheme.algorithm not in PUBLIC
        or scheme.secret in public_keys
        or _public_pem(scheme, credentials.get(scheme.secret, "")) is not None
    )


def _public_pem(scheme: Scheme, secret: str) -> str | None:
    """Return the public key of a private one, for customers whose keys a test has made up; None if there is none."""
    # Without the extra for private keys, no client could sign with one, and the other schemes need none.
    if find_spec("cryptography") is None:
        return None
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    try:
        if scheme.secret_form and scheme.algorithm == "ed25519":
            text = secret.rpartition(":")[2]
            # Some exchanges write the kind of the key before it; of a key pair, the first half is the private key.
            private: object = Ed25519PrivateKey.from_private_bytes(shared_key(text, scheme.secret_form)[:HALF])
        else:
            private = load_pem_private_key(secret.encode(), None)
    except (ValueError, TypeError):
        return None
    public = private.public_key()  # type: ignore[attr-defined]
    return str(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def verifier_of_key(pem: str) -> Verify:
    """Return a function that verifies signatures with a public key, given as PEM text.

    Raises:
        ValueError: if the extra for such keys is not installed.
    """
    if find_spec("cryptography") is None:
        raise ValueError("cryptography is not installed; install venues[rsa] for public keys")
    # Imported late: most schemes need no public keys, and cryptography takes a while to load.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(pem.encode())

    def verify(text: bytes, raw: bytes) -> bool:
        try:
            if isinstance(key, RSAPublicKey):
                key.verify(raw, text, PKCS1v15(), SHA256())
            elif isinstance(key, Ed25519PublicKey):
                key.verify(raw, text)
            # Exchanges send the two halves side by side; cryptography wants them in DER.
            elif isinstance(key, EllipticCurvePublicKey) and len(raw) == 2 * HALF:
                halves = int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big")
                key.verify(encode_dss_signature(*halves), text, ECDSA(SHA256()))
            else:
                return False
        except InvalidSignature:
            return False
        return True

    return verify


def client_credentials(schemes: tuple[Scheme, ...], credentials: Mapping[str, str]) -> dict[str, str]:
    """Return the credentials for a client; private keys that the specification invents are no keys, and left out."""
    private = {scheme.secret: scheme for scheme in schemes if scheme.algorithm in PUBLIC}
    return {
        name: value
        for name, value in credentials.items()
        if name not in private
        or "PRIVATE KEY" in value
        or (private[name].secret_form and _public_pem(private[name], value))
    }
