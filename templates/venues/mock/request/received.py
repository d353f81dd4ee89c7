# Edited in templates/venues/mock/request/received.py; the copy in generated/ is imported.
"""A request as it arrived, taken apart; and the exception that refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote_plus

from venues.mock.declared.api import Failure
from venues.mock.declared.operations import Constant, Operation, Param
from venues.mock.declared.signing import Placement
from venues.mock.exact import Json, parse, text_of
from venues.mock.request.pairs import Pairs, by_name, first_by_name, once, split_pairs

Verdict = Literal["accepted"] | Failure
"""What the mock exchange thinks of a request: in order, or why it was refused."""


class RequestRefused(Exception):
    """The mock exchange refuses a request or a login."""

    def __init__(
        self,
        failure: Failure,
        detail: str,
        *,
        code: str | None = None,
        wait: int | None = None,
        more: Mapping[str, Json] | None = None,
    ) -> None:
        self.failure: Failure = failure
        self.detail = detail
        self.code = code
        """The exchange's code, where it depends on more than the failure."""
        self.wait = wait
        """Seconds until the next try, for Retry-After."""
        self.more: Mapping[str, Json] = more or {}
        """What stands beside the code."""
        super().__init__(detail)


@dataclass(frozen=True)
class Received:
    """One request as it arrived, and its outcome."""

    method: str
    path: str
    """As it arrived, still percent-encoded."""
    query: str = field(repr=False)
    """The raw query string."""
    headers: Mapping[str, str] = field(repr=False)
    """Names are found in upper and lower case alike."""
    body: bytes = field(repr=False)
    operation: str | None = None
    """Group and name of the operation, if the path is known."""
    arguments: Mapping[str, Json] = field(default_factory=dict, repr=False)
    """The operation's own parameters, by wire name."""
    verdict: Verdict = "accepted"
    """`accepted`, or why it was refused, such as `wrong_signature`."""
    detail: str = ""
    """What exactly was wrong."""
    fault: str | None = None
    """The fault that was planned for it, such as `after`."""
    executed: bool = False
    """Whether it was carried out; only then `executed` of the mock exchange can list it."""

    @classmethod
    def arrived(cls, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Received:
        """Return a request that has just arrived; a frozen dataclass takes ten times as long to be made as usual."""
        new = object.__new__(cls)
        own = {"method": method, "path": path, "query": query, "headers": headers, "body": body, "arguments": {}}
        new.__dict__.update(own)
        return new

    def judged(
        self,
        operation: str | None,
        fault: str | None,
        arguments: Mapping[str, Json],
        refused: RequestRefused | None,
        *,
        executed: bool,
    ) -> Received:
        """Return the same request with its outcome, and without what was read of it, which takes memory."""
        new = Received.arrived(self.method, self.path, self.query, self.headers, self.body)
        more = {"operation": operation, "fault": fault, "arguments": arguments, "executed": executed}
        new.__dict__.update(more)
        if refused is not None:
            new.__dict__.update(verdict=refused.failure, detail=refused.detail)
        return new

    @once
    def query_pairs(self) -> Pairs:
        """The query, decoded, in order."""
        return split_pairs(self.query)

    @once
    def form_pairs(self) -> Pairs:
        """The body read as a form."""
        return split_pairs(self.body.decode("utf-8", "replace")) if self.body else []

    @once
    def query_values(self) -> Mapping[str, str]:
        """What is in the query, by name: of equal names the last one that is not empty."""
        # By name, for calls have up to forty parameters, and each is looked up; what is empty was not sent.
        return by_name(self.query_pairs)

    @once
    def form_values(self) -> Mapping[str, str]:
        """What is in the body read as a form, by name."""
        return by_name(self.form_pairs)

    @once
    def first_in_query(self) -> Mapping[str, str]:
        """What is in the query, by name: of equal names the first, for signing rules."""
        return first_by_name(self.query_pairs, self.query_values)

    @once
    def first_in_form(self) -> Mapping[str, str]:
        """What is in the body read as a form, by name: of equal names the first."""
        return first_by_name(self.form_pairs, self.form_values)

    @once
    def members(self) -> Mapping[str, Json]:
        """The members of the body, read as JSON; none if the body is empty.

        Raises:
            RequestRefused: if it is no JSON object.
        """
        if not self.body.strip():
            return {}
        found = self._parsed()
        if not isinstance(found, dict):
            raise RequestRefused("wrong_param", "the body is not a JSON object")
        return found

    @once
    def listed(self) -> list[Json] | None:
        """The body of a call that sends a bare list; None if the body is empty.

        Raises:
            RequestRefused: if it is no JSON list.
        """
        if not self.body.strip():
            return None
        found = self._parsed()
        if not isinstance(found, list):
            raise RequestRefused("wrong_param", "the body is not a JSON list")
        return found

    def _parsed(self) -> Json:
        try:
            return parse(self.body)
        except ValueError as error:
            raise RequestRefused("wrong_param", f"the body is not JSON ({error})") from None

    def pairs(self, operation: Operation) -> Pairs:
        """Return all parameters as texts, those of the query first."""
        if operation.bare:
            return [*self.query_pairs]
        if operation.carrier == "json":
            return [*self.query_pairs, *((name, text_of(value)) for name, value in self.members.items())]
        return [*self.query_pairs, *self.form_pairs]

    def last_value(self, name: str, operation: Operation) -> str:
        """Return a parameter as text: of equal names the last one; nothing where it was not sent."""
        if operation.bare or operation.carrier == "json":
            return dict(self.pairs(operation)).get(name, "")
        return self.form_values.get(name) or self.query_values.get(name, "")

    def has_constants(self, operation: Operation) -> bool:
        """Whether a request carries what every call of an operation sends."""
        constants = operation.constants
        return not constants or all(
            self._constant(each, operation) == each.text for each in constants if each.place != "text"
        )

    def _constant(self, constant: Constant, operation: Operation) -> str | None:
        if constant.place == "header":
            return self.headers.get(constant.wire)
        if constant.place == "query":
            return dict(self.query_pairs).get(constant.wire)
        if operation.carrier != "json":
            return dict(self.form_pairs).get(constant.wire)
        try:
            return text_of(self.members[constant.wire]) if constant.wire in self.members else None
        except RequestRefused:
            return None

    def value_at(self, placement: Placement, operation: Operation) -> str | None:
        """Return the value at a place of the signing rule; None if it is empty or not there."""
        if placement.place == "header":
            value = self.headers.get(placement.name)
        else:
            # Of a parameter that is in the query and in the body, the query's counts.
            value = self.first_in_query.get(placement.name)
            if value is None and placement.place != "query" and not operation.bare:
                value = self._first_in_body(placement.name, operation)
        if not value or not value.startswith(placement.prefix):
            return None
        return value.removeprefix(placement.prefix) or None

    def _first_in_body(self, name: str, operation: Operation) -> str | None:
        if operation.carrier != "json":
            return self.first_in_form.get(name)
        return text_of(self.members[name]) if name in self.members else None

    def names(self, operation: Operation) -> set[str]:
        """Return the names in query and body, of which some may be parameters."""
        if operation.bare:
            return {param.wire for param in operation.params}
        body = self.members if operation.carrier == "json" else self.form_values
        return {*self.query_values, *body}

    def argument(self, param: Param, operation: Operation, in_path: Mapping[str, str]) -> Json:
        """Return what was sent for a parameter: a string, a list of strings, or JSON; None for nothing.

        What belongs into a form may also stand in the query, as exchanges that accept forms allow; the query wins.
        """
        if param.place == "header":
            return self.headers.get(param.wire)
        if param.place == "path":
            return unquote_plus(in_path[param.wire])
        if param.place == "body" and operation.carrier == "json":
            return self.listed if operation.bare else self.members.get(param.wire)
        only_query = param.place == "query" and not operation.form_or_query
        value = self.query_values.get(param.wire)
        pairs = self.query_pairs
        if value is None and not only_query:
            value, pairs = self.form_values.get(param.wire), self.form_pairs
        if value is None or param.write != "repeat":
            return value
        return [each for name, each in pairs if name == param.wire and each]
