"""The files of one API, opened for editing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from generator.drift.edit.yaml_edit import Editor


class SpecFiles:
    """Opens each file once, and prints those that changed."""

    def __init__(self, folder: Path, *, are_ours: bool = False) -> None:
        self._folder = folder
        self._are_ours = are_ours
        self._editors: dict[str, Editor] = {}

    def changed(self) -> dict[str, str]:
        """Return the files that were edited, with their new texts."""
        return {name: spaced(text) for name, editor in self._editors.items() if (text := editor.text())}

    def editor(self, name: str) -> Editor:
        """Return a file of the API, opened once."""
        if name not in self._editors:
            self._editors[name] = Editor(self._folder / name, is_ours=self._are_ours)
        return self._editors[name]

    def groups(self) -> list[str]:
        """Return the names of the groups' files."""
        return [path.relative_to(self._folder).as_posix() for path in sorted((self._folder / "rest").glob("*.yaml"))]

    def operation(self, owner: str) -> tuple[str, Any] | None:  # Any: YAML
        """Return the file and the entry of an operation."""
        for name in self.groups():
            for entry in self.editor(name).doc.get("operations") or []:
                if entry.get("request") == owner:
                    return name, entry
        return None


def spaced(text: str) -> str:
    """Put an empty line before an operation that has none."""
    return re.sub(r"(?<=[^\n:])\n(?=  - name: )", "\n\n", text)
