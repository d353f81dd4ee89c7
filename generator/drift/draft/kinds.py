"""Proposes kinds and texts of error codes from a page's words."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Proposal:
    """What the words of a code suggest."""

    kind: str
    message: str = ""
    """Our own text; empty where the words say too little for one."""

    word: str = ""
    """The words that decided."""

    is_sure: bool = False
    """Whether they hardly ever mean another kind, in the codes that people have read so far."""


# Whatever makes a client repeat a call, or wait, is a question for each code, however sure the words are.
REPEATED = frozenset({"ExchangeUnavailable", "RateLimited", "Banned", "ClockSkew"})
# Kind, text, words. The first that fits counts, so the narrow ones come first. Where the text is empty, the words are
# a hint: a person chooses.
_SURE = (
    ("ClockSkew", "The timestamp is outside the window.", r"timestamp|recv_?window|request expired|time window range"),
    (
        "RateLimited",
        "Too many requests.",
        r"too many (?:request|visit|message|session)s?|too frequent|rate limit|frequency",
    ),
    ("RateLimited", "Too many orders.", r"too many (?:new )?orders"),
    (
        "ExchangeUnavailable",
        "The exchange had an internal error, or is overloaded.",
        r"time ?out|timed out|status unknown|unavailable|overload|\bbusy|internal|(?:system|server|network|service) error"
        r"|server load|shutting down|disconnected|maintenance(?! margin)|unexpected resp",
    ),
    (
        "DuplicateClientId",
        "The client order id was used before.",
        r"duplicate.{0,20}(?:order|client|link)|(?:order|client).{0,20}duplicate",
    ),
    (
        "OrderNotFound",
        "The order does not exist.",
        r"\border.{0,25}(?:not (?:exist|found|exit)|unknown)|(?:unknown|no such) order(?! \w)",
    ),
    (
        "OrderNotFound",
        "The order is already filled or canceled.",
        r"\border (?:was|has|has been|is|have been).{0,14}(?:completed|cancell?ed|filled|finished)",
    ),
    (
        "InsufficientBalance",
        "The balance is too small.",
        r"insufficient(?! perm)|not enough|balance.{0,20}(?:is low|too low|not sufficient)|exceeds? available|margin not suffic",
    ),
    ("AuthenticationFailed", "The signature is wrong.", r"\bsignature|error sign\b"),
    (
        "PermissionDenied",
        "This IP address is not allowed.",
        r"(?:unmatched|mismatch\w*|bound) ip\b|\bip (?:mismatch|address)|no such ip",
    ),
    (
        "PermissionDenied",
        "The API key lacks the permission.",
        r"(?:api[- _]?key|\bkey\b).{0,30}permission|permission denied|unauthori[sz]ed|no permission|not authori[sz]ed",
    ),
    (
        "AuthenticationFailed",
        "The API key is wrong or has expired.",
        r"api[- _]?key|passphrase|\blog ?in\b|authenticat|token (?:expired|revoked)|mbx[- _]key",
    ),
    ("AccountRestricted", "The account is not verified.", r"\bkyc|identity verif|compliance"),
    (
        "AccountRestricted",
        "The account is under liquidation.",
        r"\b(?:user|account|position).{0,12}in liquidation|under liquidation",
    ),
    (
        "AccountRestricted",
        "The account may not do this.",
        r"(?:account|user|transactions?|customer|withdraw).{0,25}(?:frozen|restricted|banned|disabled|not allowed)|(?:demo|unified|classic|uta).{0,12}(?:account )?users?\b|unified account",
    ),
    (
        "AccountRestricted",
        "The account is not enabled for this.",
        r"institution|\bins loan|otc loan|upgrad|hasn't yet been enabled|haven't enabled|not available for|\bkr user|not eligible",
    ),
    ("Banned", "The IP address is banned.", r"\bip\b.{0,12}banned|\bbanned"),
    (
        "SymbolNotFound",
        "The symbol or asset does not exist.",
        r"(?:symbol|\bcoin|\basset|\bpair|currency|instrument)s?\b.{0,12}(?:not (?:exist|found|supported)|(?:is |are )?invalid)|(?:bad|invalid|unknown)[ _](?:requested )?(?:symbol|coin|asset|pair|currency)\b",
    ),
    (
        "RiskLimitExceeded",
        "It would exceed a limit of positions, leverage or open orders.",
        r"risk limit|position limit|open interest|trigger.{0,12}liquidation|max.{0,12}leverage|leverage.{0,20}exceed|max(?:imum)? .{0,12}(?:open|stop) order|number of .{0,14}orders exceed",
    ),
    (
        "MarketClosed",
        "Trading is closed or suspended.",
        r"market.{0,12}closed|suspend|trading.{0,20}(?:disabled|halted|not (?:open|started))|no trading window|not open yet|call auction|not live",
    ),
    (
        "OrderRejected",
        "The price is outside the allowed range.",
        r"order price.{0,25}(?:exceed|higher|lower|range|above|below|less|greater|cannot)|price.{0,20}multiplier",
    ),
    ("OrderRejected", "It would not reduce the position.", r"reduce[- _]?only"),
    ("OrderRejected", "Nothing was changed.", r"not (?:been )?modified|no need to (?:change|modify)"),
    (
        "OrderRejected",
        "The order was rejected.",
        r"order.{0,15}reject|reject.{0,15}order|cancel.{0,12}reject|unable to fill|would immediately",
    ),
    (
        "InvalidParameter",
        "A parameter is missing, malformed or out of range.",
        r"\bparam(?:eter|s?\b)|mandatory|malformed|\bformat\b|illegal char|is (?:empty|required|missing)|(?:too|must be) (?:long|short)|out of range|decimal|precision|\bbad \w+|\binvalid|less than|greater than|unsupported|incorrect|not correct|not valid|(?:is|be) null|not (?:a )?number|only support|increased by|too large",
    ),
)
HINTS = (
    ("AccountRestricted", r"whitelist|user|account"),
    ("RiskLimitExceeded", r"risk|leverage|quota|max(?:imum)?\b.{0,25}(?:borrow|amount|quantity)|reached"),
    ("InsufficientBalance", r"balance|unable to cover"),
    ("PermissionDenied", r"permission|permit|forbidden"),
    ("OrderRejected", r"position|margin mode|\border|take profit|stop loss|switch|collateral|repay|loan|not allowed"),
    (
        "InvalidParameter",
        r"invalid|illegal|incorrect|wrong|must|cannot be|can't be|should|less than|greater than|exceed|missing|empty"
        r"|unsupported|not supported|does not exist|not found|limit|amount|quantity|duplicate",
    ),
)
USUAL = {
    "AccountRestricted": "The account may not do this.",
    "RiskLimitExceeded": "It would exceed a limit of positions, leverage or open orders.",
    "InsufficientBalance": "The balance is too small.",
    "PermissionDenied": "The API key lacks the permission.",
    "OrderRejected": "The order was rejected.",
    "InvalidParameter": "A parameter is missing, malformed or out of range.",
}
"""The texts of codes whose kind is a hint, until a person has written better ones."""
UNKNOWN = re.compile(r"status unknown|time ?out|timed out|may have been", re.IGNORECASE)


def kind_of(words: str) -> Proposal:
    """Return the kind that a code's words suggest; UnknownError where they suggest none."""
    bare = words.replace("_", " ")
    for kind, message, pattern in _SURE:
        if found := re.search(pattern, bare, re.IGNORECASE):
            return Proposal(kind, message, found[0], kind not in REPEATED)
    hints = ((kind, found[0]) for kind, pattern in HINTS if (found := re.search(pattern, bare, re.IGNORECASE)))
    kind, word = next(hints, ("UnknownError", ""))
    return Proposal(kind, "", word)


def leaves_open(words: str) -> bool:
    """Whether a code's words leave the outcome of the request open."""
    return UNKNOWN.search(words.replace("_", " ")) is not None
