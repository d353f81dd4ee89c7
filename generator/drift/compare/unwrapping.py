"""Takes samples out of their envelope, where one side shows it and the other does not."""

from __future__ import annotations

from generator.drift.facts.facts import Fact

CODES = frozenset({"code", "status", "success", "retcode", "errcode", "errorcode", "error_code", "err_code"})
DATA = ("data", "result", "results", "payload")
Names = dict[str, Fact]


def unwrapped(old: Names, new: Names) -> tuple[Names, Names]:
    """Return the members of two answers, both with their envelope or both without it."""
    bare_old, bare_new = _bare(old), _bare(new)
    if bare_new is not None and bare_old is None and _shares_more(old, bare_new, new):
        return old, bare_new
    if bare_old is not None and bare_new is None and _shares_more(new, bare_old, old):
        return bare_old, new
    return old, new


def _bare(members: Names) -> Names | None:
    """Return the members of what an envelope holds; None where there is no envelope."""
    data = next((name for name in members if name.lower() in DATA), None)
    if data is None or not any(name.lower() in CODES for name in members):
        return None
    inner = dict[str, Fact]()
    for name, fact in members.items():
        if name.startswith((data + ".", data + "[]")):
            inner[name[len(data) :].removeprefix(".")] = fact
    return inner or None


def _shares_more(other: Names, bare: Names, wrapped: Names) -> bool:
    return len(other.keys() & bare.keys()) > len(other.keys() & wrapped.keys())
