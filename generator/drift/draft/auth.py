"""Guesses whether a call is signed: by what its document or page says, by what it takes, then by its path."""

from __future__ import annotations

import re

from generator.drift.draft.enums import SIGNS
from generator.drift.facts.facts import Fact, Facts

# Words in a path of what needs no key anywhere; `time` and `trades` only where the word ends: not `timeInForce`.
PUBLIC = re.compile(r"public|market|ticker|depth|kline|candle|time\b|symbols|ping|exchangeinfo|trades\b", re.IGNORECASE)
SAID = {
    "none": re.compile(
        r"""
        \b(?:no|not|without|does(?:\ not|n't)\ (?:need|require))\ (?:any\ )?
        (?:authentication|signature|api[ -]?key)\b(?!\ permission)  # `no API key permission` speaks of a key
        # `Signature required: no`, `Authentication: none`
        | \b(?:api\ )?(?:signature|auth\w*)(?:\ required)?\s*[:：]\s*(?:no|none|false|public)\b
        """,
        re.IGNORECASE | re.VERBOSE,
    ),
    "signed": re.compile(
        r"""
        \b(?:api\ )?(?:signature|auth\w*)(?:\ required)?\s*[:：]\s*(?:yes|true|required|signed)\b
        # `New order (TRADE)`
        | \((?:TRADE|USER_DATA|SIGNED|HMAC[ -]SHA256|MARGIN)\)
        # `requires the "trade" permission`, `Permissions: trade`
        | \brequires?\ (?:the\ |an?\ )?["'`“]?\w+["'`”]?\ permission\b
        | \bpermissions?\s*[:：]\s*["'`]?(?:trade|spot|withdraw)
        """,
        re.IGNORECASE | re.VERBOSE,
    ),
}
"""What pages say of a call's authentication, the clearest words only."""


def auth_of(facts: Facts, owner: str) -> tuple[str, str]:
    """Guess whether a call is signed, by what it takes, then by its path; and return the reason."""
    signs = [key[2] for key, _ in facts.of("param", owner) if key[2].lower() in SIGNS]
    if signs:
        return "signed", f"it takes `{signs[0]}`"
    fact = facts.facts.get((owner, "operation", ""), Fact())
    if fact.shown:
        return fact.shown, "as the document says of each call"
    said = f"{fact.title}. {fact.text}"
    for auth, pattern in SAID.items():
        if found := pattern.search(said):
            return auth, f"the page says `{' '.join(found[0].split())[:60]}`"
    public = PUBLIC.search(owner)
    if public and "private" not in owner:
        return "none", f"`{public[0]}` in its path"
    return "signed", "nothing says that it is public"
