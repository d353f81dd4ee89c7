"""Removes what stands around an answer on one side only: the envelope of a sample, or the list that it is."""

from __future__ import annotations

from generator.drift.facts.facts import Fact

CODES = frozenset({"code", "status", "success", "retcode", "errcode", "errorcode", "error_code", "err_code"})
DATA = ("data", "result", "results", "payload")
Names = dict[str, Fact]
LIST = "[]."
"""How the members of an answer begin that is a list."""


def unwrapped(old: Names, new: Names) -> tuple[Names, Names]:
    """Return the members of two responses, both with their envelope or both without it."""
    bare_old, bare_new = _bare(old), _bare(new)
    if bare_new is not None and bare_old is None and _shares_more(old, bare_new, new):
        return old, bare_new
    if bare_old is not None and bare_new is None and _shares_more(new, bare_old, old):
        return bare_old, new
    return old, new


def unlisted(old: Names, new: Names) -> tuple[tuple[Names, Names], tuple[str, str] | None]:
    """Return the members of two answers without the list that only one of them is, and what the answer was and is.

    The list may have become a member of an object, or have come out of one; what stands beside it stays.
    """
    if _is_list(old) and _is_no_list(new):
        bare = _without_list(old)
        return (bare, _inside(new, bare)), ("array", "object")
    if _is_no_list(old) and _is_list(new):
        bare = _without_list(new)
        return (_inside(old, bare), bare), ("object", "array")
    return (old, new), None


def _is_list(members: Names) -> bool:
    return bool(members) and all(name.startswith(LIST) for name in members)


def _is_no_list(members: Names) -> bool:
    return bool(members) and not any(name.startswith(LIST) for name in members)


def _without_list(members: Names) -> Names:
    return {name.removeprefix(LIST): fact for name, fact in members.items()}


def _inside(members: Names, bare: Names) -> Names:
    """Return members with those of a list in their places, if that has what a bare list has."""

    def opened(head: str) -> Names:
        inner = {n.removeprefix(f"{head}{LIST}"): f for n, f in members.items() if n.startswith(f"{head}{LIST}")}
        return {n: f for n, f in members.items() if n != head and not n.startswith(f"{head}{LIST}")} | inner

    heads = dict.fromkeys(name.split(LIST)[0] for name in members if LIST in name)
    return max((members, *map(opened, heads)), key=lambda names: len(names.keys() & bare.keys()))


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
