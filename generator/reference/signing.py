"""Explains a signing rule step by step."""

from __future__ import annotations

from generator.model.signing import Scheme, Signing
from generator.model.signing_parts import OTHER, SIGNATURE, TOKEN_NAMES, Member, Part, Placement, Value
from generator.words.amounts import span_words
from generator.words.markdown import code

PARTS = {
    "timestamp": "the time",
    "expires": "the time until which the request is valid",
    "nonce": "the nonce",
    "host": "the host",
    "raw_query": "the query, not percent-encoded",
    "?raw_query": "the query, not percent-encoded, with its question mark; empty if there is none",
    "method": "the method",
    "path": "the path",
    "query": "the query, as sent",
    "?query": "the query as sent, with its question mark; empty if there is none",
    "body": "the body, as sent; empty if there is none",
    "params": "all parameters",
}
ALGORITHMS = {
    "hmac-sha256": "HMAC-SHA256",
    "hmac-sha384": "HMAC-SHA384",
    "hmac-sha512": "HMAC-SHA512",
    "ecdsa-sha256": "ECDSA with SHA-256 (P-256; r and s, 32 bytes each)",
    "rsa-sha256": "RSA with SHA-256 (PKCS#1 v1.5)",
    "ed25519": "Ed25519",
}


TIMES = {
    "ms": "the Unix time in milliseconds",
    "s": "the Unix time in seconds",
    "us": "the Unix time in microseconds",
    "ns": "the Unix time in nanoseconds",
    "s.ms": "the Unix time in seconds, with three decimals",
    "iso": "the time in UTC, such as `2023-11-14T22:13:20.123Z`",
    "iso-s": "the time in UTC, such as `2023-11-14T22:13:20`",
}
NONCES = {
    "uuid": "a random UUID",
    "uuid-hex": "32 random hex digits",
    "s": "a number that grows with every request, such as the Unix time in seconds",
    "ms": "a number that grows with every request, such as the Unix time in milliseconds",
    "us": "a number that grows with every request, such as the Unix time in microseconds",
    "ns": "a number that grows with every request, such as the Unix time in nanoseconds",
    "s.ms": "a number that grows with every request, such as the Unix time in seconds with milliseconds",
}
ENCODINGS = {
    "hex": "in hex",
    "HEX": "in upper-case hex",
    "base64": "in base64",
    "base64url": "in base64url without padding",
    "hex-base64": "in hex, and that in base64",
}
HASHES = {"sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
FORMS = {
    "base64": "decoded from base64",
    "base64url": "decoded from base64url",
    "base58": "decoded from base58",
    "hex": "decoded from hex",
    "md5": "as its MD5 in hex",
    "upper": "in upper case",
    "base64-text": "encoded in base64",
}


def part_words(part: Part, scheme: Scheme) -> str:
    """Name a part of a text."""
    if part.kind == "literal":
        return f"the literal {code(part.name)}"
    if part.kind == "value":
        return "the signature" if part.name == SIGNATURE else code(part.name)
    if part.kind in ("param", "constant"):
        return f"the parameter {code(part.name)}, as sent" + ("; empty if it is not" if part.kind == "param" else "")
    if part.name != "params":
        return PARTS.get(part.name) or f"the credential {code(part.name)}"
    how = scheme.printing
    rules = ["sorted by name" if how.is_sorted else "in the order sent"]
    rules += ["without empty ones"] if how.drops_empty else []
    rules += ["objects as compact JSON with sorted keys"] if how.sorts_inner else []
    rules += ["lists and objects member by member, objects as name and value sorted by name"] if how.is_flat else []
    rules.append("percent-encoded" if how.is_percent else "not percent-encoded")
    added = "".join(f", with {code(name)}" for name, _ in how.added)
    joined = f"joined by {code(how.join)}" if how.join else "joined without a separator"
    return f"all parameters{added} as {code(f'k{how.pair}v')} {joined}: {', '.join(rules)}"


def rule_lines(scheme: Scheme) -> list[str]:
    """Return the rule in steps."""
    steps = []
    if scheme.uses("timestamp"):
        steps.append(f"Take {TIMES[scheme.time]}.")
    if scheme.uses("expires"):
        steps.append(f"Add {span_words(scheme.expires_ms or 0)} to the time: until then, the request is valid.")
    if scheme.uses("nonce"):
        steps.append(f"Take as the nonce {NONCES[scheme.nonce or 'uuid']}.")
    steps += [value_words(value, scheme) for value in scheme.values if not value.is_late]
    steps += [_place_words(each, scheme) for each in scheme.placements if not each.is_late]
    late = [value for value in scheme.values if value.is_late]
    if late:
        order = (
            "sort it by name, and send it in that order"
            if scheme.query_sorted
            else "keep the order in which it is sent"
        )
        steps.append(f"Write the query percent-encoded; {order}.")
    for value in late:
        steps += _signature_words(value, scheme) if value.name == SIGNATURE else [value_words(value, scheme)]
    steps += [_place_words(each, scheme) for each in scheme.placements if each.is_late]
    if scheme.body_value:
        steps.append(f"Send {code(scheme.body_value)} as the body.")
    return steps


def _signature_words(value: Value, scheme: Scheme) -> list[str]:
    secret = code(scheme.secret or "") + (f" {FORMS[scheme.secret_form]}" if scheme.secret_form else "")
    encoded = f", {ENCODINGS[value.encoding]}" if value.encoding else ""
    return [
        *(f"Concatenate{_methods(method, value)}:{_list(parts, scheme)}" for method, parts in value.texts.items()),
        f"Sign the result: {ALGORITHMS[scheme.algorithm or '']} with {secret}{encoded}.",
    ]


def _methods(method: str, value: Value) -> str:
    if len(value.texts) == 1:
        return ""
    return " for other methods" if method == OTHER else f" for {method}"


def _list(parts: tuple[Part, ...], scheme: Scheme) -> str:
    return "".join(f"\n    - {part_words(part, scheme)}" for part in parts)


def hash_words(name: str) -> str:
    """Name a hash."""
    return HASHES.get(name, name.upper())


def value_words(value: Value, scheme: Scheme) -> str:
    """Return how an intermediate value is made."""
    if value.kind == "of":
        made = "".join(
            f"Concatenate{_methods(m, value)}:{_list(parts, scheme)}\n\n    " for m, parts in value.texts.items()
        )
    else:
        what = "Write compact JSON" if value.kind == "json" else "Write the claims of a JSON Web Token"
        made = f"{what}: {_members(value.members, scheme)}. "
        if value.token_header:
            made += f"Its header also has {_members(value.token_header, scheme)}. "
    done = [f"hash it with {hash_words(value.hash)}"] if value.hash else []
    if value.kind == "jwt":
        done.append(f"sign it with {code(scheme.secret or '')} ({TOKEN_NAMES[scheme.algorithm or 'hmac-sha256']})")
    elif value.is_signed:
        done.append(f"sign it with {ALGORITHMS[scheme.algorithm or '']} and {code(scheme.secret or '')}")
    done += [f"write it {ENCODINGS[value.encoding]}"] if value.encoding else []
    done.append(f"call the result {code(value.name)}")
    words = " and ".join([", ".join(done[:-1]), done[-1]]) if len(done) > 1 else done[0]
    return f"{made}{words[0].upper()}{words[1:]}{_condition_words(value, scheme)}."


def _members(members: tuple[Member, ...], scheme: Scheme) -> str:
    words = []
    for member in members:
        if member.is_spread:
            words.append("all parameters")
        elif member.part is None:
            what = "the object of all parameters" if member.is_object else code(str(member.constant).lower())
            words.append(f"{code(member.name)}: {what}")
        else:
            words.append(f"{code(member.name)}: {part_words(member.part, scheme)}")
    return ", ".join(words)


def _condition_words(value: Value, scheme: Scheme) -> str:
    if value.methods:
        return f" (for {' and '.join(value.methods)} only)"
    if value.condition is None:
        return ""
    names = {"params": "there are parameters", "query": "there is a query", "body": "there is a body"}
    name = value.condition.name.removeprefix("?").removeprefix("raw_")
    return f" (if {names.get(name, f'{code(value.condition.name)} is not empty')}; otherwise it is omitted)"


def key_lines(signing: Signing) -> list[str]:
    """Return what calls carry that need only the API key."""
    return [_place_words(placement, None) for placement in signing.key]


def _place_words(placement: Placement, scheme: Scheme | None) -> str:
    part = placement.part
    what = code(placement.value)
    if part.kind != "credential" and scheme is not None:
        what = part_words(part, scheme).split(",")[0].split(";")[0]
    if placement.prefix:
        what = f"{code(placement.prefix)} followed by {what}"
    places = {"header": "the header", "query": "the query as", "param": "the parameters (query or body) as"}
    last = ", as the last parameter" if placement.is_late and placement.place != "header" else ""
    last = ", before the other parameters" if placement.is_first else last
    return f"Put {what} into {places[placement.place]} {code(placement.name)}{last}."
