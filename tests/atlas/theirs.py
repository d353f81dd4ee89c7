"""Signs cases with ccxt: JSON lines in, JSON lines out; runs in ccxt's own environment, and imports nothing of ours."""

from __future__ import annotations

import json
import sys
from typing import Any

import ccxt
from requests.utils import requote_uri


def exchange_of(peer: dict[str, Any], credentials: dict[str, str], now: int, uuid: str) -> Any:
    """Return an exchange whose clock stands still and whose random values are known."""
    named = {theirs: credentials[ours] for ours, theirs in peer["credentials"].items()}
    exchange = getattr(ccxt, peer["id"])({**named, **peer.get("set", {})})
    exchange.options.update(peer.get("options", {}))
    exchange.milliseconds = lambda: now
    exchange.seconds = lambda: now // 1000
    exchange.microseconds = lambda: now * 1000
    digits = uuid.replace("-", "")
    exchange.uuid = lambda: uuid
    exchange.uuid22, exchange.uuid16 = (lambda *length: digits[:16]), (lambda *length: digits[16:])  # in a row: ours
    # Other letters may stand in JSON as they are or escaped; ccxt does one or the other, by the libraries installed.
    exchange.json = lambda data, params=None: json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return exchange


def signed(exchange: Any, case: dict[str, Any]) -> dict[str, Any]:
    """Return what ccxt would send."""
    made = exchange.sign(case["path"], case["api"], case["method"], case["values"], None, None)
    body = made.get("body")
    # An address that is not encoded yet is encoded by its HTTP library, as far as that can know.
    url = requote_uri(made["url"])
    return {"url": url, "headers": made.get("headers") or {}, "body": body if body is not None else ""}


def signing_classes() -> dict[str, str]:
    """Return every exchange → the exchange whose rule it takes over; itself, if it signs in a way of its own."""
    classes = {name: getattr(ccxt, name) for name in ccxt.exchanges}
    return {name: next(base.__name__ for base in one.__mro__ if "sign" in vars(base)) for name, one in classes.items()}


def main() -> None:
    """Answer every line; the first one has the random value, the credentials and how ccxt is set up."""
    if "--classes" in sys.argv:
        print(json.dumps({"version": ccxt.__version__, "classes": signing_classes()}))
        return
    setup = json.loads(sys.stdin.readline())
    exchanges: dict[str, Any] = {}
    for line in sys.stdin:
        case = json.loads(line)
        name = case["entry"]
        try:
            if name not in exchanges:
                peer, credentials = setup["peers"][name], setup["credentials"][name]
                exchanges[name] = exchange_of(peer, credentials, case["now"], setup["uuid"])
            answer = signed(exchanges[name], case)
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer))


if __name__ == "__main__":
    main()
