"""Has griffe compare what users import, and nothing that only this package uses."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import griffe

PRIVATE = frozenset({"core", "cli", "operations", "params", "signing", "descriptions", "protocol", "logins"})
"""Modules of the package and of its APIs that no guide and no page names; what they give to others is compared there."""
OF_THE_MOCK = ("venues", "mock")


class PublicInterface(griffe.Extension):
    """Marks what is private."""

    def on_module(self, *, mod: griffe.Module, **_: Any) -> None:
        """Mark a module as private, and so all that it holds."""
        folders = Path(str(mod.filepath)).parts[:-1]
        is_inside_mock = mod.name != "mock" and OF_THE_MOCK in pairwise(folders)
        mod.public = False if mod.name in PRIVATE or is_inside_mock else mod.public
