# Edited in templates/venues/mock/streams/push_form.py; the copy in generated/ is imported.
"""The form of pushes, where a client may choose whether they name their topic."""

from __future__ import annotations

from venues.mock.declared.streams import Combined
from venues.mock.exact import Json, compact, parse
from venues.mock.streams.frames import fill_template, match_template

# One push has `t` as the time of a kline and another as the id of a trade; an id is no number of this size.
MILLISECONDS = range(10**11, 10**14)


class PushForm:
    """The choice of one connection; `rules` is None where the exchange leaves none."""

    def __init__(self, rules: Combined | None, combined: bool, times: frozenset[str] = frozenset()) -> None:
        self._rules = rules
        self._times = times
        self._combined = combined

    def written(self, text: str, template: Json) -> str:
        """Return a push as it is sent; examples and tests have it with its topic, as in the template."""
        if self._rules is None or self._combined:
            return text
        try:
            values = match_template(template, parse(text))
        except ValueError:
            values = None
        # A test may push what is not a push at all; that is sent as it is.
        return text if values is None else compact(fill_template(self._rules.raw, values))

    def in_unit(self, text: str) -> str:
        """Return a push with its times in the unit that the client wants; what is no JSON stays as it is."""
        if not self._times:
            return text
        try:
            return compact(_finer(parse(text), self._times))
        except ValueError:
            return text

    def answer(self, frame: Json) -> Json:
        """Return the answer to a frame that switches or asks for the form; None if it is another frame.

        Raises:
            KeyError: if it asks for another property of pushes.
            TypeError: if it switches to what is neither true nor false.
        """
        for command in (self._rules.set, self._rules.get) if self._rules is not None else ():
            values = match_template(command.send, frame) if command is not None else None
            if command is None or values is None:
                if command is not None and match_template(_of_any_property(command.send), frame) is not None:
                    raise KeyError("there is no such property")
                continue
            wanted = values.get("combined", self._combined)
            if not isinstance(wanted, bool):
                raise TypeError("combined is true or false")
            self._combined = wanted
            return fill_template(command.answer, {**values, "combined": wanted})
        return None


def _of_any_property(template: Json) -> Json:
    """Return a frame that switches or asks, with any property in place of the one that exists."""
    return {
        name: ["{any}" for _ in member] if isinstance(member, list) else member for name, member in template.items()
    }


def _finer(value: Json, times: frozenset[str]) -> Json:
    """Return a value with its times in microseconds."""
    if isinstance(value, list):
        return [_finer(item, times) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: item * 1000 if name in times and isinstance(item, int) and item in MILLISECONDS else _finer(item, times)
        for name, item in value.items()
    }
