"""Draws the rooms as the contracts in pyproject.toml order them, each with the first line of its docstring."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from generator.ground.tree import ROOT

BEGIN, END = "<!-- rooms: drawn from pyproject.toml by pytest --update -->\n", "<!-- end of rooms -->\n"
WIDTH = 24
HOUSES = {
    "generator": "generator/",
    "generator.drift": "generator/drift/",
    "venues.core": "templates/venues/core/",
    "venues.mock": "templates/venues/mock/",
}
"""Containers of the contracts → where they lie."""


def floor_plan() -> str:
    """Return the picture: one block for each house, the highest floor first."""
    blocks = ("\n".join(_house(house)) for house in HOUSES)
    return "".join(f"```\n{block}\n```\n" for block in blocks)


def _house(house: str) -> Iterator[str]:
    yield HOUSES[house]
    for layer in _layers(house):
        rooms = [room.strip() for room in layer.split("|") if not room.strip().startswith(("__", "http_", "operation"))]
        if not rooms:
            continue
        for place, room in enumerate(rooms):
            mark = "─" if len(rooms) == 1 else "┬" if place == 0 else "└" if place == len(rooms) - 1 else "├"
            yield f"  {mark} {room:{WIDTH}}{_purpose(_folder(house) / room)}".rstrip()


def _folder(house: str) -> Path:
    """Return where all modules of a house lie: some of the runtime's are derived, and have no template of their own."""
    return ROOT / HOUSES[house].replace("templates/", "generated/")


def _layers(house: str) -> list[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    return next(list(contract["layers"]) for contract in contracts if contract.get("containers") == [house])


def _purpose(room: Path) -> str:
    """Return the first line of the docstring of a package or module."""
    file = room / "__init__.py" if room.is_dir() else room.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0]
