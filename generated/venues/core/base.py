"""What every client does that needs no waiting: build, sign, read, and decide."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from venues import errors
from venues.core.answer.decode import Failures, NotSuccess, Reader
from venues.core.http.transport import TrustedTransport, checked_base
from venues.core.options import option, seconds
from venues.core.outcome.clock import Clock, ServerClock, system_clock
from venues.core.outcome.course import Course, Refused
from venues.core.outcome.limits.charge import Charge
from venues.core.request.operation import Lookup, Operation, Reply, Request
from venues.core.request.placing import place
from venues.core.request.signing import Signer, choose
from venues.core.request.wire import Draft
from venues.core.telling import Telling
from venues.core.values.secrets import SHORTEST, Secret, checked, hide
from venues.errors import DecodeError, ExecutionUnknown, InvalidRequest
from venues.hooks import Hooks
from venues.limiter import Limiter, Limits, limiter_of, owner_of
from venues.retry import Retry

BEFORE_SENT = 60_000
"""How far before the time of a lost call its traces are looked for, in milliseconds."""
LOWEST_FINAL = 200
"""The lowest HTTP status that ends an exchange; those below announce another answer."""
MOST_USED = 100
"""How many buckets full can be used at most; a header that says more is mistaken, and would silence a key for a minute."""
SILENCE, SILENCE_OF_THE_BANNED = 1.0, 120.0
"""Seconds in which nothing is sent after 429 and 418, where the exchange does not say how long."""


class Core(Telling):
    """The parts that do not wait: shared by the sync and the async client."""

    _base = "no address"
    """Where it sends; said here, too, so that a client that could not be made can be printed."""

    def __init__(
        self,
        given: Mapping[str, Secret],
        *,
        environment: str | None,
        base_url: str | None,
        timeout: float,
        retry: Retry | None,
        limiter: Limiter | str | None,
        clock: Clock | None,
        hooks: Hooks | None,
        validate: bool,
        client_ids: bool,
    ) -> None:
        profile = self.PROFILE
        server = self._server(environment)
        self._base = server if base_url is None else checked_base(base_url)
        self._streamed = profile.streams.get(environment or next(iter(profile.servers)))
        self._moved = None if base_url is None else self._base
        self._timeout = seconds(timeout)
        self._retry = option("retry", retry, Retry) or Retry()
        self._limiter = limiter_of(limiter)
        self._limiter.bound(self._timeout)
        self._own_limiter = not isinstance(limiter, Limiter)
        self._clock = ServerClock(clock or system_clock)
        self._hooks = option("hooks", hooks, Hooks) or Hooks()
        self._validate = validate
        self._client_ids = client_ids
        self._given = checked(given)
        self._signers = choose(profile.signers(), self._given)
        key = profile.key_signer()
        self._key = choose((key,), self._given) if key else {}
        self._own: set[Operation[Any]] = set()
        self._readers: dict[Operation[Any], Reader] = {}
        self._fixed: dict[Operation[Any], list[Charge]] = {}
        self._told: set[tuple[str, str, str]] = set()
        self._closed = False
        self._lock = threading.Lock()
        self._last = 0
        name = next((name for name in profile.credentials if name in self._given), None)
        self._owners = {
            by: owner_of(self._place(environment), by, self._given[name].reveal() if name else None)
            for by in ("ip", "uid", "key")
        }
        self.limits = Limits(self._limiter, profile.buckets, self._owners)
        """What of the API's limits is used, and when there is room."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self._base}>"

    def _place(self, environment: str | None) -> str:
        """Name where calls are counted: a test environment has limits of its own, and so has any other server."""
        name = self.PROFILE.name
        if self._moved is not None:
            return f"{name}:{self._moved.partition('//')[2]}"
        first = next(iter(self.PROFILE.servers))
        return name if environment in (None, first) else f"{name}:{environment}"

    def _server(self, environment: str | None) -> str:
        servers = self.PROFILE.servers
        if environment is not None and environment not in servers:
            raise InvalidRequest(f"environment is {environment!r}; {self.PROFILE.name} has {', '.join(servers)}")
        return servers[environment or next(iter(servers))]

    def prepare(self, operation: Operation[Any], /, **arguments: object) -> Request:
        """Build and sign a request without sending it.

        Where an order is sent without an id of yours, the client makes one; here it does not.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names; they are sent in the order given here.

        Raises:
            InvalidRequest: if the call contradicts the API's rules.
        """
        sent = operation.encode(self._wires(operation, arguments), self._validate)
        return self._sign(operation, sent, self._clock())

    def cost(self, operation: Operation[Any], /, **arguments: object) -> int:
        """Tell how much a call takes from the bucket that limits it first named: its weight, or 1 where calls are counted.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names.
        """
        charges = self._charges(operation, operation.encode(self._wires(operation, arguments), validate=False))
        return charges[0].amount if charges else 1

    def _wires(self, operation: Operation[Any], arguments: Mapping[str, object]) -> dict[str, object]:
        """Return arguments by wire name, if the operation is one of this API."""
        if operation not in self._own:
            option("operation", operation, Operation)
            known = self._named(operation.full_name)
            if (known.method, known.path) != (operation.method, operation.path):
                raise InvalidRequest(f"{operation!r} belongs to another API than {self.PROFILE.name}; nothing was sent")
            self._own.add(operation)
        return operation.to_wire(arguments)

    def _charges(self, operation: Operation[Any], sent: Mapping[str, object]) -> list[Charge]:
        if not operation.depends:
            charges = self._fixed.get(operation)
            if charges is None:
                charges = self._fixed[operation] = self._charged(operation, sent)
            return charges
        return self._charged(operation, sent)

    def _charged(self, operation: Operation[Any], sent: Mapping[str, object]) -> list[Charge]:
        charges: dict[str, Charge] = {}
        for cost in operation.costs:
            if cost.bucket not in charges and all(when.met(sent, operation.by_wire) for when in cost.when):
                bucket = self.PROFILE.buckets[cost.bucket]
                charges[cost.bucket] = Charge(bucket, cost.amount, self._owners[bucket.by])
        return [charge for charge in charges.values() if charge.amount]

    def _moment(self, operation: Operation[Any]) -> int:
        """Return the time to sign a call with; where a signature is accepted once, no two calls get the same."""
        now = self._clock()
        start = self.PROFILE.single_use
        if start is None or not operation.path.startswith(start):
            return now
        with self._lock:
            rush = now <= self._last < now + self.PROFILE.window // 2
            self._last = self._last + 1 if rush else now
            return self._last

    def _sign(self, operation: Operation[Any], sent: Mapping[str, object], now: int) -> Request:
        try:
            return self._signed(operation, sent, now)
        except InvalidRequest:
            raise
        except (ValueError, TypeError) as error:
            reason = type(error).__name__
        # Out here, so that it carries no frame that holds what was to be signed.
        raise InvalidRequest(f"{operation.full_name}: an argument can't be written as text ({reason})")

    def _signed(self, operation: Operation[Any], sent: Mapping[str, object], now: int) -> Request:
        draft = self._draft(operation, sent)
        signer = self._signer(operation)
        query, body = signer(draft, now) if signer else (draft.query_text(), draft.body_text())
        url = f"{self._base}{draft.path}?{query}" if query else f"{self._base}{draft.path}"
        if body and draft.carrier == "form":
            draft.headers["Content-Type"] = "application/x-www-form-urlencoded"
        client_id = sent.get(operation.client_id) if operation.client_id else None
        hidden = operation.secret
        if signer:
            hidden = signer.hidden | hidden if hidden else signer.hidden
        return Request(
            draft.method, url, draft.headers, body.encode(), hidden, None if client_id is None else str(client_id)
        )

    def _draft(self, operation: Operation[Any], sent: Mapping[str, object]) -> Draft:
        profile = self.PROFILE
        draft = Draft(
            operation.method,
            operation.path,
            operation.carrier,
            headers=dict(profile.headers),
            empty_body=profile.empty_body,
        )
        if operation.together:
            (draft.query if draft.carrier == "query" else draft.body).update(sent)
        else:
            for wire, written in sent.items():
                place(draft, operation.by_wire[wire], written)
        return draft

    def _stream_options(
        self, url: str | None, timeout: float | None, reconnect: Retry | None, hooks: Hooks | None
    ) -> dict[str, Any]:
        """Return what streams need to know of this client."""
        from venues.core.streams.address import checked_stream, moved

        if self._streamed is None:
            raise InvalidRequest(f"{self.PROFILE.name} has no streams here")
        return {
            "base": checked_stream(url or (moved(self._streamed, self._moved) if self._moved else self._streamed)),
            "given": self._given,
            "clock": self._clock,
            "hooks": option("hooks", hooks, Hooks) or self._hooks,
            "deviation": self._deviation,
            "timeout": self._timeout if timeout is None else timeout,
            "reconnect": option("reconnect", reconnect, Retry) or Retry(first=0.5, longest=30.0),
        }

    def _protocol(self) -> Any:  # Protocol; streams are loaded when they are first wanted
        return import_module(f"venues.{self.PROFILE.name}.streams.protocol").PROTOCOL

    def _signer(self, operation: Operation[Any]) -> Signer | None:
        if operation.auth == "none":
            return None
        signers = self._key if operation.auth == "key" else self._signers
        for name, signer in signers.items():
            if not operation.schemes or name in operation.schemes:
                return signer
        given = ", ".join(self._given) or "none"
        variables = ", ".join(f"{self.PROFILE.name}_{name}".upper() for name in self.PROFILE.credentials)
        raise InvalidRequest(
            f"{operation.full_name} needs credentials: {self._needed(operation)}; given: {given} "
            f"(`from_env` reads {variables})"
        )

    def _needed(self, operation: Operation[Any]) -> str:
        key = self.PROFILE.key_signer()
        classes = (key,) if operation.auth == "key" and key else self.PROFILE.signers()
        fitting = [made for made in classes if not operation.schemes or made.name in operation.schemes]
        return ", or ".join(" and ".join(made.credentials) for made in fitting)

    def _course(self, operation: Operation[Any], arguments: Mapping[str, object]) -> Course:
        return Course(operation, self._retry, self.PROFILE.suspects, arguments)

    def _read(self, operation: Operation[Any], reply: Reply, request: Request) -> Any:
        """Return the payload.

        Raises:
            Refused: if the answer is an error.
            DecodeError: if it can't be read.
        """
        reader = self._readers.get(operation)
        if reader is None:
            reader = self._readers[operation] = Reader(operation, self.PROFILE.envelope)
        try:
            return reader.read(reply, lambda path, what: self._deviation(operation.full_name, path, what))
        except NotSuccess:
            shown = self._masked(reply, request)
        except DecodeError as error:
            error.body = self._masked(reply, request).body
            raise
        failure = Failures(*self.PROFILE.errors()).failure(operation, shown, reader.head_of(shown))
        raise Refused(failure.error, unknown=failure.unknown)

    def _masked(self, reply: Reply, request: Request) -> Reply:
        """Return an answer without the secrets of its request; there are servers that repeat what they refuse.

        A redirect repeats the address, signature and all, in a header.
        """
        body = reply.body
        for secret in self._secrets(request):
            body = hide(secret, body)
        return Reply(reply.status, self._masked_headers(reply, request), body)

    def _masked_headers(self, reply: Reply, request: Request) -> dict[str, str]:
        headers = dict(reply.headers)
        for secret in self._secrets(request):
            headers = {name: hide(secret, value.encode()).decode() for name, value in headers.items()}
        return headers

    def _secrets(self, request: Request) -> set[str]:
        """Return what an answer must not repeat."""
        secrets = {*request.hidden_values, *(secret.reveal() for secret in self._given.values())}
        return {secret for secret in secrets if len(secret) >= SHORTEST}

    def _used(self, charge: Charge, reply: Reply) -> int | None:
        """Return what the exchange says is used of a bucket."""
        header = charge.bucket.header
        value = reply.headers.get(header) if header else None
        if value is None or not value.isdecimal() or len(value) > errors.DIGITS:
            return None
        used = int(value)
        return used if used <= MOST_USED * charge.bucket.amount else None

    def _silence(self, error: errors.ApiError) -> float:
        """Return the seconds in which nothing may be sent after a refusal."""
        if not isinstance(error, errors.RateLimited):
            return 0.0
        asked = error.retry_after
        if asked is None:
            asked = SILENCE_OF_THE_BANNED if isinstance(error, errors.Banned) else SILENCE
        return asked

    def _silenced(self, error: errors.ApiError, charges: list[Charge]) -> set[str]:
        """Return whose calls are to be held back: the key's, and those of the address if it is to blame."""
        found = {self._owners["key"], *(charge.owner for charge in charges)}
        return found | {self._owners["ip"]} if isinstance(error, errors.Banned) else found

    def _moved_clock(self, course: Course, error: errors.ApiError) -> bool:
        """Whether what was learnt of the clock makes a refused call worth signing again."""
        moved = abs(self._clock.offset - course.offset)
        return moved > self.PROFILE.window // 2 or error.code not in self.PROFILE.suspects

    @staticmethod
    def _final_reply(reply: Reply) -> Reply:
        """Return an answer, if it is one: an interim answer, or none, is no word of the exchange's.

        Raises:
            ConnectionLost: if it is none.
        """
        status: object = reply.status
        if isinstance(status, int) and status >= LOWEST_FINAL:
            return reply
        raise errors.ConnectionLost(f"the transport brought no answer (status {status!r})")

    @staticmethod
    def _is_of_program(transport: object, error: Exception) -> bool:
        """Whether the program raised this in the middle of a call, as a time limit does."""
        from venues.core.values.interruption import is_of_handler

        return isinstance(transport, TrustedTransport) or is_of_handler(error)

    @staticmethod
    def _foreign(error: Exception) -> errors.ConnectionLost:
        """Return what the failure of a transport means that keeps none of the promises of `Transport`."""
        return errors.ConnectionLost(f"the transport failed ({type(error).__name__})")

    def _ensure_open(self) -> None:
        if self._closed:
            raise InvalidRequest("this client is closed; nothing was sent")

    @staticmethod
    def _undecided(error: ExecutionUnknown | DecodeError) -> ExecutionUnknown:
        """Return the error that says that a lookup could not tell."""
        reason = f"{error.reason}; it can't be looked up with certainty"
        lost = ExecutionUnknown(error.operation, error.client_id, reason)
        lost.arguments, lost.sent_at = error.arguments, error.sent_at
        return lost

    @staticmethod
    def _full(wait: float, operation: Operation[Any]) -> errors.RateLimited:
        message = f"the limit leaves room in {wait:.2f} s; nothing was sent"
        return errors.RateLimited(
            "", message, status=0, headers={"Retry-After": f"{wait:.3f}"}, body=b"", operation=operation.full_name
        )

    def _named(self, full_name: str) -> Operation[Any]:
        """Return an operation by group and name.

        Raises:
            InvalidRequest: if the API has none of that name.
        """
        operations = import_module(f"venues.{self.PROFILE.name}.operations")
        found: Operation[Any] | None = getattr(operations, full_name.replace(".", "_").upper(), None)
        if found is None:
            raise InvalidRequest(f"{self.PROFILE.name} has no operation {full_name}; nothing was sent")
        return found

    @staticmethod
    def _lookup_arguments(
        lookup: Lookup, error: ExecutionUnknown | DecodeError, client_id_wire: str | None
    ) -> dict[str, object]:
        given = {**error.arguments, "$sent": error.sent_at - BEFORE_SENT}
        if client_id_wire:
            given[client_id_wire] = error.client_id
        return {wire: given.get(source) for wire, source in lookup.params}

    @classmethod
    def _environment(cls) -> dict[str, str | None]:
        """Read the credentials from the environment: <API>_<CREDENTIAL>."""
        return {name: os.environ.get(f"{cls.PROFILE.name}_{name}".upper()) or None for name in cls.PROFILE.credentials}
