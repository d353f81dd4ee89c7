"""From the bytes of an answer to its payload, or to the error that it is.

Strict first, straight into the struct; mended only if that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

import msgspec

from venues import errors
from venues.core.answer.envelope import Envelope
from venues.core.answer.failures import OK_FROM, OK_TO, Head
from venues.core.answer.mend import Report, mend
from venues.core.answer.unknown import report_unknown
from venues.core.request.operation import Operation, Reply
from venues.core.values.enums import newest

Decode = Callable[[bytes], Any]


class Reader:
    """Reads the answers of one operation."""

    def __init__(self, operation: Operation[Any], envelope: Envelope) -> None:
        self._operation = operation
        self._envelope = envelope
        self._success = {*envelope.success, *(int(c) for c in envelope.success if c.lstrip("-").isdecimal())}
        self._bare = envelope.data is None or operation.payload == "body"
        """Whether no envelope is promised."""
        self._strict = self._decoder()

    def _decoder(self) -> Decode:
        promised = self._promised_type()
        data = self._envelope.data
        if data is None or self._bare:
            return msgspec.json.Decoder(promised, strict=not self._operation.lax).decode
        members: list[Any] = [("code", Any, None)]
        if self._operation.returns is not None:
            members.append(("data", promised))
        names = {"code": self._envelope.code, "data": data}
        answer = msgspec.defstruct("Answer", members, rename=names, kw_only=True)
        return self._from_envelope(msgspec.json.Decoder(answer, strict=not self._operation.lax).decode)

    def _from_envelope(self, decode: Decode) -> Decode:
        def read(body: bytes) -> Any:
            answer = decode(body)
            if answer.code not in self._success:
                raise msgspec.ValidationError("not a success")
            return getattr(answer, "data", None)

        return read

    def _promised_type(self) -> Any:
        returns = self._operation.returns
        if returns is None:
            return Any
        return get_args(returns)[0] | returns if self._operation.single else returns

    def read(self, reply: Reply, report: Report) -> Any:
        """Return the payload.

        Raises:
            errors.DecodeError: if it can't be read even leniently.
            NotSuccess: if the answer is an error.
        """
        newest_before = newest.member
        if not OK_FROM <= reply.status < OK_TO or (self._bare and self._is_refusal(reply.body)):
            return self._read_leniently(reply, report)
        try:
            data = self._strict(reply.body)
        except Exception:  # read again outside the handler, so that no traceback holds the frames of this attempt
            data = UNREADABLE
        if data is UNREADABLE:
            return self._read_leniently(reply, report)
        if newest.member is not newest_before:
            report_unknown(data, report)
        if self._operation.returns is None:
            return None
        return [data] if self._operation.single and not isinstance(data, list) else data

    def _is_refusal(self, body: bytes) -> bool:
        """Whether a payload without envelope is an error; inside an envelope, the strict decoder checks the code."""
        # Cheap tests first: to parse every answer twice would double the time of decoding.
        if body.lstrip()[:1] != b"{" or f'"{self._envelope.code}"'.encode() not in body:
            return False
        return not self._is_success(parse(body))

    def _is_success(self, content: object) -> bool:
        """Whether a parsed body does not say that it is an error; the code may be a number in place of a text."""
        code = content.get(self._envelope.code) if isinstance(content, Mapping) else None
        number = isinstance(code, (int, Decimal)) and code in self._success
        return code in (None, "") or number or str(code) in self._envelope.success

    def _read_leniently(self, reply: Reply, report: Report) -> Any:
        content = parse(reply.body)
        head = self.head(content)
        success = OK_FROM <= reply.status < OK_TO
        if not success or not self._is_success(content):
            raise NotSuccess
        if content is UNREADABLE and (reply.body or not self._may_be_empty):
            raise errors.DecodeError(self._operation.full_name, reply.body, "it is no JSON")
        if head.code is None and not self._bare and not self._has_payload(content):
            raise errors.DecodeError(self._operation.full_name, reply.body, f"it has no {self._envelope.code}")
        if self._operation.returns is None:
            return None
        try:
            data = mend(self._payload(content), self._operation.returns, report, lax=self._operation.lax)
        except Exception as error:  # whatever it is, it must not hide that the call was executed
            raise errors.DecodeError(self._operation.full_name, reply.body, str(error)) from None
        report_unknown(data, report)
        return data

    @property
    def _may_be_empty(self) -> bool:
        """Whether an empty body is a whole answer: nothing is returned, and no envelope is promised."""
        return self._bare and self._operation.returns is None

    def _has_payload(self, content: object) -> bool:
        return isinstance(content, dict) and self._envelope.data in content

    def _payload(self, content: Any) -> Any:
        data, wrapped = self._envelope.data, self._operation.unwrap
        if data is not None and self._operation.payload == "data":
            content = content.get(data) if isinstance(content, dict) else None
        return content[wrapped] if wrapped and isinstance(content, dict) and wrapped in content else content

    def head_of(self, reply: Reply) -> Head | None:
        """Return code and message of an answer, if it is an object."""
        content = parse(reply.body)
        return self.head(content) if isinstance(content, dict) else None

    def head(self, content: object) -> Head:
        """Return code and message of a parsed body."""
        if not isinstance(content, Mapping):
            return Head(None, "")
        code = content.get(self._envelope.code)
        message = next((str(content[name]) for name in self._envelope.messages if content.get(name)), "")
        return Head(None if code in (None, "") else str(code), message)


UNREADABLE = object()


class NotSuccess(Exception):
    """The answer is an error."""


def parse(body: bytes) -> object:
    """Return JSON with exact numbers, or UNREADABLE."""
    try:
        return msgspec.json.Decoder(float_hook=Decimal).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError):
        return UNREADABLE
