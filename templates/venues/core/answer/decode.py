"""From the bytes of an answer to its payload, or to the error that it is.

Strict first, straight into the struct; mended only if that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

import msgspec

from venues import errors
from venues.core.answer.mend import Report, mend
from venues.core.answer.unknown import report_unknown
from venues.core.request.operation import Operation, Reply
from venues.core.values.enums import newest

LIMITED = {418: errors.Banned, 429: errors.RateLimited}
"""Statuses that prove that nothing was executed, whatever the code in the body is."""
OK_FROM, OK_TO, CLIENT_ERROR, SERVER_ERROR = 200, 300, 400, 500
TOO_EARLY = 425
LEAVING_OPEN = frozenset({408, 499})
"""Statuses of servers in between that gave up waiting, beside those from 500."""
TELLING = frozenset({401, 403, 418, 429})
"""Statuses that say what went wrong, even beside a code that nobody knows."""


@dataclass(frozen=True)
class ErrorCode:
    """What the specification says of a code."""

    code: str
    kind: str
    """The name of the class that is raised, as `InsufficientBalance`; `Success` for a code that is no error."""
    message: str
    """What it means, in English."""
    unknown: bool = False
    """Whether it leaves open if the request was executed."""

    @property
    def error(self) -> type[errors.ApiError] | None:
        """The class that is raised; None for a code that is no error."""
        found = getattr(errors, self.kind, None)
        return found if isinstance(found, type) and issubclass(found, errors.ApiError) else None


@dataclass(frozen=True)
class Envelope:
    """Where an answer has its code, message and payload."""

    code: str
    messages: tuple[str, ...]
    data: str | None
    success: frozenset[str]


@dataclass(frozen=True)
class Failure:
    """An answer that is an error."""

    error: errors.ApiError
    unknown: bool
    """Whether it is open if the request was executed."""


class Head(msgspec.Struct):
    """What an envelope says beside the payload."""

    code: str | None
    message: str


Decode = Callable[[bytes], Any]


class Reader:
    """Reads the answers of one operation."""

    def __init__(self, operation: Operation[Any], envelope: Envelope) -> None:
        self._operation = operation
        self._envelope = envelope
        self._success = {*envelope.success, *(int(c) for c in envelope.success if c.lstrip("-").isdecimal())}
        self._strict = self._decoder()

    def _decoder(self) -> Decode:
        promised = self._promised()
        data = self._envelope.data
        if data is None or self._operation.payload == "body":
            return msgspec.json.Decoder(promised, strict=not self._operation.lax).decode
        members: list[Any] = [("code", Any, None)]
        if self._operation.returns is not None:
            members.append(("data", promised))
        names = {"code": self._envelope.code, "data": data}
        answer = msgspec.defstruct("Answer", members, rename=names, kw_only=True)
        return self._enveloped(msgspec.json.Decoder(answer, strict=not self._operation.lax).decode)

    def _enveloped(self, decode: Decode) -> Decode:
        def read(body: bytes) -> Any:
            answer = decode(body)
            if answer.code not in self._success:
                raise msgspec.ValidationError("not a success")
            return getattr(answer, "data", None)

        return read

    def _promised(self) -> Any:
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
        if not OK_FROM <= reply.status < OK_TO or self._refused(reply.body):
            return self._lenient(reply, report)
        try:
            data = self._strict(reply.body)
        except Exception:  # whatever it is, it is looked at again, out here, where no frame holds the answer
            data = UNREADABLE
        if data is UNREADABLE:
            return self._lenient(reply, report)
        if newest.member is not newest_before:
            report_unknown(data, report)
        if self._operation.returns is None:
            return None
        return [data] if self._operation.single and not isinstance(data, list) else data

    def _refused(self, body: bytes) -> bool:
        """Whether a payload without envelope is an error; inside an envelope the decoder sees that by itself."""
        if not self._bare or body.lstrip()[:1] != b"{" or f'"{self._envelope.code}"'.encode() not in body:
            return False
        return not self._succeeded(parse(body))

    def _succeeded(self, content: object) -> bool:
        """Whether a parsed body does not say that it is an error; the code may be a number in place of a text."""
        code = content.get(self._envelope.code) if isinstance(content, Mapping) else None
        number = isinstance(code, (int, Decimal)) and code in self._success
        return code in (None, "") or number or str(code) in self._envelope.success

    def _lenient(self, reply: Reply, report: Report) -> Any:
        content = parse(reply.body)
        head = self.head(content)
        success = OK_FROM <= reply.status < OK_TO
        if not success or not self._succeeded(content):
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
    def _bare(self) -> bool:
        """Whether no envelope is promised."""
        return self._envelope.data is None or self._operation.payload == "body"

    @property
    def _may_be_empty(self) -> bool:
        """Whether an answer without a body is whole: nothing is returned, and no envelope is promised."""
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


class Failures:
    """Knows what the codes and statuses of one API mean."""

    def __init__(self, codes: Mapping[str, ErrorCode], statuses: Mapping[int, ErrorCode]) -> None:
        self._codes = codes
        self._statuses = statuses

    def failure(self, operation: Operation[Any], reply: Reply, head: Head | None) -> Failure:
        """Make the error that an answer is."""
        code = head.code if head is not None else None
        entry = self._codes.get(code) if code is not None else None
        vague = code is not None and reply.status < SERVER_ERROR and reply.status not in TELLING
        status = None if vague and entry is None else self._statuses.get(reply.status)
        known = entry if entry is not None and entry.error is not None else status
        kind = (known.error if known is not None else None) or _usual(reply.status)
        limited = LIMITED.get(reply.status)
        if limited is not None and not issubclass(kind, limited):
            kind = limited
        error = kind(
            code if code is not None else str(reply.status),
            head.message if head is not None and head.message else _excerpt(reply),
            status=reply.status,
            headers=reply.headers,
            body=reply.body,
            operation=operation.full_name,
            meaning=known.message if known is not None else "",
        )
        is_open = (known is not None and known.unknown) or reply.status >= SERVER_ERROR or reply.status in LEAVING_OPEN
        if entry is None and OK_TO <= reply.status < CLIENT_ERROR:
            is_open = True  # a redirect is no word of the exchange's
        return Failure(error, is_open and limited is None)


def _usual(status: int) -> type[errors.ApiError]:
    """Return what an HTTP status means where neither code nor specification say it."""
    usual = {
        401: errors.AuthenticationFailed,
        403: errors.PermissionDenied,
        TOO_EARLY: errors.ExchangeUnavailable,
        **LIMITED,
    }
    return usual.get(status, errors.ExchangeUnavailable if status >= SERVER_ERROR else errors.UnknownError)


def _excerpt(reply: Reply) -> str:
    """Return the beginning of an answer that is no envelope."""
    text = " ".join(reply.body[:400].decode("utf-8", "replace").split())
    return text[:200] or "empty answer"
