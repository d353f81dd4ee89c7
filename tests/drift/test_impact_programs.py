"""`impact` follows names through whole programs, and through the files of a project."""

from __future__ import annotations

import ast
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.drift.impact.impact import models
from generator.drift.impact.model_changes import changes_of
from generator.drift.impact.project import Project
from generator.drift.impact.uses import uses_in
from tests.drift.places import run, toy

BOTS = Path(__file__).parent / "bots"
TOLD = "# told:"


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy spec, whose value SELL and field orderId are gone since the first revision."""
    folder, _ = toy(tmp_path_factory.mktemp("toy"))
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        git = ["git", "-C", str(folder.parent), "-c", "user.name=t", "-c", "user.email=t@t"]
        subprocess.run([*git, *command], check=True, capture_output=True)
    types = folder / "toy" / "types.yaml"
    text = types.read_text("utf-8").replace("      - {name: SELL, value: SELL, doc: Sells.}\n", "")
    types.write_text(text.replace("orderId:", "id:"), "utf-8")
    return folder


def placed(to: Path) -> Path:
    """The programs, as the files of a project."""
    for source in sorted(BOTS.glob("*.txt")):
        folder, _, name = source.stem.rpartition("_") if source.stem.startswith("app_") else ("", "", source.stem)
        (to / folder).mkdir(exist_ok=True)
        (to / folder / f"{name}.py").write_text(source.read_text("utf-8"), "utf-8")
    return to


def marked(folder: Path) -> Iterator[tuple[str, int]]:
    """File and line of what has to be reported."""
    for file in folder.rglob("*.py"):
        for line, text in enumerate(file.read_text("utf-8").splitlines(), 1):
            if TOLD in text:
                yield str(file), line


def test_what_a_program_uses_is_reported_and_nothing_else(specs: Path, tmp_path: Path) -> None:
    """By whatever name it goes, in whatever file it was made; what only looks alike is another package's."""
    folder = placed(tmp_path)
    found = run("impact", "--specs", specs, "--since", "HEAD", folder).output.splitlines()
    places = {(match[1], int(match[2])) for line in found if (match := re.match(r"(.*?):(\d+)  ", line))}
    assert set(marked(folder)) == places


def test_a_call_by_its_constant_is_compared_with_what_it_is_given(specs: Path, tmp_path: Path) -> None:
    """`client.call(operations.…, side=…)` is a call like others."""
    file = tmp_path / "bot.py"
    code = "from venues.toy import Toy, operations as o\nToy.from_env().call(o.ORDERS_PLACE_ORDER, side='SELL')\n"
    file.write_text(code, "utf-8")
    said = f"{file}:2  toy: orders.place_order is called with side='SELL', which is no longer valid"
    assert [said] == run("impact", "--specs", specs, "--since", "HEAD", file).output.splitlines()


def test_any_program_can_be_walked(specs: Path, tmp_path: Path) -> None:
    """Whatever the language has, in the files of the standard library."""
    before, library = models(specs)["toy"], Path(sysconfig.get_path("stdlib"))
    changed = {"toy": changes_of(before, before)}
    for name in ("ast", "asyncio/taskgroups", "contextlib"):
        text = "from venues.toy import *\n" + (library / f"{name}.py").read_text("utf-8").replace(
            "from __future__", "#"
        )
        imports = Project().imports(tmp_path / "bot.py", text)
        assert imports is not None
        assert [] == uses_in(imports, changed)
        assert isinstance(imports.tree, ast.Module)


def test_a_long_chain_of_calls_is_followed_link_by_link(specs: Path, tmp_path: Path) -> None:
    """Each link is asked once, or forty of them would never end."""
    file = tmp_path / "bot.py"
    chain = "x" + ".copy()" * 40
    file.write_text(
        f"from venues.toy import Toy\nx = Toy.from_env()\n{chain}.orders.place_order(side='SELL')\n", "utf-8"
    )
    said = f"{file}:3  toy: orders.place_order is called with side='SELL', which is no longer valid"
    assert [said] == run("impact", "--specs", specs, "--since", "HEAD", file).output.splitlines()
