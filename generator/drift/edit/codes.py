"""Writes the error codes of a draft: each with a kind and a text proposed from its words, or the question what it is."""

from __future__ import annotations

from collections.abc import Collection

from ruamel.yaml.comments import CommentedSeq

from generator.drift.edit.kinds import REPEATED, Proposal, kind_of, leaves_open
from generator.drift.edit.shapes import TODO
from generator.drift.edit.stated import comment_of
from generator.drift.edit.yaml_edit import flow
from generator.drift.facts.facts import Fact, Facts

ALL = "check the kinds and texts of all codes; they are proposed from the pages' words, which stand behind them."


def codes_of(facts: Facts, owner: str, success: Collection[str]) -> CommentedSeq:
    """Return the codes of an owner, `errors` or `stream errors`.

    What a client repeats by itself, and what no word explains, is asked code by code; the rest once, at the first code.
    """
    codes = CommentedSeq()
    for key, fact in facts.of("code", owner):
        codes.append(flow(_code(key[2], fact, success, is_first=not codes)))
        if words := comment_of(fact.text):
            codes.yaml_add_eol_comment(f"page: {words}", len(codes) - 1, column=0)
    return codes


def _code(code: str, fact: Fact, success: Collection[str], *, is_first: bool) -> dict[str, object]:
    words = f"{fact.value} {fact.text}"
    found = Proposal("Success", "Success.", is_sure=True) if code in success else kind_of(words)
    message = found.message if found.is_sure else _question(found, fact.value)
    if is_first:
        message = f"{TODO}{ALL} {message.removeprefix(TODO)}"
    entry: dict[str, object] = {"code": code, "kind": found.kind, "message": message}
    # Where the words leave it open, a draft does not claim that nothing was executed.
    is_open = found.kind == "ExchangeUnavailable" or leaves_open(words)
    return entry | ({"outcome": "unknown"} if is_open else {})


def _question(found: Proposal, name: str) -> str:
    named = f" (`{name}`)" if name else ""
    if not found.word:
        return f"{TODO}say what this code{named} means, and choose its kind."
    why = ", since clients repeat such calls" if found.kind in REPEATED else ""
    return f"{TODO}say what this code{named} means, and check its kind, proposed because of `{found.word}`{why}."
