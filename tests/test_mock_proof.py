"""The mock exchange verifies keys, times and signatures by itself."""

from __future__ import annotations

import ast
import hmac
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from multidict import CIMultiDict

import venues.mock
from tests.support.apis import APIS, Api, label
from tests.support.mocks import arrived, once, read, without
from venues.core.request.messages import Request
from venues.core.request.operation import Operation
from venues.mock import Received
from venues.mock.declared.api import Api as Declared
from venues.mock.declared.api import load_api
from venues.mock.declared.connections import Login
from venues.mock.declared.signing import Scheme, Value
from venues.mock.exchange import Exchange
from venues.mock.request.proof import Proof
from venues.mock.request.received import RequestRefused
from venues.mock.streams.login import LoginVerifier

NOW = 1_795_132_800_000
HOST = "https://exchange.invalid"
SCHEMES = [(api, scheme) for api in APIS for scheme in load_api(api.name).schemes]


def named(value: Api | Scheme) -> str:
    return value.name


def exchange(api: Api, **options: Any) -> Exchange:
    return Exchange(api.name, clock=lambda: NOW, remembers=False, **options)


def prepared(api: Api, operation: Operation[Any], time: int = NOW, **more: Any) -> Request:
    """Return a signed request."""
    client: Any = api.client
    made: Request = client(**exchange(api).credentials, base_url=HOST, clock=lambda: time).prepare(
        operation, **api.arguments(operation) | more
    )
    return made


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what only the extra for private keys installs."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"] or ["cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)


def verdict(exchange: Exchange, received: Received) -> str:
    exchange.receive(received)
    return exchange.requests[-1].verdict


def test_shares_no_code_with_the_client() -> None:
    """No module of the mock exchange imports the client's runtime, nor anything that is generated."""
    allowed = ("venues.mock", "venues.catalog")
    for module in Path(venues.mock.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert [] == [name for name in names if name.startswith("venues") and not name.startswith(allowed)]


@pytest.mark.parametrize("choose", [once, read], ids=["once", "read"])
@pytest.mark.parametrize("api", APIS, ids=label)
def test_what_the_client_signs_is_accepted(api: Api, choose: Callable[[Api], Operation[Any]]) -> None:
    """A signed request proves who sent it."""
    assert "accepted" == verdict(exchange(api), arrived(prepared(api, choose(api))))


@pytest.mark.parametrize("choose", [once, read], ids=["once", "read"])
@pytest.mark.parametrize("api", APIS, ids=label)
def test_a_changed_request_is_refused(api: Api, choose: Callable[[Api], Operation[Any]]) -> None:
    """A value that was changed on the way no longer fits the signature."""
    request = arrived(prepared(api, choose(api)))
    query, body = (
        text.replace("USDT", "EURO").replace("usdt", "euro") for text in (request.query, request.body.decode())
    )
    if (query, body) == (request.query, request.body.decode()):
        query = f"{query}&coin=EURO" if query else "coin=EURO"
    assert "wrong_signature" == verdict(exchange(api), replace(request, query=query, body=body.encode()))


@pytest.mark.parametrize("api", APIS, ids=label)
def test_key_time_and_signature_are_missed(api: Api) -> None:
    """Each part of the proof is missed by name when it is not sent."""
    scheme = load_api(api.name).schemes[0]
    request = arrived(prepared(api, read(api)))
    assert scheme.signature is not None
    parts = {p.name: "missing_time" if p.value == "timestamp" else "missing_key" for p in scheme.place[:2]}
    for name, expected in {**parts, scheme.signature.name: "missing_signature"}.items():
        received = without(request, name)
        assert expected == verdict(exchange(api), received), name


@pytest.mark.parametrize("api", APIS, ids=label)
def test_the_window_is_kept(api: Api) -> None:
    """A request is accepted as long as it is not older, nor further ahead, than the exchange allows."""
    spec = load_api(api.name)
    assert spec.window_ms is not None
    assert spec.ahead_ms is not None
    times = {
        NOW - spec.window_ms: "accepted",
        NOW - spec.window_ms - 1: "wrong_time",
        NOW + spec.ahead_ms: "accepted",
        NOW + spec.ahead_ms + 1: "wrong_time",
    }
    operation = read(api)
    found = {time: verdict(exchange(api), arrived(prepared(api, operation, time))) for time in times}
    assert times == found


@pytest.mark.parametrize("api", [api for api in APIS if load_api(api.name).window_param], ids=label)
def test_a_request_names_its_own_window(api: Api) -> None:
    """Where a parameter sets the window, it counts in place of the usual one."""
    usual = load_api(api.name).window_ms or 0
    late = prepared(api, read(api), NOW - 2 * usual, recv_window=3 * usual)
    assert "accepted" == verdict(exchange(api), arrived(late))


@pytest.mark.parametrize("api", APIS, ids=label)
def test_the_clock_can_be_skewed(api: Api) -> None:
    """With a clock that is an hour ahead, the exchange refuses what is in time."""
    skewed = exchange(api)
    skewed.clock.offset_ms = 3_600_000
    assert "wrong_time" == verdict(skewed, arrived(prepared(api, read(api))))


@pytest.mark.parametrize(("api", "scheme"), SCHEMES, ids=named)
def test_companions_of_the_key_are_verified(api: Api, scheme: Scheme) -> None:
    """A credential that is sent beside the key, such as a passphrase, is held against the right one."""
    request = arrived(prepared(api, read(api)))
    for placement in scheme.place[1:]:
        if placement.value != "timestamp":
            headers = CIMultiDict(request.headers)
            headers[placement.name] = "another"
            mock = exchange(api)
            answer = mock.receive(replace(request, headers=headers))
            assert "wrong_credential" == mock.requests[-1].verdict
            assert load_api(api.name).wrong_credentials[placement.value].encode() in answer.body


def test_an_empty_credential_is_missing() -> None:
    """A key that is empty is no key, even behind a word that always stands before it."""
    bearer = [{"place": "header", "name": "KEY", "value": "key", "prefix": "Bearer "}]
    spec = rule(place=bearer)
    for sent in ("", "Bearer "):
        received = Received("POST", "/o", "", CIMultiDict({"KEY": sent, "SIGN": "s"}), b"")
        with pytest.raises(RequestRefused) as refused:
            Proof(spec, spec.credentials, {}).check(spec.operations[0], received, NOW)
        assert "missing_key" == refused.value.failure


def test_a_test_that_gives_no_credential_gets_the_usual_one() -> None:
    """A credential that a test leaves empty stays as the specification makes it up."""
    api = APIS[0]
    empty = dict.fromkeys(exchange(api).credentials, "")
    assert exchange(api).credentials == exchange(api, credentials=empty).credentials


@pytest.mark.parametrize(
    ("wrong", "failure", "code"), [("pin", "wrong_credential", "30012"), ("key", "wrong_key", None)]
)
def test_a_companion_has_its_code_in_a_login_too(wrong: str, failure: str, code: str | None) -> None:
    """A login with a wrong PIN is refused with the code of that, one with a wrong key with the code of a wrong key."""
    login = Login(
        send={"key": "{key}", "pin": "{pin}", "sign": "{signature}"},
        accepted={},
        refused={},
        schemes=(),
        wrong_credentials={"pin": "30012"},
    )
    frame = {"key": "k", "pin": "1", "sign": "s"} | {wrong: "another"}
    with pytest.raises(RequestRefused) as refused:
        LoginVerifier(login, {"key": "k", "pin": "1"}, {}).check(frame, NOW)
    assert (failure, code) == (refused.value.failure, refused.value.code)


def test_a_login_is_verified_through_the_values_that_it_sends() -> None:
    """What a frame says inside another value is read, and its signature belongs to that and to nothing else."""
    rule = Scheme(
        name="one",
        credentials=("key", "secret"),
        expires_ms=10_000,
        nonce="ms",
        values=(Value("proof", of=("nonce", "':'", "signature"), encoding="base64"),),
        payload=("'GET/realtime'", "expires", "nonce"),
        algorithm="hmac-sha256",
        secret="secret",
        secret_form="base64",
        encoding="hex",
    )
    login = Login(send=["{key}", "{expires}", "{proof}"], accepted={}, refused={}, schemes=(rule,))
    verifier = LoginVerifier(login, {"key": "k", "secret": b64encode(b"s").decode()}, {})

    def verdict_of(expires: int, nonce: str) -> str:
        signature = hmac.new(b"s", f"GET/realtime{NOW + 10_000}7".encode(), "sha256").hexdigest()
        try:
            verifier.check(["k", str(expires), b64encode(f"{nonce}:{signature}".encode()).decode()], NOW)
        except RequestRefused as refused:
            return refused.failure
        return "accepted"

    found = [verdict_of(NOW + 10_000, "7"), verdict_of(NOW + 10_000, "8"), verdict_of(NOW - 60_000, "7")]
    assert ["accepted", "wrong_signature", "wrong_time"] == found


def test_a_companion_has_the_name_and_the_code_that_the_specification_gives_it() -> None:
    """A wrong credential of any name, such as a PIN, is refused with its own code."""
    place = [
        {"place": "header", "name": "KEY", "value": "key"},
        {"place": "header", "name": "X-PIN", "value": "pin"},
    ]
    spec = msgspec.structs.replace(rule(place=place), credentials={"key": "k"}, wrong_credentials={"pin": "40012"})
    received = Received("POST", "/o", "", CIMultiDict({"KEY": "k", "SIGN": "s", "X-PIN": "0000"}), b"")
    with pytest.raises(RequestRefused) as refused:
        Proof(spec, spec.credentials, {}).check(spec.operations[0], received, NOW)
    assert ("wrong_credential", "40012") == (refused.value.failure, refused.value.code)


@pytest.mark.parametrize(("api", "scheme"), [(a, s) for a, s in SCHEMES if s.algorithm is None], ids=named)
def test_a_token_is_enough(api: Api, scheme: Scheme) -> None:
    """A scheme that signs nothing is verified by its token alone."""
    mine, theirs = (dict.fromkeys(scheme.credentials, whose) for whose in ("mine", "theirs"))
    client: Any = api.client
    made = client(**dict.fromkeys(exchange(api).credentials) | mine, base_url=HOST)
    request = arrived(made.prepare(read(api), **api.arguments(read(api))))
    assert "accepted" == verdict(exchange(api, credentials=mine), request)
    assert "unknown_key" == verdict(exchange(api, credentials=theirs), request)


@pytest.mark.parametrize(("api", "scheme"), [(a, s) for a, s in SCHEMES if s.algorithm == "rsa-sha256"], ids=named)
def test_rsa_is_verified_with_the_public_key(api: Api, scheme: Scheme) -> None:
    """A request signed with a private key is accepted by who has the public one, and by nobody else."""
    pairs = [key_pair(rsa.generate_private_key(65537, 2048)) for _ in range(2)]
    given = {name: exchange(api).credentials.get(name) for name in scheme.credentials}
    client: Any = api.client
    made = client(**given | {scheme.secret: pairs[0][0]}, base_url=HOST, clock=lambda: NOW)
    request = arrived(made.prepare(read(api), **api.arguments(read(api))))
    right, wrong = ({scheme.secret: public} for _, public in pairs)
    assert "accepted" == verdict(exchange(api, public_keys=right), request)
    assert "wrong_signature" == verdict(exchange(api, public_keys=wrong), request)


def key_pair(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> tuple[str, str]:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def rule(**scheme: Any) -> Declared:
    """Declare an API of one operation that is signed by some rule."""
    usual = {
        "name": "one",
        "credentials": ["key", "secret"],
        "place": [{"place": "header", "name": "KEY", "value": "key"}],
        "secret": "secret",
        "encoding": "hex",
        "signature": {"place": "header", "name": "SIGN", "value": "signature"},
    }
    operation = {"group": "g", "name": "o", "method": "POST", "path": "/o", "auth": "signed", "effect": "once"}
    made: dict[str, Any] = {
        "name": "made_up",
        "title": "Made up",
        "envelope": {"code": "code", "message": ["msg"], "success": ["0"]},
        "credentials": {"key": "k", "secret": "s"},
        "schemes": [usual | scheme],
        "operations": [operation | {"carrier": "json", "response": "{}"}],
    }
    return msgspec.convert(made, Declared)


def proven(spec: Declared, body: bytes, signature: str, query: str = "", **public_keys: str) -> bool:
    headers = CIMultiDict({"KEY": "k", "SIGN": signature})
    received = Received("POST", "/o", query, headers, body)
    try:
        Proof(spec, spec.credentials, public_keys).check(spec.operations[0], received, NOW)
    except RequestRefused:
        return False
    return True


def test_hmac_sha512() -> None:
    """The longer digest is computed where the rule asks for it."""
    signature = hmac.new(b"s", b"POST/o{}", "sha512").hexdigest()
    spec = rule(algorithm="hmac-sha512", payload=["method", "path", "body"])
    assert (True, False) == (proven(spec, b"{}", signature), proven(spec, b"{ }", signature))


def test_ed25519() -> None:
    """A signature of the elliptic kind is verified with the public key."""
    key = ed25519.Ed25519PrivateKey.generate()
    signature = key.sign(b"{}").hex()
    spec = rule(algorithm="ed25519", payload=["body"])
    public = key_pair(key)[1]
    assert (True, False) == (
        proven(spec, b"{}", signature, secret=public),
        proven(spec, b"[]", signature, secret=public),
    )


def single_use(api: Api) -> Operation[Any]:
    """Return an operation whose path accepts a signature once."""
    start = load_api(api.name).single_use
    return next(o for o in api.operations if start and o.path.startswith(start) and not o.schemes)


@pytest.mark.parametrize("api", [api for api in APIS if load_api(api.name).single_use], ids=label)
def test_copied_request_is_refused(api: Api) -> None:
    """Where a signature is accepted once, a copy of a request is refused if asked for, until the exchange forgets."""
    mock = exchange(api)
    mock.refuses_copies = True
    copied = arrived(prepared(api, single_use(api)))
    assert ["accepted", "replayed"] == [verdict(mock, copied), verdict(mock, copied)]
    mock.forget()
    assert "accepted" == verdict(mock, copied)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_copied_request_is_accepted_elsewhere(api: Api) -> None:
    """Everywhere else a signature holds for as long as its time does."""
    start = load_api(api.name).single_use or HOST
    operation = next(o for o in api.operations if o.auth == "signed" and not o.path.startswith(start) and not o.schemes)
    mock, copied = exchange(api), arrived(prepared(api, operation))
    mock.refuses_copies = True
    assert ["accepted", "accepted"] == [verdict(mock, copied), verdict(mock, copied)]


def test_literals_and_credentials_are_part_of_the_text() -> None:
    """A payload may hold words of its own, and credentials."""
    expected = hmac.new(b"s", b"v1:k?a=1", "sha256").hexdigest()
    spec = rule(algorithm="hmac-sha256", payload=["'v1:'", "key", "?query"])
    assert proven(spec, b"", expected, query="a=1")


def test_params_are_printed_as_the_rule_says() -> None:
    """Parameters are sorted, percent-encoded, and left out when empty, if the rule says so."""
    printing = {"sorted": True, "percent": True, "drop_empty": True, "sort_inner": True}
    body = b'{"z":{"b":1,"e":"","a":[true]},"e":"","c":"x y","n":0.10}'
    text = b"a=1&c=x%20y&n=0.10&z=%7B%22a%22%3A%5Btrue%5D%2C%22b%22%3A1%7D"
    spec = rule(algorithm="hmac-sha256", payload=["params"], params=printing)
    assert proven(spec, body, hmac.new(b"s", text, "sha256").hexdigest(), query="a=1")


def test_a_signature_inside_the_body_is_not_part_of_the_text() -> None:
    """The body is verified as it was before the signature was added."""
    spec = rule(
        algorithm="hmac-sha256",
        payload=["body"],
        signature={"place": "param", "name": "sign", "value": "signature"},
    )
    digest = hmac.new(b"s", b'{"a":"1"}', "sha256").hexdigest()
    assert proven(spec, b'{"a":"1","sign":"' + digest.encode() + b'"}', "")


def carried(api: Api, method: str, where: str) -> Received:
    """Return a signed request whose parameters stand in the query, in a form body, or half in each."""
    operation = next(o for o in api.operations if (o.method, o.auth) == (method, "signed"))
    request = arrived(prepared(api, operation))
    pairs = [p for p in f"{request.query}&{request.body.decode()}".split("&") if p and not p.startswith("signature=")]
    cut = {"query": len(pairs), "form": 0, "mixed": len(pairs) // 2}[where]
    query, body = "&".join(pairs[:cut]), "&".join(pairs[cut:])
    signature = hmac.new(
        exchange(api).credentials["api_secret"].encode(), (query + body).encode(), "sha256"
    ).hexdigest()
    query, body = (f"{query}&signature={signature}", body) if not body else (query, f"{body}&signature={signature}")
    headers = {name: value for name, value in request.headers.items() if name.lower() != "content-type"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    return replace(request, query=query, body=body.encode(), headers=CIMultiDict(headers))


@pytest.mark.parametrize("where", ["query", "form", "mixed"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_parameters_may_stand_wherever_the_documentation_allows(method: str, where: str) -> None:
    """Where the specification says so, query, form body and both at once are accepted, whatever the client does."""
    api = next(api for api in APIS if api.name == "aster_futures")
    assert "accepted" == verdict(exchange(api), carried(api, method, where))


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize("api", APIS, ids=label)
def test_no_mock_exchange_needs_the_extra_for_private_keys(api: Api) -> None:
    """After `pip install venues` alone, a mock exchange starts and accepts what is signed with its shared secret."""
    assert "accepted" == verdict(exchange(api), arrived(prepared(api, read(api))))


@pytest.mark.usefixtures("without_extra")
def test_a_public_key_without_the_extra_says_what_to_install() -> None:
    """A public key that nothing can read is a missing extra, not a traceback of some library."""
    with pytest.raises(ValueError, match=r"install venues\[rsa\]"):
        Exchange("binance_spot", public_keys={"private_key": "-----BEGIN PUBLIC KEY-----"})
