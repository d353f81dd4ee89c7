"""Prints shell recipes that work when pasted: openssl signs, curl sends."""

from __future__ import annotations

import re

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.signing import Scheme
from generator.signing.requests import CLOSE, OPEN, Draft, Encoder, draft_of, payload_parts, variable, without_marks

_VARIABLE = re.compile(f"{OPEN}(\\w+){CLOSE}")
_BARE = re.compile(r"[\w./:=&?,%@+-]+")
"""Words that a shell accepts without quotes; `word` quotes those with `&` and `?`, which a shell interprets."""

_ENCODED = "sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g'"
"""Percent-encodes the three characters of base64 that have a meaning in an address."""

# `-rawin`: Ed25519 signs the message itself, not a digest of it.
SIGN = {
    "hmac-sha256": "openssl dgst -sha256 -hmac {secret}",
    "hmac-sha512": "openssl dgst -sha512 -hmac {secret}",
    "rsa-sha256": "openssl dgst -sha256 -sign private_key.pem",
    "ed25519": "openssl pkeyutl -sign -rawin -inkey private_key.pem",
}


def word(text: str) -> str:
    """Print a text with variables as one word of a shell command."""
    if _BARE.fullmatch(text) and "&" not in text and "?" not in text:
        return text
    # `!` too: interactive shells replace it with a command from their history.
    if not re.search(r'["$`\\!]', text):
        return '"' + _VARIABLE.sub(lambda found: _reference(found, text), text) + '"'
    # Inside single quotes nothing is special but the quote itself, so variables stand between quoted parts.
    quoted = text.replace("'", "'\\''")
    return "'" + _VARIABLE.sub(lambda found: f"'\"${found.group(1)}\"'", quoted) + "'"


def _reference(found: re.Match[str], text: str) -> str:
    # Where a letter follows, $NAME would swallow it.
    following = text[found.end() : found.end() + 1]
    return f"${{{found.group(1)}}}" if following.isalnum() or following == "_" else f"${found.group(1)}"


def commands(scheme: Scheme, secret: str) -> str:
    """Print the shell commands that sign what they read; the secret is a word of the shell."""
    command = SIGN[scheme.algorithm or ""].format(secret=secret)
    # `dgst -r` prints "<hex> *stdin"; pkeyutl prints bytes only.
    if scheme.encoding != "base64":
        return f"{command} -r | cut -d' ' -f1" if "dgst" in command else f"{command} | od -An -tx1 | tr -d ' \\n'"
    return f"{command} -binary | openssl base64 -A" if "dgst" in command else f"{command} | openssl base64 -A"


def sign_command(scheme: Scheme, text: str, secret: str) -> str | None:
    """Print the command that signs a text, or None if it takes more than a secret."""
    if not (scheme.algorithm or "").startswith("hmac"):
        return None
    return f"printf %s {word(str(without_marks(text)))} | {commands(scheme, word(str(without_marks(secret))))}"


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
            draft.place(self._api.signing.key, self._value)
        if operation.auth != "signed":
            return "\n".join(self._request_lines(draft, draft.query_text(), draft.body_text()))
        scheme = self._schemes[operation.schemes[0]] if operation.schemes else self._api.signing.schemes[0]
        return "\n".join(self._signed_lines(draft, scheme))

    def _value(self, name: str) -> str:
        return variable("TIMESTAMP" if name == "timestamp" else self._names[name])

    def _signed_lines(self, draft: Draft, scheme: Scheme) -> list[str]:
        draft.place(scheme.place, self._value)
        query, body = draft.query_text(in_order=scheme.query_sorted), draft.body_text()
        lines = []
        if "timestamp" in (*scheme.payload, *(placement.value for placement in scheme.place)):
            # `date +%s000`: BSD and macOS have no %N for milliseconds.
            lines.append("TIMESTAMP=$(date +%s)" + ("" if scheme.time == "s" else "000"))
        if scheme.algorithm is None:
            return [*lines, *self._request_lines(draft, query, body)]
        if query:
            lines.append(f"QUERY={word(query)}")
            sent = query
            query = variable("QUERY")
        if body:
            lines.append(f"BODY={word(body)}")
            body = variable("BODY")
        text = "".join(part for _, part in payload_parts(draft, scheme, self._value, query, body))
        if query and not body:
            # A rule over all parameters writes them out again; where they are the query, the variable says so.
            text = text.replace(sent, query)
        lines += [f"TEXT={word(text)}", f'SIGNATURE=$(printf %s "$TEXT" | {self._sign(scheme)})']
        query, body = draft.add_signature(scheme.signature, query, body, variable("SIGNATURE"))
        return [*lines, *self._request_lines(draft, query, body)]

    def _sign(self, scheme: Scheme) -> str:
        signed = commands(scheme, word(variable(self._names.get(scheme.secret or "", ""))))
        in_url = scheme.signature is not None and scheme.signature.place != "header"
        return f"{signed} | {_ENCODED}" if in_url and scheme.encoding == "base64" else signed

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
