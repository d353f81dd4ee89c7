# Edited in templates/venues/core/answer/straight.py; the copy in generated/ is imported.
"""Reads usual answers by one straight function, compiled from what an operation promises when its first answer comes.

What an answer must hold is declared, and the declared way says exactly what is wrong, mends what can be mended, and
reports it. It takes a function for each question. What is compiled here has a line for each.

It gives up where anything may be wrong, and the declared way reads the answer again: it has the last word. So this
refuses nothing on its own; it must take nothing that the declared way refuses, nor return anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from venues.core.answer.envelope import Envelope
from venues.core.answer.evidence import MISSING, Evidence
from venues.core.answer.mend import Report
from venues.core.answer.unknown import report_unknown
from venues.core.request.messages import Reply
from venues.core.values.enums import newest

Line = Callable[[Reply, Mapping[str, object], Report], Any]
"""Takes an answer, what was sent by wire name, and what reports deviations; returns the payload."""


class Doubt(Exception):
    """The straight line can't tell whether an answer is right."""


WORDS: dict[str, object] = {
    "Type": type,
    "Text": str,
    "List": list,
    "Truth": bool,
    "MISSING": MISSING,
    "Doubt": Doubt,
    "newest": newest,
    "report_unknown": report_unknown,
}
"""What each line may use."""


def compile_line(
    call: str, decode: Callable[[bytes], Any], evidence: Evidence, envelope: Envelope, success: object, *, is_bare: bool
) -> Line:
    """Return what reads usual answers of an operation; it raises anything where one may not be usual.

    Args:
        call: Names it, for profiles and tracebacks.
        decode: The strict decoder: of the payload, or of the envelope around it.
        evidence: What the payload must hold.
        envelope: Of the API.
        success: The codes that are a success.
        is_bare: Whether no envelope is promised.
    """
    text, used = print_line(evidence, envelope, is_bare=is_bare)
    names: dict[str, Any] = {**WORDS, **used, "decode": decode, "SUCCESS": success}
    names["__name__"] = __name__  # what is raised in it is ours, and not the program's in the middle of a call
    # What is not a constant in it are names of ours, and the exchange's words are literals: nothing of an answer is run.
    exec(compile(text, f"<line of answers to {call}>", "exec"), names)  # noqa: S102
    line: Line = names["read"]
    return line


def print_line(evidence: Evidence, envelope: Envelope, *, is_bare: bool) -> tuple[str, dict[str, object]]:
    """Return the text of the function, and what it uses, by name."""
    used: dict[str, object] = {}
    body = [
        "body = reply.body",
        f"if reply.status != 200 or {_oddity(evidence, envelope, is_bare)}:",
        "    raise Doubt",
        "before = newest.member",
        *(["data = decode(body)"] if is_bare else _unwrapped(evidence)),
        *_proof(evidence, used),
        "if newest.member is not before:",
        "    report_unknown(data, report)",
        f"return {'data if Type(data) is List else [data]' if evidence.may_be_single else 'data'}",
    ]
    return "\n    ".join(["def read(reply, sent, report):", *body]), used


def _oddity(evidence: Evidence, envelope: Envelope, is_bare: bool) -> str:
    """Return the test for what the strict decoder would not see in a body."""
    # Searches go from the end, for Python does that in a third of the time. Of two things that can't be in one place,
    # neither is there if both are at -1.
    numbers = 'body.rfind(b"NaN") != body.rfind(b"Inf")'  # a decoder takes the texts for a Decimal
    code, data = (f'"{name}"'.encode() for name in (envelope.code, envelope.data or ""))
    if not is_bare:
        # Of several members of one name it takes the last, and says nothing.
        return f"{numbers} or {_is_twice(code)} or {_is_twice(data)}"
    if evidence.is_list:
        # A list has no members. To search a long one for their names takes a tenth of decoding it, each time.
        return f'{numbers} or (body[:1] != b"[" and {code!r} in body)'
    return f"{numbers} or body.rfind({code!r}) != -1"


def _is_twice(name: bytes) -> str:
    """Return the test whether a name is in a body more than once; where it is missing, what is decoded shows it."""
    return f"body.find({name!r}) != body.rfind({name!r})"


def _unwrapped(evidence: Evidence) -> list[str]:
    """Return the lines that decode an envelope, and take the payload out of it."""
    return [
        "answer = decode(body)",
        "code = answer.code",
        "if code not in SUCCESS or Type(code) is Truth:",  # False is 0 for Python, and true 1; a code is neither
        "    raise Doubt",
        f"data = {'None' if evidence.promises_nothing else 'answer.data'}",
    ]


def _proof(evidence: Evidence, used: dict[str, object]) -> list[str]:
    """Return the lines that check the payload: that it has what was promised, and names the ids that were sent."""
    if evidence.promises_nothing:
        return []
    lines = []
    if evidence.is_of_ids:
        for name in evidence.open_ids:
            lines += [f"if data.{name} in MISSING:", "    raise Doubt"]
    else:
        used["holds"] = evidence.holds
        lines += ["if not holds(data):", "    raise Doubt"]
    for place, (param, echo, names) in enumerate(evidence.echoes):
        used[f"agrees_{place}"] = echo.agrees
        is_member = evidence.is_thing and len(names) == 1
        steps = [f"answered = data.{names[0]}"] if is_member else _way_to(names)
        lines += _agreement(param, steps, f"agrees_{place}")
    return lines


def _way_to(path: tuple[str, ...]) -> list[str]:
    """Return the lines that go to a member which may not be there."""
    return ["answered = data", *(f"answered = getattr(answered, {name!r}, None)" for name in path)]


def _agreement(param: str, steps: list[str], agrees: str) -> list[str]:
    """Return the lines that compare an id in the request with the id in the answer."""
    return [
        f"own = sent.get({param!r})",
        "if own is not None:",
        *(f"    {step}" for step in steps),
        f"    if answered != own and answered not in MISSING and not {agrees}(Text(own), Text(answered)):",
        "        raise Doubt",
    ]
