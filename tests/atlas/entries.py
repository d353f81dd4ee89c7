"""Entries of the atlas, and how each becomes a normal folder of specs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
RULES = "rules.yaml"
PEER = "https://github.com/ccxt/ccxt"
GROUP = "calls"
"""All calls of an entry are operations of one group."""
_IN_PATH = re.compile(r"\{(\w+)\}")

Yaml = Any
"""What a YAML file holds; the real loader checks it, when the entry has become a spec."""


@dataclass(frozen=True)
class Entry:
    """One exchange: its rule and a few calls, as written."""

    name: str
    written: Mapping[str, Yaml]

    @property
    def calls(self) -> list[Mapping[str, Yaml]]:
        """The calls, each with parameters, values and its place in ccxt."""
        return list(self.written["calls"])

    @property
    def peer(self) -> Mapping[str, Yaml]:
        """How ccxt is set up: id, credentials, options."""
        return dict(self.written["ccxt"])

    @cached_property
    def credentials(self) -> dict[str, str]:
        """Our name of each credential → the value that both sides sign with."""
        named = self.written["api"]["signing"]["credentials"]
        return {name: str(at.get("example", f"mock-{name}")) for name, at in named.items()}

    def param(self, call: Mapping[str, Yaml], wire: str) -> dict[str, Yaml]:
        """Return a parameter as a spec writes it; an entry may write its type alone."""
        written = (call.get("params") or {}).get(wire, "string")
        at = {"type": written} if isinstance(written, str) else dict(written)
        in_path = {"in": "path", "required": True} if wire in _IN_PATH.findall(call["request"]) else {}
        return {"doc": "A parameter.", **in_path, **at}

    def params(self, call: Mapping[str, Yaml]) -> dict[str, dict[str, Yaml]]:
        """Return a call's own parameters, those of its path included; what is not described is text."""
        shared = self.written["api"].get("signed_params", {})
        named = dict.fromkeys((*(call.get("params") or {}), *call["values"]))
        return {wire: self.param(call, wire) for wire in named if wire not in shared}


def read_entries(names: tuple[str, ...] = ()) -> list[Entry]:
    """Return the entries of these names, or all, in alphabetical order."""
    found = [path for path in sorted(FOLDER.glob("*.yaml")) if path.name != RULES]
    return [
        Entry(path.stem, yaml.safe_load(path.read_text("utf-8"))) for path in found if not names or path.stem in names
    ]


def write_specs(entries: list[Entry], folder: Path) -> None:
    """Lay out entries as the real loader reads specs: a folder each."""
    for entry in entries:
        for path, content in _files(entry).items():
            target = folder / entry.name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")


def _files(entry: Entry) -> dict[str, Yaml]:
    # What is checked is equality with ccxt; so that is the page, and the exchange's documentation is not.
    page = {"url": PEER, "read_on": entry.written["compared"]}
    defaults = {
        "title": entry.written["title"],
        "client": entry.name.title().replace("_", ""),
        "summary": "One entry of the atlas.",
        "envelope": {"code": "code", "message": ["msg"], "success": [0], "base": "integer"},
        "pages": {"ccxt": page},
    }
    operations = [_operation(entry, call) for call in entry.calls]
    return {
        "api.yaml": defaults | entry.written["api"],
        "errors.yaml": {"codes": [_code(code) for code in CODES]},
        f"rest/{GROUP}.yaml": {"doc": "The calls of the atlas.", "operations": operations},
    }


CODES = (1,)
"""What the mock exchange refuses with."""


def _code(code: int) -> dict[str, Yaml]:
    return {"code": code, "kind": "AuthenticationFailed", "message": "Refused."}


def _operation(entry: Entry, call: Mapping[str, Yaml]) -> dict[str, Yaml]:
    reads = call["request"].startswith("GET ")
    own = ("name", "request", "params", "values", "hostile", "ccxt")
    return {
        "name": call["name"],
        "summary": "A call of the atlas.",
        "request": call["request"],
        "auth": "signed",
        "effect": "read" if reads else "repeatable",
        "params": entry.params(call),
        "example": {"params": call["values"]},
        "source": {"page": "ccxt", "heading": entry.peer["id"]},
    } | {key: value for key, value in call.items() if key not in own}
