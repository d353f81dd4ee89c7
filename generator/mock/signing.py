"""Signing rules as the mock exchange reads them: parts are words, as in a spec."""

from __future__ import annotations

from typing import Any

from generator.model.signing import Printing, Scheme
from generator.model.signing_parts import OTHER, Member, Placement, Value

Data = dict[str, Any]  # JSON


def set_members(**members: object) -> Data:
    """Omit unset members, and those that are empty or false; 0 is kept, because it may be a bound."""
    return {name: value for name, value in members.items() if value or (value == 0 and value is not False)}


def placement_data(value: Placement) -> Data:
    """Return where a value goes; where a value is the body, the part `body` is that value."""
    return set_members(
        place=value.place,
        name=value.name,
        value=value.part.word,
        prefix=value.prefix,
        late=value.is_late,
        may_be_empty=value.may_be_empty,
    )


def scheme_data(scheme: Scheme) -> Data:
    """Return one way to sign."""
    signed = scheme.signed
    return set_members(
        name=scheme.name,
        credentials=scheme.credentials,
        time=scheme.time,
        expires_ms=scheme.expires_ms,
        nonce=scheme.nonce,
        place=[placement_data(p) for p in scheme.place],
        params=_printing(scheme.printing),
        values=[_value(value) for value in scheme.values if value is not signed],
        payload=_texts(signed) if signed else [],
        algorithm=scheme.algorithm,
        secret=scheme.secret,
        secret_form=scheme.secret_form,
        encoding=scheme.encoding,
        signature=placement_data(scheme.signature) if scheme.signature else None,
        body=scheme.body if scheme.body != "given" else None,
    )


def _printing(how: Printing) -> Data:
    made = set_members(
        sorted=how.is_sorted,
        percent=how.is_percent,
        drop_empty=how.drops_empty,
        sort_inner=how.sorts_inner,
        flat=how.is_flat,
        added={name: part.word for name, part in how.added},
    )
    # An empty text is one, too.
    return made | {
        name: text for name, text, usual in (("pair", how.pair, "="), ("join", how.join, "&")) if text != usual
    }


def _value(value: Value) -> Data:
    return set_members(
        name=value.name,
        of=_texts(value),
        members=[_member(member) for member in value.members],
        token_header=[_member(member) for member in value.token_header],
        kind=value.kind if value.kind != "of" else None,
        hash=value.hash,
        signed=value.is_signed,
        encoding=value.encoding,
        when=value.condition.word if value.condition else None,
        methods=value.methods,
    )


def _member(member: Member) -> Data:
    if member.part is None and not (member.is_object or member.is_spread):
        return {"name": member.name, "constant": member.constant}
    return set_members(
        name=member.name,
        part=member.part.word if member.part else None,
        number=member.is_number,
        params=member.is_object or member.is_spread,
        may_be_empty=member.may_be_empty,
    )


def _texts(value: Value) -> list[str] | dict[str, list[str]]:
    texts = {method: [part.word for part in parts] for method, parts in value.texts.items()}
    return texts.get(OTHER, []) if len(texts) <= 1 else texts
