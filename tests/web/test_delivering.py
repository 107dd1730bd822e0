"""From a release to a customer's chat and back, through the app's own worker and a stand-in of Telegram."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.content.files import Piece, read_folder
from bot.conversation.messages import Incoming
from bot.recognition.encoder import NgramEncoder
from bot.settings import Settings
from bot.store.database import open_engine, upgrade
from bot.store.publication import PublicationStore
from bot.store.releases import ContentStore
from bot.web.delivering import deliver
from bot.web.services import Services, open_services
from tests.delivery.conftest import warning
from tests.editorial import OPERATOR, RULES
from tests.telegram.server import TOKEN, StandIn, running
from tests.tiny import write_tiny

CHAT = f"tg:{TOKEN.partition(':')[0]}:7"


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    """A stand-in with one private chat, 7."""
    async with running(StandIn()) as started:
        started.add_chat(7)
        yield started


@pytest.fixture
async def services(tmp_path: Path, pieces: list[Piece], telegram: StandIn) -> AsyncIterator[Services]:
    """A small bank with a bot."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine = open_engine(url)
    upgrade(engine)
    found, _ = read_folder(write_tiny(tmp_path / "content"))
    words = [p for p in pieces if p.kind == "reply" and p.key.startswith("sub_")]
    store = ContentStore(engine)
    store.seed((p.kind, p.key, p.body) for p in [*found, *words])
    store.publish(author="seed")
    engine.dispose()
    settings = Settings(DATABASE_URL=url, var=tmp_path / "var", telegram_tokens=TOKEN, telegram_api=telegram.url)
    opened = open_services(settings, with_engine=False, encoder=NgramEncoder())
    opened.live.start()
    delivering = asyncio.create_task(deliver(opened))
    yield opened
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    await opened.close()


async def test_who_subscribed_gets_what_is_released_and_hears_when_it_is_withdrawn(
    services: Services, telegram: StandIn
) -> None:
    await services.turns.handle(Incoming(CHAT, payload="sub:yes", channel="telegram"))
    body = warning(start="2020-01-01", end="2099-12-31")
    await asyncio.to_thread(services.store.seed, [("warning", "w1", body)])
    await asyncio.to_thread(services.store.publish, author="seed")
    await telegram.until(lambda: telegram.sent[7] == 1, seconds=30)
    assert "提醒w1" in telegram.texts(7)[0]
    publication = PublicationStore(services.database, RULES)
    await asyncio.to_thread(publication.withdraw, OPERATOR, [("warning", "w1")], reason="wrong")
    await telegram.until(lambda: telegram.sent[7] == 2, seconds=30)
    assert "收回" in telegram.texts(7)[1]
