# Edited in templates/venues/core/call/requests.py; the copy in generated/ is imported.
"""Builds and signs requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec

from venues.core.profile import Profile
from venues.core.request.messages import Request
from venues.core.request.operation import Operation
from venues.core.request.placing import place, place_constants
from venues.core.request.signing import Signer, make_signers
from venues.core.request.wire import DRAFTS, BareDraft, RequestDraft
from venues.core.values.secrets import Secret
from venues.errors import InvalidRequest


class Outline(msgspec.Struct):
    """What the requests of one client for one operation have in common."""

    begin: Callable[[dict[str, object], dict[str, object], dict[str, str]], RequestDraft]
    """Returns a draft with this query, this body and these headers."""
    signer: Signer | None
    hidden: frozenset[str]
    """Headers and parameters that must not be shown."""
    is_plain: bool
    """Whether all that is sent are parameters, each where the operation's parameters go: nearly always."""
    in_query: bool
    """Whether that is the query."""
    is_form: bool
    client_id: str
    """The parameter (wire name) that holds the caller's own id; empty if there is none."""


class RequestBuilder:
    """Builds and signs the requests of one client."""

    def __init__(self, profile: Profile, credentials: Mapping[str, Secret], base: str, user_agent: str | None) -> None:
        self._profile = profile
        self._headers = {**profile.headers, "User-Agent": user_agent} if user_agent else dict(profile.headers)
        self._credentials = credentials
        self._base = base
        self._host = urlsplit(base).netloc
        self._signers = make_signers(profile.signers(), credentials)
        key = profile.key_signer()
        self._key_signers = make_signers((key,), credentials) if key else {}
        self._outlines: dict[Operation[Any], Outline] = {}

    def builder(self, operation: Operation[Any]) -> Callable[[Mapping[str, object], int], Request]:
        """Return what builds and signs the requests of an operation, as `build` does."""
        try:
            return partial(self._checked, operation, self._outline(operation))
        except InvalidRequest:  # credentials are missing, which it says when it is called
            return partial(self.build, operation)

    def build(self, operation: Operation[Any], sent: Mapping[str, object], now: int) -> Request:
        """Return a signed request.

        Args:
            operation: What is called.
            sent: Its encoded arguments, by wire name.
            now: The exchange's time in milliseconds, for the signature.

        Raises:
            InvalidRequest: if credentials are missing, or an argument can't be sent where it belongs.
        """
        return self._checked(operation, self._outlines.get(operation) or self._outline(operation), sent, now)

    def _checked(self, operation: Operation[Any], outline: Outline, sent: Mapping[str, object], now: int) -> Request:
        try:
            return self._build(operation, outline, sent, now)
        except InvalidRequest:
            raise
        except (ValueError, TypeError) as error:
            reason = type(error).__name__
        # Raised outside the handler and outside _build, so that no frame of the traceback holds a key or a signature.
        raise InvalidRequest(f"{operation.full_name}: an argument can't be written as text ({reason})")

    def _build(self, operation: Operation[Any], outline: Outline, sent: Mapping[str, object], now: int) -> Request:
        headers, signer = self._headers.copy(), outline.signer
        if not outline.is_plain:
            draft = _placed(outline.begin({}, {}, headers), operation, sent)
        elif outline.in_query:
            draft = outline.begin({**sent}, {}, headers)
        else:
            draft = outline.begin({}, {**sent}, headers)
        query, body = signer(draft, now) if signer is not None else (draft.query_text(), draft.body_text())
        if body and outline.is_form:
            draft.headers["Content-Type"] = "application/x-www-form-urlencoded"
        client_id = sent.get(outline.client_id)
        return Request(
            draft.method,
            f"{self._base}{draft.path}?{query}" if query else f"{self._base}{draft.path}",
            draft.headers,
            body.encode(),
            outline.hidden,
            None if client_id is None else str(client_id),
        )

    def _outline(self, operation: Operation[Any]) -> Outline:
        """Return what all requests of an operation have in common; it is kept from the first one on."""
        signer = None if operation.auth == "none" else self._signer(operation)
        hidden = operation.secret if signer is None else signer.hidden | operation.secret
        begin = partial(
            DRAFTS.get(operation.carrier, RequestDraft),
            operation.method,
            operation.path,
            operation.carrier,
            empty_body=self._profile.empty_body,
            host=self._host,
        )
        outline = self._outlines[operation] = Outline(
            begin,
            signer,
            hidden,
            is_plain=operation.shares_carrier and not operation.constants,
            in_query=operation.carrier == "query",
            is_form=operation.carrier == "form",
            client_id=operation.client_id or "",
        )
        return outline

    def _signer(self, operation: Operation[Any]) -> Signer:
        signers = self._key_signers if operation.auth == "key" else self._signers
        for name, signer in signers.items():
            if not operation.schemes or name in operation.schemes:
                return signer
        given = ", ".join(self._credentials) or "none"
        variables = ", ".join(f"{self._profile.name}_{name}".upper() for name in self._profile.credentials)
        raise InvalidRequest(
            f"{operation.full_name} needs credentials: {self._needed_credentials(operation)}; given: {given} "
            f"(`from_env` reads {variables})"
        )

    def _needed_credentials(self, operation: Operation[Any]) -> str:
        """Name the credentials of each signing rule that the operation accepts."""
        key = self._profile.key_signer()
        classes = (key,) if operation.auth == "key" and key else self._profile.signers()
        fitting = [signer for signer in classes if not operation.schemes or signer.name in operation.schemes]
        return ", or ".join(" and ".join(signer.credentials) for signer in fitting)


def _placed(draft: RequestDraft, operation: Operation[Any], sent: Mapping[str, object]) -> RequestDraft:
    """Return a draft with constants, and each parameter where it goes."""
    place_constants(draft, operation.constants)
    for wire, written in sent.items():
        place(draft, operation.by_wire[wire], written)
    return BareDraft(*msgspec.structs.astuple(draft)) if operation.bare else draft
