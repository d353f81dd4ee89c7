"""The table of the atlas: what each exchange's rule is said with, and whether it came out byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from tests.atlas.compare import Result
from tests.atlas.entries import FOLDER, RULES, Yaml
from tests.atlas.words import words_of


@dataclass(frozen=True)
class Rules:
    """Which rules there are to say."""

    rules: tuple[tuple[str, ...], ...]
    """Each with the exchanges that sign by it."""

    left_out: dict[str, str]
    """Exchanges without an entry, and why."""

    wallet: tuple[str, ...]
    inherits: dict[str, tuple[str, ...]]
    version: str
    """Of ccxt, in which they were counted."""

    def said(self, results: Iterable[Result]) -> int:
        """Count the rules that came out in every entry about them."""
        by_exchange: dict[str, list[bool]] = {}
        for result in results:
            by_exchange.setdefault(result.entry.peer["id"], []).append(result.is_equal)
        return sum(any(name in by_exchange and all(by_exchange[name]) for name in rule) for rule in self.rules)


def read_rules() -> Rules:
    """Read rules.yaml."""
    at = yaml.safe_load((FOLDER / RULES).read_text("utf-8"))
    inherits = {parent: tuple(names) for parent, names in at["inherits"].items()}
    rules = tuple(map(tuple, at["rules"]))
    return Rules(rules, dict(at["left_out"]), tuple(at["wallet"]), inherits, str(at["counted_in"]))


def as_data(results: Sequence[Result]) -> dict[str, Yaml]:
    """Return the table as the reference reads it."""
    rules = read_rules()
    rows = [
        {
            "exchange": result.entry.name,
            "title": result.entry.written["title"],
            "docs": result.entry.written["docs"],
            "docs_read": str(result.entry.written.get("docs_read", "")),
            "documented": result.entry.written.get("documented", ""),
            "words": words_of(result.entry),
            "calls": len(result.entry.calls),
            "requests": result.cases,
            "equal": result.is_equal,
            "excused": sorted(result.excused),
        }
        for result in results
    ]
    return {
        "ccxt": rules.version,
        "rules": len(rules.rules),
        "said": rules.said(results),
        "left_out": rules.left_out,
        "wallet": list(rules.wallet),
        "exchanges": rows,
    }


def as_text(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the table."""
    table = as_data(results)
    for row, result in zip(table["exchanges"], results, strict=True):
        outcome = "equal" if row["equal"] else f"differs in {len(result.differences)}"
        yield f"{row['exchange']:22} {row['calls']:>2} calls {row['requests']:>3} requests  {outcome:14} {', '.join(row['words'])}"
        yield from (f"{'':22} ccxt is wrong: {why}" for why in row["excused"])
    yield from (f"{name:22} not compared: {why}" for name, why in table["left_out"].items())
    yield f"{table['said']} of {table['rules']} rules"
