"""Guesses the signing rule of an API from the words of its pages, for a first draft."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from generator.drift.draft.worked import vectors_of
from generator.drift.edit.shapes import TODO
from generator.drift.edit.stated import figures_in
from generator.drift.edit.yaml_edit import flow
from generator.drift.facts.facts import Facts

# Headers of credentials: X-MBX-APIKEY, ACCESS-SIGN, x-api-timestamp. Their prefix tells them from words in prose.
_HEADER = re.compile(
    r"(?<![\w/-])((?:[Xx]-|[A-Z]{2,}-)[A-Za-z0-9-]*?"
    r"(?:KEY|[Kk]ey|SIGN(?:ATURE)?|[Ss]ign(?:ature)?|TIMESTAMP|[Tt]imestamp|TS|PASSPHRASE|[Pp]assphrase|access-token|expiry))"
    r"(?![\w-])"
)
_SIGNED = re.compile(r"timestamp=\w+[^\s\"'`]*[&?](signature|sign)=", re.IGNORECASE)
"""A worked address that ends with its signature."""
# `timestamp + method + requestPath + body`, perhaps with words between them and in code.
_SUM = re.compile(r"[`*]*[A-Za-z][\w ]{1,24}[`*]*(?:\s*\+\s*[`*]*[A-Za-z][\w ]{1,24}[`*]*){1,5}")
_PARTS = {
    "timestamp": r"(?:time ?stamp|ts|time|request time)",
    "expires": r"(?:request )?expir\w+",
    "method": r"(?:http |request )?method",
    "path": r"(?:request ?|url ?|api ?)?(?:path|endpoint|uri)|url",
    "query": r"query(?: ?string| ?params?)?|params?",
    "body": r"(?:request |post )?body(?: ?string)?|payload",
    "nonce": r"nonce",
    "api_key": r"(?:api ?|access ?)key",
}
ALGORITHMS = {"hmac-sha512": "sha-?512", "hmac-sha384": "sha-?384", "hmac-sha256": "sha-?256"}
WINDOWS = ("recvwindow", "recv_window")
# `recvWindow … defaults to 5000`, `recvWindow must not be greater than 60000`: within one sentence, and within one line.
_DEFAULT = re.compile(r"recv_?window\b[^.;\n]{0,90}?\bdefaults? (?:to|is|of)\D{0,6}(\d[\d,]*)", re.IGNORECASE)
_MOST = re.compile(
    r"recv_?window\b[^;\n]{0,160}?(?:max\w*|beyond|exceed|greater than|less than)\D{0,20}(\d[\d,]{3,})", re.IGNORECASE
)
Scheme = dict[str, object]


def signing_of(text: str) -> dict[str, object]:
    """Return the signing rule that the pages' words suggest, with their names of headers or parameters."""
    headers = list(dict.fromkeys(match.group(1) for match in _HEADER.finditer(text)))
    sign = next((h for h in headers if "SIGN" in h.upper()), "")
    placed = _SIGNED.search(text)
    # Without a header for it, a signature that worked examples append to what is sent signs just that.
    rule = _in_params(placed[1]) if placed and not sign else _in_headers(headers, sign, text)
    key = next((h for h in headers if h.upper().endswith(("KEY", "TOKEN"))), "X-API-KEY")
    phrase = next((h for h in headers if h.upper().endswith("PASSPHRASE")), "")
    names = ["api_key", "api_secret", *(["passphrase"] if phrase else [])]
    place = [flow({"header": key, "value": "api_key"}), rule.pop("time")]
    place += [flow({"header": phrase, "value": "passphrase"})] if phrase else []
    scheme: Scheme = {"doc": f"{TODO}check every line of this rule against the documentation, and add vectors."}
    scheme |= {"credentials": names, "place": place} | rule
    scheme |= {"algorithm": _algorithm(text), "secret": "api_secret", "encoding": _encoding(text)}
    if vectors := vectors_of(text, scheme):
        scheme["doc"] = (
            f"{TODO}check every line of this rule against the documentation; it fits the worked examples below."
        )
        scheme["vectors"] = vectors
    docs = {
        "api_key": "The API key.",
        "api_secret": "The secret that belongs to the key.",
        "passphrase": "The key's passphrase.",
    }
    examples = {name: f"mock-{name.removeprefix('api_')}" for name in names}
    credentials = {name: flow({"doc": docs[name], "example": examples[name]}) for name in names}
    return {"credentials": credentials, "schemes": {str(scheme["algorithm"]).partition("-")[0]: scheme}}


def window_of(facts: Facts, text: str) -> dict[str, object]:
    """Return the parameter that says how old a call may be, if pages list one, with the default and maximum they state."""
    names = Counter(key[2] for key, _ in facts.of("param") if key[2].lower() in WINDOWS)
    if not names:
        return {}
    wire = names.most_common(1)[0][0]
    default, most = _figures_of(facts, wire, text)
    figures = {"default": default} if default else {}
    figures |= {"max": most} if most >= max(default, 1) else {}
    doc = f"{TODO}check the unit and the figures of the window."
    return {wire: flow({"type": "integer", "unit": "ms"} | figures | {"doc": doc})}


def _figures_of(facts: Facts, wire: str, text: str) -> tuple[int, int]:
    """Return the default and maximum of a window, 0 where pages state none: a sentence about it, or else its rows."""
    default, most = (int(found[1].replace(",", "")) if (found := p.search(text)) else 0 for p in (_DEFAULT, _MOST))
    rows = [figures_in(fact.text, "integer", {}) for key, fact in facts.of("param") if key[2] == wire]
    return default or _usual(rows, "default"), most or _usual(rows, "max")


def _usual(rows: Iterable[Mapping[str, object]], name: str) -> int:
    """Return the figure that most rows state; the row of a single call may have another one."""
    stated = Counter(figure for row in rows if isinstance(figure := row.get(name), int))
    return max(stated, key=stated.__getitem__, default=0)


def _algorithm(text: str) -> str:
    """Return the algorithm that is named most often; keys of one's own only where no secret is shared."""
    if not re.search(r"hmac", text, re.IGNORECASE):
        for name, word in (("ed25519", "ed25519"), ("rsa-sha256", r"\bRSA\b")):
            if re.search(word, text, re.IGNORECASE):
                return name
    counts = {name: len(re.findall(word, text, re.IGNORECASE)) for name, word in ALGORITHMS.items()}
    return max(counts, key=lambda name: counts[name]) if any(counts.values()) else "hmac-sha256"


def _encoding(text: str) -> str:
    is_hex = re.search(r"\bhex(?:adecimal)?\b|hexdigest|openssl dgst", text, re.IGNORECASE)
    return "base64" if re.search("base64", text, re.IGNORECASE) and not is_hex else "hex"


def _in_headers(headers: Iterable[str], sign: str, text: str) -> Scheme:
    parts = _sum_in(text) or ["timestamp", "method", "path", "?query", "body"]
    part = "expires" if "expires" in parts else "timestamp"
    ends = ("EXPIRY",) if part == "expires" else ("TIMESTAMP", "-TS")
    time = next((h for h in headers if h.upper().endswith(ends)), "X-TIMESTAMP")
    rule: Scheme = {"time": flow({"header": time, "value": part})}
    rule |= {"expires": "60s", "timestamp": "s"} if part == "expires" else _written(text)
    return rule | {"text": parts, "signature": flow({"header": sign or "X-SIGNATURE"})}


def _written(text: str) -> Scheme:
    # In one sentence, in either order: `timestamp in ISO 8601`, `an ISO timestamp`.
    is_iso = re.search(r"time ?stamp\b[^.\n]{0,100}\bISO\b|\bISO\b[^.\n]{0,60}time ?stamp", text, re.IGNORECASE)
    return {"timestamp": "iso"} if is_iso else {}


def _sum_in(text: str) -> list[str]:
    """Return the parts that the first sum of known words on the pages signs, such as `timestamp + method + path`."""
    for found in _SUM.finditer(text):
        words = [word.strip("`* ").lower() for word in found.group().split("+")]
        parts = [next((part for part, known in _PARTS.items() if re.fullmatch(known, word)), "") for word in words]
        if all(parts) and {"timestamp", "expires", "nonce"} & set(parts) and len(set(parts)) == len(parts) > 2:
            # Where only the path is named, the query of a call that reads belongs to it.
            return (
                parts
                if "query" in parts
                else [p for part in parts for p in ([part, "?query"] if part == "path" else [part])]
            )
    return []


def _in_params(name: str) -> Scheme:
    return {
        "time": flow({"param": "timestamp", "value": "timestamp"}),
        "query": "given",
        "text": ["query", "body"],
        "signature": flow({"param": name}),
    }
