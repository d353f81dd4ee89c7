"""Puts limits into English, and what calls cost."""

from __future__ import annotations

import re
from collections.abc import Callable

from generator.model.limits import Case, Cost, Limit
from generator.words.amounts import span_words
from generator.words.markdown import anchor, code, enumeration, link
from generator.words.rules import condition_words

OWNERS = {"ip": "IP address", "uid": "user", "key": "key"}
UNITS = {"ms": "millisecond", "s": "second", "m": "minute", "h": "hour", "d": "day"}


def amount_words(case: Case, name: Callable[[str], str]) -> str:
    """Return what a case costs: `4 for each item of symbols (at most 200)`."""
    each = f" for each item of {name(case.per)}" if case.per else ""
    return f"{case.amount}{each}{f' (at most {case.most})' if case.most else ''}"


def limit_words(limit: Limit) -> str:
    """Return a limit: `10 calls per second per user`."""
    return f"{limit.amount} {'calls' if limit.unit == 'calls' else 'weight'} {period_words(limit)}"


def period_words(limit: Limit) -> str:
    """Return period and scope of a limit: `per second per user`."""
    # `per second`, not `per 1 second`.
    per = re.sub(r"^1(?=[a-z])", "", limit.per)
    return f"per {UNITS.get(per) or span_words(limit.per_ms)} per {OWNERS[limit.by]}"


def cost_words(cost: Cost, home: str, name: Callable[[str], str]) -> str:
    """Return what a call costs in a limit."""
    bucket = link(code(cost.bucket), f"{home}index.md#{anchor('limit', cost.bucket)}")
    if len(cost.cases) == 1 and not cost.cases[0].when:
        return f"{amount_words(cost.cases[0], name)} from {bucket}"
    cases = [
        f"{amount_words(case, name)} if {enumeration([condition_words(c, name) for c in case.when])}" if case.when
        else f"{amount_words(case, name)} otherwise"
        for case in cost.charging
    ]  # fmt: skip
    return f"from {bucket}: {', '.join(cases)}"
