# Edited in templates/venues/mock/request/rules.py; the copy in generated/ is imported.
"""Checks the rules about several parameters: required together, one of several, a range of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from venues.mock.declared.api import Operation, Param, Rule, Variant
from venues.mock.declared.conditions import Condition
from venues.mock.exact import Json
from venues.mock.request.received import RequestRefused, text_of

Arguments = Mapping[str, Json]
Params = Mapping[str, Param]


def check_rules(rules: Sequence[Rule], known: Params, arguments: Arguments, where: str) -> None:
    """Check a call, or an object in it, against its rules.

    Raises:
        RequestRefused: for the first that is broken.
    """
    if not rules:
        return
    given = {wire: value for wire, value in arguments.items() if value not in (None, "")}
    for rule in rules:
        for condition in rule.when:
            if not is_met(condition, given, known[condition.wire].default):
                break
        else:
            _check(rule, given, known, where)


def is_met(condition: Condition, given: Arguments, default: str | None = None) -> bool:
    """Whether a condition is met; a parameter that was not sent has its default."""
    if condition.present is not None:
        return (condition.wire in given) == condition.present
    value = given.get(condition.wire, default)
    if value is None:
        return False
    # Compared as text: the specification has 1 where one carrier sends "1" and another one a number.
    text = text_of(value)
    return text in condition.values if condition.values else _is_within(text, condition)


def _is_within(text: str, condition: Condition) -> bool:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    least, most = condition.minimum, condition.maximum
    return (least is None or number >= least) and (most is None or number <= most)


def variant_of(operation: Operation, given: Arguments) -> Variant | None:
    """Return the case whose answer fits what is asked; None where the usual answer does."""
    if not operation.variants:
        return None
    defaults = {param.wire: param.default for param in operation.params}
    fitting = (v for v in operation.variants if all(is_met(c, given, defaults.get(c.wire)) for c in v.when))
    return next(fitting, None)


def _check(rule: Rule, given: Arguments, params: Params, where: str) -> None:
    if rule.kind == "window":
        _check_window(rule, given, params, where)
        return
    count = len([wire for wire in rule.wires if wire in given])
    if rule.kind == "require" and count < len(rule.wires):
        raise RequestRefused("missing_param", f"{_listed(rule, where)} must be sent")
    if rule.kind in ("one_of", "at_least_one_of") and count == 0:
        raise RequestRefused("missing_param", f"one of {_listed(rule, where)} must be sent")
    if rule.kind in ("one_of", "at_most_one_of") and count > 1:
        raise RequestRefused("wrong_param", f"only one of {_listed(rule, where)} may be sent")
    if rule.kind == "forbid" and count:
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
