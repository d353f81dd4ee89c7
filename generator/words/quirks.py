"""Says oddities in plain text; Markdown pages say them with `phrases.quirk_words`."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.documentation import Quirk


def quirk_text(quirk: Quirk, of: str = "") -> str:
    """Say what is odd, and why the spec has it as it does; `of` names what it is about, as ` of 43012`."""
    return f"Quirk{of}: {quirk.text}"


def with_quirks(text: str | None, quirks: Iterable[Quirk]) -> list[str]:
    """Return what something is, if that is said, and what is odd about it: a paragraph each."""
    return [*([text] if text else []), *map(quirk_text, quirks)]
