# Edited in templates/venues/mock/request/symbols.py; the copy in generated/ is imported.
"""Refuses symbols that do not exist at the exchange."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from venues.mock.declared.api import Api
from venues.mock.declared.operations import Operation
from venues.mock.exact import DEEP, Json
from venues.mock.request.received import RequestRefused

UNKNOWN = "SymbolNotFound"
MANY = 2


class SymbolCheck:
    """Checks the symbols of one API."""

    def __init__(self, api: Api) -> None:
        self._names = frozenset(api.symbols.params if api.symbols else ())
        self._offered = re.compile(api.symbols.offered if api.symbols else "")
        self._added: set[str] = set()
        self._kinds = {code: known.kind for code, known in api.errors.items()}

    def offers(self, symbol: str) -> bool:
        """Whether a symbol exists; where the specification lists none, every symbol does."""
        return not self._names or symbol in self._added or self._offered.fullmatch(symbol) is not None

    def add(self, symbol: str) -> None:
        """Add a symbol."""
        self._added.add(symbol)

    def check(self, operation: Operation, arguments: Mapping[str, Json]) -> None:
        """Check every symbol of a call, also in nested objects.

        Raises:
            RequestRefused: for the first that is unknown, with the operation's own code for it, if it has one.
        """
        named = arguments.keys() & self._names
        if len(named) < MANY and DEEP.isdisjoint(map(type, arguments.values())):
            # One symbol beside other texts, as in most calls.
            found: Iterable[str] = [
                arguments[name] for name in named if arguments[name] and type(arguments[name]) is str
            ]
        else:
            found = self._symbols_in(arguments)
        for symbol in found:
            if not self._offered.fullmatch(symbol) and symbol not in self._added:
                # One exchange has another code for contracts than for pairs; the operation lists its own.
                own = (code for code in operation.errors if self._kinds.get(code) == UNKNOWN)
                raise RequestRefused("unknown_symbol", f"{symbol} does not exist", code=next(own, None))

    def _symbols_in(self, value: Json, name: str = "") -> Iterator[str]:
        if isinstance(value, str) and name in self._names:
            yield from [value] if value else []
        elif isinstance(value, Mapping):
            for key, member in value.items():
                if key in self._names or isinstance(member, (Mapping, list)):
                    yield from self._symbols_in(member, key)
        elif isinstance(value, list):
            for member in value:
                yield from self._symbols_in(member, name)
