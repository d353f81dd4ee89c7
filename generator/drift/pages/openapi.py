"""OpenAPI 3 and Swagger 2 documents, in JSON or YAML, in one file or several: parsing them, and following references."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import yaml

from generator.drift.pages.blocks import Document, Unreadable

Node = Any  # JSON
DATA = (".json", ".yaml", ".yml")
# `openapi: 3.0.1`, `"swagger": "2.0"`, in YAML or JSON.
_ROOT = re.compile(r"""^[\s{,]*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\b""", re.MULTILINE)
_PATH = re.compile(r"""["']?(/[^\s"':,]*)["']?\s*:""")
# OpenAPI says itself that these are described elsewhere.
HTTP_HEADERS = frozenset({"accept", "content-type", "authorization"})
DEEPEST = 40  # references that lead to references


def is_data(document: Document) -> bool:
    """Whether a document is data by its name, not a page."""
    return document.file.lower().split("?")[0].endswith(DATA)


def is_openapi(document: Document) -> bool:
    """Whether a document is the root of an API description, whatever it is called."""
    start = document.text.lstrip("\ufeff \r\n\t")
    # Pages may show a description as a sample, so other files must begin like one.
    begins = start.startswith("{") or re.match(r"(?:---\s*\n)?(?:#[^\n]*\n)*[\"']?(?:openapi|swagger)", start)
    return bool((is_data(document) or begins) and _ROOT.search(document.text))


class Description:
    """A parsed description; its references are followed, also into other files."""

    def __init__(self, document: Document, others: Mapping[str, Document]) -> None:
        self.file = document.file
        self._others = {_last(other.file): other for other in others.values()}
        self._parsed: dict[str, Node] = {}
        self.root: Node = self._parse(document)
        self.lost: list[str] = []
        """References that lead nowhere."""
        self._lines = {found.group(1): n for n, line in _numbered(document.text) for found in _PATH.finditer(line)}

    @cached_property
    def signing(self) -> frozenset[str]:
        """Headers and parameters, in lower case, that a security scheme places, or HTTP itself."""
        root = self.root if isinstance(self.root, dict) else {}
        schemes = [root.get("securityDefinitions"), (self.resolve(root.get("components"))[0]).get("securitySchemes")]
        found = [self.resolve(each)[0] for group in schemes if isinstance(group, dict) for each in group.values()]
        return HTTP_HEADERS | {str(scheme.get("name", "")).lower() for scheme in found}

    def line_of(self, path: str) -> int:
        """Return the line on which a path begins; 1 where that is not known."""
        return self._lines.get(path, 1)

    def resolve(self, node: Node, file: str = "") -> tuple[dict[str, Node], str]:
        """Return an object in place of a reference to it, and the file in which it stands; empty if there is none."""
        for _ in range(DEEPEST):
            if not isinstance(node, dict):
                return {}, file
            target = node.get("$ref")
            if not isinstance(target, str):
                return node, file
            beside = {key: value for key, value in node.items() if key != "$ref"}
            name, _, pointer = target.partition("#")
            file = _last(name) or file
            found = self._at(file, pointer)
            if not isinstance(found, dict):
                self.lost.append(target)
                return beside, file
            node = {**found, **beside}
        return {}, file

    def _at(self, file: str, pointer: str) -> Node:
        node = self._root_of(file)
        for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
            key = step.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
            node = node.get(key) if isinstance(node, dict) else None
        return node

    def _root_of(self, file: str) -> Node:
        if not file:
            return self.root
        if file not in self._parsed:
            other = self._others.get(file)
            self._parsed[file] = self._parse(other) if other else None
        return self._parsed[file]

    @staticmethod
    def _parse(document: Document) -> Node:
        text = document.text.lstrip("\ufeff")
        try:
            return json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, yaml.CSafeLoader)
        except json.JSONDecodeError as error:
            raise Unreadable(f"{document.file}:{error.lineno}: is no JSON: {error.msg}") from None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
            raise Unreadable(f"{document.file}:{line}: is no YAML") from None


def _numbered(text: str) -> list[tuple[int, str]]:
    # Backwards, so that of several lines with one path the first counts.
    return list(enumerate(text.split("\n"), 1))[::-1]


def _last(file: str) -> str:
    return file.rsplit("/", 1)[-1]
