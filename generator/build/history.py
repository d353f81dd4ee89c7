"""Builds the history of an API's documentation."""

from __future__ import annotations

from typing import Literal, cast

from generator.model.documentation import Change, Revision
from generator.source import reading as read
from generator.source.load import Map, Source


def history(source: Source) -> tuple[Revision, ...]:
    """Return what changed in the documentation, the newest first."""
    at = source.files.get("history.yaml", read.EMPTY)
    return tuple(
        Revision(str(entry["seen"]), read.maybe_text(entry, "note"), tuple(map(_change, read.maps(entry, "changes"))))
        for entry in read.maps(at, "history")
    )


def _change(at: Map) -> Change:
    level = cast(Literal["breaking", "new", "wording"], at["level"])
    owner, name, before, after = (str(at.get(key, "")) for key in ("owner", "name", "before", "after"))
    return Change(str(at["change"]), level, owner, name, before, after)
