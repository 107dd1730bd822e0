"""Long work in the background: one page waits for it, shows how far it is, and can call it off.

Jobs live in this process's memory. What they must keep they put into the store; a restart forgets the rest.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import structlog

from bot.core.errors import CalledOff, FangzhaError
from bot.web.memory import give_back

AT_ONCE = 2
KEPT = 50

log = structlog.get_logger()


class Stage(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    OFF = "off"

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self in {Stage.DONE, Stage.FAILED, Stage.OFF}


@dataclass
class Job:
    """One piece of long work.

    Args:
        id: names it in addresses.
        owner: the login of who began it; nobody else sees it.
        kind: what it is; its title is the reply `desk_job_<kind>`.
        then: the page to go to when it has ended.
        steps: replies `<steps><step>` say what is being done.
    """

    id: str
    owner: str
    kind: str
    then: str
    steps: str = "desk_job_step_"
    stage: Stage = Stage.WAITING
    step: str = ""
    done: int = 0
    total: int = 0
    result: Any = None
    error: FangzhaError | None = None
    _off: threading.Event = field(default_factory=threading.Event, repr=False)

    def progress(self, step: str, done: int = 0, total: int = 0) -> None:
        """Told by the work: which step, and how much of it; `total` 0 where nobody can say."""
        self.step, self.done, self.total = step, done, total

    def called_off(self) -> bool:
        """Whether the work should stop; it is polled by the work, which then raises `CalledOff`."""
        return self._off.is_set()

    def call_off(self) -> None:
        """Ask it to stop."""
        self._off.set()


class Jobs:
    """The jobs of this process; a few run, others wait, the newest are kept with their results."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="desk-job")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._guard = threading.Lock()

    def start(
        self, owner: str, kind: str, work: Callable[[Job], Any], *, then: str, steps: str = "desk_job_step_"
    ) -> Job:
        """Begin `work`, which is given its job; what it returns is the job's result. Returns at once.

        The same owner's job of the same kind is called off, and its result forgotten: he began anew.
        """
        job = Job(secrets.token_urlsafe(12), owner, kind, then, steps)
        with self._guard:
            for other in self._jobs.values():
                if (other.owner, other.kind) == (owner, kind):
                    other.call_off()
                    other.result = None
            self._jobs[job.id] = job
            for old in [j.id for j in self._jobs.values() if j.stage.over][: max(0, len(self._jobs) - KEPT)]:
                del self._jobs[old]
        self._threads.submit(_run, job, work)
        return job

    def get(self, owner: str, job_id: str) -> Job | None:
        """Somebody's own job."""
        with self._guard:
            job = self._jobs.get(job_id)
        return job if job is not None and job.owner == owner else None

    def newest(self, owner: str, kind: str) -> Job | None:
        """The job of a kind somebody began last."""
        with self._guard:
            return next((j for j in reversed(self._jobs.values()) if (j.owner, j.kind) == (owner, kind)), None)

    def close(self) -> None:
        """Call everything off; nothing new begins."""
        with self._guard:
            for job in self._jobs.values():
                job.call_off()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _run(job: Job, work: Callable[[Job], Any]) -> None:
    if job.called_off():
        job.stage = Stage.OFF
        return
    job.stage = Stage.RUNNING
    try:
        job.result = work(job)
    except CalledOff:
        job.stage = Stage.OFF
    except FangzhaError as error:
        job.error, job.stage = error, Stage.FAILED
    except Exception as error:  # whatever it was, the page has to be told that it ended
        _tell(job, error)
    else:
        job.stage = Stage.DONE
    finally:
        give_back()


def _tell(job: Job, error: Exception) -> None:
    log.error("desk_job_failed", job=job.kind, kind=type(error).__name__, reason=str(error))
    job.error, job.stage = FangzhaError(type(error).__name__), Stage.FAILED
