"""Hands pushes to those who listen."""

from __future__ import annotations

import time

from venues.core.channels.channel import Gap
from venues.core.streams.context import Context, now
from venues.core.streams.heart import Heart
from venues.core.streams.inbox import Push
from venues.core.streams.sequence import Verdict
from venues.core.streams.topic import Box, Told, Topic
from venues.core.streams.waiting import Waiting
from venues.errors import DecodeError


class Receiver:
    """Reads pushes, finds gaps, and fills queues."""

    def __init__(self, context: Context, name: str, waiting: Waiting) -> None:
        self._context = context
        self._name = name
        self._waiting = waiting

    async def deliver(self, topic: Topic, push: Push, heart: Heart) -> bool:
        """Hand a push to everybody who listens; return whether the topic should be subscribed to anew."""
        at = now()
        try:
            event, verdict = topic.read(push.raw, push.whole, push.time, at)
        except DecodeError as error:
            self._context.note(self._name, "unread", str(error))
            self._context.deviation(error.operation, "", "a push that can't be read")
            self.lose(topic)
            return False
        anew = False
        if verdict is not None and verdict.kind != "next":
            if verdict.kind == "stale":
                return False
            anew = self._hole(topic, verdict, at)
        full = [box for box in topic.listeners if not self._offered(topic, box, event, at)]
        if full:
            await self._wait(topic, full, event, heart)
        return anew

    def lose(self, topic: Topic) -> None:
        """Something came that can't be read, and may have been a push of this topic."""
        self._gap(topic, Gap(channel=topic.channel, reason="unreadable", last=topic.last, at=now()))

    def _hole(self, topic: Topic, verdict: Verdict, at: int) -> bool:
        gap = Gap(channel=topic.channel, reason="sequence", last=verdict.before, next=verdict.number, at=at)
        self._gap(topic, gap)
        sequence = topic.channel.SPEC.sequence
        return sequence is not None and sequence.resubscribe

    def _gap(self, topic: Topic, gap: Gap) -> None:
        topic.tell(gap)
        self._context.gap(gap)

    def _offered(self, topic: Topic, box: Box, event: Told, at: int) -> bool:
        dropped = box.dropped
        taken = box.offer(event, topic.channel, at)
        if box.dropped != dropped:
            self._context.overflow(topic.channel, box.dropped)
        return taken

    async def _wait(self, topic: Topic, full: list[Box], event: Told, heart: Heart) -> None:
        """Read no further until those who want everything have room.

        While somebody waits for an answer of the exchange, reading goes on: then events are put in without room.
        """
        heart.pause()
        try:
            while full and not self._waiting.busy:
                self._count(topic, full[0])
                with self._waiting.nudging(full[0].nudge):
                    await full[0].room()
                full = [box for box in full if not box.offer(event, topic.channel, now())]
        finally:
            for box in full:
                box.put(event)
            heart.resume(time.monotonic())

    def _count(self, topic: Topic, box: Box) -> None:
        box.waited += 1
        if box.waited & (box.waited - 1) == 0:
            detail = f"for the consumer of {topic.channel!r}, for the {box.waited}. time"
            self._context.note(self._name, "waits", detail)
