"""What signing rules are made of: keys, nonces, and how a request is written before it is signed."""

from __future__ import annotations

import functools
import hashlib
import hmac
from base64 import b64encode
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from tests.support.apis import APIS, Api, label
from tests.support.mocks import arrived
from venues.core.outcome.clock import ClockSync
from venues.core.request import signing, texts
from venues.core.request.keys import key_bytes
from venues.core.request.messages import WHOLE_BODY, Request
from venues.core.request.nonces import GrowingNonce, GrowingSeconds
from venues.core.request.operation import Operation
from venues.core.request.params import Param
from venues.core.request.wire import Repeated, RequestDraft
from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest
from venues.mock.exchange import Exchange

NAMES = st.text(min_size=1, max_size=8)
VALUES = st.text(max_size=8) | st.integers() | st.booleans() | st.lists(st.text(max_size=4), min_size=1).map(Repeated)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns", "s.ms"])
def test_a_nonce_grows_whatever_the_clock_does(unit: str) -> None:
    """No two nonces are the same and none is smaller than the last, though the clock stands still and is set back."""
    nonce = GrowingSeconds() if unit == "s.ms" else GrowingNonce(unit)
    made = [Decimal(nonce(time)) for time in (5_000, 5_000, 4_000, 5_001, 0, 9_000)]
    assert made == sorted(set(made))


def test_times_grow_where_no_window_is_known() -> None:
    """Where signatures are accepted once and no window is documented, no time is taken twice, and none goes back."""
    times = iter([1_000, 1_000, 400, 1_000])
    clock = ClockSync(lambda: next(times))
    assert [1_000, 1_001, 1_002, 1_003] == [clock.unique() for _ in range(4)]


FORMS = {
    "base64": (b64encode(b"\xff\x00key").decode(), b"\xff\x00key"),
    "base64url": ("_wBrZXk", b"\xff\x00key"),
    "hex": ("ff006b6579", b"\xff\x00key"),
    "base58": ("ed25519:1112", b"\x00\x00\x00\x01"),
    "upper": ("aBc", b"ABC"),
    "md5": ("s", hashlib.md5(b"s", usedforsecurity=False).hexdigest().encode()),
    "base64-text": ("abc", b"YWJj"),
    "text": ("abc", b"abc"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_read_as_the_rule_says(form: Any) -> None:
    """Every form of a secret gives the bytes that the exchange signs with."""
    text, expected = FORMS[form]
    assert expected == key_bytes(Secret(text), form)


def test_a_signature_with_a_decoded_key_is_what_python_computes() -> None:
    """HMAC with the bytes behind base64 is not HMAC with its letters."""
    made = signing.hmac_sha384(Secret("a2V5"), "base64")("text")
    assert hmac.new(b"key", b"text", "sha384").digest() == made


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 127, 128, 129, 300])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_hmac_is_that_of_the_library(digest: str, size: int) -> None:
    """Keys shorter and longer than a block of the digest sign, again and again, as `hmac` of the library does."""
    key = "k" * size
    sign = getattr(signing, f"hmac_{digest}")(Secret(key))
    expected = [hmac.new(key.encode(), text, digest).digest() for text in (b"", b"text", b"text")]
    assert expected == [sign(""), sign("text"), sign(b"text")]


BAD_SECRET = "s3cret-%%%-never-shown"


@pytest.mark.parametrize("form", ["base64", "base64url", "base58", "hex"])
def test_a_secret_of_another_form_is_refused_and_not_shown(form: Any) -> None:
    """A secret that is not what its form says is refused when the client is made, without any part of it."""
    with pytest.raises(InvalidRequest) as refused:
        signing.hmac_sha256(Secret(BAD_SECRET), form)
    shown = f"{refused.value!r} {refused.value.__cause__!r} {refused.value.__context__!r}"
    assert [] == [part for part in ("s3cret", "never", "shown") if part in shown]
    assert form in str(refused.value)


@pytest.mark.parametrize(("form", "text"), [("base64", "_wBrZXk"), ("base64url", "/wBrZXk"), ("base64url", "+-8=")])
def test_the_other_alphabet_of_base64_is_another_form(form: Any, text: str) -> None:
    """A key that was copied in the other alphabet is refused, not read as far as it goes."""
    with pytest.raises(InvalidRequest, match=form):
        key_bytes(Secret(text), form)


def pem(key: Any) -> Secret:
    return Secret(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


KEYS: dict[str, Any] = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "p256": ec.generate_private_key(ec.SECP256R1()),
    "secp256k1": ec.generate_private_key(ec.SECP256K1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
}


@pytest.mark.parametrize(
    ("algorithm", "wrong"),
    [
        (a, k)
        for a, own in (("rsa_sha256", "rsa"), ("ecdsa_sha256", "p256"), ("ed25519", "ed25519"))
        for k in KEYS
        if k != own
    ],
)
def test_a_key_of_the_wrong_kind_is_refused(algorithm: str, wrong: str) -> None:
    """A PEM of another kind, or on another curve, is refused when the client is made."""
    with pytest.raises(InvalidRequest, match="the private key is no"):
        getattr(signing, algorithm)(pem(KEYS[wrong]))


def test_an_ed25519_seed_of_another_length_is_refused() -> None:
    """A seed has 32 bytes; what has fewer is no key."""
    with pytest.raises(InvalidRequest, match="an Ed25519 seed has 32"):
        signing.ed25519(Secret(b64encode(b"short").decode()), "base64")


def test_an_ed25519_seed_signs_as_its_pem() -> None:
    """A key is the same, whether it comes as PEM or as the base64 of its seed."""
    key = KEYS["ed25519"]
    seed = b64encode(key.private_bytes_raw()).decode()
    assert signing.ed25519(pem(key))("text") == signing.ed25519(Secret(seed), "base64")("text")


def test_times_are_written_from_whole_milliseconds() -> None:
    """A time is never rounded into another millisecond or second."""
    assert "2023-11-14T22:13:20.007Z" == texts.iso_text(1_700_000_000_007)
    assert "2023-11-14T22:13:20" == texts.iso_seconds_text(1_700_000_000_999)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_names_and_values_arrive_as_they_were_sent(params: dict[str, object]) -> None:
    """A query can be read back to the same names and values, whatever characters they have."""
    draft = RequestDraft("GET", "/", "query", query=params)
    flat = [(key, one) for key, value in params.items() for one in (value if isinstance(value, Repeated) else [value])]
    told = [(key, str(one).lower() if isinstance(one, bool) else str(one)) for key, one in flat]
    assert told == parse_qsl(draft.query_text(), keep_blank_values=True)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_what_is_signed_unencoded_is_what_is_sent(params: dict[str, object]) -> None:
    """The raw query is the query that is sent, decoded: nothing is signed otherwise than it is sent."""
    draft = RequestDraft("GET", "/", "query", query=params)
    flat = [(key, one) for key, value in params.items() for one in (value if isinstance(value, Repeated) else [value])]
    told = [f"{key}={str(one).lower() if isinstance(one, bool) else one}" for key, one in flat]
    assert "&".join(told) == unquote(draft.query_text())


def test_a_repeated_list_is_printed_as_it_is_sent() -> None:
    """All parameters of a rule show a list that is sent as several keys in the same way."""
    draft = RequestDraft("GET", "/", "query", query={"ids[]": Repeated(["1", "2"]), "a": "x"})
    printed = draft.params_text(in_order=True, percent_encoded=True, drop_empty=False, sort_inner=False)
    assert "a=x&ids%5B%5D=1&ids%5B%5D=2" == printed
    assert draft.query_text() == "ids%5B%5D=1&ids%5B%5D=2&a=x"


def test_a_parameter_that_comes_first_stands_after_constants() -> None:
    """What a rule puts first stands before the operation's own parameters, in the rule's order."""
    draft = RequestDraft("POST", "/", "form", body={"method": "getInfo", "own": "1"})
    draft.led = 1
    draft.insert("nonce", "7")
    draft.insert("time", "8")
    assert "method=getInfo&nonce=7&time=8&own=1" == draft.body_text()


NOW = 1_795_132_800_000
PROOF = {
    "missing_key",
    "unknown_key",
    "wrong_credential",
    "missing_signature",
    "wrong_signature",
    "missing_time",
    "wrong_time",
}
"""What is wrong with a request whose signature belongs to something else."""
HOSTILE = st.text(min_size=1, max_size=12) | st.text("+/é#&=% \\\"'[]{},~", min_size=1, max_size=6)


@functools.cache
def signing_client(api: Api) -> Any:
    client: Any = api.client
    return client(
        **Exchange(api.name, remembers=False).credentials,
        base_url="https://exchange.invalid",
        clock=lambda: NOW,
        validate=False,
    )


def texts_of(operation: Operation[Any]) -> list[Param]:
    """Return the parameters that take any text."""
    return [param for param in operation.params if param.kind == "string" and param.place in (None, "query", "body")]


@pytest.mark.parametrize("api", APIS, ids=label)
@given(data=st.data())
def test_no_byte_is_signed_otherwise_than_it_is_sent(api: Api, data: Any) -> None:
    """Whatever texts a caller passes, the exchange finds them as they were, and the signature belongs to what it got."""
    operation = data.draw(st.sampled_from([o for o in api.operations if o.auth == "signed" and texts_of(o)]))
    given_texts = {param: data.draw(HOSTILE) for param in texts_of(operation)}
    arguments = api.arguments(operation) | {param.name: text for param, text in given_texts.items()}
    received = arrived(signing_client(api).prepare(operation, **arguments))
    mock = Exchange(api.name, clock=lambda: NOW, remembers=False)
    mock.receive(received)
    assert mock.requests[-1].verdict not in PROOF, mock.requests[-1].detail
    found = {
        **dict(received.query_pairs),
        **(received.members if operation.carrier == "json" else dict(received.form_pairs)),
    }
    assert {param.wire: text for param, text in given_texts.items()}.items() <= found.items()


def test_a_body_that_holds_secrets_in_another_form_is_masked_whole() -> None:
    """Where a rule writes a key into the body and encodes it, nothing of the body is shown."""
    request = Request("POST", "https://exchange.invalid/", {}, b"eyJrZXkiOiJzZWNyZXQifQ==", frozenset({WHOLE_BODY}))
    assert "eyJr" not in request.curl()
    assert {"eyJrZXkiOiJzZWNyZXQifQ=="} == request.hidden_values
