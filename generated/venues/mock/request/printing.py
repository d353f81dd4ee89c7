# Edited in templates/venues/mock/request/printing.py; the copy in generated/ is imported.
"""Parameters as signing rules print them."""

from __future__ import annotations

from operator import itemgetter
from urllib.parse import quote

from venues.mock.declared.signing import Scheme
from venues.mock.exact import Json, text_of
from venues.mock.request.pairs import Pairs


def joined(pairs: Pairs, scheme: Scheme) -> str:
    """Return parameters sorted, joined and encoded as a rule says."""
    how = scheme.params
    kept = [(name, text) for name, text in pairs if text or not how.drop_empty]
    if how.sorted:
        kept.sort(key=itemgetter(0))
    if how.percent:
        kept = [(quote(name, safe="-._~"), quote(text, safe="-._~")) for name, text in kept]
    return how.join.join([f"{name}{how.pair}{text}" for name, text in kept])


def printed(value: Json, scheme: Scheme) -> str:
    """Return a parameter as a rule prints it."""
    if type(value) is str:
        return value  # as most values are
    how = scheme.params
    ordered = inner_order(value, sort=how.sort_inner, drop=how.drop_empty)
    return _member_by_member(ordered) if how.flat else text_of(ordered)


def _member_by_member(value: Json) -> str:
    if isinstance(value, dict):
        return "".join(f"{name}{_member_by_member(member)}" for name, member in sorted(value.items()))
    return "".join(map(_member_by_member, value)) if isinstance(value, list) else text_of(value)


def inner_order(value: Json, *, sort: bool, drop: bool) -> Json:
    """Return a value whose objects are as a rule prints them."""
    if isinstance(value, dict):
        names = sorted(value) if sort else value
        return {name: inner_order(value[name], sort=sort, drop=drop) for name in names if value[name] != "" or not drop}
    return [inner_order(member, sort=sort, drop=drop) for member in value] if isinstance(value, list) else value
