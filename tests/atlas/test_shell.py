"""Samples for a shell sign as the clients do: every algorithm, every form of a key, every encoding."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.atlas.cases import PLAIN, Case
from tests.atlas.compare import LEFT_OUT
from tests.atlas.entries import Entry, Yaml
from tests.atlas.measure import generate_clients, sign_all
from tests.atlas.shelled import SECOND, model, run, samples

pytestmark = pytest.mark.skipif(
    not (shutil.which("sh") and shutil.which("openssl")), reason="sh and openssl are not installed"
)
CURVE, EDWARDS, RSA = generate_private_key(SECP256R1()), Ed25519PrivateKey.generate(), generate_rsa_key(65537, 2048)
SEED = EDWARDS.private_bytes_raw()
SHARED = b"a secret of several bytes\0\xff"


def pem(key: Any) -> str:
    """Return a private key as its owner keeps it."""
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def der(key: Any) -> str:
    """Return a private key in DER, in base64."""
    return b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


def rule(algorithm: str, form: str, encoding: str = "base64", **more: Yaml) -> dict[str, Yaml]:
    """Return a rule that signs time and body."""
    return {
        "algorithm": algorithm,
        "secret": {"as": form} if form else {},
        "encoding": encoding,
        "text": ["timestamp", "method", "path", "body"],
        "place": [{"header": "X-TIME", "value": "timestamp"}],
        "signature": {"header": "X-SIGN"},
    } | more


def token(algorithm: str, form: str = "") -> dict[str, Yaml]:
    """Return a rule whose token has a claim."""
    of_token = {"values": {"made": {"jwt": {"at": "timestamp", "hash": "hash"}}, "hash": HASH}}
    placed = {"place": [{"header": "Authorization", "value": "made", "prefix": "Bearer "}]}
    at = rule(algorithm, form) | of_token | placed
    return {word: said for word, said in at.items() if word not in ("text", "encoding", "signature")}


HASH = {"of": ["body"], "hash": "sha256", "encoding": "hex"}
RULES: Mapping[str, tuple[str, dict[str, Yaml]]] = {
    "hmac_hex_key": (SHARED.hex(), rule("hmac-sha256", "hex", "hex-base64")),
    "hmac_base64url": (urlsafe_b64encode(SHARED).decode(), rule("hmac-sha512", "base64url", "base64url")),
    "zero_byte": ("it's", rule("hmac-sha384", "", "HEX", text=["timestamp", r"'\0'", "body"])),
    "rsa": (pem(RSA), rule("rsa-sha256", "")),
    "rsa_hex": (b64decode(der(RSA)).hex(), rule("rsa-sha256", "hex")),
    "rsa_der": (der(RSA), rule("rsa-sha256", "base64")),
    "ed25519": (pem(EDWARDS), rule("ed25519", "")),
    "ed25519_seed": (b64encode(SEED).decode(), rule("ed25519", "base64", "hex")),
    "ed25519_hex": (SEED.hex(), rule("ed25519", "hex")),
    "ed25519_token": (pem(EDWARDS), token("ed25519")),
    "hs256": ("it's", token("hmac-sha256")),
    "hs512": ("it's", token("hmac-sha512")),
    "rs256": (pem(RSA), token("rsa-sha256")),
    "ecdsa": (pem(CURVE), rule("ecdsa-sha256", "")),
    "es256": (pem(CURVE), token("ecdsa-sha256")),
}
"""A name → the secret, and the rule."""
CHANCE = ("ecdsa", "es256")
"""Rules whose signatures are never the same twice."""


VALUES = {"note": 'it\'s "$5" \\ é', "size": "0.1"}


def signing() -> dict[str, Yaml]:
    """Return all rules, each with a credential of its own."""
    credentials = {name: {"doc": "A secret.", "example": secret} for name, (secret, _) in RULES.items()}
    schemes = {
        name: {"doc": "A rule.", "credentials": [name], **scheme, "secret": _key(name, scheme["secret"])}
        for name, (_, scheme) in RULES.items()
    }
    return {"credentials": credentials, "schemes": schemes}


def _key(name: str, form: dict[str, str]) -> Yaml:
    return form | {"credential": name} if form else name


def entry() -> Entry:
    """Return an API with a call for each rule."""
    servers = {"production": {"rest": "https://api.example.com", "doc": "Production."}}
    api = {"servers": servers, "carriers": {"POST": "json"}, "signing": signing()}
    shared = {"params": {"note": "string", "size": "decimal"}, "values": VALUES, "ccxt": {}}
    calls = [{"name": name, "request": f"POST /{name}", "schemes": [name], **shared} for name in RULES]
    written = {"title": "Shell", "compared": "2026-11-29", "ccxt": {"id": "none"}, "api": api, "calls": calls}
    return Entry(
        "shell", json.loads(json.dumps(written))
    )  # a copy: what stands twice is no alias, which YAML would write


Both = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Both]:
    """Return what client and sample send for each rule, without the headers that no rule signs."""
    folder, one = tmp_path_factory.mktemp("shell"), entry()
    generated = generate_clients([one], folder)
    cases = [Case(one, call, call["values"], PLAIN, None) for call in one.calls]
    clients = sign_all(
        {"shell": one.credentials}, [case.for_ours() | {"now": SECOND * 1000} for case in cases], generated
    )
    shells = []
    for name, sample in zip(RULES, samples(model(folder / "specs", "shell"), cases), strict=True):
        own = tmp_path_factory.mktemp(name)
        if RULES[name][0].startswith("-----"):
            (own / "private_key.pem").write_text(RULES[name][0])
        shells.append(run(sample, "shell", one.credentials, own))
    for each in (*clients, *shells):
        each["headers"] = {key: value for key, value in each["headers"].items() if key.lower() not in LEFT_OUT}
    return dict(zip(RULES, zip(clients, shells, strict=True), strict=True))


@pytest.mark.parametrize("name", [name for name in RULES if name not in CHANCE])
def test_sample_sends_what_the_client_sends(name: str, sent: dict[str, Both]) -> None:
    """Address, headers and body are the client's, the signature among them."""
    client, shell = sent[name]
    assert "failed" not in client
    assert client == shell


def test_signatures_on_a_curve_are_valid(sent: dict[str, Both]) -> None:
    """ECDSA signs otherwise each time; the exchange accepts what the sample signs, in a header and in a token."""
    client, shell = sent["ecdsa"]
    verify(b64decode(shell["headers"]["X-SIGN"]), f"{SECOND}000POST/ecdsa{shell['body']}")
    assert client["body"] == shell["body"]
    of_client, of_shell = (each["headers"]["Authorization"] for each in sent["es256"])
    text, _, signature = of_shell.removeprefix("Bearer ").rpartition(".")
    assert of_client.removeprefix("Bearer ").rpartition(".")[0] == text
    verify(urlsafe_b64decode(signature + "=="), text)


def verify(signature: bytes, text: str) -> None:
    """Raise an error if a signature of r and s, 32 bytes each, is wrong."""
    assert 64 == len(signature)
    numbers = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    CURVE.public_key().verify(numbers, text.encode(), ECDSA(SHA256()))
