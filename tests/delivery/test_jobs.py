"""Jobs are done by one of the workers, in a file or through a real Redis; without a queue nothing is lost."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.delivery import jobs
from bot.delivery.jobs import Jobs
from tests.conftest import not_here

REDIS = "redis://127.0.0.1:6379/0"


@pytest.fixture(params=["file", "redis"])
def redis_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the queue is: nowhere but in a file, or in a Redis under a name of its own."""
    if request.param == "file":
        yield ""
        return
    server = redis.Redis.from_url(REDIS)
    try:
        server.ping()
    except redis.ConnectionError:
        not_here(f"no Redis answers at {REDIS}")
    queue = f"test{uuid.uuid4().hex}"
    monkeypatch.setattr(jobs, "QUEUE", queue)
    yield REDIS
    for key in server.scan_iter(f"*{queue}*"):
        server.delete(key)
    server.close()


def test_what_one_process_asks_for_another_does(tmp_path: Path, redis_url: str) -> None:
    done = threading.Event()
    asks = Jobs(tmp_path, redis_url, plan=lambda: None, sweep=lambda: None)
    does = Jobs(tmp_path, redis_url, plan=done.set, sweep=lambda: None)
    asks.plan()
    with does.working():
        assert done.wait(20)


def test_a_job_that_breaks_does_not_stop_the_next(tmp_path: Path, redis_url: str) -> None:
    done = threading.Event()
    tries = iter([ValueError("broken"), None])

    def plan() -> None:
        error = next(tries)
        if error:
            raise error
        done.set()

    does = Jobs(tmp_path, redis_url, plan=plan, sweep=lambda: None)
    does.plan()
    does.plan()
    with does.working():
        assert done.wait(20)


def test_a_queue_that_is_not_there_keeps_nobody_from_releasing(tmp_path: Path) -> None:
    Jobs(tmp_path, "redis://127.0.0.1:9/0", plan=lambda: None, sweep=lambda: None).plan()
    (tmp_path / "file").write_text("")
    Jobs(tmp_path / "file", "", plan=lambda: None, sweep=lambda: None).plan()
