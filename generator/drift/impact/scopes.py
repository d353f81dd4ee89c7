"""The names that are bound in one file: in its functions, comprehensions and branches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from generator.drift.impact.meanings import Meaning, either

Bound = dict[str, Meaning | None]


class Scopes:
    """Names by scope, the innermost last; a name without a known meaning hides an outer one."""

    def __init__(self) -> None:
        self._chain: list[Bound] = [{}]
        self._outer: list[set[str]] = [set()]
        self.changes = 0
        """How often something was bound, or a scope began or ended."""
        self._classes = set[int]()
        """Depths of the bodies of classes, whose names the functions in them do not see."""

    def find(self, name: str) -> Meaning | None:
        """Return what a name stands for; None if that is unknown."""
        return next((scope[name] for scope in self._seen() if name in scope), None)

    def has(self, name: str) -> bool:
        """Whether a name is bound."""
        return any(name in scope for scope in self._seen())

    def _seen(self) -> Iterator[Bound]:
        last = len(self._chain) - 1
        yield from (self._chain[at] for at in range(last, -1, -1) if at == last or at not in self._classes)

    @property
    def innermost(self) -> Mapping[str, Meaning | None]:
        """The names of the innermost scope."""
        return self._chain[-1]

    def bind(self, name: str, meaning: Meaning | None) -> None:
        """Note that a name has another value now."""
        self.changes += 1
        at = 0 if name in self._outer[-1] else -1
        # What was reached through the old value is gone with it: `self.trade` of another `self`.
        for path in [path for path in self._chain[at] if path.startswith(f"{name}.")]:
            del self._chain[at][path]
        self._chain[at][name] = meaning

    def outside(self, names: list[str]) -> None:
        """Note that a function binds names of the module: `global client`."""
        self._outer[-1].update(names)

    @contextmanager
    def inner(self, names: Mapping[str, Meaning | None], *, is_class: bool = False) -> Iterator[None]:
        """Begin a scope with its arguments; its names mean nothing outside."""
        self._classes |= {len(self._chain)} if is_class else set()
        self._chain.append(dict(names))
        self.changes += 1
        self._outer.append(set())
        try:
            yield
        finally:
            self._chain.pop()
            self._outer.pop()
            self.changes += 1
            self._classes.discard(len(self._chain))

    @contextmanager
    def branches(self) -> Iterator[Branches]:
        """Begin code of which only one branch runs; afterwards, a name stands for what any of them bound it to."""
        branches = Branches(self._chain)
        yield branches
        branches.merge()
        self.changes += 1


class Branches:
    """The branches of one statement."""

    def __init__(self, chain: list[Bound]) -> None:
        self._chain = chain
        self._before = dict(chain[-1])
        self._after = list[Bound]()

    def end(self) -> None:
        """End a branch: the next one begins with what was bound before the statement."""
        self._after.append(self._chain[-1])
        self._chain[-1] = dict(self._before)

    def merge(self) -> None:
        """Bind each name to what it may stand for now."""
        names = dict.fromkeys(name for bound in self._after for name in bound)
        self._chain[-1] = {name: self._merged(name) for name in names}

    def _merged(self, name: str) -> Meaning | None:
        found = [bound[name] for bound in self._after if name in bound]
        # The same object in all branches stays that object: a dictionary is followed further.
        return found[0] if all(meaning is found[0] for meaning in found) else either(found)
