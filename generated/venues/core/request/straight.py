# Edited in templates/venues/core/request/straight.py; the copy in generated/ is imported.
"""Writes and judges the arguments of a call by one straight function, compiled from the declarations at the first call.

Parameters and rules are declarations, which messages, documentation and the command line read. To write a call by them
takes a loop over parameters and one over rules, and functions in both. What is compiled here has a line or two for each.

It takes usual values in one step, where that proves them right, and asks the declaration of a parameter or rule where it
does not. Where anything may be wrong, it gives up, and the declarations write the call: they have the last word. So
it refuses nothing on its own; it must take nothing that they refuse, nor write it otherwise.

It is compiled, and not printed beside the declarations, because an API has hundreds of operations and a program uses few:
nothing is loaded for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from keyword import iskeyword
from typing import Any, NamedTuple

from venues.core.request.params import ListOf, Param
from venues.core.request.rules import Condition, Rule
from venues.core.request.wire import text_of
from venues.core.request.writers import Write, checked_writer, text_form, whole_bounds, written_members
from venues.core.values.numbers import LARGEST, is_plain, is_plain_unsigned

Line = Callable[..., dict[str, object]]
"""Takes the value of each parameter in their order, None where it is not given; returns what is sent, by wire name."""
Always = Sequence[tuple[str, object]]


class Doubt(Exception):
    """The straight line can't tell whether a call is right."""


WORDS: dict[str, object] = {
    "Type": type,
    "Text": str,
    "Whole": int,
    "Exact": Decimal,
    "is_ascii": str.isascii,
    "is_plain": is_plain,
    "is_plain_unsigned": is_plain_unsigned,
    "text_of": text_of,
    "LARGEST": LARGEST,
    "Doubt": Doubt,
}
"""What each line may use; a parameter may be called as a built-in type of Python is, as `type`."""


def compile_line(call: str, params: Sequence[Param], rules: Sequence[Rule] = (), always: Always = ()) -> Line:
    """Return what writes and judges the arguments of a call.

    Args:
        call: Names it, for profiles and tracebacks.
        params: Its parameters.
        rules: Its rules.
        always: Wire name and value of what is sent where the caller gives nothing.

    It raises Doubt, KeyError or InvalidRequest where a call may be wrong; the declarations know more.
    """
    text, used = print_line(params, rules, always)
    names: dict[str, Any] = {**WORDS, **used}
    # What is not a constant in it are names of ours, and the exchange's words are literals: nothing of a caller is run.
    exec(compile(text, f"<line of {call}>", "exec"), names)  # noqa: S102
    line: Line = names["write"]
    return line


def print_line(
    params: Sequence[Param], rules: Sequence[Rule] = (), always: Always = ()
) -> tuple[str, dict[str, object]]:
    """Return the text of the function, and what it uses, by name."""
    by_wire = {param.wire: param for param in params}
    names = {param.wire: _variable(param, place) for place, param in enumerate(params)}
    judged = {condition.wire for rule in rules for condition in rule.when if condition.values}
    used: dict[str, object] = {"PARAMS": by_wire}
    body = ["sent = {}"]
    for param in params:
        body += _step(param, names[param.wire], used, is_read=param.wire in judged)
    for wire, written in always:
        used[f"{names[wire]}_ALWAYS"] = written
        body += [f"if {names[wire]} is None:", f"    {names[wire]} = sent[{wire!r}] = {names[wire]}_ALWAYS"]
    for place, rule in enumerate(rules):
        used[f"CHECK_{place}"] = rule.check
    body += _judged([_Test.of(place, rule, names, by_wire) for place, rule in enumerate(rules)])
    head = f"def write({', '.join(names.values())}):"
    return "\n    ".join([head, *body, "return sent"]), used


def _variable(param: Param, place: int) -> str:
    """Name the variable of a parameter; names of our own have a capital letter, or are taken here."""
    name = param.name
    is_fit = name.isascii() and name.isidentifier() and name.islower() and not iskeyword(name)
    return name if is_fit and name not in WORDS and name not in ("sent", "text") else f"P{place}"


def _step(param: Param, name: str, used: dict[str, object], *, is_read: bool) -> list[str]:
    """Return the lines that write one parameter."""
    before, written = _written(param, name, used)
    target = f"{name} = sent[{param.wire!r}]" if is_read else f"sent[{param.wire!r}]"
    lines = [*before, f"{target} = {written}"]
    if param.required:
        # What is missing is refused as any other value of a wrong type; of JSON alone it is one.
        is_refused = isinstance(param.kind, type) or (isinstance(param.kind, str) and param.kind != "json")
        return lines if is_refused else [f"if {name} is None:", "    raise Doubt", *lines]
    return [f"if {name} is not None:", *(f"    {line}" for line in lines)]


def _written(param: Param, name: str, used: dict[str, object]) -> tuple[list[str], str]:
    """Return the lines before a value is written, and the expression for what is written."""
    kind, declared = param.kind, f"{name}_DECLARED"
    if isinstance(kind, type):
        used[f"{name}_MEMBERS"] = written_members(param, kind)
        return [], f"{name}_MEMBERS[Type({name})][{name}]"
    used[declared] = _unless_empty(checked_writer(param))
    declared = f"{declared}({name})"
    bounds = whole_bounds(param)
    if bounds is not None:
        whole = f"Text({name})" if param.write == "text" else name
        return [], f"{whole} if Type({name}) is Whole and {_between(name, *bounds)} else {declared}"
    if kind == "string":
        return [], _text(param, name, declared, used)
    if kind == "decimal" and param.write == "text" and param.checks in ((), (param._check_sign,)):
        fits = "is_plain_unsigned" if param.checks else "is_plain"
        text = f'text = Text({name}) if Type({name}) is Exact else {name} if Type({name}) is Text else ""'
        return [text], f"text if {fits}(text) else {declared}"
    if kind == "boolean" and not param.checks:
        true, false = ('"true"', '"false"') if param.write == "text" else ("True", "False")
        return [], f"{true} if {name} is True else {false} if {name} is False else {declared}"
    return [], declared


def _text(param: Param, name: str, declared: str, used: dict[str, object]) -> str:
    """Return the expression for a text."""
    if not param.checks and not param.values:
        return f"{name} if Type({name}) is Text and {name} and is_ascii({name}) else {declared}"
    fits = text_form(param)
    if fits is None:
        return declared
    used[f"{name}_FITS"] = fits
    # `Type` where `isinstance` would let a class of the caller's pass, whose text may be another each time.
    return f"{name} if Type({name}) is Text and {name}_FITS({name}) else {declared}"


def _between(name: str, least: int, most: int) -> str:
    low = "-LARGEST <" if least == 1 - LARGEST else f"{least} <="
    high = "< LARGEST" if most == LARGEST - 1 else f"<= {most}"
    return f"{low} {name} {high}"


def _unless_empty(declared: Write) -> Write:
    """Return what writes a value, unless it is an empty string, which is not given."""

    def write(value: object) -> object:
        if not value and value == "":
            raise Doubt
        return declared(value)

    return write


class _Test(NamedTuple):
    """When a call may break a rule; it must hold wherever the rule is broken."""

    place: int
    """That of the rule among all."""
    gate: str
    """A variable that is None in nearly every call, and then the rule is not broken; empty if there is none."""
    case: tuple[str, tuple[str, ...]]
    """A variable, and the texts that it must be one of; two empty ones if there are none."""
    others: list[str]
    """What must hold beside that."""

    @classmethod
    def of(cls, place: int, rule: Rule, names: dict[str, str], params: dict[str, Param]) -> _Test:
        """Return that of a rule."""
        when = {condition: _holds(condition, names[condition.wire], params[condition.wire]) for condition in rule.when}
        sure = [c for c in rule.when if c.values and params[c.wire].write == "text" and _is_said(c, params[c.wire])]
        gates = [c.wire for c in sure if not params[c.wire].required]
        if rule.kind == "forbid" and len(rule.wires) == 1:
            gates = [*rule.wires, *gates]
        gate = names[gates[0]] if gates else ""
        case = next((c for c in sure if not gate and rule.kind != "forbid"), None)
        others = [*_given(rule, names), *(test for condition, test in when.items() if condition is not case)]
        told = (f"{gate} is not None",) if gate else ()
        named = ("", ()) if case is None else (names[case.wire], case.values)
        return cls(place, gate, named, [test for test in others if test not in told])


def _is_said(condition: Condition, param: Param) -> bool:
    """Whether a condition on values holds only where one is given."""
    return param.default not in condition.values


def _given(rule: Rule, names: dict[str, str]) -> list[str]:
    """Return the tests for whether too many or too few of a rule's parameters are given."""
    given = [f"{names[wire]} is not None" for wire in rule.wires]
    missing = [f"{names[wire]} is None" for wire in rule.wires]
    if rule.kind == "forbid":
        return [_any(given)]
    if rule.kind == "window":
        return given
    if rule.kind == "require":
        return [_any(missing)]
    if rule.kind == "at_least_one_of":
        return missing
    counted = " + ".join(f"({each})" for each in given)
    return [f"{counted} {'!=' if rule.kind == 'one_of' else '>'} 1"]


def _judged(tests: list[_Test]) -> list[str]:
    """Return the lines that ask each rule which a call may break; which of several is broken, the declarations say."""
    lines = []
    for gate in dict.fromkeys(test.gate for test in tests if test.gate):
        behind = [test for test in tests if test.gate == gate]
        if len(behind) == 1:
            lines += _asked(behind, f"{gate} is not None")
        else:
            lines += [f"if {gate} is not None:", *_indented(_asked(behind))]
    for name in dict.fromkeys(test.case[0] for test in tests if not test.gate):
        lines += _cases(name, [test for test in tests if not test.gate and test.case[0] == name])
    return lines


def _cases(name: str, tests: list[_Test]) -> list[str]:
    """Return the lines for rules about what one variable may be: where it is one of these texts, it is no other."""
    if not name:
        return _asked(tests)
    if len(tests) == 1:
        return _asked(tests, _is_one(*tests[0].case))
    lines, seen = [], set[str]()
    for values in dict.fromkeys(test.case[1] for test in tests):
        word = "elif" if seen and seen.isdisjoint(values) else "if"
        seen = {*values, *(seen if word == "elif" else ())}
        lines += [f"{word} {_is_one(name, values)}:"]
        lines += _indented(_asked([test for test in tests if test.case[1] == values]))
    return lines


def _asked(tests: list[_Test], *before: str) -> list[str]:
    lines = []
    for test in tests:
        lines += [f"if {_all([*before, *test.others])}:", f"    CHECK_{test.place}(sent, PARAMS)"]
    return lines


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _is_one(text: str, values: tuple[str, ...]) -> str:
    return f"{text} == {values[0]!r}" if len(values) == 1 else f"{text} in {values!r}"


def _all(tests: list[str]) -> str:
    return " and ".join(f"({test})" if " or " in test and len(tests) > 1 else test for test in tests)


def _any(tests: list[str]) -> str:
    return " or ".join(tests)


def _holds(condition: Condition, name: str, param: Param) -> str:
    """Return the test for whether a condition may hold: exact for texts and presence, the rule itself reads numbers."""
    if condition.present is not None:
        return f"{name} is {'not ' if condition.present else ''}None"
    if not condition.values:
        return "True" if param.default is not None and not isinstance(param.kind, ListOf) else f"{name} is not None"
    # The runtime writes bools and numbers as themselves only into JSON.
    text = name if param.write == "text" else f"text_of({name})"
    is_one = _is_one(text, condition.values)
    if not _is_said(condition, param):
        return f"{name} is None or {is_one}"
    return is_one if param.write == "text" else f"{name} is not None and {is_one}"
