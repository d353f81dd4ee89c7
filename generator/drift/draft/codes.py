"""Writes the error codes of a draft: each with a kind and a text proposed from its words, or the question what it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ruamel.yaml.comments import CommentedSeq

from generator.drift.draft.kinds import REPEATED, USUAL, Proposal, kind_of, leaves_open
from generator.drift.edit.shapes import TODO
from generator.drift.edit.stated import comment_of
from generator.drift.edit.yaml_edit import flow
from generator.drift.facts.facts import Fact, Facts

ALL = "check the kinds and texts of all codes; they are proposed from the pages' words, which stand behind them."


def codes_of(facts: Facts, owner: str, success: Collection[str]) -> CommentedSeq:
    """Return the codes of an owner, `errors` or `stream errors`.

    A code that makes a client repeat a call, or that no word explains, is a question of its own.
    Codes of which one word suggests the kind are asked together, at the first of them; the rest once, at the first code.
    """
    proposals = {key[2]: _proposal(key[2], fact, success) for key, fact in facts.of("code", owner)}
    alike = _alike(proposals)
    codes = CommentedSeq()
    for key, fact in facts.of("code", owner):
        found = proposals[key[2]]
        message = _message(key[2], found, fact.value, alike.get(_hint(found), ()))
        if not codes:
            message = f"{TODO}{ALL} {message.removeprefix(TODO)}"
        entry: dict[str, object] = {"code": key[2], "kind": found.kind, "message": message}
        # Where the words leave it open, a draft does not claim that nothing was executed.
        is_open = found.kind == "ExchangeUnavailable" or leaves_open(_words(fact))
        codes.append(flow(entry | ({"outcome": "unknown"} if is_open else {})))
        if words := comment_of(fact.text):
            codes.yaml_add_eol_comment(f"page: {words}", len(codes) - 1, column=0)
    return codes


def _words(fact: Fact) -> str:
    return f"{fact.value} {fact.text}"


def _proposal(code: str, fact: Fact, success: Collection[str]) -> Proposal:
    return Proposal("Success", "Success.", is_sure=True) if code in success else kind_of(_words(fact))


def _hint(found: Proposal) -> tuple[str, str] | None:
    """Return kind and word of a proposal that is no more than a hint; None for others, and for what clients repeat."""
    is_hint = found.word and not found.is_sure and found.kind not in REPEATED
    return (found.kind, found.word.lower()) if is_hint else None


def _alike(proposals: Mapping[str, Proposal]) -> dict[tuple[str, str] | None, list[str]]:
    """Return the codes of each hint."""
    alike = dict[tuple[str, str] | None, list[str]]()
    for code, found in proposals.items():
        if hint := _hint(found):
            alike.setdefault(hint, []).append(code)
    return alike


def _message(code: str, found: Proposal, name: str, alike: Sequence[str]) -> str:
    if found.is_sure:
        return found.message
    if len(alike) < 2:
        return _question(found, name)
    if code != alike[0]:
        return USUAL[found.kind]
    more = f"{len(alike) - 1} more ({', '.join(alike[1:])})"
    return f"{TODO}say what this code{_named(name)} and {more} mean, and check their kind, proposed because of `{found.word}`."


def _question(found: Proposal, name: str) -> str:
    if not found.word:
        return f"{TODO}say what this code{_named(name)} means, and choose its kind."
    why = ", since clients repeat such calls" if found.kind in REPEATED else ""
    return f"{TODO}say what this code{_named(name)} means, and check its kind, proposed because of `{found.word}`{why}."


def _named(name: str) -> str:
    return f" (`{name}`)" if name else ""
