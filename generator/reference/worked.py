"""Shows worked examples of signing: which steps, in which order, from the request to what is sent."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct as Record

from generator.ground.json_text import Bare
from generator.model.connections import Login, LoginVector
from generator.model.signing import Scheme, Vector
from generator.model.streams import Streams
from generator.model.types import Json
from generator.reference.steps import Step, as_text, known_steps, placed_step, value_steps, written_step
from generator.reference.streams import fill
from generator.signing.texts import query_text
from generator.signing.worked import Worked, work_out, work_out_login
from generator.words.markdown import code, code_block, compact, prose, sentence

ORIGINS = {"published": "published by the exchange", "computed": "computed from the rule"}


class WorkedExample(Record, frozen=True):
    """A worked example, ready to be printed."""

    vector: Vector | LoginVector
    title: str
    heading: str
    """The name of the example, and where it comes from."""

    steps: tuple[Step, ...]


def worked_examples(scheme: Scheme, host: str = "") -> list[WorkedExample]:
    """Return the worked examples of a scheme; none where nothing is made."""
    made: dict[str, WorkedExample] = {}
    for vector in scheme.vectors if scheme.values else ():
        done = work_out(scheme, vector, host)
        if done is None or (scheme.signed is not None and not vector.signature):
            continue
        title, alike = _title(vector), sum(_title(vector) == _title(one) for one in scheme.vectors)
        title += f": {vector.name.rstrip('.')}" if alike > 1 else ""
        steps = tuple(_request_steps(scheme, vector, done))
        made[title] = WorkedExample(vector, title, _heading(vector, vector.note), steps)
    return [*made.values()]


def worked_logins(streams: Streams) -> list[tuple[str, WorkedExample]]:
    """Return the worked examples of logins, each with the name of its connection."""
    return [
        (
            connection.name,
            WorkedExample(vector, f"login of {code(connection.name)}", _heading(vector, None), tuple(steps)),
        )
        for connection in streams.connections
        if connection.login is not None
        for vector in connection.login.vectors
        if vector.signature is not None and (steps := [*_login_steps(connection.login, vector)])
    ]


def _title(vector: Vector) -> str:
    carried = [("a JSON body", vector.json), ("a form body", vector.form), ("a query", vector.query)]
    words = next((words for words, given in carried if given), "no parameters")
    return f"{vector.method} request with {words}"


def _heading(vector: Vector | LoginVector, note: str | None) -> str:
    origin = ORIGINS.get(vector.origin, vector.origin)
    return f"{prose(vector.name.rstrip('.'))} ({prose(origin)}).{f' {prose(sentence(note))}' if note else ''}"


def _request_steps(scheme: Scheme, vector: Vector, done: Worked) -> Iterator[Step]:
    yield Step("The request", results=(("", _request_block(vector)),))
    yield from known_steps(scheme, vector, done)
    yield from value_steps(scheme, done, is_late=False)
    if any(done.written):
        yield written_step(scheme, done)
    yield from value_steps(scheme, done, is_late=True)
    yield placed_step(scheme, done)
    yield Step("The request as sent", results=(("", _sent_block(vector, done)),))


def _login_steps(login: Login, vector: LoginVector) -> Iterator[Step]:
    scheme = next(scheme for scheme in login.schemes if scheme.name == vector.scheme)
    done = work_out_login(scheme, vector)
    if done is None:
        return
    yield from known_steps(scheme, vector, done)
    yield from value_steps(scheme, done, is_late=False)
    yield from value_steps(scheme, done, is_late=True)
    times: dict[str, Json] = {
        name: Bare(done.known[name]) if login.time == "number" else done.known[name]
        for name in ("timestamp", "expires")
        if name in done.known
    }
    made = {name: as_text(value) for name, value in done.values.items()}
    frame = fill(login.send, {"id": 1, **done.known, **made, **times})
    yield Step("The frame as sent", results=(("", code_block("json", compact(frame))),))


def _request_block(vector: Vector) -> str:
    """Print the request of a worked example before it is signed."""
    lines = [f"{vector.method} {vector.path}"]
    for what, given in (("query", vector.query), ("JSON body", vector.json), ("form body", vector.form)):
        if isinstance(given, list):
            lines.append(f"{what}: {query_text(given)}")
        else:
            lines += [f"{what}: {name} = {query_text(value)}" for name, value in (given or {}).items()]
    return code_block("text", "\n".join(lines))


def _sent_block(vector: Vector, done: Worked) -> str:
    lines = [f"{vector.method} {vector.url or done.url}"]
    lines += [f"{name}: {text}" for name, text in done.draft.headers.items()]
    body = vector.body or done.body
    return code_block("http", "\n".join([*lines, "", body] if body else lines))
