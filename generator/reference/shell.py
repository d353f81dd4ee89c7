"""Prints signing for a shell: openssl hashes and signs, what it makes is kept in variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from generator.ground.json_text import Bare, json_text
from generator.model.signing import Scheme
from generator.model.signing_parts import SIGNATURE, TOKEN_NAMES, WHOLE_NUMBERS, Member, Value
from generator.model.types import Json
from generator.reference.shell_keys import UNREADABLE, key_lines, sign_words
from generator.signing.keys import HASHES
from generator.signing.requests import Draft
from generator.signing.texts import CLOSE, OPEN, variable, without_marks
from generator.signing.worked import Worked, Worker

_VARIABLE = re.compile(f"{OPEN}(\\w+){CLOSE}")
_BARE = re.compile(r"[\w./:=&?,%@+-]+")
"""Words that a shell takes without quotes; `word` quotes those with `&` and `?`, which a shell interprets."""

_ENCODED = "sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g'"
"""Percent-encodes the three characters of base64 that have a meaning in an address."""
_URL = "tr '+/' '-_' | tr -d '='"
"""Makes base64 the base64 of URLs."""

TIMES = {
    "ms": "$(date +%s)000",
    "s": "$(date +%s)",
    "us": "$(date +%s)000000",
    "ns": "$(date +%s)000000000",
    "s.ms": "$(date +%s).000",
    "iso": "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)",
    "iso-s": "$(date -u +%Y-%m-%dT%H:%M:%S)",
    "uuid": r"$(openssl rand -hex 16 | sed 's/\(.\{8\}\)\(.\{4\}\)\(.\{4\}\)\(.\{4\}\)/\1-\2-\3-\4-/')",
    "uuid-hex": "$(openssl rand -hex 16)",
}
"""Whole seconds, because BSD and macOS have no %N for what is less."""


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


def writing(text: str) -> list[str]:
    """Print the commands that write a text; a zero byte can't be part of a word, so it has a command of its own."""
    pieces = re.split("(\0)", text)
    return [r"printf '\000'" if piece == "\0" else f"printf %s {word(piece)}" for piece in pieces if piece]


def in_a_row(commands: list[str]) -> str:
    """Print commands whose output is one text."""
    return commands[0] if len(commands) == 1 else "{ " + "; ".join(commands or ["printf ''"]) + "; }"


def encoded(command: str, encoding: str | None) -> str:
    """Print a command that hashes or signs, and writes what it makes in an encoding; none means bytes."""
    # `dgst -r` prints "<hex> *stdin"; the function that signs with a private key prints bytes only.
    digests = " dgst " in command
    raw = f"{command} -binary" if digests else command
    if encoding is None:
        return raw
    # `cut` ends its output with a line break, which a signature must not have; `$(…)` removes it.
    in_hex = f"{command} -r | cut -d' ' -f1" if digests else f"{command} | od -An -v -tx1 | tr -d ' \\n'"
    return {
        "hex": in_hex,
        "HEX": f"{in_hex} | tr a-z A-Z",
        "base64": f"{raw} | openssl base64 -A",
        "base64url": f"{raw} | openssl base64 -A | {_URL}",
        "hex-base64": f"{in_hex} | tr -d '\\n' | openssl base64 -A",
    }[encoding]


def sign_command(scheme: Scheme, text: str, secret: str) -> str | None:
    """Print the command that signs a text, or None if it takes more than a secret."""
    if scheme.algorithm not in HASHES or scheme.secret_form in UNREADABLE:
        return None
    signed = encoded(sign_words(scheme, word(str(without_marks(secret)))), scheme.encoding)
    return f"{in_a_row(writing(str(without_marks(text))))} | {signed}"


class ShellWorker(Worker):
    """Works a rule out with variables of a shell in place of what only the caller knows."""

    def __init__(self, scheme: Scheme, draft: Draft, known: Mapping[str, str], secret: str, host: str) -> None:
        super().__init__(scheme, draft, known, None, host, None)
        self._secret = secret
        self.lines: list[str] = []
        """The lines that make the values."""
        self._readable: dict[str, str] = {}

    def first_lines(self) -> list[str]:
        """Print how the key, the times and the nonce are made."""
        scheme, lines = self._scheme, key_lines(self._scheme, self._secret)
        if scheme.uses("timestamp"):
            in_url = all(
                placement.place != "header" for placement in scheme.placements if placement.value == "timestamp"
            )
            # What goes into an address only is written for it.
            colon = "%%3A" if in_url and "timestamp" not in self._signed_parts() else ":"
            lines.append(f"TIMESTAMP={TIMES[scheme.time].replace(':', colon)}")
        if scheme.uses("expires"):
            lines.append(f"EXPIRES={_later(scheme)}")
        if scheme.uses("nonce"):
            lines.append(f"NONCE={TIMES[scheme.nonce or 'uuid']}")
        return lines

    def _signed_parts(self) -> set[str]:
        values = self._scheme.values
        return {part.name for value in values for part in value.parts() if part.kind == "built_in"}

    def work(self) -> Worked:
        """Return everything that the rule makes of the request."""
        done = super().work()
        done.query = self._named(done.query)
        return done

    def _written(self) -> tuple[str, str]:
        """Give the query and the body names, so that the lines that follow can be read."""
        query, body = super()._written()
        # Where a value comes late and still goes first, it has to find its place among the parameters.
        is_led = any(placed.is_late and placed.is_first for placed in self._scheme.placements)
        if self._scheme.values and not is_led:
            if query:
                # Named once: the signed text and the address must have the same query.
                self.lines.append(f"QUERY={word(query)}")
                self._readable[query] = variable("QUERY")
            if body:
                self.lines.append(f"BODY={word(body)}")
                self._readable[body] = variable("BODY")
        return self._named(query), self._named(body)

    def _named(self, text: str) -> str:
        return self._readable.get(text, text)

    def _digested(self, value: Value, text: bytes) -> str | bytes:
        name = value.name.upper()
        written = text.decode()
        # A rule over all parameters writes them out again; where they are the query, the variable says so.
        for long, short in self._readable.items():
            written = written.replace(long, short)
        pieces = self._pieces(value, written)
        if value.name == SIGNATURE and pieces == [f"printf %s {word(written)}"]:
            self.lines.append(f"TEXT={word(written)}")
            # A variable of its own, so that a reader can print the text and compare it.
            pieces = ['printf %s "$TEXT"']
        source = in_a_row(pieces)
        command = self._command(value)
        if value.is_bytes:
            # A function runs again where it is used, so the bytes never pass through a variable.
            self.lines.append(f"{value.name}() {{ {source} | {command}; }}")
            return f"{OPEN}{value.name}()".encode()
        if command is None:
            self.lines.append(f"{name}={word(written)}")
        else:
            self.lines.append(f"{name}=$({source} | {command})")
        return variable(name)

    def _pieces(self, value: Value, written: str) -> list[str]:
        """Print what writes the text; bytes come from functions, for a variable can't hold them."""
        pieces = list[str]()
        for index, piece in enumerate(re.split(f"{OPEN}(\\w+)\\(\\)", written)):
            pieces += [piece] if index % 2 else writing(piece)
        return pieces

    def _command(self, value: Value) -> str | None:
        if value.hash:
            return encoded(f"openssl dgst -{value.hash}", value.encoding)
        if value.is_signed:
            signed = encoded(sign_words(self._scheme, self._secret), value.encoding)
            placed = self._scheme.signature
            in_url = value.name == SIGNATURE and placed is not None and placed.place != "header"
            return f"{signed} | {_ENCODED}" if in_url and value.encoding in ("base64", "hex-base64") else signed
        if value.encoding is None:
            return None
        return {
            "base64": "openssl base64 -A",
            "base64url": f"openssl base64 -A | {_URL}",
            "hex": "od -An -v -tx1 | tr -d ' \\n'",
            "HEX": "od -An -v -tx1 | tr -d ' \\n' | tr a-z A-Z",
            "hex-base64": "od -An -v -tx1 | tr -d ' \\n' | openssl base64 -A",
        }[value.encoding]

    def _object(self, members: Iterable[Member]) -> dict[str, Json]:
        """Write query and body out: inside JSON their quotes are escaped, which a variable's would not be."""
        return {name: self._spelled_out(made) for name, made in super()._object(members).items()}

    def _spelled_out(self, made: Json) -> Json:
        if not isinstance(made, str) or isinstance(made, Bare):
            return made
        for long, short in self._readable.items():
            made = made.replace(short, long)
        return made

    def _token(self, value: Value) -> str:
        name = value.name.upper()
        head = {"alg": TOKEN_NAMES[self._scheme.algorithm or "hmac-sha256"], "typ": "JWT"}
        for text, made in (("HEAD", head | self._object(value.token_header)), ("CLAIMS", self._object(value.members))):
            self.lines.append(f"{text}=$(printf %s {word(json_text(made))} | openssl base64 -A | {_URL})")
        signed = encoded(sign_words(self._scheme, self._secret), "base64url")
        self.lines.append(f'{name}="$HEAD.$CLAIMS.$(printf %s "$HEAD.$CLAIMS" | {signed})"')
        return variable(name)


def _later(scheme: Scheme) -> str:
    seconds = (scheme.expires_ms or 0) // 1000
    if scheme.time in WHOLE_NUMBERS or scheme.time == "s.ms":
        return TIMES[scheme.time].replace("$(date +%s)", f"$(($(date +%s) + {seconds}))")
    # Only GNU date can add to a written time; on BSD the reader must adapt this line.
    return TIMES[scheme.time].replace("date -u", f"date -u -d '+{seconds} seconds'")
