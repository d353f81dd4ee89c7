"""What lies in the output folder and beside it: our files and the list of them, and those of others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.ground.tree import entries_below

# Caches of tools that run over the output.
IGNORED = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})
MANIFEST = ".manifest"
"""Lists the files that were written, one path per line; all others belong to others, and stay."""
README = "README.md"
"""Beside the folder; only its table of coverage is ours."""


def files_in(output: Path) -> dict[str, bool]:
    """Return the files below a folder, caches aside, each with whether it is a symbolic link."""
    return {path: is_link for path, is_link in entries_below(output, IGNORED) if path != MANIFEST}


def manifest_of(paths: Iterable[str]) -> bytes:
    """Return the list of the files that were written."""
    return "".join(f"{path}\n" for path in sorted(paths)).encode()


def previous_paths(output: Path) -> set[str]:
    """Return the paths that the last run wrote."""
    manifest = output / MANIFEST
    return set(manifest.read_text("utf-8").splitlines()) if manifest.is_file() else set()
