"""What `help()` says of a method and of a class: what is raised when, what each member means, where it is documented."""

from __future__ import annotations

import inspect
import json
import re
from importlib import import_module
from typing import Any

import pytest

from generator.model.api import Api
from generator.model.codes import ErrorCode
from generator.model.operations import Operation
from generator.python.raising import meaning
from tests.support.apis import APIS
from tests.support.specs import model
from venues.core.request.messages import Reply, Request
from venues.errors import VenueError
from venues.mock import Mock
from venues.retry import NEVER

each_api = pytest.mark.parametrize("api", [api.name for api in APIS])


def raises_section(method: object) -> dict[str, str]:
    """Return error class → when it is raised, as the docstring of a method says."""
    section = re.search(r"^Raises:\n((?: .*\n)+)", f"{inspect.getdoc(method)}\n", re.MULTILINE)
    joined = re.sub(r"\n {5,}", " ", section[1]) if section else ""
    return dict(line.strip().split(": ", 1) for line in joined.splitlines())


class Rejecting:
    """A transport on which every request is answered with the same code."""

    def __init__(self, status: int, body: dict[str, object]) -> None:
        self._reply = Reply(status, {}, json.dumps(body).encode())

    def send(self, _: Request, __: float) -> Reply:
        return self._reply

    def close(self) -> None:
        pass


def raised_by(api: Api, operation: Operation, error: ErrorCode) -> str:
    """Return the class of the error that a client raises when the exchange rejects a call with a code."""
    code = int(error.code) if api.envelope.base == "integer" else error.code
    transport = Rejecting(error.http, {api.envelope.code: code, api.envelope.message[0]: error.message})
    generated = next(one for one in APIS if one.name == api.name)
    constant = getattr(generated.module.operations, operation.constant)
    client: Any = generated.client  # the constructor's arguments depend on the API
    options = {"transport": transport, "retry": NEVER, "limiter": "off"}
    with (
        client(**Mock(api.name, remembers=False).credentials, **options) as opened,
        pytest.raises(VenueError) as raised,
    ):
        opened.call(constant, **generated.arguments(constant))
    return type(raised.value).__name__


@each_api
def test_documented_errors_are_raised(api: str) -> None:
    """Every code that a call lists raises the class that its docstring names, which says what the code means."""
    wrong = []
    made = model(api)
    for group in made.groups:
        methods = getattr(import_module(f"venues.{api}.rest.{group.name}"), group.class_name)
        for operation in group.operations:
            section = raises_section(getattr(methods, operation.name))
            for error in operation.errors:
                kind = raised_by(made, operation, error)
                if f"{error.code} ({meaning(error)})" not in section.get(kind, ""):
                    wrong.append((operation.full_name, error.code, kind))
    assert [] == wrong


@each_api
def test_an_open_outcome_is_documented(api: str) -> None:
    """A call that must happen once says that it may raise ExecutionUnknown, and no other call does."""
    for group in model(api).groups:
        methods = getattr(import_module(f"venues.{api}.rest.{group.name}"), group.class_name)
        for operation in group.operations:
            section = raises_section(getattr(methods, operation.name))
            assert (operation.effect == "once") == ("ExecutionUnknown" in section), operation.full_name


@each_api
def test_help_describes_fields(api: str) -> None:
    """`help()` on a class of an answer or a request says what each of its members means."""
    made = model(api)
    models, params = (import_module(f"venues.{api}.{name}") for name in ("models", "params"))
    wanted = [(getattr(models, one.name), field.name) for one in made.structs if one.received for field in one.fields]
    wanted += [(getattr(params, one.name), param.name) for one in made.structs if one.sent for param in one.params]
    assert [] == [(kind, name) for kind, name in wanted if f"    {name}: " not in str(inspect.getdoc(kind))]


@each_api
def test_docstrings_name_members_and_the_page(api: str) -> None:
    """A method names the members of the enums that it takes, and links the page that documents it."""
    made = model(api)
    enums = {enum.name: enum for enum in made.enums}
    for group in made.groups:
        methods = getattr(import_module(f"venues.{api}.rest.{group.name}"), group.class_name)
        for operation in group.operations:
            said = " ".join(str(inspect.getdoc(getattr(methods, operation.name))).split())
            assert f" {operation.page.url} (read {operation.page.read})" in said
            taken = {name for param in operation.params if not param.values for name in param.type.names}
            for enum in (enums[name] for name in taken & enums.keys()):
                assert f"`{enum.name}`: {', '.join(f'`{member.name}`' for member in enum.members)}." in said
