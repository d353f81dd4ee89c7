"""Hands pushes to those who listen."""

from __future__ import annotations

import time

from venues.core.streams.channel import Gap
from venues.core.streams.context import Context, now
from venues.core.streams.heart import Heart
from venues.core.streams.inbox import Push
from venues.core.streams.sequence import Verdict
from venues.core.streams.topic import Box, Told, Topic
from venues.errors import DecodeError


class Receiver:
    """Reads pushes, finds gaps, and fills queues."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def deliver(self, topic: Topic, push: Push, heart: Heart) -> bool:
        """Hand a push to everybody who listens; return whether the topic should be subscribed to anew."""
        at = now()
        try:
            event, verdict = topic.read(push.raw, push.whole, push.time, at)
        except DecodeError as error:
            self._context.note(topic.channel.SPEC.name, "unread", str(error))
            self._gap(topic, Gap(channel=topic.channel, reason="unreadable", last=topic.last, at=at))
            return False
        anew = False
        if verdict is not None and verdict.kind != "next":
            if verdict.kind == "stale":
                return False
            anew = self._hole(topic, verdict, at)
        for box in tuple(topic.listeners):
            await self._hand(topic, box, event, heart)
        return anew

    def _hole(self, topic: Topic, verdict: Verdict, at: int) -> bool:
        gap = Gap(channel=topic.channel, reason="sequence", last=verdict.before, next=verdict.number, at=at)
        self._gap(topic, gap)
        sequence = topic.channel.SPEC.sequence
        return sequence is not None and sequence.resubscribe

    def _gap(self, topic: Topic, gap: Gap) -> None:
        topic.tell(gap)
        self._context.gap(gap)

    async def _hand(self, topic: Topic, box: Box, event: Told, heart: Heart) -> None:
        dropped = box.dropped
        while not box.offer(event, topic.channel, now()):
            heart.pause()
            await box.room()
            heart.resume(time.monotonic())
        if box.dropped != dropped:
            self._context.overflow(topic.channel, box.dropped)
