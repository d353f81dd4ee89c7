"""What `fast` makes of the headers that its library has read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

pytest.importorskip("pyreqwest", reason="the extra `fast` is not installed")

from pyreqwest.http import HeaderMap

from venues.core.http.legible import Legible

GENERATED = Path(__file__).parent.parent / "generated"
COMPARED = """
from pyreqwest.http import HeaderMap
from venues.core.http.legible import Legible

headers = Legible(HeaderMap({"Date": "today"}))
assert headers == headers and headers == {"date": "today"}
"""


def test_headers_can_be_compared_with_themselves() -> None:
    """Comparing headers never stops a program, though those of the library wait for themselves, the interpreter with them."""
    command = [sys.executable, "-c", COMPARED]
    subprocess.run(command, check=True, timeout=PATIENCE, env={"PYTHONPATH": str(GENERATED)})


def test_header_said_twice_has_one_name() -> None:
    """A header that comes twice is one name, with the value that came first."""
    headers = Legible(HeaderMap([("Set-Cookie", "a"), ("set-cookie", "b"), ("Date", "today")]))
    assert (2, {"set-cookie": "a", "date": "today"}) == (len(headers), dict(headers))
    assert "a" == headers["SET-COOKIE"]
