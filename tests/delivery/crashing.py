"""Workers that are killed while they plan and send to a stand-in of Telegram, and what their customers got.

`python -m tests.delivery.crashing DATABASE API RATE LEASE` is one such worker, without anything else of the app.
"""

import asyncio
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.channels.telegram.pushing import TelegramPusher
from bot.content.files import read_folder
from bot.core.subscriptions import EVERYTHING
from bot.delivery.planning import Planner
from bot.delivery.sending import Sending
from bot.delivery.words import Published
from bot.settings import PROJECT
from bot.store.broadcasts import BroadcastStore
from bot.store.database import open_engine, upgrade
from bot.store.outbox import Outbox
from bot.store.releases import ContentStore
from bot.store.subscription_tables import Subscriber, SubscriberAudience
from bot.store.tables import now
from bot.store.transactions import transaction
from tests.conversations.running import free_ports
from tests.telegram.server import TOKEN
from tests.tiny import write_tiny

SPARE = timedelta(seconds=1)
BOT = TOKEN.partition(":")[0]


@dataclass(frozen=True)
class Outcome:
    """What the customers got, and what it took."""

    subscribers: int
    kills: int
    lost: int
    doubled: int
    seconds: float


def prepare(url: str, subscribers: int, folder: Path, *, everything: bool = False) -> None:
    """A bank with so many subscribers, and one warning released to all of them; with `everything` an app can run on it."""
    engine = open_engine(url)
    upgrade(engine)
    pieces, _ = read_folder(write_tiny(folder, products=True))
    kinds = {"bank", "hotline", "place", "audience", "warning"}
    found = [(p.kind, p.key, p.body) for p in pieces if everything or p.kind in kinds]
    found = [
        (k, key, {**b, "channels": ["telegram"], "end": "2099-12-31"} if k == "warning" else b) for k, key, b in found
    ]
    replies, _ = read_folder(PROJECT / "content")
    found += [(p.kind, p.key, p.body) for p in replies if p.kind == "reply" and p.key.startswith("sub_")]
    content = ContentStore(engine)
    content.seed(found)
    moment = now()
    row = {
        "channel": "telegram", "place": EVERYTHING, "language": "zh-Hans", "zone": "Asia/Shanghai", "frequency": "now",
        "urgent_anyway": True, "consent_release": 1, "consent_at": moment, "left_why": "", "created_at": moment,
    }  # fmt: skip
    with transaction(engine) as session:
        for start in range(1, subscribers + 1, 5000):
            ids = range(start, min(start + 5000, subscribers + 1))
            session.execute(insert(Subscriber), [{**row, "id": n, "address": f"tg:{BOT}:{n}"} for n in ids])
            session.execute(insert(SubscriberAudience), [{"subscriber_id": n, "audience": EVERYTHING} for n in ids])
    content.publish(author="seed")
    engine.dispose()


@contextmanager
def stand_in(*options: str) -> Iterator[str]:
    """The address of a stand-in of Telegram in a process of its own."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "tests.telegram.server", "--port", str(port), "--anyone", *options]
    with subprocess.Popen(command, cwd=PROJECT) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            while not _answers(url):
                time.sleep(0.1)
            yield url
        finally:
            process.kill()


def counts(url: str) -> dict[str, object]:
    """What arrived at a stand-in."""
    with urllib.request.urlopen(f"{url}/stand-in/counts", timeout=10) as answer:  # noqa: S310
        return dict(json.load(answer))


def work(url: str, api: str, rate: float, lease: float) -> "subprocess.Popen[bytes]":
    """A worker, started."""
    command = [sys.executable, "-m", "tests.delivery.crashing", url, api, str(rate), str(lease)]
    return subprocess.Popen(command, cwd=PROJECT)


def killed_at_random(
    url: str,
    api: str,
    *,
    subscribers: int,
    kills: int,
    rate: float,
    seed: int = 7,
    told: Callable[[str], object] = lambda _: None,
) -> Outcome:
    """Kill a worker so many times, each time somewhere in its first seconds; then let one finish."""
    chance = random.Random(seed)  # noqa: S311  # nothing secret
    began = time.monotonic()
    for kill in range(kills):
        told(f"kill {kill + 1} after {time.monotonic() - began:.0f} s")
        before = int(str(counts(api)["sent"]))
        process = _forked(url, api, rate)
        if chance.random() < 0.8:  # mostly once it sends, now and then while it starts or plans
            while int(str(counts(api)["sent"])) == before and process.is_alive() and not finished(url):
                time.sleep(0.02)
        time.sleep(chance.uniform(0, 1.5))
        process.kill()
        process.join()
    last = _forked(url, api, rate)
    while not finished(url):
        time.sleep(0.2)
    last.terminate()
    last.join()
    got = counts(api)
    return Outcome(
        subscribers, kills, subscribers - int(str(got["chats"])), int(str(got["sent"])) - int(str(got["chats"])),
        time.monotonic() - began,
    )  # fmt: skip


def _forked(url: str, api: str, rate: float) -> BaseProcess:
    """A worker of a process that has read the code already, so that it is killed at work and not at reading."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.delivery.crashing"])
    process = context.Process(target=_run, args=(url, api, rate, 5.0))
    process.start()
    return process


def _run(url: str, api: str, rate: float, lease: float) -> None:
    asyncio.run(_work(url, api, rate, lease))


def finished(url: str) -> bool:
    """Whether everybody is planned for and nothing waits."""
    engine = open_engine(url)
    found = BroadcastStore(engine).progress()
    engine.dispose()
    return bool(found) and all(p.planned and p.due + p.later == 0 for p in found)


def _answers(url: str) -> bool:
    try:
        counts(url)
    except OSError:
        return False
    return True


async def _work(url: str, api: str, rate: float, lease: float) -> None:
    engine = open_engine(url)
    Planner(Published(ContentStore(engine)), BroadcastStore(engine), ZoneInfo("Asia/Shanghai")).run()
    outbox = Outbox(engine, f"worker-{os.getpid()}-{time.time_ns()}", lease=timedelta(seconds=lease))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with TelegramPusher([TOKEN], api) as pusher:
        await Sending(outbox, "telegram", pusher, per_second=rate or None, spare=SPARE).run(stop)


if __name__ == "__main__":
    _run(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
