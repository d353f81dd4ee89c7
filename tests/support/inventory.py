"""What the source documents list, read from ../shared/exchanges: lists made once, by hand, and no part of this project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BESIDE = [above / "shared" / "exchanges" for above in Path(__file__).resolve().parents[3:]]
SHARED = next((folder for folder in BESIDE if folder.is_dir()), BESIDE[0])
"""Beside the checkout, or further up if that is a worktree."""

ANYWHERE = "…"

# From where the lists write the members of answers: the body, the payload, or anywhere, by their names alone.
ROOTS = {"aster_futures": "", "bingx_swap": ANYWHERE, "bitget_margin": ANYWHERE, "hibt_futures": "", "sixmm": "data"}

_PLACES = ("query", "body", "json body")
_PRINTED = re.compile(r"\b(GET|POST|PUT|DELETE)[ |`]+/?((?:api|fapi|v\d)/[\w/-]+)", re.IGNORECASE)
_MADE_UP_KEY = re.compile(r"\.\d+$")


@dataclass(frozen=True)
class Listed:
    """An operation as its document lists it."""

    method: str
    path: str
    signed: bool
    params: tuple[tuple[str, bool | None], ...]
    """Path and mark of each row: mandatory, optional, or not marked."""

    members: tuple[str, ...]
    """Path of each member of the answer from the root of the body; `….name` may stand anywhere in it."""

    sample: tuple[str, ...]
    """Path of each member of the printed sample, where the document has a table as well."""


@cache
def operations(api: str) -> tuple[Listed, ...]:
    """Return the REST operations that the source document of an API lists."""
    return tuple(_listed(api, entry) for entry in _read(f"inventory/{api}.json") if entry["kind"] == "rest")


@cache
def enums(api: str) -> dict[str, list[str | int]]:
    """Return the values of each enumeration that the source document lists."""
    found: dict[str, list[str | int]] = _read("enums.json")[api]
    return found


def code_rows(api: str) -> list[str]:
    """Return the rows of the table of error codes; one row may stand for several: 3100-3112."""
    tables = _code_tables(api)
    return [str(row["code"]) for row in (tables["rest"] if isinstance(tables, dict) else tables)]


def stream_code_rows(api: str) -> list[str]:
    """Return the rows of the table of error codes of streams."""
    tables = _code_tables(api)
    return [str(row["code"]) for row in (tables["websocket"] if isinstance(tables, dict) else ())]


def codes(api: str) -> Iterator[str]:
    """Return the error codes of REST answers."""
    for row in code_rows(api):
        first, to, last = row.partition("-")
        yield from map(str, range(int(first), int(last) + 1)) if first and to else (row,)


@cache
def printed(api: str) -> frozenset[tuple[str, str]]:
    """Return each method with its path that any stored document of an API, or its chapter of facts.md, prints."""
    texts = [path.read_text("utf-8") for path in sorted((SHARED / "docs" / api).iterdir())]
    chapters = (SHARED / "facts.md").read_text("utf-8").split("\n## ")
    texts += [chapter for chapter in chapters if f"| {operations(api)[0].path} |" in chapter]
    return frozenset((method.upper(), f"/{path}") for text in texts for method, path in _PRINTED.findall(text))


def _read(name: str) -> Any:  # JSON
    return json.loads((SHARED / name).read_text("utf-8"))


@cache
def _code_tables(api: str) -> Any:  # JSON
    return _read(f"errors/{api}.json") if (SHARED / "errors" / f"{api}.json").is_file() else []


def _listed(api: str, entry: dict[str, Any]) -> Listed:  # JSON
    return Listed(
        entry["method"],
        entry["path"],
        entry["auth"],
        tuple((_param(row), row["required"]) for row in entry["params"]),
        tuple(_member(ROOTS[api], field["path"]) for field in entry["response_fields"]),
        tuple(entry.get("sample_paths", ())),
    )


def _param(row: dict[str, Any]) -> str:  # JSON
    place = row.get("in", "query")
    inside = "" if place in _PLACES else f"{place.removesuffix('[]')}[]."
    return f"{inside}{row['name']}"


def _member(root: str, path: str) -> str:
    written = _MADE_UP_KEY.sub(".*", path).removesuffix("[]")
    return f"{root}.{written}" if root else written
