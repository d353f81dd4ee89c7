"""Somebody else's client generator understands our OpenAPI documents."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.apis import APIS, Api, label

ROOT = Path(__file__).parent.parent
TOOL = ROOT / ".cache" / "openapi-client" / "bin"
DECODE = ROOT / "tests" / "tools" / "decode_examples.py"

pytestmark = pytest.mark.skipif(
    not (TOOL / "openapi-python-client").is_file(),
    reason="openapi-python-client is not installed: run `make tools`",
)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_a_foreign_client_decodes_every_example(api: Api, tmp_path: Path) -> None:
    """A client made by openapi-python-client imports, and reads every example answer without losing anything."""
    document, package = ROOT / "generated" / "openapi" / f"{api.name}.json", tmp_path / api.name
    environment = {**os.environ, "PATH": f"{TOOL}{os.pathsep}{os.environ['PATH']}"}
    make = [str(TOOL / "openapi-python-client"), "generate", "--meta", "none", "--fail-on-warning"]
    made = subprocess.run(
        [*make, "--path", str(document), "--output-path", str(package)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    found = subprocess.run(
        [str(TOOL / "python"), str(DECODE), str(document), str(package)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    expected = {operation.full_name: ["same"] for operation in api.operations}
    assert expected == json.loads(found.stdout)
