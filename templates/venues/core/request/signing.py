# Edited in templates/venues/core/request/signing.py; the copy in generated/ is imported.
"""What signing rules are made of. Keys are parsed once, when the client is made."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from venues.core.request.wire import NAMES, RequestDraft, percent
from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from venues.core.request.keys import Form

Mac = Callable[[str | bytes], bytes]
"""Signs a text, or bytes."""
INNER, OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
"""What each byte of a key turns into in the two halves of an HMAC."""
COORDINATE = 32
"""Bytes of each half of a signature with the curve P-256."""


class Signer(ABC):
    """One way to sign, with its credentials."""

    name: ClassVar[str]
    credentials: ClassVar[tuple[str, ...]]
    """The credentials it needs."""
    hidden: ClassVar[frozenset[str]]
    """Headers and parameters that hold a key, a token or a signature."""

    @abstractmethod
    def __init__(self, given: Mapping[str, Secret]) -> None:
        """Parse the credentials."""

    @abstractmethod
    def __call__(self, draft: RequestDraft, milliseconds: int) -> tuple[str, str]:
        """Add what the rule asks for; return query and body as they must be sent."""


def hmac_sha256(secret: Secret, form: Form = "text") -> Mac:
    """Return HMAC-SHA256 with a key."""
    return _hmac(secret, form, "sha256")


def hmac_sha384(secret: Secret, form: Form = "text") -> Mac:
    """Return HMAC-SHA384 with a key."""
    return _hmac(secret, form, "sha384")


def hmac_sha512(secret: Secret, form: Form = "text") -> Mac:
    """Return HMAC-SHA512 with a key."""
    return _hmac(secret, form, "sha512")


def _hmac(secret: Secret, form: Form, digest: str) -> Mac:
    """Return a function that signs with one key.

    The key is hashed once, into both halves of an HMAC (RFC 2104); each text is then added to copies of them. `hmac`
    of the library does the same by three functions of Python, which took a quarter of the time of signing.
    """
    from venues.core.request.keys import key_bytes

    key, start = key_bytes(secret, form), partial(hashlib.new, digest)
    block = start().block_size
    padded = (key if len(key) <= block else start(key).digest()).ljust(block, b"\0")
    inner, outer = start(padded.translate(INNER)), start(padded.translate(OUTER))

    def sign(text: Any) -> bytes:  # Any: text or bytes, and which of both is found out by trying
        first, second = inner.copy(), outer.copy()
        try:
            first.update(text.encode())
        except AttributeError:  # bytes, of which few rules sign some: to ask first would be a call more for all others
            first.update(text)
        second.update(first.digest())
        return second.digest()

    return sign


def _as_bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def rsa_sha256(secret: Secret, form: Form = "text") -> Mac:
    """Return RSASSA-PKCS1-v1_5 with SHA-256 (needs the extra `rsa`)."""
    # Imported here: the library is large, and only an extra installs it.
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256

    from venues.core.request.keys import private_key

    key = private_key(secret, form)
    if not isinstance(key, RSAPrivateKey):
        raise InvalidRequest("the private key is no RSA key")
    return lambda text: key.sign(_as_bytes(text), PKCS1v15(), SHA256())


def ecdsa_sha256(secret: Secret, form: Form = "text") -> Mac:
    """Return ECDSA on P-256 with SHA-256, as tokens have it: r and s, 32 bytes each (needs the extra `rsa`)."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    from venues.core.request.keys import private_key

    key = private_key(secret, form)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise InvalidRequest("the private key is no key on the curve P-256")

    def sign(text: str | bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(_as_bytes(text), ECDSA(SHA256())))
        return r.to_bytes(COORDINATE) + s.to_bytes(COORDINATE)

    return sign


def ed25519(secret: Secret, form: Form = "text") -> Mac:
    """Return Ed25519 (needs the extra `rsa`)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from venues.core.request.keys import ed25519_key

    key = ed25519_key(secret, form)
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidRequest("the private key is no Ed25519 key")
    return lambda text: key.sign(_as_bytes(text))


def with_first_param(draft: RequestDraft, query: str, body: str, name: str, value: str) -> tuple[str, str]:
    """Put a parameter before the operation's own, and after its constants, in what is written already."""
    if draft.carrier == "json":
        draft.insert(name, value)
        return query, draft.body_text()
    pairs = [pair for pair in (query if draft.carrier == "query" else body).split("&") if pair]
    pairs.insert(draft.led, f"{NAMES[name]}={percent(value)}")
    draft.led += 1
    written = "&".join(pairs)
    return (written, body) if draft.carrier == "query" else (query, written)


def make_signers(classes: tuple[type[Signer], ...], given: Mapping[str, Secret]) -> dict[str, Signer]:
    """Return every signer whose credentials are all given, in the order of the specification.

    Raises:
        InvalidRequest: if a credential can't be read, or an extra is not installed.
    """
    try:
        return {one.name: one(given) for one in classes if all(name in given for name in one.credentials)}
    except ModuleNotFoundError as error:
        raise InvalidRequest(f"{error.name} is not installed; install venues[rsa] for keys of this kind") from None
