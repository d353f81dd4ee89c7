"""Replaces many files together: all of them or, if anything goes wrong on the way, none."""

from __future__ import annotations

import os
import shutil
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
    staging = Path(tempfile.mkdtemp(dir=folder, prefix=PREFIX))
    changes = [_Change(folder / path, content, staging / str(n)) for n, (path, content) in enumerate(contents.items())]
    done: list[_Change] = []
    try:
        for change in changes:
            change.prepare()
        # Removals first: a file may have to go before a folder of its name can be made.
        for change in sorted(changes, key=lambda change: change.content is not None):
            done.append(change)
            change.apply()
            if change.content is None:
                _drop_empty(change.target, folder)
    except BaseException:  # Ctrl-C included
        for change in reversed(done):
            change.undo()
            _drop_empty(change.target, folder)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not existed:
            with suppress(OSError):  # not empty: it holds what was written
                folder.rmdir()


class _Change:
    """One file: its new and its old content."""

    def __init__(self, target: Path, content: bytes | None, staged: Path) -> None:
        self.target = target
        self.content = content
        self._new = staged.with_suffix(".new")
        self._old = staged.with_suffix(".old")

    def prepare(self) -> None:
        """Write the new content and keep the old, both beside the target; a full disk fails here, before any change."""
        if self.content is not None:
            self._new.write_bytes(self.content)
            self._new.chmod(0o644)  # whatever the umask: same input, same files
        if self.target.is_symlink() or self.target.is_file():
            _keep(self.target, self._old)

    def apply(self) -> None:
        """Put it in place."""
        if self.content is None:
            self.target.unlink()
        else:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._new.replace(self.target)

    def undo(self) -> None:
        """Put back what was there."""
        if self._old.is_symlink() or self._old.exists():
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._old.replace(self.target)
        elif not self._new.exists():
            self.target.unlink(missing_ok=True)


def _keep(path: Path, copy: Path) -> None:
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
