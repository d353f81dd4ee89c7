"""What a spec knows beyond descriptions, its reader finds in docstrings: rules about several parameters, and oddities."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from generator.ground.tree import ROOT
from generator.model.api import Api
from generator.model.documentation import Quirk
from generator.model.operations import Operation
from generator.model.types import Struct
from generator.python.docstrings import rule_sentences
from tests.support.apis import APIS
from tests.support.specs import model

PACKAGE = ROOT / "generated" / "venues"
each_api = pytest.mark.parametrize("api", [api.name for api in APIS])


@cache
def docstrings(api: str) -> str:
    """Return all docstrings of an API's modules, in single spaces."""
    trees = (ast.parse(path.read_text("utf-8")) for path in sorted((PACKAGE / api).rglob("*.py")))
    texts = [
        node.value.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    return " ".join(" ".join(texts).split())


def quirks(api: Api) -> list[Quirk]:
    """Return every oddity of an API, wherever it stands."""
    signing = [api.signing.quirks, *(scheme.quirks for scheme in api.signing.schemes)]
    types = [*(enum.quirks for enum in api.enums), *(struct.quirks for struct in api.structs)]
    calls = [*(error.quirks for error in api.errors), *(operation.quirks for operation in api.operations)]
    return [quirk for found in [api.quirks, *signing, *types, *calls] for quirk in found]


@each_api
def test_every_quirk_is_told(api: str) -> None:
    """What is odd about an API, and why its client does what it does, stands in a docstring."""
    said = docstrings(api)
    assert [] == [quirk.what for quirk in quirks(model(api)) if f"{quirk.what} {quirk.why}" not in said]


@each_api
def test_every_rule_is_told(api: str) -> None:
    """What is refused before it is sent stands in a docstring, in the words of Python."""
    made = model(api)
    ruled: list[Operation | Struct] = [*made.operations, *(struct for struct in made.structs if struct.sent)]
    said = docstrings(api)
    assert [] == [rule for one in ruled for rule in rule_sentences(made, one) if rule not in said]


def test_conditions_name_members() -> None:
    """A condition on an enum names its members, not the numbers that are sent."""
    assert "If `type` is `OrderType.LIMIT`: `price` is required." in docstrings("hibt_futures")


def test_descriptions_name_parameters_as_python_does() -> None:
    """A parameter that a description speaks of has the name under which a caller passes it."""
    assert "Not with `close_position`." in docstrings("aster_futures")
    assert "Not with `closePosition`." not in docstrings("aster_futures")


def test_sizes_say_of_what() -> None:
    """How long a list may be does not look like what its members may be, and one is not several."""
    assert "Flash repayment ids. 1 to 100 items." in docstrings("bitget_margin")
    assert "Orders to place. At least 1 item." in docstrings("sixmm")


def test_costs_are_told_by_case() -> None:
    """What a call takes from a limit is said with the parameter that it depends on."""
    assert "costs 1 of request_weight if `symbol` is given, otherwise 40." in docstrings("aster_futures")
    assert "costs 1 of request_weight and 1 of orders." in docstrings("aster_futures")


@each_api
def test_calls_that_need_other_credentials_say_so(api: str) -> None:
    """Where not every signing rule will do, a docstring names the credentials that do."""
    made = model(api)
    needed = {
        " and ".join(f"`{name}`" for name in scheme.credentials)
        for operation in made.operations
        for scheme in made.signing.schemes
        if scheme.name in operation.schemes
    }
    assert [] == [names for names in needed if f"Signed with {names} only" not in docstrings(api)]
