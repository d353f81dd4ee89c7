"""Reads the samples in a section: answers, requests, and those whose heading was lost."""

from __future__ import annotations

import re

from generator.drift.facts.facts import Fact
from generator.drift.facts.profile import SampleRule
from generator.drift.facts.programs import is_program
from generator.drift.facts.samples import Member, Sample, read_sample
from generator.drift.facts.state import State
from generator.drift.facts.values import values_in
from generator.drift.pages.blocks import Code

# A line of a sample below which the answer stands: `# Response`, `// response:`.
_ANSWER = re.compile(
    r"^[ \t]*(?:#+|//+|--+|>+|/\*+)[ \t]*(?:http |sample |example )?responses?\b[^\n{\[]*$",
    re.IGNORECASE | re.MULTILINE,
)
REFUSAL = frozenset({"code", "msg", "message", "success", "error", "errmsg", "errcode"})


class SampleReader:
    """Adds the members of samples."""

    def __init__(self, state: State) -> None:
        self._state = state

    def look_ahead(self) -> Sample:
        """Read the sample of the response ahead of the tables: it shows which members are lists."""
        codes = [block for block in self._state.section.blocks if isinstance(block, Code) and '"' in block.text]
        return Sample(tuple(m for code in codes if not is_program(code) for m in read_sample(code.text).members))

    def read(self, block: Code, named: str | None, role: str | None) -> None:
        """Add a sample, which is what `role` says; `named` is the operation whose request the block begins with."""
        if (
            not re.search(r"[{\[]", block.text)
            or is_program(block)
            # The braces of a command line are shell syntax or a body that a table lists.
            or block.text.startswith(("curl", "$"))
            or (named and "{" not in block.text)
        ):
            return
        answer = self._answered_part(block, named)
        block, role = (answer, "response") if answer is not block else (block, role)
        sample = read_sample(block.text)
        if _is_call(sample) and not (self._state.owner.startswith("stream ") and _is_unasked(sample)):
            return
        rule = self._orphan(sample)
        if rule is not None:
            self._adopt(rule, block)
        if not self._state.owner or not (sample.members or sample.rows):
            return
        if sample.broken is not None:
            self._state.note(
                block.line + sample.broken, f"{self._state.owner}: the rest of the sample cannot be read", "repaired"
            )
        self._use(block, sample, rule.role if rule else role)

    @staticmethod
    def _answered_part(block: Code, named: str | None) -> Code:
        """Return the part of a block that shows a request and its answer: the answer."""
        found = _ANSWER.search(block.text) if named else None
        if found is None:
            return block
        return Code(block.line + block.text.count("\n", 0, found.end()), block.text[found.end() :], block.language)

    def _orphan(self, sample: Sample) -> SampleRule | None:
        paths = {member.path for member in sample.members}
        return next((rule for rule in self._state.profile.samples if rule.has <= paths), None)

    def _adopt(self, rule: SampleRule, block: Code) -> None:
        if rule.operation == self._state.owner:
            return
        self._state.note(
            block.line, f"{rule.operation}: the page prints no path; recognized by the members of its sample", "orphan"
        )
        self._state.owner = rule.operation
        self._state.listed = []
        self._state.answered = False
        self._state.facts.add((rule.operation, "operation", ""), Fact(file=self._state.file, line=block.line))

    def _use(self, block: Code, sample: Sample, role: str | None) -> None:
        own = bool(self._state.listed)
        # Channels have no request body: a sample under `Payload` is a push.
        role = "response" if role == "body" and not self._state.section.operation else role
        # An example of an error after the response would add its code and message as fields.
        if self._state.answered and _is_refusal(sample):
            return
        # Pages show the response under the table of parameters without another label.
        if role == "params" and own and not self._repeats(sample):
            role = "response"
        if role in ("params", "body"):
            # Every member may be what a tool or the signature fills in: then nothing is missing.
            self._state.awaited.pop(self._state.role or "", None)
            if own and self._state.role == "params":
                return
            for member in sample.members:
                self._member("param", member, block.line)
        elif role in ("response", "fields", None) and (role or not own or not self._state.answered):
            for member in sample.members:
                self._member("sample", member, block.line)
            for path, row in sample.rows:
                for at, member in enumerate(row):
                    self._state.add_position(
                        path.rpartition(".")[2].removesuffix("[]"),
                        at,
                        Fact(member.type, text=member.comment, line=block.line, shown=member.value),
                    )

    def _repeats(self, sample: Sample) -> bool:
        """Whether a sample has the parameters that a table listed: then it is a request."""
        members = {member.path.split(".", 1)[0] for member in sample.members}
        return len(members & set(self._state.listed)) * 2 >= len(members)

    def _member(self, kind: str, member: Member, line: int) -> None:
        if kind == "param" and re.fullmatch(r"\{\{.*\}\}", member.value):
            return  # a gap that a tool fills, with what signing adds
        if kind == "param":
            self._state.listed.append(member.path)
            self._state.shown.add(member.path)
        self._state.answered = self._state.answered or kind == "sample"
        self._state.add(kind, member.path, Fact(member.type, text=member.comment, line=line, shown=member.value))
        for value in values_in(member.comment, self._state.profile.finders):
            self._state.add("value", f"{member.path}={value}", Fact(line=line))


def _is_refusal(sample: Sample) -> bool:
    """Whether a sample has only a code and a message, like the response to a rejected call; details may lie in it."""
    names = {member.path.rsplit(".", 1)[-1].lower() for member in sample.members}
    tops = {member.path.split(".", 1)[0].removesuffix("[]").lower() for member in sample.members}
    return len(names) > 1 and (
        names <= REFUSAL or ("errors" in tops and len(tops) > 1 and tops <= REFUSAL | {"errors"})
    )


def _is_unasked(sample: Sample) -> bool:
    """Whether a message has no id, so that it is no answer to a request: it is pushed."""
    ids = [member for member in sample.members if member.path == "id"]
    return all(member.type == "null" or member.value in ("", "null") for member in ids)


def _is_call(sample: Sample) -> bool:
    """Whether a sample is a call as JSON-RPC has it: a method with parameters is what is sent, wherever it stands."""
    tops = {member.path for member in sample.members}
    return {"method", "params"} <= tops and not tops & {"result", "data", "error"}
