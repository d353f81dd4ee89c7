"""What the files of a project import of an API, directly or from each other."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

PACKAGE = "venues"
Exports = dict[str, dict[str, str]]
"""API → name in a file → the name that the API's package has for it; `*` for all of them."""
# Above the file: how far the folder of a package may lie.
_DEPTH = 8
# Read from the text: a file is parsed only if it uses the package, by itself or by another file.
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import|import[ \t]+([\w. \t,]+))", re.MULTILINE)


class Project:
    """Finds and reads the modules that files import; each is read once."""

    def __init__(self) -> None:
        self._exports = dict[Path, Exports]()

    def imports(self, file: Path, text: str) -> Imports | None:
        """Return what a file imports; None if it does not use the package, not even by another file.

        Raises:
            SyntaxError: if a file that uses it is not Python.
        """
        if PACKAGE not in text and not any(self.exports(found) for found in self._modules(file, text)):
            return None
        return Imports(self, file, ast.parse(text))

    def _modules(self, file: Path, text: str) -> list[Path]:
        names = [word for match in _IMPORT.finditer(text) for word in re.split(r"[\s,]+", match[1] or match[2] or "")]
        found = (module_of(file, word.lstrip("."), len(word) - len(word.lstrip("."))) for word in dict.fromkeys(names))
        return [path for path in found if path is not None and path != file]

    def exports(self, file: Path) -> Exports:
        """Return the names of an API that another file may import from this one; empty if it has none."""
        if file not in self._exports:
            self._exports[file] = {}  # modules may import each other in a circle
            try:
                imports = self.imports(file, file.read_text("utf-8"))
            except (OSError, SyntaxError, ValueError, RecursionError):
                imports = None
            if imports:
                self._exports[file] = {api: imports.names(api) for api in sorted(imports.apis)}
        return self._exports[file]


class Imports:
    """What one file imports."""

    def __init__(self, project: Project, file: Path, tree: ast.Module) -> None:
        self._project = project
        self._file = file
        self.tree = tree

    @cached_property
    def apis(self) -> frozenset[str]:
        """The APIs that the file uses, directly or by a file of the project."""
        found = set[str]()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                parts = [alias.name.split(".") for alias in node.names]
                found |= {names[1] for names in parts if names[0] == PACKAGE and len(names) > 1}
            elif isinstance(node, ast.ImportFrom):
                found |= self._apis_from(node)
        return frozenset(found)

    def _apis_from(self, node: ast.ImportFrom) -> set[str]:
        if node.level == 0 and node.module == PACKAGE:
            return {alias.name for alias in node.names}
        own = self.api_of(node)
        return {own} if own else set(self._of_module(node))

    def names(self, api: str) -> dict[str, str]:
        """Return the names in this file of what the API's package has."""
        found = dict[str, str]()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                exported = self.exports_from(node, api)
                found |= {a.asname or a.name: exported[a.name] for a in node.names if a.name in exported}
                found |= exported if any(alias.name == "*" for alias in node.names) else {}
        return found

    def exports_from(self, node: ast.ImportFrom, api: str) -> Mapping[str, str]:
        """Return what an import gives of the API, by the names in the module that it names."""
        if node.level == 0 and node.module == PACKAGE:
            return {api: api}
        if self.api_of(node):
            return {a.name: a.name for a in node.names} if self.api_of(node) == api else {}
        return self._of_module(node).get(api, {})

    def _of_module(self, node: ast.ImportFrom) -> Exports:
        module = module_of(self._file, node.module or "", node.level)
        found = dict(self._project.exports(module)) if module else {}
        if node.level and not node.module:  # from . import clients
            parts = [module_of(self._file, alias.name, node.level) for alias in node.names]
            for part in filter(None, parts):
                found = {api: {} for api in self._project.exports(part)} | found
        return found

    def api_of(self, node: ast.ImportFrom) -> str:
        """Return the API whose package an import names; empty if it names another."""
        parts = (node.module or "").split(".")
        return parts[1] if node.level == 0 and parts[0] == PACKAGE and len(parts) > 1 else ""

    def is_foreign(self, node: ast.ImportFrom, api: str) -> bool:
        """Whether an import gives something of another package, or of another API."""
        if node.level == 0 and (node.module or "").split(".")[0] == PACKAGE:
            return self.api_of(node) != api
        return node.level == 0 and self.is_other((node.module or "").split(".")[0])

    def is_other(self, top: str) -> bool:
        """Whether a module is neither the package nor one of the project."""
        return top != PACKAGE and module_of(self._file, top, 0) is None


def module_of(file: Path, name: str, level: int) -> Path | None:
    """Return the file of a module that another one imports; None if it is not one of the project."""
    folders = [file.parent, *file.resolve().parent.parents][: _DEPTH if level == 0 else 1]
    if level > 1:
        folders = [file.resolve().parents[min(level - 1, len(file.resolve().parents) - 1)]]
    parts = [part for part in name.split(".") if part]
    for folder in folders:
        path = folder.joinpath(*parts)
        for found in (path.with_suffix(".py") if parts else path / "__init__.py", path / "__init__.py"):
            if found.is_file():
                return found
        if parts and level == 0 and path.is_dir():  # a package without __init__.py
            return path
    return None
