"""Keeps what was made, by the hash of what it was made from, outside the output."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.write import replace

Texts = dict[str, bytes]


@dataclass(frozen=True)
class Cache:
    """A folder of things that can be made again."""

    folder: Path
    libraries: bytes = b""
    """The versions of the libraries that make things."""

    def text(self, key: str) -> bytes | None:
        """Return a formatted text."""
        return _bytes(self.folder / "tidy" / key)

    def keep_text(self, key: str, content: bytes) -> None:
        """Keep a formatted text."""
        _keep(self.folder / "tidy" / key, content)

    def texts(self, key: str) -> tuple[Texts, Any] | None:  # Any: JSON
        """Return several texts and what was kept with them."""
        content = _bytes(self.folder / "api" / key)
        if content is None:
            return None
        try:
            texts, more = json.loads(content)
        except ValueError:  # cut off, as when the disk was full
            return None
        return {name: text.encode() for name, text in texts.items()}, more

    def keep_texts(self, key: str, texts: Texts, more: object) -> None:
        """Keep several texts, and JSON with them."""
        content = json.dumps([{path: text.decode() for path, text in texts.items()}, more])
        _keep(self.folder / "api" / key, content.encode())


def _keep(path: Path, content: bytes) -> None:
    with suppress(OSError):  # what can't be kept is made again
        replace(path, content)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def contents(folder: Path, pattern: str, without: str = "") -> list[bytes]:
    """Return names and contents of the files below a folder, for a hash."""
    found = [folder.name.encode()]
    for path in sorted(folder.rglob(pattern)):
        if path.name != without and path.is_file():
            found += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
    return found


def digest(parts: Iterable[bytes]) -> str:
    """Hash several things, each with its length."""
    made = hashlib.sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()
