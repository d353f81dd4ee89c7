"""Writes what pages state of limits: the rate of one operation, and what calls take from a shared weight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.drift.edit.shapes import TODO
from generator.drift.edit.yaml_edit import flow
from generator.drift.facts.facts import Fact

_RATE = re.compile(r"(\d+)/(\d+(?:ms|[smhd]))(?: (ip|uid|key))?")
_RANGE = re.compile(r"[\[(]?\s*(\d+)\s*(?:-|–|~|,|to)\s*(\d+)\s*([\])]?)", re.IGNORECASE)
# How a table of costs names its cases: `without symbol`, `symbol omitted`; `with symbol`, or just `symbol`.
_ABSENT = re.compile(r"without|omitted|not (?:sent|provided|given|specified|present)|missing|\bno\b", re.IGNORECASE)
_PRESENT = re.compile(
    r"\b(?:with|by|using|for|provided|sent|given|present|specified)\b|\A[`*]*\w+[`*]*\Z", re.IGNORECASE
)
_GIVEN = re.compile(r"1|any|\d+ or more", re.IGNORECASE)
"""How many of a parameter's values are given, where any number of them costs the same."""
# `6,000 request weight per minute`; of three digits at least, since smaller ones are what one call costs.
_TOTAL = re.compile(
    r"(\d[\d,]{2,})\s*(?:request[\s_-]*)?weights?\s*(?:per|/|every|in)\s*(?:an?\s|1\s*)?(second|minute|hour)",
    re.IGNORECASE,
)
_USED = re.compile(r"\bX-[A-Za-z-]*USED-WEIGHT(?:-\d\w)?", re.IGNORECASE)
COUNTED = "limit (what it counts)"
"""The guess of a limit whose page does not say whether it holds for a key, an account or an address."""
Case = tuple[Mapping[str, object], int]


def limit_of(stated: str, by: str) -> tuple[dict[str, object], str]:
    """Return the rate limit of an operation and what of it was guessed; nothing where the page states none.

    Args:
        stated: The fact, such as `10/1s ip`; several rates, joined by `|`, hold for different products.
        by: What is counted, where the page does not say it.
    """
    rates = [match for text in stated.split("|") if (match := _RATE.fullmatch(text))]
    if not rates:
        return {}, ""
    least = min(rates, key=lambda rate: int(rate[1]))
    limit = {"calls": int(least[1]), "per": least[2], "by": least[3] or by}
    several = f", and the smallest of {', '.join(rate[0] for rate in rates)}" if len(rates) > 1 else ""
    guessed = "" if least[3] and not several else f"limit (what it counts{several})"
    return {"limit": flow(limit)}, guessed


def cost_of(fact: Fact, bucket: str, params: Mapping[str, Any]) -> tuple[dict[str, object], str]:
    """Return what a call takes from a bucket, and else the question what it takes; nothing where the page is silent.

    Args:
        fact: The weights, such as `6|80`, and in `shown` the line, or the cases of a table.
        bucket: The shared limit.
        params: The parameters of the operation, as in the spec.
    """
    amounts = [int(part) for part in fact.value.split("|") if part]
    if len(amounts) < 2:
        return ({"cost": flow({bucket: amounts[0]})} if amounts else {}), ""
    cases = _cases(fact.shown, params) or _by_symbol(fact.shown, amounts, params)
    default = max(amounts)
    kept = [case for case in cases if case[1] != default]
    if {amount for _, amount in kept} | {default} != set(amounts):
        return {}, f"cost (leave it out, or say when it is {' and when '.join(map(str, dict.fromkeys(amounts)))})"
    written = [flow({"when": flow(when), "is": amount}) for when, amount in kept]
    return {"cost": flow({bucket: [*written, flow({"is": default})]})}, "cost (its cases)"


def _by_symbol(shown: str, amounts: list[int], params: Mapping[str, Any]) -> list[Case]:
    """A line with two weights and an optional symbol: the call for one symbol is the cheaper one."""
    is_optional = "symbol" in params and not params["symbol"].get("required")
    is_so = len(set(amounts)) == 2 and is_optional and "symbol" in shown.lower() and "\t" not in shown
    return [({"symbol": {"present": True}}, min(amounts))] if is_so else []


def _cases(shown: str, params: Mapping[str, Any]) -> list[Case]:
    found = list[Case]()
    for line in shown.split("\n") if "\t" in shown else ():
        heading, condition, weight = line.split("\t")
        if when := _when(heading, condition, params):
            found.append((when, int(weight)))
    return found


def _when(heading: str, condition: str, params: Mapping[str, Any]) -> dict[str, object]:
    """Return a condition in the spec language; empty where the words say something else."""
    span, by_lower = _RANGE.fullmatch(condition), {name.lower(): name for name in params}
    subject = by_lower.get(heading.strip("`* ").lower(), "")
    if span and subject:
        most = int(span[2]) - (span[3] == ")")
        return {subject: {"max": most}}
    if subject and _GIVEN.fullmatch(condition.strip("`* ")):
        return {subject: {"present": True}}
    named = [name for name in params if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", condition)]
    if len(named) != 1 or not (_ABSENT.search(condition) or _PRESENT.search(condition)):
        return {}
    return {named[0]: {"present": not _ABSENT.search(condition)}}


def buckets_of(text: str, weights: Iterable[Fact]) -> dict[str, object]:
    """Return the shared weight that calls take from, if any page states weights.

    Args:
        text: All pages; they may state the total and the header that reports it.
        weights: The weights of operations.
    """
    if not any(fact.value for fact in weights):
        return {}
    total, header = _TOTAL.search(text), _USED.search(text)
    amount, per = (int(total[1].replace(",", "")), f"1{total[2][0].lower()}") if total else (1000, "1m")
    said = "" if total else "; the pages state no total, and 1000 only keeps the place"
    bucket: dict[str, object] = {"weight": amount, "per": per, "by": "ip"}
    bucket |= {"header": header[0]} if header else {}
    return {"limits": {"weight": flow(bucket | {"doc": f"{TODO}check the limit, and say what it counts{said}."})}}
