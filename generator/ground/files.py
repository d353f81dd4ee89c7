"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace(path: Path, *contents: bytes) -> None:
    """Write a file of one or several parts, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".venues-")
    new = Path(name)  # beside the old one: only within a file system is a move one step
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(contents)
        new.chmod(0o644)  # as any file; mkstemp makes private ones
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
