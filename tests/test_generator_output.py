"""What is made of the small specs of `tests/cases` can be imported, called with its examples, and decodes its answers."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.made import texts_of

Called = Callable[[str], dict[str, list[str]]]
FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected"))
SCRIPT = """
import importlib, json, pkgutil
import msgspec
import venues.demo
from venues.catalog import declarations
from venues.core.request.messages import Reply
from venues.demo import Demo, examples, operations


class Answering:
    def send(self, request, timeout):
        return Reply(200, {}, answer)

    def close(self):
        pass


for module in pkgutil.walk_packages(venues.demo.__path__, "venues.demo."):
    importlib.import_module(module.name)
signers = Demo.PROFILE.signers()
# The examples that the spec gives its credentials: a key may have to be base64.
known = json.loads(declarations("demo")).get("credentials", {})
credentials = {name: known[name] for name in signers[0].credentials} if signers else {}
client = Demo(**credentials, clock=lambda: 1591702613943, transport=Answering())
for operation in operations.OPERATIONS:
    example = examples.EXAMPLES[operation.full_name]
    answer = example.response.encode()
    request = client.prepare(operation, **example.arguments)
    data = client.call(operation, **example.arguments).data
    print(json.dumps([operation.full_name, request.url, request.body.decode(), repr(data)]))
"""


@pytest.fixture(scope="module")
def called(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Called:
    """Call every operation of a case with its example: operation → address, body and answer."""

    @functools.cache
    def calling(case: str) -> dict[str, list[str]]:
        output = tmp_path_factory.mktemp("output")
        for path, text in texts_of(FOLDER / case / "specs", cache).items():
            if path.startswith("venues/"):
                (output / path).parent.mkdir(parents=True, exist_ok=True)
                (output / path).write_text(text, "utf-8")
        environment = os.environ | {"PYTHONPATH": str(output), "PYTHONWARNINGS": "error"}
        command = [sys.executable, "-c", SCRIPT]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=output, check=False)
        assert "" == done.stderr
        return {name: rest for name, *rest in map(json.loads, done.stdout.splitlines())}

    return calling


@pytest.mark.parametrize("case", CASES)
def test_output_runs(called: Called, case: str) -> None:
    """Every module can be imported, every example be sent, and every answer be read."""
    assert called(case)


def test_nested_structs_are_sent_by_their_wire_names(called: Called) -> None:
    """Dicts with Python names become objects with wire names, however deep, and numbers stay exact."""
    legs = '[{"symbol":"BTCUSDT","price":"1.5"},{"symbol":"ETHUSDT","quoteSize":"10"}]'
    body = f'{{"basket":{{"label":"mine","legs":{legs}}}}}'
    assert body == called("nested_struct_that_is_sent")["market.place_basket"][1]


def test_integer_enum_is_sent_as_a_number(called: Called) -> None:
    """An enum whose values are numbers writes a number."""
    assert '{"mode":2}' == called("integer_enum")["market.set_mode"][1]


def test_array_struct_is_read_by_position(called: Called) -> None:
    """Members of an array get their names by their places; what the array leaves out is None."""
    levels = (
        "PriceLevel(price=Decimal('15100'), quantity=Decimal('0.2'), orders=3), "
        "PriceLevel(price=Decimal('15099'), quantity=Decimal('1'), orders=None)"
    )
    assert f"Book(bids=[{levels}])" == called("array_struct")["market.get_book"][2]


def test_names_of_python_get_an_underscore(called: Called) -> None:
    """`from` is called `from_`, sent as `from`, and read into `from_`."""
    url, _, answer = called("names_that_python_keeps")["market.get_price"]
    assert "https://api.example.com/price?from=1591702613943" == url
    assert "Span(from_=1591702613943, class_='a', list_=['b'])" == answer
