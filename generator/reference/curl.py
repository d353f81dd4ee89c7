"""Prints shell recipes that work when pasted: openssl signs, curl sends."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.signing import Scheme
from generator.reference.shell import ShellWorker, word
from generator.reference.shell_keys import UNREADABLE
from generator.signing.requests import Draft, Encoder, draft_of
from generator.signing.texts import variable
from generator.signing.worked import host_of


class Curl:
    """Prints the recipes of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._encoder = Encoder(api)
        self._names = {credential.name: credential.variable for credential in api.signing.credentials}
        self._schemes = {scheme.name: scheme for scheme in api.signing.schemes}

    def __call__(self, operation: Operation) -> str:
        """Print the recipe of an operation's example."""
        draft = draft_of(self._api, self._encoder, operation)
        if operation.auth == "key":
            for placement in self._api.signing.key:
                draft.place(placement, variable(self._names[placement.value]))
        if operation.auth != "signed":
            return "\n".join(self._request_lines(draft, draft.query_text(), draft.body_text()))
        scheme = self._schemes[operation.schemes[0]] if operation.schemes else self._api.signing.schemes[0]
        return "\n".join(self._signed_lines(draft, scheme))

    def _signed_lines(self, draft: Draft, scheme: Scheme) -> list[str]:
        if scheme.secret_form in UNREADABLE:
            return [f"# No usual tool of a shell reads a key in {scheme.secret_form}. Sign with the Python client."]
        known = {name: variable(shell) for name, shell in self._names.items()}
        known |= {name: variable(name.upper()) for name in ("timestamp", "expires", "nonce")}
        secret = word(variable(self._names.get(scheme.secret or "", "")))
        worker = ShellWorker(scheme, draft, known, secret, host_of(self._api))
        done = worker.work()
        return [*worker.first_lines(), *worker.lines, *self._request_lines(draft, done.query, done.body)]

    def _request_lines(self, draft: Draft, query: str, body: str) -> list[str]:
        address = self._api.servers[0].rest + draft.path + (f"?{query}" if query else "")
        method = "" if draft.method == "GET" else f"-X {draft.method} "
        lines = [f"curl {method}{word(address)}"]
        lines += [f"-H {word(f'{name}: {value}')}" for name, value in self._headers(draft, body).items()]
        if body:
            # `--data-raw`: plain `--data` would read a file if the body began with an @.
            lines.append(f"--data-raw {word(body)}")
        return [" \\\n  ".join(lines)]

    def _headers(self, draft: Draft, body: str) -> dict[str, str]:
        headers = {"User-Agent": self._api.user_agent} if self._api.user_agent else {}
        headers |= self._api.headers
        if not body:  # as the client does
            headers.pop("Content-Type", None)
        elif draft.carrier == "json":
            headers["Content-Type"] = "application/json"
        return headers | draft.headers
