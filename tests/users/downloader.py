"""Downloads klines into a file, a line of JSON each; after a crash it goes on where it was, with none lost or twice."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from venues.aster_futures import AsterFutures, Interval

EVERY = 1000
"""Lines between two notes of the position; a crash costs at most so many of them, which are read again."""


def download(client: AsterFutures, symbol: str, begin: datetime, end: datetime, path: Path) -> int:
    """Write klines; return how many lines the file has."""
    noted = path.with_suffix(".position")
    state: dict[str, Any] = (
        json.loads(noted.read_text()) if noted.exists() else {"size": 0, "position": None, "lines": 0}
    )
    klines = client.market.iter_klines(
        symbol=symbol, interval=Interval.MINUTE_1, start_time=begin, end_time=end, position=state["position"]
    )
    with path.open("ab") as file:
        file.truncate(state["size"])  # what was written after the last note, perhaps half a line, is read again
        for lines, kline in enumerate(klines, state["lines"] + 1):
            file.write(kline.to_json().encode() + b"\n")
            if lines % EVERY == 0:
                note(noted, file, {"position": klines.position, "lines": lines})
            state["lines"] = lines
        note(noted, file, {"position": klines.position, "lines": state["lines"]})
    return int(state["lines"])


def note(path: Path, file: BinaryIO, state: dict[str, Any]) -> None:
    """Write the position, whole or not at all, after the lines that it stands behind are on the disk."""
    file.flush()
    os.fsync(file.fileno())
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"size": file.tell(), **state}))
    draft.replace(path)


if __name__ == "__main__":
    moments = [datetime.fromisoformat(text) for text in sys.argv[2:4]]
    with AsterFutures() as client:
        print(download(client, sys.argv[1], moments[0], moments[1], Path(sys.argv[4])), "lines")
