"""The moves of the second edition, in order: which function rewrites which key, where its place or form changed.

A move returns edits of the file as it is; the file is read again before the next one, so that moves may nest.
"""

from __future__ import annotations

from collections.abc import Callable

from generator.migrate.api_moves import (
    move_default_limit,
    move_failures,
    move_requests,
    move_symbols,
    move_vector_scheme,
    move_wrong_passphrase,
)
from generator.migrate.operation_moves import move_conclusive, move_lookup, move_returns, move_tolerances
from generator.migrate.texts import Edit, Mapping, Pair, Text

Move = Callable[[Text, Mapping, Pair], list[Edit]]
"""Takes the file, the mapping that holds the word, and the word with its value."""


MOVES: dict[str, Move] = {
    "requests": move_requests,
    "default_limit": move_default_limit,
    "failures": move_failures,
    "wrong_passphrase": move_wrong_passphrase,
    "offered": move_symbols,
    "single": move_tolerances,
    "unwrap": move_tolerances,
    "scheme": move_vector_scheme,
    "lookup": move_lookup,
    "conclusive": move_conclusive,
    "returns": move_returns,
}
"""Key of the first edition → the function that rewrites it."""
