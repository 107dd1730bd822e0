"""Each update once, though messengers repeat what they think was lost; what breaks does not stop the next."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.metrics import UPDATES
from bot.core.errors import StoreError
from bot.store.updates import UpdateStore

MOST_SEEN = 10_000
log = structlog.get_logger()


class Once:
    """Lets every update of one account through once.

    What was handled is noted when it is done, so that a process that dies in the middle loses nothing: the messenger
    repeats it. A database that does not answer keeps nobody waiting: this process remembers too.

    Args:
        channel: the account, as `telegram:<id of the bot>`.
        store: where it is noted.
    """

    def __init__(self, channel: str, store: UpdateStore) -> None:
        self._channel = channel
        self._store = store
        self._running: dict[str, asyncio.Event] = {}
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def run(self, key: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Do the work of an update unless it was done; who repeats it while it runs waits for its end.

        Returns:
            Whether this call did it.
        """
        if running := self._running.get(key):
            self._count("repeated")
            await running.wait()
            return False
        done = self._running[key] = asyncio.Event()
        try:
            if await self._was_handled(key):
                self._count("repeated")
                return False
            await work()
            self._count("handled")
            await self._note(key)
        finally:
            del self._running[key]
            done.set()
        return True

    async def broke(self, key: str, kind: str, error: BaseException) -> None:
        """Keep that an update broke its handler: what kind it was, and what broke. It is not tried again."""
        self._count("broken")
        name = type(error).__name__
        log.error("update_broke", channel=self._channel, update=key, kind=kind, error=name)
        try:
            await asyncio.to_thread(self._store.broken, self._channel, key, kind=kind, error=_where(error))
        except StoreError as unkept:
            log.warning("update_not_kept", channel=self._channel, reason=str(unkept))

    def _count(self, outcome: str) -> None:
        UPDATES.labels(self._channel.split(":")[0], outcome).inc()

    async def _was_handled(self, key: str) -> bool:
        if key in self._seen:
            return True
        try:
            return await asyncio.to_thread(self._store.was_handled, self._channel, key)
        except StoreError as error:
            log.warning("update_not_looked_up", channel=self._channel, reason=str(error))
            return False

    async def _note(self, key: str) -> None:
        self._seen[key] = None
        if len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        try:
            await asyncio.to_thread(self._store.handled, self._channel, key)
        except StoreError as error:
            log.warning("update_not_noted", channel=self._channel, reason=str(error))


def _where(error: BaseException) -> str:
    """The kind of error and the line of ours it came from; its message may quote a customer and is left out."""
    at = error.__traceback__
    place = ""
    while at is not None:
        module = at.tb_frame.f_globals.get("__name__", "")
        if module.startswith("bot."):
            place = f" in {module}:{at.tb_lineno}"
        at = at.tb_next
    return type(error).__name__ + place
