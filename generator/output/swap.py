"""Replaces many files together: all of them or, if anything goes wrong on the way, none.

Paths are texts, and the disk is asked as little as it can be: a run from nothing makes thousands of files.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

# Begins with a dot: what an interrupted run leaves behind is hidden, and no module.
PREFIX = ".venues-"


def swap(contents: Mapping[str, bytes | None], folder: Path) -> None:
    """Give each path below a folder its content; None removes it. Each file is replaced in one step.

    Raises:
        OSError: if that can't be done; the folder is then unchanged.
    """
    existed = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    # Inside the folder: renaming a file in one step works only within one file system.
    staging = tempfile.mkdtemp(dir=folder, prefix=PREFIX)
    changes: list[_Change] = []
    folders = set[str]()
    done: list[_Change] = []
    try:
        for number, path in enumerate(contents):
            change = _Change(f"{folder}/{path}", f"{staging}/{number}")
            # One after the other: together, the contents may be more than should be in memory.
            change.prepare(contents[path])
            changes.append(change)
        # Removals first: a file may have to go before a folder of its name can be made.
        for change in sorted(changes, key=lambda change: not change.removes):
            done.append(change)
            change.apply(folders)
            if change.removes:
                _drop_empty(Path(change.target), folder)
    except BaseException:  # Ctrl-C included
        for change in reversed(done):
            change.undo()
            _drop_empty(Path(change.target), folder)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not existed:
            with suppress(OSError):  # not empty: it holds what was written
                folder.rmdir()


class _Change:
    """One file: its new and its old content."""

    def __init__(self, target: str, staged: str) -> None:
        self.target = target
        self.removes = False
        """Whether there is no new content."""
        self._new = f"{staged}.new"
        self._old = f"{staged}.old"

    def prepare(self, content: bytes | None) -> None:
        """Write the new content and keep the old, both beside the target; a full disk fails here, before any change."""
        self.removes = content is None
        if content is not None:
            _write(self._new, content)
        if _is_file(self.target):
            _keep(self.target, self._old)

    def apply(self, folders: set[str]) -> None:
        """Put it in place; `folders` are those that are there for certain."""
        if self.removes:
            os.unlink(self.target)  # noqa: PTH108
            return
        if (above := os.path.dirname(self.target)) not in folders:  # noqa: PTH120
            os.makedirs(above, exist_ok=True)  # noqa: PTH103
            folders.add(above)
        os.replace(self._new, self.target)  # noqa: PTH105

    def undo(self) -> None:
        """Put back what was there."""
        if _is_file(self._old):
            os.makedirs(os.path.dirname(self.target), exist_ok=True)  # noqa: PTH103, PTH120
            os.replace(self._old, self.target)  # noqa: PTH105
        elif not _is_file(self._new):
            Path(self.target).unlink(missing_ok=True)


def _write(path: str, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0))
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)
    os.chmod(path, 0o644)  # noqa: PTH101 - whatever the umask: same input, same files


def _is_file(path: str) -> bool:
    """Whether a path is that of a file or of a symbolic link, wherever that leads."""
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def _keep(path: str, copy: str) -> None:
    try:
        os.link(path, copy, follow_symlinks=False)
    except OSError:  # not every file system has links
        shutil.copy2(path, copy, follow_symlinks=False)


def _drop_empty(path: Path, folder: Path) -> None:
    """Remove the folders above a path that hold nothing any more."""
    for parent in path.parents:
        if parent == folder or not parent.is_dir() or any(parent.iterdir()):
            return
        parent.rmdir()
