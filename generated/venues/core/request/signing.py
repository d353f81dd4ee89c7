# Edited in templates/venues/core/request/signing.py; the copy in generated/ is imported.
"""What signing rules are made of. Keys are parsed once, when the client is made."""

from __future__ import annotations

import hmac
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import ClassVar

from venues.core.request.wire import RequestDraft, percent
from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest

Mac = Callable[[str], bytes]
"""Signs a text."""


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


def hmac_sha256(secret: Secret) -> Mac:
    """Return HMAC-SHA256 with a key."""
    return _hmac(secret, "sha256")


def hmac_sha512(secret: Secret) -> Mac:
    """Return HMAC-SHA512 with a key."""
    return _hmac(secret, "sha512")


def _hmac(secret: Secret, digest: str) -> Mac:
    """Return a function that signs with one key.

    The key is hashed once; each text is then added to a copy of that state, which saves hashing the key for every request.
    """
    begun = hmac.new(secret.reveal().encode(), digestmod=digest)

    def sign(text: str) -> bytes:
        mac = begun.copy()
        mac.update(text.encode())
        return mac.digest()

    return sign


def rsa_sha256(secret: Secret) -> Mac:
    """Return RSASSA-PKCS1-v1_5 with SHA-256; the key is PEM (needs the extra `rsa`)."""
    # Imported here: the library is large, and only an extra installs it.
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _load(secret)
    if not isinstance(key, RSAPrivateKey):
        raise InvalidRequest("the private key is no RSA key")
    return lambda text: key.sign(text.encode(), PKCS1v15(), SHA256())


def ed25519(secret: Secret) -> Mac:
    """Return Ed25519; the key is PEM (needs the extra `rsa`)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = _load(secret)
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidRequest("the private key is no Ed25519 key")
    return lambda text: key.sign(text.encode())


def _load(secret: Secret) -> object:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(secret.reveal().encode(), None)
    except (ValueError, TypeError):
        raise InvalidRequest("the private key can't be read; it must be unencrypted PEM, PKCS#8") from None


def base64_text(digest: bytes) -> str:
    """Write a signature in base64."""
    return b64encode(digest).decode()


def with_signature(draft: RequestDraft, query: str, body: str, name: str, signature: str) -> tuple[str, str]:
    """Append the signature as the last parameter, wherever the others are."""
    if draft.carrier == "query":
        return with_query(query, name, signature), body
    if draft.carrier == "form":
        return query, with_query(body, name, signature)
    draft.body[name] = signature
    return query, draft.body_text()


def with_query(query: str, name: str, value: str) -> str:
    """Append one parameter to a query that is written already."""
    # Encoded: base64 contains +, / and =, which mean something else in an address.
    pair = f"{name}={percent(value)}"
    return f"{query}&{pair}" if query else pair


def make_signers(classes: tuple[type[Signer], ...], given: Mapping[str, Secret]) -> dict[str, Signer]:
    """Return every signer whose credentials are all given, in the order of the specification.

    Raises:
        InvalidRequest: if a credential can't be read, or an extra is not installed.
    """
    try:
        return {one.name: one(given) for one in classes if all(name in given for name in one.credentials)}
    except ModuleNotFoundError as error:
        raise InvalidRequest(f"{error.name} is not installed; install venues[rsa] for keys of this kind") from None
