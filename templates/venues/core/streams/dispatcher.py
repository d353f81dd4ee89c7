# Edited in templates/venues/core/streams/dispatcher.py; the copy in generated/ is imported.
"""Puts pushes into the queues of those who listen, and finds gaps."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from typing import Any

from venues.core.channels.channel import Gap
from venues.core.streams.context import Context, now
from venues.core.streams.handover import Handover
from venues.core.streams.numbering import Verdict
from venues.core.streams.pending import PendingRequests
from venues.core.streams.reader import Push
from venues.core.streams.subscriber import Subscriber
from venues.core.streams.timing import Heartbeat
from venues.core.streams.topic import Item, Queue, Topic, Unfinished
from venues.errors import ApiError, DecodeError

Rest = Coroutine[Any, Any, None] | None
"""What has to be awaited before the next frame, if anything has: nearly always nothing, and to begin a coroutine for each
push takes time."""


class Dispatcher:
    """Delivers the pushes of one connection."""

    def __init__(
        self, context: Context, name: str, heartbeat: Heartbeat, pending: PendingRequests, subscriber: Subscriber
    ) -> None:
        self._context = context
        self._name = name
        self._heartbeat = heartbeat
        self._pending = pending
        self._subscriber = subscriber
        self._shown_to: Handover | None = None
        self._held_in: Handover | None = None
        self.is_direct: bool = True
        """Whether pushes are delivered as they come, without a look at them before."""

    def show_to(self, handover: Handover | None) -> None:
        """Show everything that is delivered to a handover: another connection will take over."""
        self._shown_to = handover
        self._look()

    def hold_in(self, handover: Handover | None) -> None:
        """Let a handover hold everything, until `release`: this is the connection that takes over."""
        self._held_in = handover
        self._look()

    def _look(self) -> None:
        self.is_direct = self._shown_to is None and self._held_in is None

    async def release(self) -> None:
        """Deliver what was held, and from now on everything."""
        while self._held_in is not None:
            # One at a time: while one is delivered, the connection may hold more behind it.
            held = self._held_in.pop()
            if held is None:
                self.hold_in(None)
            else:
                topic, push = held
                if not topic.forgotten and (rest := self._pass_on(topic, push)) is not None:
                    await rest

    def dispatch(self, push: Push) -> Rest:
        """Deliver a push to every topic that it is for."""
        if self.is_direct and len(push.topics) == 1:
            return self._pass_on(push.topics[0], push)
        return self._dispatch_all(push)

    async def _dispatch_all(self, push: Push) -> None:
        for topic in push.topics:
            if self._held_in is not None:
                self._pending.settle("subscribe", topic.key)
                await self._held_in.hold(topic, push)
                continue
            if self._shown_to is not None:
                self._shown_to.show(topic, push)
            rest = self._pass_on(topic, push)
            if rest is not None:
                await rest

    def _pass_on(self, topic: Topic, push: Push) -> Rest:
        """Deliver a push, if its subscription still counts."""
        # A push proves that its topic is subscribed to; some exchanges acknowledge in no other way.
        if not topic.live or (topic.held and push.whole):
            self._pending.settle("subscribe", topic.key)
            topic.accept()
        return None if topic.held else self.deliver(topic, push)

    def deliver(self, topic: Topic, push: Push) -> Rest:
        """Deliver a push to everyone who listens, whether or not the subscription succeeds."""
        try:
            unfinished = topic.take(push.raw, push.whole, push.time)
        except DecodeError as error:
            self._context.note(self._name, "unread", str(error))
            self._context.deviation(error.operation, "", "a push that can't be read")
            self.report_unreadable(topic)
            return None
        return None if unfinished is None else self.finish(unfinished)

    def finish(self, push: Unfinished) -> Rest:
        """Deliver a push to those who have not got it yet, and report what was missed before."""
        topic, event, at, queues, verdict = push
        # Delivered before, or already reported as missing; twice would be wrong for trades and changes of a book.
        if verdict.kind == "stale":
            return None
        is_outdated = verdict.kind == "hole" and self._report_hole(topic, verdict, at)
        full = [queue for queue in queues if not self._offer(queue, topic, event, at)]
        return self._wait_and_renew(topic, event, full, is_outdated) if full or is_outdated else None

    def _offer(self, queue: Queue, topic: Topic, event: Item, at: int) -> bool:
        """Offer an event to a queue that is full, or has a gap behind its events; return whether it was put in."""
        if not queue.offer(event, topic.channel, at):
            return False
        if queue.dropped != queue.reported:
            queue.reported = queue.dropped
            self._context.overflow(topic.channel, queue.dropped)
        return True

    async def _wait_and_renew(self, topic: Topic, event: Item, full: list[Queue], is_outdated: bool) -> None:
        """Wait for consumers that are behind, and let a topic have a new snapshot that needs one."""
        if full:
            await self._wait_for_room(topic, full, event)
        if is_outdated:
            self._subscriber.renew_later(topic)

    def report_unreadable(self, topic: Topic) -> None:
        """Report a gap: a frame can't be read, and may have been a push of this topic."""
        self._report(topic, Gap(channel=topic.channel, reason="unreadable", last=topic.last, at=now()))

    def report_failure(self, topic: Topic, error: ApiError) -> None:
        """Report a gap: the exchange pushed an error instead of data."""
        self._report(topic, Gap(channel=topic.channel, reason="failed", last=topic.last, error=error, at=now()))

    def _report_hole(self, topic: Topic, verdict: Verdict, at: int) -> bool:
        gap = Gap(channel=topic.channel, reason="sequence", last=verdict.before, next=verdict.number, at=at)
        self._report(topic, gap)
        # Only some channels start with a snapshot again after a new subscription; for others it would not help.
        numbering = topic.channel.SPEC.sequence
        return numbering is not None and numbering.resubscribe

    def _report(self, topic: Topic, gap: Gap) -> None:
        topic.report(gap)
        self._context.gap(gap)

    async def _wait_for_room(self, topic: Topic, full: list[Queue], event: Item) -> None:
        """Read no further until those who want everything have room.

        While a request awaits its answer, reading goes on, or its consumer could wait for itself: a consumer that is
        behind may subscribe to more. Then events are put in although the queue is full.
        """
        self._heartbeat.pause()
        try:
            while full and not self._pending:
                self._count_wait(topic, full[0])
                with self._pending.calling_on_next(full[0].wake_waiter):
                    await full[0].wait_for_room()
                full = [queue for queue in full if not queue.offer(event, topic.channel, now())]
        finally:
            for queue in full:
                queue.put(event)
            self._heartbeat.resume(time.monotonic())

    def _count_wait(self, topic: Topic, queue: Queue) -> None:
        queue.waited += 1
        # Powers of two only: a consumer that is always behind must not flood the hooks.
        if queue.waited & (queue.waited - 1) == 0:
            detail = f"for the consumer of {topic.channel!r}, for the {queue.waited}. time"
            self._context.note(self._name, "waits", detail)
