"""What an import loads, and what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.apis import APIS, Api

GENERATED = Path(__file__).parent.parent / "generated"
HEAVY = ("urllib3", "aiohttp", "asyncio", "redis", "pyreqwest", "cryptography", "jinja2", "yaml", "ssl")


def loaded_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after running some code."""
    script = f"{code}\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(GENERATED)}
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_importing_one_api_loads_no_other(api: Api) -> None:
    """An import of one exchange loads that one."""
    others = {other.name for other in APIS} - {api.name}
    assert set() == {
        name for name in loaded_by(f"import venues.{api.name}") if name.split(".")[1:2] and name.split(".")[1] in others
    }


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_no_group_is_loaded_before_its_first_use(api: Api) -> None:
    """Operations, models, error tables and examples wait until somebody asks for them."""
    waiting = ("operations", "rest", "models", "errors", "examples", "params", "streams")
    found = loaded_by(f"import venues.{api.name}")
    assert set() == {name for name in found if name.startswith(tuple(f"venues.{api.name}.{part}" for part in waiting))}


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_import_loads_nothing_heavy(api: Api) -> None:
    """HTTP, asyncio and the limiter's library are loaded when something is sent."""
    assert set() == loaded_by(f"import venues.{api.name}") & set(HEAVY)


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_import_stays_small(api: Api) -> None:
    """A budget for the number of modules, since time can't be asserted."""
    baseline = loaded_by("pass")
    assert 130 >= len(loaded_by(f"import venues.{api.name}") - baseline)


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_first_use_of_a_group_loads_that_group_only(api: Api) -> None:
    """The other groups go on waiting, their operations too."""
    first, *others = sorted({operation.group for operation in api.operations})
    found = loaded_by(f"from venues.{api.name} import {api.client.__name__} as C; C().{first}")
    assert f"venues.{api.name}.rest.{first}" in found
    assert set() == {f"venues.{api.name}.{part}.{group}" for group in others for part in ("rest", "operations")} & found
