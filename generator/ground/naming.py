"""Derives Python names from the exchange's: clientOid → client_oid."""

from __future__ import annotations

import keyword
import re

_PARTS = re.compile(
    r"""
    [A-Z]+(?=[A-Z][a-z])   # USDT in maxUSDTAmount: capitals up to the one that begins the next word
    | [A-Z]?[a-z]+         # max, Amount
    | [A-Z]+               # USDT at the end
    | [0-9]+               # a number belongs to the word before it: level2
    """,
    re.VERBOSE,
)
API_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TAKEN = frozenset({"self", "operations", "str", "int", "bool", "list", "dict", "field", "to_dict", "to_json", "when"})
"""Names that generated files use themselves, beside parameters and fields, and methods of every struct."""


def names_module(name: str) -> bool:
    """Whether an API may have this name: in snake case, and no word of Python's."""
    return API_NAME.fullmatch(name) is not None and not keyword.iskeyword(name)


def snake(wire: str) -> str:
    """Derive a Python name: clientOid → client_oid, maxBorrowableUSDT → max_borrowable_usdt."""
    parts: list[str] = []
    for part in _PARTS.findall(wire):
        if part.isdigit() and parts:
            parts[-1] += part
        else:
            parts.append(part.lower())
    return "_".join(parts)


def safe(name: str) -> str:
    """Append an underscore to Python's own words and to names that generated files use."""
    return f"{name}_" if keyword.iskeyword(name) or name in TAKEN else name


def python_name(wire: str, given: str | None, words: dict[str, str]) -> str:
    """Return the name of a parameter or field: the given one, an irregular word, or the derived one."""
    return safe(given or words.get(wire) or snake(wire))


def pascal(name: str) -> str:
    """Turn snake case into a class name: user_stream → UserStream."""
    return "".join(part.capitalize() for part in name.split("_"))


def constant(group: str, operation: str) -> str:
    """Name the constant of an operation: ISOLATED_PLACE_ORDER."""
    return f"{group}_{operation}".upper()
