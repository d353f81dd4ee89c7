"""Prints the signature of a call: what a program passes, with its types, and what it gets."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.types import Param
from generator.words.annotations import Arguments, annotation

MOST = 16
"""Parameters that a signature shows; of more, it shows those that are required, and those that examples pass."""


class Signatures:
    """Prints the signatures of one API, as lines of a stub."""

    def __init__(self, api: Api) -> None:
        self._arguments = Arguments(api.enums)

    def __call__(self, operation: Operation, used: set[str]) -> str:
        """Print a signature; `used` are the parameters (wire names) that examples pass."""
        returns = annotation(operation.returns)
        if not operation.params:
            return f"def {operation.name}() -> {returns}: ..."
        ordered = sorted(operation.params, key=lambda param: not param.required)
        shown = [p for p in ordered if len(ordered) <= MOST or p.required or p.wire in used]
        left = len(ordered) - len(shown)
        lines = [f"    {self._argument(param)}," for param in shown]
        lines += [f"    # and {left} more: see Parameters"] if left else []
        return "\n".join([f"def {operation.name}(", "    *,", *lines, f") -> {returns}: ..."])

    def _argument(self, param: Param) -> str:
        kind = self._arguments(param.type)
        return f"{param.name}: {kind}" if param.required else f"{param.name}: {kind} | None = None"
