# Edited in templates/venues/core/streams/payload.py; the copy in generated/ is imported.
"""From the bytes of a payload to its type: strict first, mended only if that fails."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from types import GenericAlias
from typing import Any, get_args, get_origin

import msgspec

from venues.core.answer.body import UNREADABLE, parse
from venues.core.answer.mend import Report, Unreadable, mend
from venues.core.answer.models import Flat, groups_of
from venues.core.answer.unknown import report_unknown
from venues.core.values.decoders import build_decoder
from venues.core.values.enums import newest
from venues.core.values.interruption import is_of_program, raised_by_program
from venues.core.values.numbers import has_no_number
from venues.errors import DecodeError

LETTER_N, LETTER_I = b"NI"
"""How `NaN` and `Inf` begin."""


class PayloadReader:
    """Reads payloads of one type."""

    def __init__(
        self,
        operation: str,
        promised: Any,  # types are values here
        *,
        lax: bool,
        also: tuple[str, ...] = (),
        empty_is_missing: bool = False,
    ) -> None:
        self._operation = operation
        self._promised = promised
        self._lax = lax
        self._also = also
        # `lax`: numbers inside strings are converted for channels that have them, and only for those.
        decode = build_decoder(promised, strict=not lax, dec_hook=flat, float_hook=Decimal).decode
        self._strict: Callable[[bytes], Any] = decode
        if also or empty_is_missing:
            from venues.core.answer.variants import tidying  # most exchanges don't need it

            how = {"strict": not lax, "dec_hook": flat}
            self._strict = tidying(decode, promised, also=also, empties=empty_is_missing, **how)

    def read(self, raw: bytes, report: Report) -> Any:
        """Return the payload.

        Raises:
            DecodeError: if it can't be read even leniently.
        """
        # Unknown enum values are searched for only if one appeared: a search costs as much as decoding.
        newest_before, handled = newest.member, sys.exception()
        try:
            data = self._strict(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
            stop = raised_by_program(error, handled)
            if stop is not None:
                raise stop from None
            data = self._read_leniently(raw, report)
        else:
            # The searches of `has_no_number`, for a call costs more than they do, and pushes are many. A byte, as a
            # number, is found ten times as fast as a text of one letter, and most pushes have neither.
            if ((LETTER_N in raw and b"NaN" in raw) or (LETTER_I in raw and b"Inf" in raw)) and has_no_number(raw):
                data = self._read_leniently(raw, report)
        if newest.member is not newest_before:
            report_unknown(data, report)
        return data

    def _read_leniently(self, raw: bytes, report: Report) -> Any:
        content = parse(raw)
        if content is UNREADABLE:
            raise DecodeError(self._operation, raw, "it is no JSON")
        if self._also:
            from venues.core.answer.variants import tidy

            tidy(content, self._promised)
        try:
            mended = mend(content, self._promised, report, lax=self._lax)
        except (Unreadable, TypeError, ValueError, RecursionError) as error:
            if is_of_program(error):
                raise
            raise DecodeError(self._operation, raw, str(error)) from None
        if mended is None:
            raise DecodeError(self._operation, raw, "it is nothing like what was promised")
        return mended


def flat(promised: Any, value: Any) -> Any:
    """Build what msgspec does not know: flat lists."""
    if get_origin(promised) is not Flat:
        raise NotImplementedError
    item = get_args(promised)[0]
    members = groups_of(value, len(msgspec.structs.fields(item)))
    return Flat(msgspec.convert(members, _list_of(item), strict=False))


@lru_cache
def _list_of(item: type) -> GenericAlias:
    """Return the type of a list; a decoder of it was built, because `convert` knows no lock and builds what is new."""
    items = GenericAlias(list, (item,))
    build_decoder(items)
    return items
