"""Puts the model into English: types, ranges, rules, limits and costs, for reference pages and docstrings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial

from generator.model.codes import ErrorCode
from generator.model.documentation import Page, Quirk
from generator.model.fitting import wire_text
from generator.model.limits import Case, Cost, Limit
from generator.model.operations import Operation
from generator.model.types import Condition, Field, Param, Rule, Scalar, Struct, Type
from generator.words.markdown import anchor, code, codes, enumeration, inline, link, prose, sentence, url

SCALARS = {
    "string": "string",
    "integer": "integer",
    "boolean": "boolean",
    "decimal": "decimal",
    "timestamp_ms": "Unix time in milliseconds",
    "timestamp_s": "Unix time in seconds",
    "json": "any JSON",
}
OWNERS = {"ip": "IP address", "uid": "user", "key": "key"}
UNITS = {"ms": "millisecond", "s": "second", "m": "minute", "h": "hour", "d": "day"}
SPANS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"), (1, "millisecond"))


def type_words(typed: Type, home: str) -> str:
    """Name a type; `home` leads to the folder of the API."""
    if typed.item is not None:
        return f"{'list' if typed.kind == 'list' else 'object'} of {type_words(typed.item, home)}"
    return link(code(typed.name), f"{home}types/{typed.name}.md") if typed.name else SCALARS[typed.kind]


def sent_as(param: Param) -> str:
    """Return how a parameter is sent, if its type does not say so."""
    kind = param.type.kind
    if kind in ("list", "map", "struct", "json"):
        forms = {"comma": "comma-separated", "repeat": "name repeated for each item"}
        in_text = "as a JSON string" if param.place != "body" or param.write == "text" else ""
        return forms.get(param.write, in_text)
    if param.place == "body" and param.write == "text" and kind not in ("string", "enum"):
        return "sent as a string"
    return ""


def notes(param: Param) -> list[str]:
    """Return range, default and allowed values of a parameter, one sentence each."""
    found = [words for words in (range_words(param.minimum, param.maximum), _sizes(param)) if words]
    if param.pattern:
        found.append(f"Must match {code(param.pattern)}.")
    if param.values:
        found.append(f"One of {codes(map(wire_text, param.values), 'or')}.")
    if param.default is not None:
        found.append(f"Default: {code(wire_text(param.default))}.")
    return found + default_words(param, wire_text)


def default_words(param: Param, text: Callable[[Scalar], str]) -> list[str]:
    """Return what is used in some cases where a parameter is not sent, one sentence each."""
    return [
        f"Default: {code(text(value))} if {' and '.join(condition_words(one, code) for one in when)}."
        for value, when in param.default_cases
    ]


def range_words(low: Decimal | None, high: Decimal | None) -> str:
    """Return a range: `Between 1 and 50.`; empty if there is none."""
    if low is not None and high is not None:
        return f"Between {low:f} and {high:f}."
    return f"At least {low:f}." if low is not None else f"At most {high:f}." if high is not None else ""


def size_words(low: int | None, high: int | None, what: str) -> str:
    """Return how many there may be: `1 to 50 items.`"""
    last = low if high is None else high
    count = f"Exactly {low}" if low == high else f"{low} to {high}" if low is not None and high is not None else ""
    words = count or (f"At most {high}" if low is None else f"At least {low}")
    return f"{words} {what}{'' if last == 1 else 's'}."


def _sizes(param: Param) -> str:
    sizes = ((param.min_length, param.max_length, "character"), (param.min_items, param.max_items, "item"))
    return " ".join(size_words(low, high, what) for low, high, what in sizes if (low, high) != (None, None))


def field_notes(field: Field) -> list[str]:
    """Return what is special about a field of a response."""
    as_text = field.text and field.type.kind not in ("string", "enum")
    others = " or ".join(map(code, field.also))
    return [*(["Sent as a string."] if as_text else []), *([f"May also arrive as {others}."] if others else [])]


def in_python(text: str, members: Iterable[Param | Field]) -> str:
    """Return a text with the Python names of parameters or fields between backticks."""
    names = {member.wire: member.name for member in members}
    # Only between backticks: outside of them, `side` and `type` are English words.
    return re.sub(r"`(\w+)`", lambda found: f"`{names.get(found[1], found[1])}`", text)


def python_prose(text: str, members: Iterable[Param | Field]) -> str:
    """Print a text of the spec as Markdown, with the Python names of parameters or fields."""
    return prose(in_python(text, members))


class Namer:
    """Prints wire names as Python names, linked to the parameters of the same page."""

    def __init__(self, kind: str, params: tuple[Param, ...], *path: str) -> None:
        self._links = {p.wire: link(code(p.name), f"#{anchor(kind, *path, p.wire)}") for p in params}

    def __call__(self, wire: str) -> str:
        """Print a wire name."""
        return self._links.get(wire) or code(wire)


ValueWords = Callable[[str, Scalar], str]
"""Prints a value of the parameter with a wire name."""


def wire_value(_: str, value: Scalar) -> str:
    """Print a value as the exchange has it."""
    return wire_text(value)


def rule_words(
    rule: Rule,
    name: Callable[[str], str],
    value: ValueWords = wire_value,
    said: Callable[[str], str] = prose,
) -> str:
    """Return a rule about several parameters; `name` prints a wire name, `said` a sentence."""
    words = _demand(rule, name)
    if rule.when:
        words = f"If {enumeration([condition_words(c, name, value) for c in rule.when])}: {words}"
    else:
        words = words[0].upper() + words[1:]
    return f"{words}. {said(rule.why)}" if rule.why else f"{words}."


def _demand(rule: Rule, name: Callable[[str], str]) -> str:
    wires = [name(wire) for wire in rule.wires]
    be = "is" if len(wires) == 1 else "are"
    if rule.kind == "window":
        if rule.within_ms is None:
            return f"{wires[0]} must not be after {wires[1]}"
        distance = f"{'less than' if rule.under else 'at most'} {span_words(rule.within_ms)}"
        return f"{enumeration(wires)} must be {distance} apart"
    if rule.kind == "require":
        return f"{enumeration(wires)} {be} required"
    if rule.kind == "forbid":
        return f"{enumeration(wires)} {be} not allowed"
    many = {"one_of": "exactly one", "at_least_one_of": "at least one", "at_most_one_of": "at most one"}[rule.kind]
    return f"{many} of {enumeration(wires)} is {'allowed' if rule.kind == 'at_most_one_of' else 'required'}"


def condition_words(condition: Condition, name: Callable[[str], str], value: ValueWords = wire_value) -> str:
    """Return a condition on another parameter."""
    who = name(condition.wire)
    if condition.values:
        return f"{who} is {codes((value(condition.wire, one) for one in condition.values), 'or')}"
    if condition.present is not None:
        return f"{who} is {'given' if condition.present else 'not given'}"
    if condition.counts:
        least, most = (None if bound is None else int(bound) for bound in (condition.minimum, condition.maximum))
        return f"{who} has {size_words(least, most, 'item').rstrip('.').lower()}"
    return f"{who} is {range_words(condition.minimum, condition.maximum).rstrip('.').lower()}"


def amount_words(case: Case, name: Callable[[str], str]) -> str:
    """Return what a case costs: `4 for each item of symbols (at most 200)`."""
    each = f" for each item of {name(case.per)}" if case.per else ""
    return f"{case.amount}{each}{f' (at most {case.most})' if case.most else ''}"


def request_words(operation: Operation) -> str:
    """Name what is called: method, path, and what tells apart the calls that share them."""
    constants = ", ".join(f"{each.wire}={each.value}" for each in operation.constants if each.place != "text")
    return f"{operation.method} {operation.path}" + (f" ({constants})" if constants else "")


def span_words(milliseconds: int) -> str:
    """Return a length of time: `90 days`."""
    # The largest unit that divides the span, so that 90 days are not 2160 hours, nor 90 s a minute and a half.
    size, unit = next((size, unit) for size, unit in SPANS if milliseconds % size == 0)
    count = milliseconds // size
    return f"{count} {unit}{'' if count == 1 else 's'}"


def limit_words(limit: Limit) -> str:
    """Return a limit: `10 calls per second per user`."""
    return f"{limit.amount} {'calls' if limit.unit == 'calls' else 'weight'} {period_words(limit)}"


def period_words(limit: Limit) -> str:
    """Return period and scope of a limit: `per second per user`."""
    # `per second`, not `per 1 second`.
    per = re.sub(r"^1(?=[a-z])", "", limit.per)
    return f"per {UNITS.get(per) or span_words(limit.per_ms)} per {OWNERS[limit.by]}"


def cost_words(cost: Cost, home: str, name: Callable[[str], str]) -> str:
    """Return what a call costs in a limit."""
    bucket = link(code(cost.bucket), f"{home}index.md#{anchor('limit', cost.bucket)}")
    if len(cost.cases) == 1 and not cost.cases[0].when:
        return f"{amount_words(cost.cases[0], name)} from {bucket}"
    cases = [
        f"{amount_words(case, name)} if {enumeration([condition_words(c, name) for c in case.when])}" if case.when
        else f"{amount_words(case, name)} otherwise"
        for case in cost.charging
    ]  # fmt: skip
    return f"from {bucket}: {', '.join(cases)}"


def quirk_words(quirk: Quirk) -> str:
    """Return a quirk, and the reason for the side that the spec takes."""
    seen = f" (seen {quirk.seen})" if quirk.seen else ""
    return f"{prose(sentence(quirk.what))} {prose(sentence(quirk.why))}{seen}"


def source_words(page: Page, heading: str) -> str:
    """Return where something is documented."""
    title = link(prose(page.title or page.name), url(page.url))
    return f"{title}{f', “{inline(heading)}”' if heading else ''}, read {page.read}"


def outcome(error: ErrorCode) -> str:
    """Return the outcome that an error code means."""
    return "done" if error.kind == "Success" else "unknown" if error.unknown else "rejected"


def struct_notes(struct: Struct, name: Namer) -> list[str]:
    """Return the rules and quirks of an object, one sentence each."""
    rules = struct_rules(struct, name) if struct.sent else []
    return [*rules, *(f"Quirk: {quirk_words(quirk)}" for quirk in struct.quirks)]


def struct_rules(struct: Struct, name: Namer) -> list[str]:
    """Return the rules of an object that is sent, one sentence each."""
    return [rule_words(rule, name, said=partial(python_prose, members=struct.params)) for rule in struct.rules]


def place_words(operation: Operation) -> str:
    """Return where the parameters are sent."""
    places = {param.place for param in operation.params}
    words = {"query": "the query", "path": "the path", "header": "headers"}
    words["body"] = "a form body" if operation.carrier == "form" else "a JSON body"
    if operation.is_bare:
        words["body"] = "a JSON body that is a bare list"
    return enumeration([words[place] for place in ("path", "query", "header", "body") if place in places])
