"""Reference pages: their content is decided in Python, so that templates only print it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.model.api import Api
from generator.reference import advice, codes, instruments, overview, remembering, signing, types, worked
from generator.reference.books import BookPages
from generator.reference.compare import comparisons, deed_link
from generator.reference.connections import connections
from generator.reference.findings import findings
from generator.reference.pages import Reference
from generator.reference.streams import StreamPages
from generator.reference.trees import HOME
from generator.reference.types import TypePage, TypePages
from generator.signing.worked import host_of
from generator.words import markdown as text
from generator.words import meaning
from generator.words import phrases as words
from generator.words.amounts import span_words
from generator.words.limits import limit_words

Filter = Callable[..., Any]  # templates call with what they have


def filters(api: Api) -> dict[str, Filter]:
    """Return the filters of the reference pages of one API."""
    made = Reference(api)
    streamed, shelved, typed = StreamPages(api), BookPages(api), TypePages(api)
    return {
        **common(),
        "signature": made.signature,
        "demands": made.demands,
        "relations": made.relations,
        "origin": made.origin,
        "python_prose": lambda text, operation: words.python_prose(text, operation.params),
        "channel_facts": lambda channel: [*streamed.facts(channel), *shelved.facts(channel)],
        "book_section": lambda _: shelved.section(),
        "channel_params": streamed.params,
        "channel_frames": lambda channel: list(streamed.frames(channel)),
        "channel_payloads": lambda channel: list(streamed.payloads(channel)),
        "channel_samples": streamed.samples,
        "stream_connections": lambda _: list(connections(api)),
        "param_lines": made.trees.params,
        "answer_lines": made.trees.answer,
        "answer_words": made.answer_words,
        "rule_list": made.rules,
        "unknown_outcome": made.unknown_outcome,
        "listed_operations": made.listed_operations,
        "left_out": made.left_out,
        "request_tabs": made.request_tabs,
        "prepare_call": lambda _: made.samples.prepare_call(),
        "response_text": made.response,
        "error_rows": codes.error_rows,
        "type_pages": lambda _: typed.pages(),
        "type_line": types.listed,
        "type_import": typed.imports,
        "type_words": typed.words,
        "type_members": typed.members,
        "type_rules": typed.rules,
        "type_uses": typed.uses,
        "type_quirks": typed.quirks,
        "findings": findings,
        "error_row": codes.error_row,
        "error_groups": lambda operation: advice.error_groups(operation, HOME),
        "limit_words": limit_words,
        "quirk_words": words.quirk_words,
        "member_words": meaning.member_words,
        "span_words": span_words,
        "request_words": words.request_words,
        "rule_lines": signing.rule_lines,
        "key_lines": signing.key_lines,
        "worked_examples": lambda scheme: worked.worked_examples(scheme, host_of(api)),
        "worked_logins": worked.worked_logins,
        "code_block": lambda value, language="text": text.code_block(language, value),
        "pretty": text.pretty,
        "url": text.url,
        "instrument_rows": instruments.instrument_rows,
        "market_argument": instruments.market_argument,
        "markets": instruments.markets,
        "sample_pair": instruments.sample_pair,
        "unstated_limits": instruments.unstated_limits,
        "counts_contracts": instruments.counts_contracts,
        "client_id_words": instruments.client_id_words,
        "remembered_rows": remembering.remembered_rows,
        "remembered_symbol": remembering.remembered_symbol,
        "market_facts": remembering.market_facts,
    }


def types_of(api: Api) -> list[TypePage]:
    """Return the types of an API that have a page."""
    return TypePages(api).pages()


def common() -> dict[str, Filter]:
    """Return the filters of all reference pages."""
    return {
        "prose": text.prose,
        "code": text.code,
        "title": text.title,
        "capability_names": overview.capability_names,
        "capability_links": overview.capability_links,
        "comparisons": comparisons,
        "deed_link": deed_link,
        "anchor": lambda name, kind: text.anchor(kind, name),
    }
