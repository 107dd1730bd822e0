"""Work that one of the machines has to do now and then. The engine wakes it; what must be kept is in the store.

Embedded in a file beside the app, or through Redis where several machines work. A job that is lost costs a minute: the
sweep, which comes every minute, does whatever was to be done.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import structlog
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

QUEUE = "fangzha"
LOOKS_EVERY = 0.5

log = structlog.get_logger()


class _Quiet(Consumer):  # type: ignore[misc]  # huey has no types
    """Leaves the signals to whoever started it."""

    def _set_signal_handlers(self) -> None:
        pass


class Jobs:
    """Two jobs on one queue: `plan`, when something was released, and `sweep`, every minute.

    Args:
        folder: where the queue is kept when no Redis is named.
        redis_url: the Redis that several machines share; empty for none.
        plan, sweep: the work. Both may be done by several at once, and again.
    """

    def __init__(
        self, folder: Path, redis_url: str, *, plan: Callable[[], object], sweep: Callable[[], object]
    ) -> None:
        self._folder = folder
        self._redis_url = redis_url
        self._work = {"plan": plan, "sweep": sweep}
        self._queue: Huey | None = None
        self._tasks: dict[str, Callable[[], Any]] = {}

    def plan(self) -> None:
        """Ask for planning, now, by whichever worker is free. Without the queue the next sweep does it."""
        try:
            self._opened()
            self._tasks["plan"]()
        except Exception as error:  # Redis away, the disk full: releasing goes on
            log.warning("job_not_queued", kind=type(error).__name__)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Do jobs in threads of this process, until the block ends."""
        consumer = _Quiet(self._opened(), workers=1, max_delay=LOOKS_EVERY, check_worker_health=False)
        consumer.start()
        try:
            yield
        finally:
            consumer.stop(graceful=True)

    def _opened(self) -> Huey:
        if self._queue is None:
            if self._redis_url:
                queue = RedisHuey(QUEUE, url=self._redis_url, results=False)
            else:
                self._folder.mkdir(parents=True, exist_ok=True)
                queue = SqliteHuey(QUEUE, filename=str(self._folder / "jobs.db"), results=False)
            self._tasks["plan"] = queue.task(name="plan")(lambda: _done("plan", self._work["plan"]))
            self._tasks["sweep"] = queue.periodic_task(crontab(), name="sweep")(
                lambda: _done("sweep", self._work["sweep"])
            )
            self._queue = queue
        return self._queue


def _done(name: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # the next minute tries again
        log.warning("job_failed", job=name, kind=type(error).__name__, reason=str(error))
