# Edited in templates/venues/core/answer/examples.py; the copy in generated/ is imported.
"""Examples of calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Example:
    """A call that the mock exchange accepts, and its answer."""

    arguments: Mapping[str, Any]  # arguments differ in type from operation to operation
    """Arguments by Python name, ready to call with."""
    response: str
    """The raw JSON text that the exchange would answer."""
