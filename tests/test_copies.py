"""The copies of the runtime that are imported say where they are edited."""

from __future__ import annotations

from generator.ground.tree import ROOT, tables_in

MARK = "# Edited in templates/{}; the copy in generated/ is imported."


def first_line(path: str) -> str:
    return (ROOT / "generated" / path).read_text("utf-8").partition("\n")[0]


def test_every_copied_module_says_where_it_is_edited() -> None:
    """Whoever lands in a copy, by "go to definition", learns from its first line which file to open."""
    templates = ROOT / "templates"
    copied = [path.relative_to(templates).as_posix() for path in sorted((templates / "venues").rglob("*.py"))]
    assert [] == [path for path in copied if first_line(path) != MARK.format(path)]


def test_every_derived_module_says_where_it_is_edited() -> None:
    """A sync module names the async one that it is derived from."""
    derived = [path.removesuffix(".unasync") for path in tables_in(ROOT / "templates")]
    assert derived
    assert [] == [
        path for path in derived if "async" not in first_line(path) or not first_line(path).startswith("# Edited in ")
    ]


def test_no_leftover_of_an_editor_is_copied() -> None:
    """What is copied into the package is Python or the mark of a typed package; a forgotten `.orig` would be shipped."""
    copied = [path.name for path in (ROOT / "templates" / "venues").rglob("*") if path.is_file()]
    assert [] == [name for name in copied if not name.endswith((".py", ".j2", ".unasync", ".pyc", "py.typed"))]
