# Edited in templates/venues/mock/request/rules.py; the copy in generated/ is imported.
"""Checks the rules about several parameters: required together, one of several, a range of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from venues.mock.declared.conditions import Condition
from venues.mock.declared.operations import Operation, Param, Rule, Variant
from venues.mock.exact import Json, text_of
from venues.mock.request.received import RequestRefused

Arguments = Mapping[str, Json]
Params = Mapping[str, Param]
Judge = Callable[[Arguments], bool]
MANY = 200
"""How many sets of names are remembered of each call."""


class Rules:
    """The rules of one call, or of one object in it, made ready once.

    The names that are sent, and the values of a few parameters such as an order's type, decide which rules are broken;
    most programs send but a few sets of those.
    """

    def __init__(self, rules: Sequence[Rule], params: Params) -> None:
        self._params = params
        self._rules = [(_keeper_of(rule), rule) for rule in rules]
        """What says of the names that a rule is surely kept; and the rule."""

        conditions = [condition for rule in rules for condition in rule.when]
        self._deciding = [*dict.fromkeys(each.wire for each in conditions if each.values and each.present is None)]
        self._known: dict[object, Sequence[tuple[Sequence[Judge], Rule]]] = {}
        """Names and deciding values → the rules that may be broken, and the conditions on numbers that decide then."""

    def check(self, arguments: Arguments, where: str) -> None:
        """Check arguments against the rules; what is empty was not sent.

        Raises:
            RequestRefused: for the first that is broken.
        """
        if not self._rules:
            return
        values = arguments.values()
        if None in values or "" in values:
            arguments = {wire: value for wire, value in arguments.items() if value not in (None, "")}
        for conditions, rule in self._breakable(arguments):
            if all(judge(arguments) for judge in conditions):
                _check(rule, arguments, self._params, where)

    def _breakable(self, arguments: Arguments) -> Sequence[tuple[Sequence[Judge], Rule]]:
        """Return the rules that these arguments may break."""
        values = [arguments.get(wire) for wire in self._deciding]
        said = [value if type(value) is str or value is None else text_of(value) for value in values]
        key = *arguments, *said
        known = self._known.get(key)
        if known is None:
            known = [*self._sought(arguments)]
            # A test that tries everything is not kept.
            if len(self._known) < MANY:
                self._known[key] = known
        return known

    def _sought(self, arguments: Arguments) -> Iterator[tuple[Sequence[Judge], Rule]]:
        for is_kept, rule in self._rules:
            judges = [(c, judge_of(c, self._params[c.wire].default)) for c in rule.when]
            is_number = [c.present is None and not c.values for c, _ in judges]
            decided = all(judge(arguments) for (_, judge), later in zip(judges, is_number, strict=True) if not later)
            if decided and not is_kept(arguments):
                yield [judge for (_, judge), later in zip(judges, is_number, strict=True) if later], rule


def judge_of(condition: Condition, default: str | None = None) -> Judge:
    """Return what says whether a condition is met; a parameter that was not sent has its default."""
    wire, values = condition.wire, frozenset(condition.values)
    if condition.present is not None:
        present = condition.present
        return lambda given: (wire in given) is present

    def is_one_of(given: Arguments) -> bool:
        value = given.get(wire, default)
        # Compared as text: the specification has 1 where one carrier sends "1" and another one a number.
        return value is not None and (value if type(value) is str else text_of(value)) in values

    def is_within(given: Arguments) -> bool:
        value = given.get(wire, default)
        return value is not None and _is_within(text_of(value), condition)

    return is_one_of if values else is_within


def _is_within(text: str, condition: Condition) -> bool:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    least, most = condition.minimum, condition.maximum
    return (least is None or number >= least) and (most is None or number <= most)


def is_met(condition: Condition, given: Arguments, default: str | None = None) -> bool:
    """Whether a condition is met; a parameter that was not sent has its default."""
    return judge_of(condition, default)(given)


class Variants:
    """The other answers of one operation, and when they are given."""

    def __init__(self, operation: Operation) -> None:
        defaults = {param.wire: param.default for param in operation.params}
        self._variants = [
            (tuple(judge_of(c, defaults.get(c.wire)) for c in variant.when), variant) for variant in operation.variants
        ]

    def of(self, given: Arguments) -> Variant | None:
        """Return the case whose answer fits what is asked; None where the usual answer does."""
        return next((variant for tests, variant in self._variants if all(test(given) for test in tests)), None)


def variant_of(operation: Operation, given: Arguments) -> Variant | None:
    """Return the case whose answer fits what is asked; None where the usual answer does."""
    return Variants(operation).of(given) if operation.variants else None


def _keeper_of(rule: Rule) -> Judge:
    """Return what says whether a rule would be kept if it held: most calls keep all of them, so it is asked first."""
    wires, kind = frozenset(rule.wires), rule.kind
    if kind == "forbid":
        return wires.isdisjoint
    if kind == "require":
        return lambda given: given.keys() >= wires
    if kind == "window":
        return lambda given: not given.keys() >= wires
    least, most = int(kind != "at_most_one_of"), len(wires) if kind == "at_least_one_of" else 1
    return lambda given: least <= len(wires & given.keys()) <= most


def _check(rule: Rule, given: Arguments, params: Params, where: str) -> None:
    kind = rule.kind
    if kind == "window":
        _check_window(rule, given, params, where)
        return
    count = sum(map(given.__contains__, rule.wires))
    if kind == "require" and count < len(rule.wires):
        raise RequestRefused("missing_param", f"{_listed(rule, where)} must be sent")
    if kind in ("one_of", "at_least_one_of") and count == 0:
        raise RequestRefused("missing_param", f"one of {_listed(rule, where)} must be sent")
    if kind in ("one_of", "at_most_one_of") and count > 1:
        raise RequestRefused("wrong_param", f"only one of {_listed(rule, where)} may be sent")
    if kind == "forbid" and count:
        raise RequestRefused("wrong_param", f"{_listed(rule, where)} must not be sent")


def _listed(rule: Rule, where: str) -> str:
    return ", ".join(where + wire for wire in rule.wires)


def _check_window(rule: Rule, given: Arguments, params: Params, where: str) -> None:
    start, end = rule.wires
    if start not in given or end not in given:
        return
    unit = 1000 if params[start].type.kind == "timestamp_s" else 1
    length = (int(text_of(given[end])) - int(text_of(given[start]))) * unit
    if length < 0:
        raise RequestRefused("wrong_param", f"{where}{start} is later than {end}")
    if rule.within_ms is None:
        return
    if length > rule.within_ms or (rule.under and length == rule.within_ms):
        raise RequestRefused("wrong_param", f"{where}{start} and {end} are too far apart")
