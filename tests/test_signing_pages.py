"""Signing, step by step: what the pages show is what the clients make, and what openssl and Python's own HMAC make."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import subprocess
import textwrap
from importlib import import_module
from typing import Any

import pytest
from msgspec.structs import replace

from generator.model.api import Api
from generator.model.signing import Scheme, Vector
from generator.reference.steps import Step
from generator.reference.worked import WorkedExample, worked_examples, worked_logins
from generator.signing.keys import key_of
from generator.signing.worked import host_of
from tests.support.docs import BLOCK, DOCS
from tests.test_vectors import MODELS, signed
from venues.core.streams.login import LoginSigner
from venues.core.values.secrets import Secret

NEEDS_SHELL = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
SHOWN = [
    (api, scheme, example)
    for api in MODELS
    for scheme in api.signing.schemes
    for example in worked_examples(scheme, host_of(api))
]
LOGINS = [(api, name, example) for api in MODELS if api.streams for name, example in worked_logins(api.streams)]
each_api = pytest.mark.parametrize("api", MODELS, ids=lambda api: api.name)


def label(value: object) -> str:
    return value.vector.name if isinstance(value, WorkedExample) else str(getattr(value, "name", value))


def blocks(steps: tuple[Step, ...]) -> list[str]:
    """Return what stands in the blocks of code."""
    texts = [block for step in steps for _, block in step.results]
    return [textwrap.dedent(found[4]) for text in texts if (found := BLOCK.search(text))]


@pytest.mark.parametrize(("api", "scheme", "example"), SHOWN, ids=label)
def test_what_is_shown_is_what_the_client_makes(api: Api, scheme: Scheme, example: WorkedExample) -> None:
    """String to sign, digest, query, body and headers are those of the client's own signer."""
    assert isinstance(example.vector, Vector)
    made, shown = signed(api, scheme, example.vector), blocks(example.steps)
    assert set(made.texts) <= set(shown)
    if key_of(scheme, example.vector.credentials) is not None:
        assert {digest.hex() for digest in made.digests} <= {*shown}
    headers = "".join(f"\n{name}: {value}" for name, value in made.draft.headers.items())
    body = f"\n\n{made.body}" if made.body else ""
    assert f"{example.vector.method} {made.url}{headers}{body}" == shown[-1]


@pytest.mark.parametrize(("api", "connection", "example"), LOGINS, ids=label)
def test_the_login_that_is_shown_is_the_one_that_the_client_sends(
    api: Api, connection: str, example: WorkedExample
) -> None:
    """The frame is that of the client's own login, at the same time and with the same credentials."""
    protocol: Any = import_module(f"venues.{api.name}.streams.protocol").PROTOCOL
    given = {name: Secret(value) for name, value in example.vector.credentials.items()}
    frame = LoginSigner(protocol.connections[connection].login, given)(example.vector.time, 1)
    assert json.loads(json.dumps(frame)) == json.loads(blocks(example.steps)[-1])


@each_api
def test_every_value_is_on_the_page(api: Api) -> None:
    """Every worked example stands on the page with all its values, in their order."""
    text = (DOCS / api.name / "signing.md").read_text("utf-8")
    place = 0
    for _, _, example in [one for one in (*SHOWN, *LOGINS) if one[0] is api]:
        for step in example.steps:
            for shown in (f". {step.title}**", *(block for _, block in step.results)):
                place = text.index(shown, place)


@each_api
def test_every_repeatable_rule_is_shown(api: Api) -> None:
    """A reader finds each vector that anybody can repeat."""
    wanted = [vector.name for scheme in api.signing.schemes for vector in scheme.vectors if vector.signature]
    assert wanted == [example.vector.name for owner, _, example in SHOWN if owner is api]


@NEEDS_SHELL
@each_api
def test_a_shell_computes_the_signatures_that_are_shown(api: Api) -> None:
    """Whoever pastes the command of a worked example gets its signature."""
    examples = [example for owner, _, example in (*SHOWN, *LOGINS) if owner is api]
    text = (DOCS / api.name / "signing.md").read_text("utf-8")
    commands = [textwrap.dedent(found[4]) for found in BLOCK.finditer(text) if found[3] == "sh"]
    done = [subprocess.run(["sh", "-euc", each], capture_output=True, text=True, check=True) for each in commands]
    assert [example.vector.signature for example in examples] == [each.stdout.strip() for each in done]


@each_api
def test_differences_that_nobody_sees_can_be_found(api: Api) -> None:
    """Size and hash of a string to sign are those of its bytes."""
    for _, _, example in [one for one in (*SHOWN, *LOGINS) if one[0] is api]:
        (step,) = [step for step in example.steps if step.title == "The string to sign"]
        (text,) = blocks((step,))
        size, digest = re.findall(r"^(\d+) bytes; SHA-256 `(\w+)`", step.note)[0]
        assert (int(size), digest) == (len(text.encode()), hashlib.sha256(text.encode()).hexdigest())


SCHEME = next(scheme for api in MODELS if api.name == "bitget_margin" for scheme in api.signing.schemes)


def with_secret(form: str, secret: str) -> WorkedExample:
    """Return the first worked example of a rule that reads its secret in a form."""
    vector = replace(SCHEME.vectors[0], credentials={**SCHEME.vectors[0].credentials, "api_secret": secret})
    return worked_examples(replace(SCHEME, secret_form=form, vectors=(vector,)))[0]


def test_a_decoded_secret_is_shown_as_the_bytes_that_sign() -> None:
    """Where the secret is not used as it is, its bytes are a step of their own, and they make the digest."""
    shown = blocks(with_secret("base64", "a2V5").steps)
    text = next(one for one in shown if one.startswith("15910895"))
    assert [b"key".hex(), hmac.new(b"key", text.encode(), hashlib.sha256).hexdigest()] == shown[3:5]
