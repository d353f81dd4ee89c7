"""Says how lists page: the order of their items, where they end, and what they lack."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.paging import Paging
from generator.words.amounts import span_words


def iter_name(operation: str) -> str:
    """Name the method that iterates over the pages of an operation."""
    return f"iter_{operation.removeprefix('get_')}"


def order(paging: Paging) -> str:
    """Say in which order the items of all pages come."""
    if paging.by == "time" and paging.time is None:
        return "the oldest window first"
    if paging.by == "time":
        return "newest first" if paging.keeps == "last" else "oldest first"
    if paging.by == "id" and paging.goes is not None:
        return "by ascending id" if paging.goes == "up" else "by descending id"
    return "in the order of the exchange"


def completeness(paging: Paging, names: Mapping[str, str]) -> str:
    """Say where a list ends, how large its pages are, and what it lacks."""
    words = []
    if paging.by == "time" and paging.end:
        # Where it is unknown which of an item's times counts, the ends are the exchange's business.
        ends = "Both times are inclusive; " if paging.time else ""
        words.append(f"{ends}{names[paging.end]} is now if not given.")
    if paging.by == "id" and paging.goes == "up":
        words.append(
            f"Begins with {names[paging.start]}{', by default with the first item' if paging.begin is not None else ''}."
        )
    if paging.within and paging.window_ms:
        words.append(f"Spans of more than {span_words(paging.window_ms)} are read in several windows.")
    if paging.limit:
        size = f", by default {paging.size}" if paging.size else ""
        words.append(f"{names[paging.limit]} is the page size{size}.")
    return " ".join([*words, *([paging.incomplete] if paging.incomplete else [])])
