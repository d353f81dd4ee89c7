"""Conditions on parameters, as the mock exchange reads them."""

from __future__ import annotations

from typing import Any

from generator.mock.signing import set_members
from generator.model.remembering import value_text
from generator.model.types import Condition

Data = dict[str, Any]  # JSON


def condition_data(condition: Condition) -> Data:
    """Return a condition with its values as text."""
    made = set_members(
        wire=condition.wire,
        values=[value_text(value) for value in condition.values],
        minimum=condition.minimum,
        maximum=condition.maximum,
    )
    return made if condition.present is None else made | {"present": condition.present}
