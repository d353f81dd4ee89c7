"""Explains a signing rule step by step, with its first worked examples."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model.signing import Placement, Scheme, Signing, Vector
from generator.reference.curl import sign_command
from generator.signing.requests import Draft, draft_of_vector, payload_parts, query_text
from generator.words.markdown import code, code_block, prose, sentence

PARTS = {
    "timestamp": "the time",
    "method": "the method",
    "path": "the path",
    "query": "the query, as sent",
    "?query": "the query as sent, with its question mark; empty if there is none",
    "body": "the body, as sent; empty if there is none",
    "params": "all parameters",
}
ALGORITHMS = {
    "hmac-sha256": "HMAC-SHA256",
    "hmac-sha512": "HMAC-SHA512",
    "rsa-sha256": "RSA with SHA-256 (PKCS#1 v1.5)",
    "ed25519": "Ed25519",
}


@dataclass(frozen=True)
class WorkedExample:
    """A worked example, ready to be printed."""

    vector: Vector
    time: str
    parts: list[tuple[str, str]]
    """The name of each part of the text, and its value here."""
    placed: list[tuple[str, str, str]]
    """Place, name and value of everything that the rule adds."""

    url: str
    body: str
    shell: str | None
    """A shell command that computes the signature."""

    @property
    def title(self) -> str:
        """The kind of request."""
        carried = [("a JSON body", self.vector.json), ("a form body", self.vector.form), ("a query", self.vector.query)]
        return (
            f"{self.vector.method} request with {next((words for words, given in carried if given), 'no parameters')}"
        )

    @property
    def heading(self) -> str:
        """The name of the example, and where it comes from."""
        words = {"published": "published by the exchange", "computed": "computed from the rule"}
        origin = words.get(self.vector.origin, self.vector.origin)
        note = f" {prose(sentence(self.vector.note))}" if self.vector.note else ""
        return f"{prose(self.vector.name.rstrip('.'))} ({prose(origin)}).{note}"


def part_words(part: str, scheme: Scheme) -> str:
    """Name a part of the text to sign."""
    if part.startswith("'"):
        return f"the literal {code(part[1:-1])}"
    if part != "params":
        return PARTS.get(part) or f"the credential {code(part)}"
    rules = ["sorted by name" if scheme.params_sorted else "in the order sent"]
    rules += ["without empty ones"] if scheme.params_drop_empty else []
    rules += ["objects as compact JSON with sorted keys"] if scheme.params_sort_inner else []
    rules.append("percent-encoded" if scheme.params_percent else "not percent-encoded")
    return f"all parameters as `k=v` joined by `&`: {', '.join(rules)}"


def rule_lines(scheme: Scheme) -> list[str]:
    """Return the rule in steps."""
    steps = [f"Take the Unix time in {'seconds' if scheme.time == 's' else 'milliseconds'}."]
    steps += [_place_words(placement, "Put {what} into {where}.") for placement in scheme.place]
    if scheme.algorithm is None:
        # Without a signature, the time is not needed either.
        return steps[1:]
    order = (
        "sort it by name, and send it in that order" if scheme.query_sorted else "keep the order in which it is sent"
    )
    steps.append(f"Write the query percent-encoded; {order}.")
    parts = "".join(f"\n    - {part_words(part, scheme)}" for part in scheme.payload)
    steps.append(f"Concatenate:{parts}")
    steps.append(f"Sign the result: {ALGORITHMS[scheme.algorithm]} with {code(scheme.secret)}, in {scheme.encoding}.")
    if scheme.signature:
        words = "Put {what} into {where}" + ("." if scheme.signature.place == "header" else ", as the last parameter.")
        steps.append(_place_words(scheme.signature, words))
    return steps


def key_lines(signing: Signing) -> list[str]:
    """Return what calls carry that need only the API key."""
    return [_place_words(placement, "Put {what} into {where}.") for placement in signing.key]


def _place_words(placement: Placement, words: str) -> str:
    what = {"timestamp": "the time", "signature": "the signature"}.get(placement.value) or code(placement.value)
    if placement.prefix:
        what = f"{code(placement.prefix)} followed by {what}"
    places = {"header": "the header", "query": "the query as", "param": "the parameters (query or body) as"}
    return words.format(what=what, where=f"{places[placement.place]} {code(placement.name)}")


def worked_examples(scheme: Scheme) -> list[WorkedExample]:
    """Return the first worked example of a scheme, and the first of another kind of request."""
    kinds: dict[tuple[bool, bool], Vector] = {}
    for vector in scheme.vectors if scheme.algorithm else ():
        if vector.signature:
            # One per kind of request: further examples of a GET would teach nothing new.
            kinds.setdefault((vector.method == "GET", bool(vector.json or vector.form)), vector)
    return [_worked_example(scheme, vector) for vector in [*kinds.values()][:2]]


def _worked_example(scheme: Scheme, vector: Vector) -> WorkedExample:
    time = str(vector.time // 1000 if scheme.time == "s" else vector.time)
    known = {**vector.credentials, "timestamp": time}
    draft = draft_of_vector(vector)
    draft.place(scheme.place, lambda name: known[name])
    query, body = draft.query_text(in_order=scheme.query_sorted), draft.body_text()
    parts = payload_parts(draft, scheme, lambda name: known[name], query, body)
    shown = [(part_words(name, scheme), text) for name, text in parts]
    shell = sign_command(scheme, vector.text, vector.credentials[scheme.secret or ""])
    placed = _placed_rows(scheme, draft, vector)
    return WorkedExample(vector, time, shown, placed, vector.url or vector.path, vector.body or body, shell)


def _placed_rows(scheme: Scheme, draft: Draft, vector: Vector) -> list[tuple[str, str, str]]:
    rows = [("header", name, text) for name, text in draft.headers.items()]
    given = [*draft.query.items(), *draft.body.items()]
    names = {placement.name for placement in scheme.place if placement.place != "header"}
    rows += [("query" if name in draft.query else "body", name, str(text)) for name, text in given if name in names]
    if scheme.signature and vector.signature:
        place = scheme.signature.place
        where = place if place != "param" else "query" if draft.carrier == "query" else "body"
        rows.append((where, scheme.signature.name, vector.signature))
    return rows


def request_text(vector: Vector) -> str:
    """Print the request of a worked example before it is signed."""
    lines = [f"{vector.method} {vector.path}"]
    for what, given in (("query", vector.query), ("JSON body", vector.json), ("form body", vector.form)):
        lines += [f"{what}: {name} = {query_text(value)}" for name, value in (given or {}).items()]
    return code_block("text", "\n".join(lines))
