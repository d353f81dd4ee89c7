"""The worked examples of every signing rule: run through the generated signers, and computed again without them."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from generator.model.api import Api
from generator.model.operations import Carrier
from generator.model.signing import Scheme, Vector
from generator.model.types import Json
from tests.support.inventory import SHARED
from tests.support.specs import models
from venues.bitget_margin import BitgetMargin, operations
from venues.core.request import signing
from venues.core.request.wire import BareDraft, RequestDraft
from venues.core.values.secrets import Secret

MODELS = models()
VECTORS = [(api, scheme, vector) for api in MODELS for scheme in api.signing.schemes for vector in scheme.vectors]
LISTED = SHARED / "vectors.json"
PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class Signed:
    """What a generated signer made of a vector's request."""

    draft: RequestDraft
    query: str
    body: str
    texts: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.draft.path}?{self.query}" if self.query else self.draft.path


def signed(api: Api, scheme: Scheme, vector: Vector) -> Signed:
    """Run a vector's request through the generated signer, listening to what it signs."""
    signers: tuple[type[signing.Signer], ...] = import_module(f"venues.{api.name}.signing").SIGNERS
    made = next(made for made in signers if made.name == scheme.name)
    signer: Any = made({name: Secret(value) for name, value in vector.credentials.items()})  # Any: `_sign` is private
    result = Signed(draft_of(vector), "", "")
    if scheme.algorithm:
        signer._sign = listening(signer._sign, result)
    result.query, result.body = signer(result.draft, vector.time)
    return result


def listening(sign: signing.Mac, result: Signed) -> signing.Mac:
    """Return a function that signs as before, and remembers what it signed."""

    def signing_and_noting(text: str | bytes) -> bytes:
        digest = sign(text)
        result.texts.append(text if isinstance(text, str) else text.decode("latin-1"))
        result.digests.append(digest)
        return digest

    return signing_and_noting


def draft_of(vector: Vector) -> RequestDraft:
    """Turn a vector's request into what a client hands to a signer."""
    if isinstance(vector.json, list):
        return BareDraft(vector.method, vector.path, "json", query=written(vector.query), body={"": vector.json})
    carrier: Carrier = "json" if vector.json is not None else "form" if vector.form is not None else "query"
    body = vector.json if vector.json is not None else vector.form or {}
    return RequestDraft(vector.method, vector.path, carrier, query=written(vector.query), body=written(body))


def written(values: Mapping[str, Json]) -> dict[str, object]:
    """Keep exact numbers as they are written."""
    return {
        key: msgspec.Raw(str(value).encode()) if isinstance(value, Decimal) else value for key, value in values.items()
    }


def names(value: object) -> str:
    """Name a vector in the output of the tests."""
    return str(getattr(value, "name", value))


@pytest.mark.parametrize(("api", "scheme", "vector"), VECTORS, ids=names)
def test_text_to_sign(api: Api, scheme: Scheme, vector: Vector) -> None:
    """A generated signer signs exactly the text of the worked example."""
    assert [vector.text] == signed(api, scheme, vector).texts


@pytest.mark.parametrize(("api", "scheme", "vector"), [v for v in VECTORS if v[2].signature], ids=names)
def test_signature(api: Api, scheme: Scheme, vector: Vector) -> None:
    """A generated signer makes exactly the signature of the worked example."""
    assert [vector.signature] == [encoded(scheme.encoding, digest) for digest in signed(api, scheme, vector).digests]


@pytest.mark.parametrize(("api", "scheme", "vector"), [v for v in VECTORS if v[2].url], ids=names)
def test_url(api: Api, scheme: Scheme, vector: Vector) -> None:
    """Path and query are sent letter by letter as in the worked example."""
    assert vector.url == signed(api, scheme, vector).url


@pytest.mark.parametrize(("api", "scheme", "vector"), VECTORS, ids=names)
def test_headers(api: Api, scheme: Scheme, vector: Vector) -> None:
    """The headers of the worked example are sent."""
    assert vector.headers.items() <= signed(api, scheme, vector).draft.headers.items()


@pytest.mark.parametrize(("api", "scheme", "vector"), VECTORS, ids=names)
def test_body(api: Api, scheme: Scheme, vector: Vector) -> None:
    """The body is sent letter by letter as in the worked example; where that has none, none is sent."""
    assert (vector.body or "") == signed(api, scheme, vector).body


@pytest.mark.parametrize("api", MODELS, ids=names)
def test_every_hmac_rule_has_a_vector(api: Api) -> None:
    """No rule that can be repeated by hand goes without a worked example."""
    rules = [scheme for scheme in api.signing.schemes if (scheme.algorithm or "").startswith("hmac")]
    assert [] == [scheme.name for scheme in rules if not scheme.vectors]


def encoded(encoding: str | None, digest: bytes) -> str:
    """Write a digest without the help of the runtime."""
    return digest.hex() if encoding == "hex" else b64encode(digest).decode()


def listed(exchange: str) -> list[dict[str, Any]]:
    """Return the published examples whose secret is known."""
    if not LISTED.is_file():
        pytest.skip("../shared/exchanges/vectors.json is not here")
    entries: list[dict[str, Any]] = json.loads(LISTED.read_text("utf-8"))
    return [entry for entry in entries if entry["secret"] is not None and entry["exchange"].startswith(exchange)]


def test_listed_digests_can_be_repeated() -> None:
    """The published digests come out of Python's own HMAC and of the runtime's alike."""
    for entry in listed(""):
        text, secret = str(entry["payload"]), str(entry["secret"])
        digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
        assert entry["signature"] == encoded(entry["encoding"], digest), entry["name"]
        assert digest == signing.hmac_sha256(Secret(secret))(text), entry["name"]


@pytest.mark.parametrize(
    ("exchange", "name"),
    [
        ("aster", "aster_futures"),
        ("bingx", "bingx_swap"),
        ("bitget", "bitget_margin"),
        ("hibt", "hibt_futures"),
        ("6mm", "sixmm"),
    ],
)
def test_listed_examples_are_vectors(exchange: str, name: str) -> None:
    """Every published REST example of an exchange is a vector of its spec, with the same digest."""
    wanted = {(entry["payload"], entry["signature"]) for entry in listed(exchange) if "WS " not in entry["name"]}
    assert wanted <= {(vector.text, vector.signature) for api, _, vector in VECTORS if api.name == name}


def pem(key: PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    """A key pair of its own: the private keys of the documentation are masked."""
    return rsa.generate_private_key(65537, 2048)


def test_rsa_signature_is_verified_by_the_public_key(rsa_key: rsa.RSAPrivateKey) -> None:
    """A request signed with the RSA rule carries what the exchange can verify: time, method, path, query and body."""
    client = BitgetMargin(api_key="k", private_key=pem(rsa_key), passphrase="p", clock=lambda: 1591089508404)
    request = client.prepare(operations.CROSS_BORROW, coin="USDT", borrow_amount="1")
    text = f"1591089508404POST{urlsplit(request.url).path}{request.body.decode()}"
    rsa_key.public_key().verify(b64decode(request.headers["ACCESS-SIGN"]), text.encode(), padding.PKCS1v15(), SHA256())


def test_rsa_signs_the_query_as_sent(rsa_key: rsa.RSAPrivateKey) -> None:
    """A GET request's query is signed in the order in which it is sent: sorted."""
    client = BitgetMargin(api_key="k", private_key=pem(rsa_key), passphrase="p", clock=lambda: 1591089508404)
    request = client.prepare(operations.CROSS_GET_OPEN_ORDERS, symbol="BTCUSDT", start_time=1591089508000, page_size=5)
    parts = urlsplit(request.url)
    assert sorted(parts.query.split("&")) == parts.query.split("&")
    text = f"1591089508404GET{parts.path}?{parts.query}"
    rsa_key.public_key().verify(b64decode(request.headers["ACCESS-SIGN"]), text.encode(), padding.PKCS1v15(), SHA256())


def test_ed25519_signature_is_verified_by_the_public_key() -> None:
    """Ed25519 makes what the public key verifies."""
    key = ed25519.Ed25519PrivateKey.generate()
    key.public_key().verify(signing.ed25519(Secret(pem(key)))("text"), b"text")


def test_hmac_sha512_is_what_python_computes() -> None:
    """HMAC-SHA512 makes what Python's own does."""
    assert hmac.new(b"secret", b"text", hashlib.sha512).digest() == signing.hmac_sha512(Secret("secret"))("text")


@pytest.mark.parametrize("algorithm", [signing.rsa_sha256, signing.ed25519])
def test_key_of_another_kind_is_refused(algorithm: Any) -> None:
    """A key that cannot sign by the rule is refused when the client is made, and the message does not show it."""
    text = pem(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises((TypeError, ValueError), match="private key is no") as caught:
        algorithm(Secret(text))
    assert text[30:60] not in str(caught.value)
