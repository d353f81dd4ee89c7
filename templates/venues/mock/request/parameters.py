# Edited in templates/venues/mock/request/parameters.py; the copy in generated/ is imported.
"""Checks what was sent against the declared parameters: presence, types, values, ranges, sizes.

Stricter than most exchanges on purpose: a client that sends `1E-7` or a number in place of a string must fail here,
and not one day at the exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NoReturn

from venues.mock.declared.api import Api
from venues.mock.declared.operations import Operation, Param, Struct, Type
from venues.mock.exact import Json, parse, text_of
from venues.mock.request.received import Received, RequestRefused
from venues.mock.request.shapes import ELSEWHERE, NESTED, SYNTAX, Shape

NATIVE: dict[str, tuple[type, ...]] = {"boolean": (bool,), "string": (str,), "enum": (str, int)}
"""What a value is in JSON, unless it is written as a string; every other kind is a number."""

CONTENT = {"json": "application/json", "form": "application/x-www-form-urlencoded"}

Arguments = Mapping[str, Json]


class Parameters:
    """Reads and checks the parameters of one API's operations."""

    def __init__(self, api: Api) -> None:
        self._enums = api.enums
        self._structs = api.structs
        self._shapes: dict[int, Shape] = {}
        """By identity, for a declaration is long to compare; all of them live as long as the mock exchange."""

    def _shape(self, declared: Operation | Struct) -> Shape:
        # At first use, for a test calls few of an API's operations.
        found = self._shapes.get(id(declared))
        if found is None:
            found = self._shapes[id(declared)] = Shape(declared, self._enums)
        return found

    def read(self, operation: Operation, received: Received, in_path: Mapping[str, str]) -> dict[str, Json]:
        """Return what was sent, by wire name; empty strings are left out, and unknown parameters ignored.

        Raises:
            RequestRefused: if the body is not what its type and the operation say.
        """
        content = CONTENT.get("form" if operation.form_or_query else operation.carrier)
        # Exchanges reject or misread a body of another type, often with a misleading error about a missing parameter.
        if received.body and content and not received.headers.get("Content-Type", "").startswith(content):
            _refuse(f"the Content-Type must be {content}")
        found = self._shape(operation).sent(received)
        if found is not None:
            return found
        # Of forty parameters, a call sends six.
        names = received.names(operation)
        sent = [param for param in operation.params if param.wire in names or param.place in ELSEWHERE]
        values = ((param, received.argument(param, operation, in_path)) for param in sent)
        as_json = operation.carrier == "json"
        return {
            param.wire: _parse_nested(param, value, in_json=as_json and param.place == "body")
            for param, value in values
            if value not in (None, "")
        }

    def check(self, operation: Operation, arguments: Arguments) -> None:
        """Check a call against the declarations.

        Raises:
            RequestRefused: if it contradicts them.
        """
        shape = self._shape(operation)
        if not shape.is_surely_met(arguments):
            self._check_all(shape.params, arguments, "", as_json=operation.carrier == "json")
        # Single values first: a rule about a value of the wrong type would be confusing.
        shape.rules.check(arguments, "")

    def _check_all(self, params: Iterable[Param], arguments: Arguments, where: str, *, as_json: bool) -> None:
        for param in params:
            value = arguments.get(param.wire)
            if value not in (None, ""):
                self._check(param, value, where + param.wire, as_json=as_json and param.place == "body")
            elif param.required:
                raise RequestRefused("missing_param", f"{where}{param.wire} is missing")

    def _check(self, param: Param, value: Json, where: str, *, as_json: bool) -> None:
        if param.type.kind in NESTED:
            native = param.write == "json"
            self._check_nested(param.type, value, where, native=native)
            _check_size("members", value, param.min_items, param.max_items, where)
            return
        text = self._check_scalar(param.type, value, where, native=as_json, as_text=param.write == "text")
        if param.values and text not in param.values:
            _refuse(f"{where} may be {', '.join(param.values)}")
        _check_range(param, text, where)
        if param.pattern is not None and not re.fullmatch(param.pattern, text):
            _refuse(f"{where} does not fit {param.pattern}")
        _check_size("characters", text, param.min_length, param.max_length, where)

    def _check_nested(self, typed: Type, value: Json, where: str, *, native: bool) -> None:
        if typed.kind == "list":
            members = value if isinstance(value, list) else _refuse(f"{where} is not a list")
            for index, member in enumerate(members):
                self._check_member(typed.item, member, f"{where}[{index}]", native=native)
        elif typed.kind in ("map", "struct") and not isinstance(value, dict):
            _refuse(f"{where} is not an object")
        elif typed.kind == "struct":
            struct = self._structs[typed.name]
            shape = self._shape(struct)
            if not shape.is_surely_met(value):
                self._check_all(shape.params, value, f"{where}.", as_json=True)
            shape.rules.check(value, f"{where}.")
        elif typed.kind == "map":
            for key, member in value.items():
                self._check_member(typed.item, member, f"{where}.{key}", native=native)

    def _check_member(self, typed: Type | None, value: Json, where: str, *, native: bool) -> None:
        if typed is not None and typed.kind in NESTED:
            self._check_nested(typed, value, where, native=native)
        elif typed is not None:
            self._check_scalar(typed, value, where, native=native, as_text=False)

    def _check_scalar(self, typed: Type, value: Json, where: str, *, native: bool, as_text: bool) -> str:
        """Return a value as text, or refuse its type; in JSON, a string is not a number."""
        if native and not _has_native_type(typed.kind, value, as_text=as_text):
            _refuse(f"{where} is not a {'string' if as_text else typed.kind}")
        text = text_of(value)
        if typed.kind == "enum" and text not in self._enums[typed.name]:
            _refuse(f"{where} may be {', '.join(self._enums[typed.name])}")
        if typed.kind in SYNTAX and not SYNTAX[typed.kind].fullmatch(text):
            _refuse(f"{where} is not a {typed.kind}")
        return text


def _parse_nested(param: Param, value: Json, *, in_json: bool) -> Json:
    """Read a list or an object that was sent as text."""
    if param.type.kind not in NESTED or not isinstance(value, str):
        return value
    if param.write == "comma":
        return value.split(",")
    if in_json:
        return value  # a string where JSON has lists and objects of its own: the check refuses it
    try:
        return parse(value)
    except ValueError as error:
        return _refuse(f"{param.wire} is not JSON ({error})")


def _has_native_type(kind: str, value: Json, *, as_text: bool) -> bool:
    if as_text:
        return isinstance(value, str)
    # In Python True is an int; in JSON it is no number.
    number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    return isinstance(value, NATIVE[kind]) if kind in NATIVE else number


def _check_range(param: Param, text: str, where: str) -> None:
    if param.minimum is not None and Decimal(text) < param.minimum:
        _refuse(f"{where} is less than {param.minimum}")
    if param.maximum is not None and Decimal(text) > param.maximum:
        _refuse(f"{where} is more than {param.maximum}")


def _check_size(what: str, value: Json, least: int | None, most: int | None, where: str) -> None:
    if least is not None and len(value) < least:
        _refuse(f"{where} has fewer than {least} {what}")
    if most is not None and len(value) > most:
        _refuse(f"{where} has more than {most} {what}")


def _refuse(detail: str) -> NoReturn:
    raise RequestRefused("wrong_param", detail)
