"""What is held against what, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypedDict


@dataclass(frozen=True)
class Comparison:
    """Two subjects whose figures belong together."""

    title: str
    unit: str
    ours: str
    other: str
    against: str
    target: float | None = None
    """The greatest ratio of ours to the other that is good enough."""
    headline: bool = False
    """Whether the project's README shows it."""


class Row(TypedDict):
    """One comparison, measured."""

    title: str
    unit: str
    median: float
    least: float
    against: str
    other_median: float
    other_least: float
    ratio: float
    target: float | None
    headline: bool


def _calls(title: str, kind: str, ours: str, against: Sequence[tuple[str, str, float | None]]) -> list[Comparison]:
    return [
        Comparison(title, "µs", f"{kind}:{ours}", f"{kind}:{other}", said, target, headline=said in HEADLINES)
        for other, said, target in against
    ]


FIXED = "bare aiohttp server, one fixed answer"
ORDER, RAW, SDK = "ccxt, `create_order`", "ccxt, raw call", "Binance SDK"
DEFAULT = "the same without `fast`"
HEADLINES = {ORDER, SDK, "ccxt", DEFAULT}
COMPARISONS = [
    Comparison("import", "ms", "import:venues", "import:ccxt", "ccxt", 0.25, headline=True),
    Comparison("import", "ms", "import:venues", "import:ccxt async", "ccxt.async_support"),
    Comparison("import", "ms", "import:venues", "import:binance", SDK, 0.12, headline=True),
    Comparison("import", "ms", "import:venues", "import:pybit", "pybit"),
    Comparison("import, and a client ready to call", "ms", "import:ready venues", "import:ready ccxt", "ccxt"),
    Comparison("memory after import", "MB", "memory:venues", "memory:ccxt", "ccxt", 0.35, headline=True),
    Comparison("memory after import", "MB", "memory:venues", "memory:ccxt async", "ccxt.async_support"),
    Comparison("memory after import", "MB", "memory:venues", "memory:binance", SDK),
    Comparison("memory after import", "MB", "memory:venues", "memory:pybit", "pybit"),
    *_calls(
        "signed order",
        "sync",
        "ours",
        [("ccxt", ORDER, 0.48), ("ccxt raw", RAW, 0.48), ("binance", SDK, 0.35), ("urllib3", "bare urllib3", 1.15)],
    ),
    *_calls(
        "signed order, extra `fast`",
        "sync",
        "ours fast",
        [
            ("ccxt", ORDER, 0.28),
            ("ccxt raw", RAW, 0.28),
            ("binance", SDK, 0.20),
            ("pyreqwest", "bare pyreqwest", 1.15),
            ("ours", DEFAULT, 1.0),
        ],
    ),
    *_calls("ready request, extra `fast`", "sync", "sent fast", [("pyreqwest", "bare pyreqwest", 1.15)]),
    *_calls("signed order by TLS", "tls", "ours", [("urllib3", "bare urllib3", 1.15)]),
    *_calls(
        "signed order by TLS, extra `fast`",
        "tls",
        "ours fast",
        [("ours", DEFAULT, 1.0), ("pyreqwest", "bare pyreqwest", 1.15)],
    ),
    *_calls("processor time of an order by TLS", "tls processor", "ours", [("urllib3", "bare urllib3", 1.0)]),
    *_calls(
        "processor time of an order by TLS, extra `fast`",
        "tls processor",
        "ours fast",
        [("ours", DEFAULT, 0.8), ("pyreqwest", "bare pyreqwest", None)],
    ),
    *_calls("signed order by TLS, 50 in flight", "tls flight", "ours", [("aiohttp", "bare aiohttp", 1.15)]),
    *_calls(
        "signed order by TLS, 50 in flight, extra `fast`",
        "tls flight",
        "ours fast",
        [("ours", DEFAULT, 1.0), ("pyreqwest", "bare pyreqwest", 1.15)],
    ),
    *_calls(
        "signed order, awaited",
        "async",
        "ours",
        [("ccxt", ORDER, None), ("ccxt raw", RAW, None), ("aiohttp", "bare aiohttp", 1.15)],
    ),
    *_calls(
        "signed order, 50 in flight",
        "flight",
        "ours",
        [("ccxt", ORDER, 0.65), ("ccxt raw", RAW, 0.65), ("aiohttp", "bare aiohttp", 1.15)],
    ),
    *_calls(
        "signed order, 50 in flight, extra `fast`",
        "flight",
        "ours fast",
        [
            ("ccxt", ORDER, 0.52),
            ("ccxt raw", RAW, 0.52),
            ("pyreqwest", "bare pyreqwest", 1.15),
            ("ours", DEFAULT, 1.0),
        ],
    ),
    Comparison("build and sign", "µs", "sync:prepare", "sync:ccxt sign", "ccxt, `sign` (checks nothing)"),
    Comparison("decode 500 orders", "µs", "decode:ours", "decode:msgspec", "bare msgspec", 1.15),
    Comparison("decode 500 orders", "µs", "decode:ours", "decode:binance", SDK, headline=True),
    Comparison("decode 500 orders", "µs", "decode:ours", "decode:json", "`json.loads` (dicts of texts)"),
    Comparison("a push, socket to consumer", "µs", "stream:ours", "stream:websockets", "bare websockets, msgspec"),
    Comparison("a push, socket to consumer", "µs", "stream:ours", "stream:aiohttp", "bare aiohttp, msgspec"),
    Comparison("signed call to the living mock", "µs", "mock:living", "mock:aiohttp", FIXED, headline=True),
]


def compared(figures: Mapping[str, Sequence[float]], comparisons: Iterable[Comparison] = COMPARISONS) -> list[Row]:
    """Return a row for each comparison whose subjects were measured."""
    return [
        _row(one, figures[one.ours], figures[one.other]) for one in comparisons if {one.ours, one.other} <= set(figures)
    ]


def _row(one: Comparison, ours: Sequence[float], other: Sequence[float]) -> Row:
    return {
        "title": one.title,
        "unit": one.unit,
        "median": round(median(ours), 2),
        "least": round(min(ours), 2),
        "against": one.against,
        "other_median": round(median(other), 2),
        "other_least": round(min(other), 2),
        "ratio": round(median(ours) / median(other), 3),
        "target": one.target,
        "headline": one.headline,
    }


def table(rows: Sequence[Row]) -> str:
    """Print rows as Markdown: medians, minima in brackets, ratios."""
    lines = ["| what | ours | against | theirs | ratio | at most |", "|---|--:|---|--:|--:|--:|"]
    return "\n".join([*lines, *map(_line, rows)]) + "\n"


def _line(row: Row) -> str:
    ours = f"{_number(row['median'])} ({_number(row['least'])}) {row['unit']}"
    theirs = f"{_number(row['other_median'])} ({_number(row['other_least'])}) {row['unit']}"
    target = "" if row["target"] is None else f"{row['target']:g}{'' if row['ratio'] <= row['target'] else ' – missed'}"
    return f"| {row['title']} | {ours} | {row['against']} | {theirs} | {row['ratio']:.2f} | {target} |"


def summary(rows: Sequence[Row]) -> str:
    """Print the rows that the project's README shows, shortly."""
    lines = ["| what | here | against | ratio |", "|---|--:|---|--:|"]
    shown = (row for row in rows if row["headline"])
    return "\n".join(
        [
            *lines,
            *(
                f"| {r['title']} | {_number(r['median'])} {r['unit']} | {r['against']} | {r['ratio']:.2f} |"
                for r in shown
            ),
        ]
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
