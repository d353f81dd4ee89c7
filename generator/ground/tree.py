"""What lies in the folders that are read, found without a heavy library.

Paths are texts here: to make and compare thousands of `Path` objects takes longer than all else of a run that finds
nothing to do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import translate
from importlib.util import find_spec
from pathlib import Path
from sys import version

CODE = Path(__file__).parents[1]
"""The generator itself."""
ROOT = CODE.parent
"""The checkout."""
SCHEMAS = ROOT / "specs" / "schema"
"""Whatever specs are read, the language of specs is that of the generator."""
LOCK = ROOT / "requirements.lock"
READING_RULES = "docs.yaml"
"""How to read the documentation: no part of what is generated."""
SKIPPED = frozenset({"__pycache__", "_macros"})


def files_below(folder: Path | str, skipped: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the paths of the files and symbolic links below a folder, relative to it; links are not followed.

    Args:
        folder: Where to look; nothing lies in a folder that is none.
        skipped: Names of files and folders that are left out, with all that is in them.
    """
    return (path for path, _ in entries_below(folder, skipped))


def entries_below(folder: Path | str, skipped: frozenset[str] = frozenset()) -> Iterator[tuple[str, bool]]:
    """Yield the same paths, each with whether it is a symbolic link."""
    # No function that calls itself: each file would pass through as many generators as it has folders above it.
    waiting = [(str(folder), "")]
    while waiting:
        place, below = waiting.pop()
        try:
            entries = os.scandir(place)
        except (FileNotFoundError, NotADirectoryError):
            continue
        with entries:
            for entry in entries:
                if entry.name in skipped:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, f"{below}{entry.name}/"))
                elif entry.is_symlink():
                    yield below + entry.name, True
                elif entry.is_file():
                    yield below + entry.name, False


def read_file(folder: Path | str, path: str) -> bytes:
    """Return the content of a file, by its path below a folder."""
    # Without a buffer, whose making takes as long as reading a small file.
    with open(f"{folder}/{path}", "rb", buffering=0) as file:  # noqa: PTH123 - see above
        return file.readall()


def contents(folder: Path, *patterns: str, without: str = "") -> list[bytes]:
    """Return names and contents of the files below a folder whose name fits one of several patterns, for a hash."""
    fits = re.compile("|".join(map(translate, patterns))).match
    found = [folder.name.encode()]
    paths = [path for path in files_below(folder) if (name := path.rpartition("/")[2]) != without and fits(name)]
    for path in sorted(paths, key=_parts):
        if os.path.isfile(f"{folder}/{path}"):  # noqa: PTH113
            found += [path.encode(), read_file(folder, path)]
    return found


def _parts(path: str) -> list[str]:
    """Order paths as folders are listed: what lies in `a` comes before what lies in `a-b`."""
    return path.split("/")


def source_folders(specs: Path) -> list[Path]:
    """Return the folders of all APIs, in alphabetical order: those that hold YAML."""
    return sorted(folder for folder in specs.iterdir() if any(path.endswith(".yaml") for path in files_below(folder)))


def templates_in(folder: Path) -> list[str]:
    """Return the paths of all templates and plain files, in order."""
    found = (path for path in files_below(folder, SKIPPED) if not path.endswith((".pyc", "~")))
    return sorted(found, key=_parts)


def plain_files(folder: Path) -> dict[str, bytes]:
    """Return what is copied byte for byte: path → content."""
    return {
        name: read_file(folder, name)
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
