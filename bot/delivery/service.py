"""Delivery as one thing: planning, sending, sweeping, over a database."""

import asyncio
import os
import socket
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.conversation.pushing import Pusher
from bot.delivery.jobs import Jobs
from bot.delivery.planning import Planner
from bot.delivery.rates import Rates
from bot.delivery.sending import Sending
from bot.delivery.telling import Telling
from bot.delivery.words import Published
from bot.store.broadcasts import BroadcastStore
from bot.store.kept_texts import KeptTexts
from bot.store.outbox import Outbox
from bot.store.releases import ContentStore
from bot.store.subscriptions import SubscriptionStore
from bot.store.tables import now


class Delivery:
    """What a process needs to plan and send warnings; any number of them may share a database.

    Args:
        database: the store.
        zone: where the bank stands: its days are those warnings begin and end on.
        folder: where an embedded queue is kept.
        redis_url: the Redis of several machines; empty for none.
        per_second: how many messages leave in a second, of all workers together.
        clock: the time.
    """

    def __init__(
        self,
        database: Engine,
        *,
        zone: ZoneInfo,
        folder: Path,
        redis_url: str,
        per_second: float | None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.broadcasts = BroadcastStore(database, clock)
        self.subscriptions = SubscriptionStore(database, clock)
        self.kept = KeptTexts(database, clock)
        self.planner = Planner(Published(ContentStore(database)), self.broadcasts, zone, clock)
        self.telling = Telling(self.kept, self.broadcasts, clock)
        self.jobs = Jobs(folder, redis_url, plan=self.planner.run, sweep=self.sweep)
        self.rates = Rates()
        self._database = database
        self._per_second = per_second
        self._clock = clock

    def sweep(self) -> None:
        """Everything time does: what begins is planned, what ends is ended, what need not be kept is deleted."""
        self.planner.run()
        self.broadcasts.sweep()
        self.subscriptions.sweep()
        self.kept.sweep()

    async def work(self, pushers: Mapping[str, Pusher], stop: asyncio.Event) -> None:
        """Do jobs and send in these channels until told to stop."""
        senders = [
            Sending(self._outbox(), channel, pusher, per_second=self._per_second, clock=self._clock)
            for channel, pusher in pushers.items()
        ]
        with self.jobs.working():
            self.jobs.plan()
            await asyncio.gather(stop.wait(), *(sender.run(stop) for sender in senders))

    def _outbox(self) -> Outbox:
        worker = f"{socket.gethostname()[:24]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        return Outbox(self._database, worker, self._clock)
