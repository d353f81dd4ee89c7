# Edited in templates/venues/core/streams/handover.py; the copy in generated/ is imported.
"""From one connection to its successor without losing or doubling a push.

For a moment both are open and subscribed to the same topics, and the exchange sends every push twice. Only those of the
old connection are delivered; those of the new one are held until the old one has shown them, too. When everything that
the old one can show has been read, what is held and was not shown is delivered, and the new one goes on from there.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque

from venues.core.streams.reader import Push
from venues.core.streams.topic import Topic

SHOWN = 10_000
"""How many payloads of the old connection are remembered for each topic: more than come in a few seconds."""
HELD = 10_000
"""How many pushes of the new connection are held, before it is read no further: then the consumer is far behind."""


class Handover:
    """What two connections have in common. Payloads are compared as bytes, for exchanges send the same to everyone."""

    def __init__(self) -> None:
        self._shown: dict[str, deque[bytes]] = defaultdict(lambda: deque(maxlen=SHOWN))
        """What the old connection has shown, and the new one has not yet."""
        self._held: dict[str, deque[tuple[int, Topic, Push]]] = defaultdict(deque)
        """What the new connection has shown, and the old one has not yet, with its place in the order of all."""
        self._count = 0
        self._started: set[str] = set()
        self._has_room = asyncio.Event()
        self._has_room.set()

    def show(self, topic: Topic, push: Push) -> None:
        """Note a push of the old connection, which is being delivered."""
        raw, held = push.raw, self._held[topic.key]
        place = next((place for place, (_, _, other) in enumerate(held) if other.raw == raw), None)
        if place is None:
            self._shown[topic.key].append(raw)
        else:
            # Those before it never come on the old connection any more: pushes of a topic keep their order.
            for _ in range(place + 1):
                held.popleft()
            self._has_room.set()

    async def hold(self, topic: Topic, push: Push) -> None:
        """Hold a push of the new connection, unless the old one has shown it."""
        if self._is_first_snapshot(topic, push):
            return
        raw, shown = push.raw, self._shown[topic.key]
        if raw in shown:
            # What the old connection showed before this one was never sent to the new one, which subscribed later.
            while shown.popleft() != raw:
                pass
            return
        self._count += 1
        self._held[topic.key].append((self._count, topic, push))
        if sum(map(len, self._held.values())) >= HELD:
            self._has_room.clear()
            await self._has_room.wait()

    def _is_first_snapshot(self, topic: Topic, push: Push) -> bool:
        """Whether a push only repeats the state that the consumer has already, by the pushes of the old connection."""
        first = topic.key not in self._started
        self._started.add(topic.key)
        return first and topic.starts_whole and not topic.awaits_snapshot and push.whole is not False

    def pop(self) -> tuple[Topic, Push] | None:
        """Return the oldest push that is held, if there is one."""
        queues = [held for held in self._held.values() if held]
        self._has_room.set()
        if not queues:
            return None
        # In the order of arrival over all topics, as consumers of several channels saw them before.
        _, topic, push = min(queues, key=lambda held: held[0][0]).popleft()
        return topic, push
