"""How fast warnings leave: `python -m benchmarks.delivery speed` or `pace`; `--help` tells the rest.

`speed`: as fast as it goes, to a stand-in without limits. `pace`: at a rate, to a stand-in that keeps Telegram's
limits; how much of the rate was held. Workers and stand-in are processes of their own.
"""

import argparse
import contextlib
import json
import tempfile
import time
from pathlib import Path

import psutil
from sqlalchemy import Engine

from bot.store.broadcasts import BroadcastStore
from bot.store.database import open_engine
from tests.delivery.crashing import counts, prepare, stand_in, work

LEASE = 60.0


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["speed", "pace"])
    parser.add_argument("--subscribers", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--rate", type=float, default=25.0)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{folder}/store.db"
        prepare(url, given.subscribers, Path(folder) / "content")
        options = ["--no-limits"] if given.what == "speed" else []
        with stand_in(*options) as api:
            rate = 0 if given.what == "speed" else given.rate
            print(json.dumps({**vars(given), "database": url.split(":")[0], **_measured(url, api, rate, given)}))


def _measured(url: str, api: str, rate: float, given: argparse.Namespace) -> dict[str, object]:
    engine = open_engine(url)
    began = time.monotonic()
    workers = [work(url, api, rate, LEASE) for _ in range(given.workers)]
    try:
        planned = _wait_until(lambda: _planned(engine), began)
        first = _wait_until(lambda: _sent(api) > 0, began)
        already, at = _sent(api), time.monotonic()
        memory = 0
        while _sent(api) < given.subscribers:
            memory = max(memory, *(_resident(w.pid) for w in workers))
            time.sleep(0.25)
        seconds = time.monotonic() - at
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(30)
        engine.dispose()
    got = counts(api)
    per_second = (given.subscribers - already) / seconds
    return {
        "planned_after_s": round(planned, 1),
        "first_after_s": round(first, 1),
        "per_second": round(per_second, 1),
        "share_of_rate": round(per_second / rate, 4) if rate else None,
        "worker_mb": round(memory / 2**20),
        "chats": got["chats"],
        "more_than_once": len(dict(got["more_than_once"])),  # type: ignore[call-overload]
        "refused_by_limits": got["refused_by_limits"],
    }


def _wait_until(so: object, began: float) -> float:
    while not so():  # type: ignore[operator]
        time.sleep(0.02)
    return time.monotonic() - began


def _planned(engine: Engine) -> bool:
    found = BroadcastStore(engine).progress()
    return bool(found) and all(p.planned for p in found)


def _sent(api: str) -> int:
    return int(str(counts(api)["sent"]))


def _resident(pid: int) -> int:
    with contextlib.suppress(psutil.NoSuchProcess):
        return int(psutil.Process(pid).memory_info().rss)
    return 0


if __name__ == "__main__":
    main()
