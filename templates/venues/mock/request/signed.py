# Edited in templates/venues/mock/request/signed.py; the copy in generated/ is imported.
"""What must have been signed, and sent: worked out from the raw request and the declared rule."""

from __future__ import annotations

import re

from venues.mock.declared.signing import CLOCKED, SPREAD, Member, Value
from venues.mock.exact import Json, parse, text_of
from venues.mock.request.digests import decode
from venues.mock.request.making import Making, UnprovedError

ALGORITHMS = {
    "hmac-sha256": "HS256", "hmac-sha384": "HS384", "hmac-sha512": "HS512", "rsa-sha256": "RS256",
    "ecdsa-sha256": "ES256", "ed25519": "EdDSA",
}  # fmt: skip
"""What tokens call the algorithms."""
FORMS = {
    "iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "iso-s": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "s.ms": r"\d{1,14}\.\d{3}",
    "uuid": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "uuid-hex": r"[0-9a-f]{32}",
}
NUMBER = r"[0-9]{1,20}"
ALPHABETS = {"hex": "[0-9a-f]+", "HEX": "[0-9A-F]+", "base64url": "[A-Za-z0-9_-]+"}
BASE64 = "[A-Za-z0-9+/]+={0,2}"


class Working(Making):
    """Works out one rule for one request: reads what its sender says, then makes everything else again."""

    def learn(self, word: str, text: str) -> None:
        """Take in what was sent for a part, and what can be read from that.

        Raises:
            UnprovedError: if it can't be such a part, or contradicts what was sent elsewhere.
        """
        # The key or time may be sent in two places; an exchange compares them.
        if word in self.said and self.said[word] != text:
            raise UnprovedError(word, f"the request carries different values of {word}")
        self.said[word] = text
        value = self._values.get(word)
        # From a hash or signature nothing can be read back.
        if value is None or value.hash or (value.signed and value.kind != "jwt"):
            return
        if value.kind == "jwt":
            self._learn_token(value, text)
            return
        raw = text.encode() if value.encoding is None else decode(text, value.encoding)
        if raw is None:
            raise UnprovedError(word, f"{word} is not {value.encoding}")
        inner = raw.decode("utf-8", "replace")
        if value.kind == "json":
            self._learn_members(value.members, inner, word)
        else:
            self._learn_parts(value, inner)

    def miss(self, word: str) -> None:
        """Take in that nothing was sent for a part that may be empty."""
        self._absent.append(word)

    def _learn_token(self, value: Value, text: str) -> None:
        pieces = text.split(".")
        raws = [decode(piece, "base64url") for piece in pieces]
        if len(raws) != 3 or None in raws:
            raise UnprovedError(value.name, "the token has another form")
        head = Member("alg", constant=ALGORITHMS.get(self._scheme.algorithm or "")), Member("typ", constant="JWT")
        self._learn_members((*head, *value.token_header), (raws[0] or b"").decode("utf-8", "replace"), value.name)
        self._learn_members(value.members, (raws[1] or b"").decode("utf-8", "replace"), value.name)

    def _learn_members(self, members: tuple[Member, ...], text: str, word: str) -> None:
        """Read a JSON object that the rule made."""
        try:
            found = parse(text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise UnprovedError(word, f"{word} holds no JSON object")
        names = {member.name for member in members}
        spread = any(member.name == SPREAD and member.params for member in members)
        own = {name: one for name, one in found.items() if name not in names}
        # Members that the rule does not have would change the signed text, so an exchange rejects them.
        if own and not spread:
            raise UnprovedError(word, f"{word} holds {', '.join(own)}, which the rule does not")
        if spread:
            self.reveal(own)
        for member in members:
            if member.params and member.name != SPREAD:
                inner = found.get(member.name)
                self.reveal(inner if isinstance(inner, dict) else {})
            elif member.name in found or not member.may_be_empty:
                self._learn_member(member, found.get(member.name), word)
            elif member.part is not None:
                self._absent.append(member.part)

    def _learn_member(self, member: Member, given: Json, word: str) -> None:
        if member.part is None:
            if text_of(given) != text_of(member.constant):
                raise UnprovedError(word, f"{member.name} is not {text_of(member.constant)}")
        # Text and number are not interchangeable: exchanges sign the JSON as it is written.
        elif given is None or isinstance(given, str) == member.number:
            raise UnprovedError(member.part, f"{member.name} is missing, or of another type")
        elif self._is_open(member.part):
            self.learn(member.part, text_of(given))
        elif self.text(member.part) != text_of(given):
            raise UnprovedError(member.part, f"{member.name} is not what the rule makes")

    def _is_open(self, word: str) -> bool:
        """Whether a part can only be known, or is best checked, by what was sent for it."""
        return word in CLOCKED or word in self._credentials or word in self._scheme.credentials or word in self._values

    def _learn_parts(self, value: Value, text: str) -> None:
        words = [word for word in value.parts(self._facts.method) if not self._is_for_others(word)]
        openings = [word for word in words if self._is_open(word)]
        pattern = "".join(
            f"({self._pattern(word)})" if self._is_open(word) else re.escape(self.text(word)) for word in words
        )
        # DOTALL: a body inside the text may have line breaks.
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found is None:
            raise UnprovedError(value.name, f"{value.name} has another form")
        for word, group in zip(openings, found.groups(), strict=True):
            self.learn(word, group)

    def _is_for_others(self, word: str) -> bool:
        """Whether a part is empty because the method is another."""
        value = self._values.get(word)
        return value is not None and bool(value.methods) and self._facts.method not in value.methods

    def _pattern(self, word: str) -> str:
        forms = {"timestamp": self._scheme.time, "expires": self._scheme.time, "nonce": self._scheme.nonce or ""}
        if word in forms:
            return FORMS.get(forms[word], NUMBER)
        value = self._values.get(word)
        if value is None or not (value.hash or value.signed) or value.kind == "jwt":
            return ".*?"
        return ALPHABETS.get(value.encoding or "", BASE64)

    def check(self) -> None:
        """Make everything again that was sent, and compare.

        Raises:
            UnprovedError: with the first part that is wrong.
        """
        for word in self._absent:
            if not self.is_left_out(word):
                raise UnprovedError(word, f"{word} is missing")
        for word, text in self.said.items():
            value = self._values.get(word)
            if value is None:
                continue
            if self._is_empty(value):
                raise UnprovedError(word, f"{word} is empty in this request")
            if value.signed:
                self._check_signed(value, text)
            elif self.text(word) != text:
                raise UnprovedError(word, f"{word} is not what the rule makes of this request")

    def _check_signed(self, value: Value, text: str) -> None:
        if value.kind == "jwt":
            signed, _, signature = text.rpartition(".")
            payload, raw = signed.encode(), decode(signature, "base64url")
        else:
            payload, raw = self._payload(value), decode(text, value.encoding or "hex")
        if raw is None:
            raise UnprovedError(value.name, f"{value.name} is not {value.encoding}")
        if not self._verify(payload, raw):
            raise UnprovedError(value.name, f"the {value.name} belongs to another text or secret")
