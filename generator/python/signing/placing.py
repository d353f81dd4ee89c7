"""Prints where a signing rule puts its values: into a request before it is written, or on to what is written."""

from __future__ import annotations

from generator.model.signing_parts import Placement
from generator.python.signing.parts import part_expression
from generator.words.literals import literal


def placement_statement(value: Placement) -> str:
    """Print the statement that puts a value into the draft."""
    text = _placed_text(value)
    if value.place == "header":
        return f"draft.headers[{literal(value.name)}] = {text}"
    if value.place == "query":
        return (
            f"draft.insert_query({literal(value.name)}, {text})"
            if value.is_first
            else f"draft.query[{literal(value.name)}] = {text}"
        )
    if value.is_number and not value.is_first:
        return f"draft.add_number({literal(value.name)}, {text})"
    text = f"int({text})" if value.is_number else text
    return f"draft.{'insert' if value.is_first else 'add'}({literal(value.name)}, {text})"


def late_statement(value: Placement) -> str:
    """Print the statement that adds a value to what is written already."""
    if value.place == "header":
        return placement_statement(value)
    if value.place == "query":
        return f"query = with_query(query, {literal(value.name)}, {_placed_text(value)})"
    call = "with_first_param(draft, " if value.is_first else "draft.with_param("
    return f"query, body = {call}query, body, {literal(value.name)}, {_placed_text(value)})"


def _placed_text(value: Placement) -> str:
    text = part_expression(value.part)
    return f"{literal(value.prefix)} + {text}" if value.prefix else text


def if_present(value: Placement, statement: str) -> list[str]:
    """Print a statement; under a condition, where its value may be empty."""
    return [f"if {part_expression(value.part)}:", f"    {statement}"] if value.may_be_empty else [statement]
