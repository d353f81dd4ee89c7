"""The quick look at a push's number says and remembers what the thorough one does."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from venues.core.channels.channel import Numbering
from venues.core.streams.numbering import NumberTracker

KINDS = {
    "identifies": Numbering("last"),
    "grows": Numbering("last", grows=True),
    "steps": Numbering("last", step=1, grows=True),
    "ranges": Numbering("last", first="first", step=1, grows=True),
    "chain": Numbering("last", previous="previous", grows=True),
}
STRANGE: list[Any] = [None, "5", 2.5, [], {}]


class Numbered(msgspec.Struct):
    previous: Any
    first: Any
    last: Any


def pushes(chance: random.Random) -> list[Any]:
    """Return pushes that mostly continue each other; some were missed, come twice, late, anew, or are strange."""
    found: list[Any] = []
    last = chance.randint(1, 50)
    for _ in range(400):
        before, last = last, last + chance.choice([1, 1, 1, 1, 1, 1, 2, 3])
        found.append(Numbered(before, before + 1, last))
        turn = chance.random()
        if turn < 0.03:
            last += chance.randint(1, 5)
        elif turn < 0.06:
            found.append(chance.choice(found))
        elif turn < 0.07:
            last = chance.randint(1, last)
        elif turn < 0.09:
            found.append(
                chance.choice([*STRANGE, [found[-1]], Numbered(*chance.choices([*STRANGE, last, last + 1], k=3))])
            )
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(20))
def test_what_plainly_follows_is_next(kind: str, seed: int) -> None:
    """Whatever comes, it is next, missed or old, and remembered, as if each number were checked thoroughly."""
    quick, thorough = NumberTracker(KINDS[kind]), NumberTracker(KINDS[kind])
    followed = 0
    for push in pushes(random.Random(seed)):
        expected = thorough.check(push, snapshot=False)
        follows = quick.follows(push)
        followed += follows
        assert (expected.kind, thorough.last) == (
            "next" if follows else quick.check(push, snapshot=False).kind,
            quick.last,
        )
    assert (kind != "identifies") == (followed > 100)
