"""Proposes the kinds of error codes from a page's words; a person confirms each, since retries depend on it."""

from __future__ import annotations

import re

# The first that fits counts, so the narrow ones come first.
_KINDS = (
    ("ExchangeUnavailable", r"status unknown|time ?out|timed out|unavailable|overload|busy|internal|system error"),
    ("RateLimited", r"too many (?:request|order|visit|message)s?|too frequent|rate limit|frequency"),
    ("Banned", r"banned"),
    ("ClockSkew", r"timestamp|recv_?window|clock"),
    ("AuthenticationFailed", r"signature|api[- _]?key|passphrase|login|authenticat"),
    (
        "PermissionDenied",
        r"permission|permit|unauthori[sz]ed|not allowed|kyc|verification|not authori[sz]ed|whitelist|forbidden|ip address",
    ),
    ("InsufficientBalance", r"insufficient|not enough|balance|no available|exceeds? available"),
    (
        "DuplicateClientId",
        r"already used.{0,20}id|duplicate.{0,20}(?:order|client|link)|(?:order|client).{0,20}duplicate",
    ),
    ("OrderNotFound", r"(?:order|trade).{0,25}(?:not (?:exist|found)|unknown)|(?:unknown|no such) order(?! \w)"),
    ("SymbolNotFound", r"(?:symbol|coin|asset|pair).{0,25}(?:not (?:exist|found|supported)|invalid)|bad[ _]symbol"),
    ("RiskLimitExceeded", r"risk|leverage|position limit"),
    ("MarketClosed", r"market.{0,12}closed|not trading|suspended"),
    ("AccountRestricted", r"account.{0,25}(?:frozen|restricted|banned|disabled|liquidat)"),
    ("OrderRejected", r"order.{0,15}reject|reject.{0,15}order|cancel.{0,12}reject"),
    (
        "InvalidParameter",
        r"param|invalid|illegal|incorrect|wrong|must|cannot be|can't be|should|less than|greater than|too (?:long|short|large|small)|exceed|out of range|mandatory|missing|empty|malformed|format|unsupported|not supported",
    ),
)
UNKNOWN = re.compile(r"status unknown|time ?out|timed out|may have been", re.IGNORECASE)


def kind_of(words: str) -> tuple[str, str]:
    """Return the kind that a code's words suggest, and the words; UnknownError where they suggest none."""
    for kind, pattern in _KINDS:
        found = re.search(pattern, words.replace("_", " "), re.IGNORECASE)
        if found:
            return kind, found[0]
    return "UnknownError", ""


def leaves_open(words: str) -> bool:
    """Whether a code's words leave open what became of the request."""
    return UNKNOWN.search(words.replace("_", " ")) is not None
