# Edited in templates/venues/core/answer/decode.py; the copy in generated/ is imported.
"""From the bytes of an answer to its payload, or to the reason why it is none.

Strict first, straight into the struct; looked at again, and mended, only if that fails.
An answer is a success only on evidence: a final status, the exchange's envelope, a code of success, and the members
without which the thing is nothing. Whatever else comes with 2xx is neither success nor refusal.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from venues import errors
from venues.core.answer.body import UNREADABLE, code_text, parse
from venues.core.answer.envelope import Envelope
from venues.core.answer.evidence import Doubtful, Evidence
from venues.core.answer.failures import OK_FROM, OK_TO, Head
from venues.core.answer.joining import joined
from venues.core.answer.lenient import contradicts_itself, read_leniently
from venues.core.answer.mend import Report, mend
from venues.core.answer.straight import Line, compile_line
from venues.core.answer.strict import Decode, decoder_of, of_success
from venues.core.answer.things import kind_of
from venues.core.answer.unknown import report_unknown
from venues.core.request.messages import Reply
from venues.core.request.operation import Operation
from venues.core.values.enums import newest
from venues.core.values.interruption import ensure_own, is_of_program, raised_by_program
from venues.core.values.numbers import has_no_number

NOTHING: Mapping[str, object] = {}


class NotSuccess(Exception):
    """The answer is an error."""


class Reader:
    """Reads the answers of one operation."""

    def __init__(self, operation: Operation[Any], envelope: Envelope) -> None:
        self._operation = operation
        self._envelope = envelope
        self._is_bare = envelope.data is None or operation.payload == "body"
        """Whether no envelope is promised."""
        self._returns_nothing = operation.returns is None
        # 0 and "0" are the same success; so is 0 where the specification has "00000".
        self._success = {*envelope.success, *(int(c) for c in envelope.success if c.lstrip("-").isdecimal())}
        self._evidence = Evidence(operation)
        self._needs_code = not self._is_bare or self._evidence.requires(envelope.code)
        self._once_each = tuple(name for name in (envelope.code, envelope.data) if name is not None)
        self._keys = tuple(f'"{name}"'.encode() for name in self._once_each)
        self._code_key = self._keys[0]
        self._data_key = b"" if envelope.data is None else self._keys[1]
        decode = decoder_of(operation, envelope, is_bare=self._is_bare)
        self._strict = decode if self._is_bare else of_success(decode, self._success, operation)
        self.line: Line | None = self._line(decode)
        """What reads usual answers; None where none is usual."""

    def _line(self, decode: Decode) -> Line | None:
        operation = self._operation
        is_odd = operation.joins or operation.batch or operation.unwrap or operation.list_of
        if is_odd or (self._returns_nothing and self._is_bare):
            return None
        return compile_line(
            operation.full_name, decode, self._evidence, self._envelope, self._success, is_bare=self._is_bare
        )

    def read(
        self, reply: Reply, report: Report, sent: Mapping[str, object] = NOTHING, items: Collection[str] = ()
    ) -> Any:
        """Return the payload.

        Args:
            reply: What came.
            report: Is called with each deviation from the specification.
            sent: What was sent, by wire name; where an answer names an id of it, it must name no other.
            items: The caller's ids of all items of a batch; the answer must name no other.

        Raises:
            errors.DecodeError: if it proves no success, and is no error either.
            NotSuccess: if the answer is an error.
        """
        if self.line is not None:
            try:
                return self.line(reply, sent, report)
            except Exception as error:
                failure = error
            ensure_own(failure)
        return self.read_as_declared(reply, report, sent, items)

    def read_as_declared(
        self, reply: Reply, report: Report, sent: Mapping[str, object] = NOTHING, items: Collection[str] = ()
    ) -> Any:
        """Do what `read` does, by what is declared: it says exactly what is wrong, and mends what can be mended."""
        if not OK_FROM <= reply.status < OK_TO:
            raise NotSuccess
        # To re-encode a body would hide that it contradicts itself.
        if self._operation.joins is not None and not self._contradicts_itself(reply.body):
            reply = msgspec.structs.replace(reply, body=joined(reply.body, *self._operation.joins))
        newest_before = newest.member
        try:
            data = self._read_strictly(reply.body)
            if data is UNREADABLE:
                data = self._read_again(reply.body, report)
            elif newest.member is not newest_before:
                report_unknown(data, report)
            self._evidence.check_ids(data, sent)
            if items:
                self._evidence.check_item_ids(data, items)
        except NotSuccess:
            made = self._made_beside_error(reply.body, sent)
            if not made:
                raise
            reason, executed = f"it contradicts itself: its {self._envelope.code} is an error, and it has {made}", None
        except Doubtful as doubt:
            reason, executed = doubt.reason, doubt.executed
        else:
            return [data] if self._operation.single and not isinstance(data, list) else data
        raise errors.DecodeError(self._operation.full_name, reply.body, reason, executed=executed)

    def read_refusal(self, reply: Reply) -> Any:
        """Return the payload of a refusal that says that the thing is done already; UNREADABLE if it holds none."""
        if self._operation.returns is None:
            return None
        return self._decoded(reply.body) if self._is_bare else UNREADABLE

    def _decoded(self, body: bytes) -> Any:
        """Return what the strict decoder makes of a body; UNREADABLE if that fails."""
        handled = sys.exception()
        try:
            return self._strict(body)
        except Exception as error:  # msgspec's own, or what a hook of ours raises
            stop = raised_by_program(error, handled)
        if stop is not None:
            raise stop
        return UNREADABLE  # it is looked at again, out here, where no frame holds the answer

    def _read_strictly(self, body: bytes) -> Any:
        """Return the payload, or UNREADABLE if it has to be looked at again."""
        if self._returns_nothing and self._is_bare:
            return UNREADABLE  # everything would fit
        if body.rfind(b"NaN") != body.rfind(b"Inf") and has_no_number(body):
            return UNREADABLE
        # A list has no members. To search a long one for their names takes a tenth of decoding it, each time.
        if body[:1] != b"[":
            # Of several members of one name the strict decoder takes the last, and says nothing.
            codes = body.count(self._code_key)
            if codes > 1 or (self._data_key and body.count(self._data_key) > 1):
                return UNREADABLE
            # Where no envelope is promised, it does not see the code of an error either.
            # The cheap tests come first: to parse every answer twice would double the time of decoding.
            if codes and self._is_bare and body.lstrip()[:1] == b"{":
                self._check_code(parse(body))
        data = self._decoded(body)
        if data is UNREADABLE or (not self._returns_nothing and not self._evidence.holds(data)):
            return UNREADABLE
        return data

    def _repeats(self, body: bytes) -> bool:
        """Whether a member of the envelope may be there more than once."""
        return max(map(body.count, self._keys), default=0) > 1

    def _contradicts_itself(self, body: bytes) -> bool:
        return self._repeats(body) and contradicts_itself(body, self._once_each)

    def _read_again(self, body: bytes, report: Report) -> Any:
        content, oddities = self._parse(body)
        if content is UNREADABLE:
            if not body.strip() and self._is_bare and self._operation.returns is None:
                return None  # nothing was promised, and nothing came
            raise Doubtful("it is no JSON")
        if self._contradicts_itself(body):
            raise Doubtful("it contradicts itself")
        self._check_code(content)
        for oddity in oddities:
            report("", oddity)
        if self._operation.returns is None:
            return self._nothing(content)
        payload = self._payload(content)
        if payload is None and self._operation.null_is_empty:
            payload = []
        if payload == {} and self._operation.may_be_empty:
            return self._operation.returns()
        if self._operation.also:
            from venues.core.answer.variants import tidy

            tidy(payload, self._operation.returns)
        data = self._mended(payload, report)
        report_unknown(data, report)
        return data

    def _made_beside_error(self, body: bytes, sent: Mapping[str, object]) -> str:
        """Return the member by which an error names what was made, as only a success does; empty if none does."""
        try:
            payload = self._payload(self._parse(body)[0])
        except Doubtful:
            return ""
        return self._evidence.made_beside_error(payload, sent)

    def _parse(self, body: bytes) -> tuple[object, tuple[str, ...]]:
        content = parse(body)
        if content is not UNREADABLE:
            return content, ()
        try:
            return read_leniently(body)
        except (ValueError, RecursionError) as error:
            if is_of_program(error):
                raise
            return UNREADABLE, ()

    def _mended(self, payload: object, report: Report) -> Any:
        self._evidence.check(payload)
        handled = sys.exception()
        try:
            data = mend(payload, self._operation.returns, report, lax=self._operation.lax)
        except Exception as error:  # whatever it is, it must not hide that the call was executed
            stop = raised_by_program(error, handled)
            if stop is not None:
                raise stop from None
            raise Doubtful(str(error), executed=self._evidence.proves(payload)) from None
        self._evidence.check_mended(data)
        return data

    def _nothing(self, content: object) -> None:
        """Return what an operation returns that returns nothing, if the answer says no more than that."""
        if self._is_bare and not self._is_told(content) and content != {}:
            raise Doubtful("it is not the empty object that was promised")

    def _is_told(self, content: object) -> bool:
        return isinstance(content, dict) and content.get(self._envelope.code) not in (None, "")

    def _check_code(self, content: object) -> None:
        """Hold a body against the envelope.

        Raises:
            NotSuccess: if its code is an error.
            Doubtful: if it has no code, or none that means something.
        """
        name = self._envelope.code
        if not isinstance(content, dict):
            if not self._is_bare:
                raise Doubtful("it has no envelope")
            return
        if not self._is_told(content):
            if self._needs_code:
                raise Doubtful(f"it has no {name}")
            return
        code = content[name]
        text = code_text(code)
        if text is None:
            raise Doubtful(f"its {name} is {kind_of(code)}, which is no code")
        if text not in self._success and code not in self._success:
            raise NotSuccess

    def _payload(self, content: Any) -> Any:
        data, wrapped = self._envelope.data, self._operation.unwrap
        if data is not None and self._operation.payload == "data":
            if data not in content:
                raise Doubtful(f"it has no {data}")
            content = content[data]
        if self._operation.list_of and isinstance(content, list):
            return {self._operation.list_of: content}
        return content[wrapped] if wrapped and isinstance(content, dict) and wrapped in content else content

    def head_of(self, reply: Reply, report: Report) -> Head | None:
        """Return code and message of an answer, if it is an object."""
        content, oddities = self._parse(reply.body)
        if not isinstance(content, dict):
            return None
        for oddity in oddities:
            report("", oddity)
        return self.head(content)

    def head(self, content: object) -> Head:
        """Return code and message of a parsed body."""
        if not isinstance(content, Mapping):
            return Head(None, "")
        code = content.get(self._envelope.code)
        message = next((str(content[name]) for name in self._envelope.messages if content.get(name)), "")
        return Head(None if code == "" else code_text(code), message)
