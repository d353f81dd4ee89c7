"""Removes the envelope of a sample if only one side shows it."""

from __future__ import annotations

from generator.drift.facts.facts import Fact

CODES = frozenset({"code", "status", "success", "retcode", "errcode", "errorcode", "error_code", "err_code"})
DATA = ("data", "result", "results", "payload")
Names = dict[str, Fact]


def unwrapped(old: Names, new: Names) -> tuple[Names, Names]:
    """Return the members of two responses, both with their envelope or both without it."""
    bare_old, bare_new = _bare(old), _bare(new)
    if bare_new is not None and bare_old is None and _shares_more(old, bare_new, new):
        return old, bare_new
    if bare_old is not None and bare_new is None and _shares_more(new, bare_old, old):
        return bare_old, new
    return old, new


def _bare(members: Names) -> Names | None:
    """Return the members of the payload in an envelope; None if there is no envelope."""
    data = next((name for name in members if name.lower() in DATA), None)
    # Both are needed: a field called `data` or `result` alone is common inside payloads.
    if data is None or not any(name.lower() in CODES for name in members):
        return None
    inner = dict[str, Fact]()
    for name, fact in members.items():
        if name.startswith((data + ".", data + "[]")):
            inner[name[len(data) :].removeprefix(".")] = fact
    return inner or None


def _shares_more(other: Names, bare: Names, wrapped: Names) -> bool:
    # Unwrapped only if that explains the difference; otherwise `data` is a field like others.
    return len(other.keys() & bare.keys()) > len(other.keys() & wrapped.keys())
