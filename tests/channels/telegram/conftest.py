"""A bot of ours on the stand-in, with tiny content and no dialogue engine."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.pictures.reader import PictureError, PictureReader, Seen
from bot.channels.telegram.application import TelegramBot
from bot.channels.telegram.inbox import Albums
from bot.conversation.handover import Handover
from bot.conversation.memory import Memory
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import Turns
from bot.core.vocabulary import Language
from bot.store.database import open_engine, upgrade
from bot.store.updates import UpdateStore
from tests.conversation.fakes import FakeEngine
from tests.telegram.server import TOKEN, StandIn, running
from tests.telegram.updates import Person

CUSTOMER = 7


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    """A stand-in without limits, with one private chat."""
    async with running(StandIn(limits=False)) as started:
        started.add_chat(CUSTOMER)
        yield started


@pytest.fixture
async def bot(telegram: StandIn) -> AsyncIterator[Bot]:
    """A plain client."""
    request = HTTPXRequest()
    async with Bot(
        TOKEN, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot", request=request
    ) as b:
        yield b


@pytest.fixture
def updates(tmp_path: Path) -> UpdateStore:
    """Where updates are noted."""
    engine = open_engine(f"sqlite:///{tmp_path / 'updates.db'}")
    upgrade(engine)
    return UpdateStore(engine)


class ToldReader(PictureReader):
    """Sees in a picture the words it is made of; a picture that begins with `!` is not read for that reason."""

    async def read(self, picture: bytes) -> Seen:
        """As the real one, at once."""
        from bot.channels.pictures.reader import Unread

        words = picture.decode()
        if words.startswith("!"):
            raise PictureError(Unread(words[1:]))
        return Seen(words)


class Line:
    """A running bot and what it needs."""

    def __init__(self, telegram: StandIn, snapshot: Snapshot, updates: UpdateStore, **more: Any) -> None:
        self.telegram = telegram
        self.snapshot = snapshot
        self.memory = Memory()
        self.handover = Handover(self.memory)
        self.engine: FakeEngine | None = more.pop("engine", None)
        self.turns = Turns(lambda: snapshot, self.engine, self.memory, subscribing=more.pop("subscribing", None))
        self.updates = updates
        more = {"public_url": "https://bank.example", "albums": Albums(0.03), "reader": ToldReader(), **more}
        self.bot = TelegramBot(
            TOKEN,
            turns=self.turns,
            memory=self.memory,
            handover=self.handover,
            updates=updates,
            api=telegram.url,
            **more,
        )
        self.customer = Person(telegram, CUSTOMER)
        self.running: asyncio.Task[None] | None = None

    async def gets(self, *updates: dict[str, Any]) -> list[str]:
        """Deliver updates one after another; everything the bot has said to the customer by then."""
        for update in updates:
            assert await self.bot.take(update)
        return self.telegram.texts(self.customer.chat)

    def words(self, reply: str, language: Language = Language.ZH_HANS) -> str:
        """A published reply."""
        said = self.snapshot.wording(language).reply(reply)
        assert said, reply
        return said


OpenLine = Callable[..., AbstractAsyncContextManager[Line]]


@pytest.fixture
def open_line(telegram: StandIn, tiny_snapshot: Snapshot, updates: UpdateStore) -> OpenLine:
    """Starts a bot; options as `TelegramBot` takes them."""

    @asynccontextmanager
    async def opened(*, ready: bool = True, **more: Any) -> AsyncIterator[Line]:
        line = Line(telegram, tiny_snapshot, updates, **more)
        line.running = asyncio.create_task(line.bot.run())
        try:
            if ready:
                async with asyncio.timeout(10):
                    await line.bot.ready.wait()
            yield line
        finally:
            line.running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await line.running

    return opened


@pytest.fixture
async def line(open_line: OpenLine) -> AsyncIterator[Line]:
    """A bot that gets its updates by webhook."""
    async with open_line() as opened:
        yield opened
