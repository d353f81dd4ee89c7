# Edited in templates/venues/mock/books/refusals.py; the copy in generated/ is imported.
"""Which code the exchange has for a rule that an order breaks."""

from __future__ import annotations

from collections.abc import Mapping

from venues.mock.books.order import NotSimulated
from venues.mock.declared.api import Api, Failure
from venues.mock.declared.operations import Operation
from venues.mock.exact import Json
from venues.mock.request.received import RequestRefused

KINDS: Mapping[Failure, str] = {"insufficient_balance": "InsufficientBalance"}
"""Rules for which one kind of code is made: if an exchange has one code of that kind, it is meant."""


class Refusals:
    """The codes of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._codes: dict[tuple[str, Failure], str | None] = {}

    def has_code(self, operation: Operation, failure: Failure) -> bool:
        """Whether the exchange has a code for a broken rule."""
        return self._code(operation, failure) is not None

    def with_code(self, operation: Operation, refused: RequestRefused) -> RequestRefused:
        """Return a refusal with its code.

        Raises:
            NotSimulated: if none is known: a bot would be tested on a guess.
        """
        code = refused.code or self._code(operation, refused.failure)
        if code is None:
            raise NotSimulated(f"{operation.full_name}: no code is documented for it, but {refused.detail}")
        return RequestRefused(refused.failure, refused.detail, code=code, wait=refused.wait, more=refused.more)

    def envelope(self, refused: RequestRefused) -> Json:
        """Return a refusal that has a code as the exchange writes it into its envelope."""
        envelope = self._api.envelope
        # A code that means several things stands before the message that narrows it.
        code = (refused.code or "").partition(" ")[0]
        own = int(code) if envelope.base == "integer" else code
        return {envelope.code: own, envelope.message[0]: self.message(refused)}

    def message(self, refused: RequestRefused) -> str:
        """Return the exchange's words for a refusal."""
        known = self._api.errors.get(refused.code or "")
        return known.message if known else refused.detail

    def _code(self, operation: Operation, failure: Failure) -> str | None:
        # Kept, for some exchanges have hundreds of codes.
        key = operation.full_name, failure
        if key not in self._codes:
            self._codes[key] = self._found_code(operation, failure)
        return self._codes[key]

    def _found_code(self, operation: Operation, failure: Failure) -> str | None:
        kind = KINDS.get(failure)
        own = [code for code in operation.errors if code in self._api.errors and self._api.errors[code].kind == kind]
        every = [code for code, known in self._api.errors.items() if known.kind == kind]
        return self._api.failures.get(failure) or (own[0] if own else every[0] if len(every) == 1 else None)
