"""What lies in the folders that are read, found without a heavy library."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from sys import version

CODE = Path(__file__).parents[1]
"""The generator itself."""
ROOT = CODE.parent
"""The checkout."""
READING_RULES = "docs.yaml"
"""How to read the documentation: no part of what is generated."""
SKIPPED = frozenset({"__pycache__", "_macros"})


def contents(folder: Path, pattern: str, without: str = "") -> list[bytes]:
    """Return names and contents of the files below a folder, for a hash."""
    found = [folder.name.encode()]
    for path in sorted(folder.rglob(pattern)):
        if path.name != without and path.is_file():
            found += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
    return found


def source_folders(specs: Path) -> list[Path]:
    """Return the folders of all APIs, in alphabetical order: those that hold YAML."""
    return sorted(folder for folder in specs.iterdir() if folder.is_dir() and any(folder.rglob("*.yaml")))


def templates_in(folder: Path) -> list[str]:
    """Return the paths of all templates and plain files, in order."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        path.as_posix() for path in found if not SKIPPED & set(path.parts) and not path.name.endswith((".pyc", "~"))
    ]


def plain_files(folder: Path) -> dict[str, bytes]:
    """Return what is copied byte for byte: path → content."""
    return {
        name: (folder / name).read_bytes()
        for name in templates_in(folder)
        if not name.endswith((".j2", ".unasync")) and "{" not in name
    }


def tables_in(folder: Path) -> list[str]:
    """Return the paths of the tables by which sync modules are derived from async ones."""
    return [name for name in templates_in(folder) if name.endswith(".unasync")]


def libraries() -> list[bytes]:
    """Return Python's version and those of the libraries that are installed beside the generator's, as their folders say."""
    places = {
        Path(spec.origin).parent.parent for name in ("jinja2", "ruff") if (spec := find_spec(name)) and spec.origin
    }
    found = {path.name for place in places for path in place.glob("*.dist-info")}
    return [version.encode(), *(name.encode() for name in sorted(found))]
