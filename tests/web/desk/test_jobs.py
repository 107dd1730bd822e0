"""Long work in the background: progress, results, trouble, calling off, and who may see it."""

import gc
import threading
import weakref
from collections.abc import Callable

import pytest

from bot.core.errors import CalledOff, DeskError
from bot.web.desk.jobs import AT_ONCE, KEPT, Job, Jobs, Stage
from tests.conversations.running import wait_until


@pytest.fixture
def jobs() -> Jobs:
    """The jobs of a process."""
    return Jobs()


def over(job: Job) -> Callable[[], bool]:
    """Whether it has ended."""
    return lambda: job.stage.over


def test_a_job_tells_how_far_it_is_and_keeps_its_result(jobs: Jobs) -> None:
    told, go = threading.Event(), threading.Event()

    def work(job: Job) -> str:
        job.progress("reading", 3, 10)
        told.set()
        go.wait(30)
        return "found"

    job = jobs.start("lin", "gate", work, then="/desk")
    assert told.wait(30)
    assert (job.stage, job.step, job.done, job.total) == (Stage.RUNNING, "reading", 3, 10)
    go.set()
    wait_until("it has ended", over(job), seconds=30)
    assert (job.stage, job.result, job.error) == (Stage.DONE, "found", None)


def test_trouble_is_kept_with_its_words_and_a_bug_without(jobs: Jobs) -> None:
    def refuse(_: Job) -> None:
        raise DeskError("no font", code="no_font")

    def break_(_: Job) -> None:
        raise ZeroDivisionError("secret inside")

    refused, broken = jobs.start("lin", "a", refuse, then="/desk"), jobs.start("lin", "b", break_, then="/desk")
    wait_until("both have ended", lambda: refused.stage.over and broken.stage.over, seconds=30)
    assert (refused.stage, refused.error) == (Stage.FAILED, refused.error)
    assert isinstance(refused.error, DeskError)
    assert broken.stage is Stage.FAILED
    assert "secret" not in str(broken.error)


def test_a_job_that_is_called_off_ends_as_such(jobs: Jobs) -> None:
    begun = threading.Event()

    def work(job: Job) -> None:
        begun.set()
        while True:
            if job.called_off():
                raise CalledOff("off", code="called_off")

    job = jobs.start("lin", "gate", work, then="/desk")
    assert begun.wait(30)
    job.call_off()
    wait_until("it has ended", over(job), seconds=30)
    assert job.stage is Stage.OFF


def test_only_its_owner_sees_a_job(jobs: Jobs) -> None:
    job = jobs.start("lin", "gate", lambda _: 1, then="/desk")
    assert jobs.get("lin", job.id) is job
    assert jobs.get("mei", job.id) is None
    assert jobs.newest("lin", "gate") is job
    assert jobs.newest("mei", "gate") is None


def test_beginning_anew_calls_the_old_one_off(jobs: Jobs) -> None:
    go = threading.Event()
    old = jobs.start("lin", "gate", lambda _: go.wait(30), then="/desk")
    other = jobs.start("mei", "gate", lambda _: go.wait(30), then="/desk")
    new = jobs.start("lin", "gate", lambda _: 2, then="/desk")
    assert (old.called_off(), other.called_off(), new.called_off()) == (True, False, False)
    go.set()
    wait_until("the new one has ended", over(new), seconds=30)
    assert jobs.newest("lin", "gate") is new


def test_only_a_few_run_at_once_and_only_so_many_are_kept(jobs: Jobs) -> None:
    go = threading.Event()
    running = [jobs.start("lin", f"slow{n}", lambda _: go.wait(30), then="/desk") for n in range(AT_ONCE)]
    waiting = jobs.start("lin", "quick", lambda _: 1, then="/desk")
    assert waiting.stage is Stage.WAITING
    go.set()
    wait_until("all have ended", lambda: all(j.stage.over for j in [*running, waiting]), seconds=30)
    for number in range(KEPT + 10):
        last = jobs.start("lin", f"k{number}", lambda _: 1, then="/desk")
        wait_until("it has ended", over(last), seconds=30)
    assert jobs.get("lin", running[0].id) is None
    assert jobs.get("lin", last.id) is last


def test_closing_calls_everything_off(jobs: Jobs) -> None:
    begun = threading.Event()

    def work(job: Job) -> None:
        begun.set()
        while not job.called_off():
            pass

    job = jobs.start("lin", "gate", work, then="/desk")
    waits = [jobs.start("lin", f"w{n}", lambda _: 1, then="/desk") for n in range(3)]
    assert begun.wait(30)
    jobs.close()
    wait_until("it has ended", over(job), seconds=30)
    assert all(one.called_off() for one in waits)


class Tied:
    """Something that refers to itself, and so goes only when garbage is looked for."""

    def __init__(self) -> None:
        self.self = self


def test_what_a_job_left_lying_about_goes_with_its_end() -> None:
    left: list[weakref.ref[Tied]] = []
    gc.disable()
    try:
        job = Jobs().start("lin", "x", lambda _job: left.append(weakref.ref(Tied())), then="/desk")
        wait_until("it is swept", lambda: job.stage.over and left[0]() is None, seconds=20)
    finally:
        gc.enable()
