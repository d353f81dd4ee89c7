"""Prints quirks as plain text; for Markdown pages, `phrases.quirk_words` prints them."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.documentation import Quirk


def quirk_text(quirk: Quirk, of: str = "") -> str:
    """Return a quirk as text; `of` names its subject, such as ` of 43012`."""
    return f"Quirk{of}: {quirk.text}"


def with_quirks(text: str | None, quirks: Iterable[Quirk]) -> list[str]:
    """Return a description, if there is one, and quirks: one paragraph each."""
    return [*([text] if text else []), *map(quirk_text, quirks)]
