"""Runs the samples for a shell, with real openssl, and without sending anything."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.model.api import Api
from generator.pipeline.validate import model_of
from generator.reference.curl import Curl
from generator.source.folder import read_source
from tests.atlas.cases import Case
from tests.atlas.measure import UUID

SECOND = 1_700_000_000
"""When everything is signed: samples know whole seconds only."""
STUBS = f"""\
date() {{ TZ=UTC command date -d @{SECOND} "$@"; }}
openssl() {{ if [ "$1" = rand ]; then echo {UUID.replace("-", "")}; else command openssl "$@"; fi; }}
curl() {{ printf '%s\\0' "$@"; }}
"""
"""What takes the place of the clock, of chance and of the network."""


def model(specs: Path, api: str) -> Api:
    """Return the model of one of the specs in a folder."""
    return model_of(read_source(specs, specs / api), specs)


def samples(api: Api, cases: Sequence[Case]) -> list[str]:
    """Return the sample of each case's call."""
    operations = {operation.name: operation for group in api.groups for operation in group.operations}
    print_sample = Curl(api)
    return [print_sample(operations[case.call["name"]]) for case in cases]


def run(sample: str, api: str, credentials: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """Return what a sample would send: address, headers and body."""
    named = {f"{api}_{name}".upper(): value for name, value in credentials.items()}
    command = ["sh", "-euc", STUBS + sample]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **named}, capture_output=True, check=False)
    assert (0, b"") == (done.returncode, done.stderr), sample
    words = done.stdout.decode().split("\0")[:-1]
    following = dict(enumerate(words[1:]))
    headers = [following[at].partition(": ") for at, one in enumerate(words) if one == "-H"]
    return {
        "url": next(one for one in words if one.startswith("https://")),
        "headers": {name: value for name, _, value in headers},
        "body": next((following[at] for at, one in enumerate(words) if one == "--data-raw"), ""),
    }
