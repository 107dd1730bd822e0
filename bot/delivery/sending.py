"""Emptying the outbox: each message in its turn, and what became of it written down as soon as it is known."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter

from bot.conversation.pushing import GoneError, NotNowError, Pusher, RefusedError, TooFastError
from bot.core.errors import StoreError
from bot.delivery.words import message
from bot.store.outbox import End, Outbox, Outcome, Parcel
from bot.store.tables import now

AT_ONCE = 24
BATCH = 200
IDLE_SECONDS = 0.5
CATCHING_UP = 1.15  # as much faster than the pace, after a pause of ours,
ALLOWED = 29.5  # but not near what messengers allow: a refusal costs all of us a second or more
LONGEST_SECONDS = 20.0
# A parcel this close to the end of its lease is given back instead of sent.
SPARE = timedelta(seconds=LONGEST_SECONDS + 5)
MOST_TRIES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=30)

SENT = Counter("fangzha_pushed", "Messages to subscribers, by what became of them", ["channel", "end"])
log = structlog.get_logger()


class Sending:
    """Sends what is due in one channel, until told to stop. Several may run, in one process or many.

    Args:
        outbox: what is to be sent, and where its end is written.
        channel: the messenger's name, and `pusher` the way to it.
        per_second: the pace all senders of the channel keep together; `None` for none.
        clock: the time.
    """

    def __init__(
        self,
        outbox: Outbox,
        channel: str,
        pusher: Pusher,
        *,
        per_second: float | None,
        clock: Callable[[], datetime] = now,
        spare: timedelta = SPARE,
    ) -> None:
        self._outbox = outbox
        self._channel = channel
        self._pusher = pusher
        self._per_second = per_second
        self._clock = clock
        self._spare = spare
        self._most = BATCH if per_second is None else max(1, min(BATCH, round(per_second)))
        self._gap = 0 if per_second is None else 1 / max(per_second, min(per_second * CATCHING_UP, ALLOWED))
        self._left_at = 0.0
        self._held_until: datetime | None = None
        self._outcomes: list[Outcome] = []
        self._news = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then finish what is under way and give back the rest."""
        settling = asyncio.create_task(self._keep_settling())
        under_way: set[asyncio.Task[None]] = set()
        claiming = asyncio.create_task(self._claim())
        try:
            while not stop.is_set():
                parcels = await claiming
                if not parcels:
                    await self._wait(stop, IDLE_SECONDS)
                for place, parcel in enumerate(parcels):
                    if place == len(parcels) // 2:  # so that the next are there when these are through
                        claiming = asyncio.create_task(self._claim())
                    await self._turn(parcel, stop)
                    await self._room.acquire()
                    self._start(parcel, stop, under_way)
                if not parcels:
                    claiming = asyncio.create_task(self._claim())
        finally:
            for parcel in await claiming:
                await self._room.acquire()
                self._start(parcel, stop, under_way)  # which gives it back
            await asyncio.gather(*under_way, return_exceptions=True)
            settling.cancel()
            await asyncio.gather(settling, return_exceptions=True)
            await self._settle()

    async def _turn(self, parcel: Parcel, stop: asyncio.Event) -> None:
        """Wait for the turn of a parcel. Who comes late makes up for it slowly: a burst would be refused."""
        late = (parcel.turn - self._clock()).total_seconds()
        gap = self._left_at + self._gap - time.monotonic()
        await self._wait(stop, max(late, gap))
        self._left_at = time.monotonic()

    def _start(self, parcel: Parcel, stop: asyncio.Event, under_way: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(self._handle(parcel, stop))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    async def _claim(self) -> list[Parcel]:
        try:
            return await asyncio.to_thread(self._outbox.claim, self._channel, self._most, self._per_second)
        except StoreError as error:
            log.warning("outbox_not_read", reason=str(error))
            return []

    @staticmethod
    async def _wait(stop: asyncio.Event, seconds: float) -> None:
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), seconds)

    async def _handle(self, parcel: Parcel, stop: asyncio.Event) -> None:
        outcome = self._not_now(parcel, stop) or await self._push(parcel)
        self._room.release()
        self._outcomes.append(outcome)
        self._news.set()
        SENT.labels(self._channel, outcome.end.name.lower()).inc()

    def _not_now(self, parcel: Parcel, stop: asyncio.Event) -> Outcome | None:
        """Why a parcel is not sent now after all, if it is not."""
        moment = self._clock()
        if stop.is_set() or moment > parcel.until - self._spare:
            return Outcome(parcel, End.LATER, "given_back", moment)
        if self._held_until is not None and moment < self._held_until:
            return Outcome(parcel, End.LATER, "too_fast", self._held_until)
        if not parcel.wishes.at_once(parcel.priority):
            awake = parcel.wishes.after_quiet(moment)
            if awake > moment:
                return Outcome(parcel, End.LATER, "quiet", awake)
        return None

    async def _push(self, parcel: Parcel) -> Outcome:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await self._pusher.push(parcel.address, message(parcel.words))
        except TooFastError as error:
            return await self._too_fast(parcel, error)
        except (GoneError, RefusedError) as error:
            log.warning("not_delivered", kind=type(error).__name__, reason=str(error))
            gone = isinstance(error, GoneError)
            return Outcome(parcel, End.GONE if gone else End.FAILED, "gone" if gone else "refused")
        except Exception as error:  # whatever it was, the others still have to go out
            log.warning("push_failed", kind=type(error).__name__)
            surely_not = isinstance(error, NotNowError) and not error.unsure
            return self._again(parcel, "not_now" if surely_not else "unsure")
        return Outcome(parcel, End.SENT)

    async def _too_fast(self, parcel: Parcel, error: TooFastError) -> Outcome:
        until = self._clock() + timedelta(seconds=error.retry_after)
        if ":-" not in parcel.address:  # a group's own limit concerns nobody else
            self._held_until = until
            with contextlib.suppress(StoreError):
                await asyncio.to_thread(self._outbox.hold, self._channel, until)
        return Outcome(parcel, End.LATER, "too_fast", until)

    def _again(self, parcel: Parcel, reason: str) -> Outcome:
        if parcel.tries + 1 >= MOST_TRIES:
            return Outcome(parcel, End.FAILED, "gave_up")
        wait = min(FIRST_WAIT * 2**parcel.tries, LONGEST_WAIT)
        return Outcome(parcel, End.LATER, reason, self._clock() + wait, counts=True)

    # ---- Writing down ----

    async def _keep_settling(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await asyncio.shield(self._settle())

    async def _settle(self) -> None:
        """Write down all that is known; together, so that a slow disk holds nobody up. Kept and tried again."""
        outcomes, self._outcomes = self._outcomes, []
        if not outcomes:
            return
        try:
            await asyncio.to_thread(self._outbox.settle, outcomes)
        except StoreError as error:
            log.warning("outbox_not_written", reason=str(error), count=len(outcomes))
            self._outcomes = [*outcomes, *self._outcomes]
            await asyncio.sleep(1)
            self._news.set()
