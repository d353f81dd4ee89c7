"""Builds the atlas from specs/atlas.json, which `make atlas` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from generator.ground.problems import Problem, SpecError
from generator.model.atlas import Atlas, SignedExchange

NAME = "atlas.json"


def atlas(specs: Path) -> Atlas | None:
    """Return what was measured; None where nothing was, as beside specs of one's own.

    Raises:
        SpecError: if the file is not what `make atlas` writes.
    """
    path = specs / NAME
    if not path.is_file():
        return None
    try:
        return _atlas(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError):
        what = "is not what `make atlas` writes; run it again, or delete the file"
        raise SpecError([Problem(f"{specs.name}/{NAME}", 1, "file", what)]) from None


def _atlas(at: dict[str, Any]) -> Atlas:
    exchanges = tuple(_exchange(one) for one in at["exchanges"])
    return Atlas(
        version=str(at["ccxt"]),
        rules=int(at["rules"]),
        said=int(at["said"]),
        exchanges=exchanges,
        left_out=tuple((str(name), str(why)) for name, why in at["left_out"].items()),
        wallet=tuple(map(str, at["wallet"])),
    )


def _exchange(at: dict[str, Any]) -> SignedExchange:
    return SignedExchange(
        name=str(at["exchange"]),
        title=str(at["title"]),
        docs=str(at["docs"]),
        docs_read=str(at["docs_read"]),
        documented=str(at["documented"]),
        words=tuple(map(str, at["words"])),
        requests=int(at["requests"]),
        is_equal=bool(at["equal"]),
        excused=tuple(map(str, at["excused"])),
    )
