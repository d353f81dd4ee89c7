"""Sync modules are derived from async ones by tables that stand where the sync module would."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.output.unasync import derive_all, wrong_lines

SOURCE = '''"""The async thing."""


class AsyncThing:
    """An async thing, which calls `AsyncThings`."""

    async def get(self, client: AsyncClient) -> int:
        async with client as opened:
            return len((await opened.get(await self.address())).data)
'''
TABLE = """# How the sync thing differs.
from async_thing.py

AsyncThing -> Thing
AsyncClient -> Client
An async thing -> A thing
The async thing -> The thing
"""
DERIVED = '''"""The thing."""


class Thing:
    """A thing, which calls `AsyncThings`."""

    def get(self, client: Client) -> int:
        with client as opened:
            return len(opened.get(self.address()).data)
'''


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "async_thing.py").write_text(SOURCE, "utf-8")
    (folder / "thing.py.unasync").write_text(TABLE, "utf-8")
    return folder


def test_module_is_derived_word_by_word(templates: Path) -> None:
    """Whole words are replaced, `async` and `await` go, and so do the parentheses that only they needed."""
    assert {"thing.py": DERIVED} == derive_all(templates)


def test_good_table_has_no_wrong_lines(templates: Path) -> None:
    """Every line of the table does something."""
    assert [] == [*wrong_lines(templates)]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("AsyncThing ->", "AsyncThink ->", "4  line: the module does not contain `AsyncThink`"),
        ("AsyncThing -> Thing", "AsyncThing Thing", "4  line: lacks an arrow; write `old -> new`"),
        (
            "from async_thing.py",
            "from other.py",
            "2  from: the first line must be `from` and the name of a module in this folder",
        ),
    ],
)
def test_line_that_does_nothing_is_a_problem(templates: Path, old: str, new: str, problem: str) -> None:
    """A table that its module has outgrown is noticed, with the line."""
    (templates / "thing.py.unasync").write_text(TABLE.replace(old, new), "utf-8")
    assert [f"templates/thing.py.unasync:{problem}"] == [str(one) for one in wrong_lines(templates)]
