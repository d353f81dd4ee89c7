"""Copies the parameters of another call, where a page refers to them instead of listing them again."""

from __future__ import annotations

import re

from generator.drift.facts.facts import Facts
from generator.drift.facts.sections import bracketed

# `takes all the parameters accepted by POST /v1/order`.
_ALL_OF = re.compile(
    r"""
    \b(?:all|same)\s+(?:of\s+)?(?:the\s+)?(?:param(?:eter)?s|fields)\s+
    (?:(?:that\s+are\s+)?(?:accepted|taken|required|supported|used)\s+)?(?:by|of|as|from|in|for)\s+
    `?(?P<method>GET|POST|PUT|DELETE|PATCH)\s+(?P<path>/[^\s`]+)`?
    """,
    re.IGNORECASE | re.VERBOSE,
)


def copy_referred(facts: Facts) -> None:
    """Add the parameters of the call that an operation's text refers to; those that it lists itself stay."""
    for key, fact in list(facts.of("operation")):
        match = _ALL_OF.search(fact.text)
        other = f"{match['method'].upper()} {bracketed(match['path'].rstrip('.,;'))}" if match else ""
        if other and other != key[0]:
            for (_, kind, name), param in list(facts.of("param", other)):
                facts.add((key[0], kind, name), param)
