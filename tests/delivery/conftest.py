"""A bank that warns: a store with a few published words, people who subscribe, and a messenger that remembers."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.content.files import Piece, read_folder
from bot.conversation.messages import Message
from bot.conversation.pushing import PushError
from bot.core.subscriptions import Preferences
from bot.delivery.planning import Planner
from bot.delivery.sending import Sending
from bot.delivery.words import Published
from bot.store.broadcasts import BroadcastStore, Progress
from bot.store.database import open_engine, upgrade
from bot.store.outbox import Outbox
from bot.store.publication import PublicationStore
from bot.store.releases import ContentStore
from bot.store.subscriptions import SubscriptionStore
from tests.editorial import OPERATOR, RULES, Clock
from tests.tiny import write_tiny

KINDS = {"bank", "hotline", "place", "audience"}
Body = dict[str, Any]


def warning(key: str = "w1", **more: Any) -> Body:
    """The body of a warning for Telegram."""
    return {
        "id": key,
        "title": {"zh-Hans": f"提醒{key}", "en": f"Warning {key}"},
        "text": {"zh-Hans": "先别付钱，拨{police}。", "en": "Don't pay, call {police}."},
        "channels": ["telegram", "web"],
        "start": "2026-11-01",
        "end": "2026-12-31",
        **more,
    }


class Messenger:
    """Remembers what it was sent and to whom; raises what it was told to, once for each time."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.raises: dict[str, list[PushError]] = {}
        self.before: Callable[[str], None] = lambda _: None

    async def push(self, address: str, message: Message) -> None:
        """As a channel's."""
        assert message.text
        self.before(address)
        await asyncio.sleep(0)
        if self.raises.get(address):
            raise self.raises[address].pop(0)
        self.sent.append((address, message.text))

    def count(self) -> Counter[str]:
        """How many messages each address got."""
        return Counter(address for address, _ in self.sent)

    def texts(self, address: str) -> list[str]:
        """What an address got, in order."""
        return [text for to, text in self.sent if to == address]


class Bank:
    """The stores over one database, and short ways through them."""

    def __init__(self, connect: Callable[[], Engine], words: list[Piece]) -> None:
        self.connect = connect
        self.engine = connect()
        self.clock = Clock()
        self.content = ContentStore(self.engine)
        self.subscriptions = SubscriptionStore(self.engine, self.clock)
        self.broadcasts = BroadcastStore(self.engine, self.clock)
        self.messenger = Messenger()
        self._planner: Planner | None = None
        self.content.seed((p.kind, p.key, p.body) for p in words)
        self.content.publish(author="seed")

    def release(self, *bodies: Body) -> int:
        """Publish these warnings beside what is published already."""
        self.content.seed(("warning", body["id"], body) for body in bodies)
        return self.content.publish(author="seed")

    def withdraw(self, key: str) -> None:
        """Take a warning back."""
        PublicationStore(self.engine, RULES, self.clock).withdraw(OPERATOR, [("warning", key)], reason="wrong")

    def subscribe(self, *addresses: str, wishes: Preferences | None = None) -> None:
        """People who asked."""
        for address in addresses:
            self.subscriptions.agree("telegram", address, wishes or Preferences(), 1)

    def planner(self) -> Planner:
        """A planner of another process."""
        connection = self.connect()
        return Planner(
            Published(ContentStore(connection)),
            BroadcastStore(connection, self.clock),
            ZoneInfo("Asia/Shanghai"),
            self.clock,
        )

    def plan(self) -> None:
        """Take in what is released and write the outbox."""
        self._planner = self._planner or self.planner()
        self._planner.run()

    def outbox(self, worker: str = "w", lease: float = 60) -> Outbox:
        """An outbox as another process sees it."""
        return Outbox(self.connect(), worker, self.clock, timedelta(seconds=lease))

    def sending(self, messenger: Messenger | None = None, worker: str = "w") -> Sending:
        """A sender without a pace."""
        return Sending(self.outbox(worker), "telegram", messenger or self.messenger, per_second=None, clock=self.clock)

    def send(self, *, until: Callable[[], bool] | None = None) -> Messenger:
        """Send what is due now, and nothing else."""
        asyncio.run(
            self._send(until or (lambda: not any(p.due for p in self.broadcasts.progress() if p.state == "going")))
        )
        return self.messenger

    async def _send(self, until: Callable[[], bool]) -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(self.sending().run(stop))
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(until):
                # two messages to one chat are a second apart
                self.clock.passes(seconds=1)
                await asyncio.sleep(0.02)
            stop.set()
            await running

    def go(self) -> Messenger:
        """Plan and send."""
        self.plan()
        return self.send()

    def progress(self, key: str, kind: str = "warning") -> Progress:
        """How far the newest broadcast of a warning is."""
        return next(p for p in self.broadcasts.progress() if (p.kind, p.key) == (kind, key))


@pytest.fixture
def words(tmp_path: Path, pieces: list[Piece]) -> list[Piece]:
    """What is published before any warning."""
    found, faults = read_folder(write_tiny(tmp_path / "tiny", products=True))
    assert faults == []
    said = [p for p in pieces if p.kind == "reply" and p.key.startswith(("sub_", "desk_print_ai"))]
    place = Piece("place", "uk", {"id": "uk", "name": {"zh-Hans": "英国", "en": "the UK"}}, Path("uk.yml"))
    return [*(p for p in found if p.kind in KINDS), *said, place]


@pytest.fixture
def bank(database_url: str, words: list[Piece]) -> Iterator[Bank]:
    """The bank over an empty database."""
    engines: list[Engine] = []

    def connect() -> Engine:
        engines.append(open_engine(database_url))
        return engines[-1]

    upgrade(connect())
    yield Bank(connect, words)
    for engine in engines:
        engine.dispose()


def at(text: str) -> datetime:
    """A moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
