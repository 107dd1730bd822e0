"""The webhooks: who knows the secret is heard, everybody else is refused; what was not handled is sent again."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.channels.telegram.application import TelegramBot
from bot.recognition.encoder import NgramEncoder
from bot.settings import Settings
from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore
from bot.web.app import create_app
from bot.web.services import open_services
from tests.channels.conftest import DANGER, tiny_pieces  # noqa: F401  # a fixture
from tests.telegram.server import TOKEN, StandIn, running
from tests.telegram.updates import Person

OTHER = "654321:AAanother-stand-in-for-a-token-0000000"
SECRET = "x-telegram-bot-api-secret-token"


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    """With two bots."""
    async with running(StandIn(limits=False)) as started:
        started.add_bot(OTHER, "other_bot", limits=False)
        yield started


class Webhook:
    """Telegram calling the app."""

    def __init__(self, app: Any) -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="https://bank.example")
        self.bots: dict[str, TelegramBot] = app.state.messengers.telegram

    async def post(self, path: str, body: Any, secret: str | None = None) -> httpx.Response:
        """One update, or whatever it is."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self._client.post(path, content=content, headers={SECRET: secret} if secret is not None else {})


@pytest.fixture
async def webhook(telegram: StandIn, tiny_pieces: Any, tmp_path: Path) -> AsyncIterator[Webhook]:  # noqa: F811
    """The app with both bots, as it starts by itself."""
    url = f"sqlite:///{tmp_path / 'app.db'}"
    engine = open_engine(url)
    upgrade(engine)
    store = ContentStore(engine)
    store.seed(tiny_pieces)
    store.publish(author="seed")
    engine.dispose()
    settings = Settings(
        DATABASE_URL=url,
        var=tmp_path / "var",
        telegram_tokens=SecretStr(f"{TOKEN}, {OTHER}"),
        telegram_api=telegram.url,
        public_url="https://bank.example",
    )
    app = create_app(open_services(settings, with_engine=False, encoder=NgramEncoder()))
    called = Webhook(app)
    async with app.router.lifespan_context(app), asyncio.timeout(30):
        for bot in called.bots.values():
            await bot.ready.wait()
        yield called


async def test_an_update_with_the_secret_is_answered_by_its_bot(webhook: Webhook, telegram: StandIn) -> None:
    for token, user in ((TOKEN, 7), (OTHER, 8)):
        bot = telegram.bots[token]
        answer = await webhook.post(bot.webhook, Person(telegram, user, bot=bot).says(DANGER), bot.secret)
        assert answer.status_code == 200
        assert telegram.texts(user)[0].startswith("先别转钱。")
    assert [m["from"]["username"] for m in telegram.messages.values()] == ["fangzha_bot", "other_bot"]


async def test_without_the_secret_or_with_that_of_another_bot_nothing_is_heard(
    webhook: Webhook, telegram: StandIn
) -> None:
    update = Person(telegram, 7).says(DANGER)
    own, other = telegram.bots[TOKEN], telegram.bots[OTHER]
    for secret in (None, "", "x", own.secret[:-1], own.secret + " x", other.secret, "ä"):
        headers = None if secret is None else secret.encode("latin-1").decode("latin-1")
        answer = await webhook.post(own.webhook, update, headers if secret != "ä" else None)
        assert answer.status_code == 403
        assert answer.json()["status"] == 403
    assert (await webhook.post("/telegram/999", update, own.secret)).status_code == 403
    assert telegram.called("sendMessage") == []


async def test_what_is_no_update_is_refused_without_a_fault(webhook: Webhook, telegram: StandIn) -> None:
    for body in (b"", b"{", b"[" * 60_000, b"\xff\xfe", b"[]", b"null", b'{"update_id": "1"}', b'{"message": {}}'):
        answer = await webhook.post(telegram.bot.webhook, body, telegram.bot.secret)
        assert answer.status_code == 400, body[:20]


async def test_an_update_over_the_limit_of_bodies_is_refused(webhook: Webhook, telegram: StandIn) -> None:
    answer = await webhook.post(telegram.bot.webhook, b'{"update_id": 1, "x": "' + b"x" * 200_000, telegram.bot.secret)
    assert answer.status_code == 413


async def test_before_a_bot_is_ready_telegram_is_asked_to_send_again(webhook: Webhook, telegram: StandIn) -> None:
    webhook.bots["123456"].ready.clear()
    answer = await webhook.post(telegram.bot.webhook, Person(telegram, 7).says(DANGER), telegram.bot.secret)
    assert answer.status_code == 503


async def test_a_replayed_update_is_answered_once(webhook: Webhook, telegram: StandIn) -> None:
    update = Person(telegram, 7).says(DANGER)
    answers = await asyncio.gather(*(webhook.post(telegram.bot.webhook, update, telegram.bot.secret) for _ in range(5)))
    assert [a.status_code for a in answers] == [200] * 5
    assert len(telegram.texts(7)) == 1


async def test_without_an_account_of_wechat_there_is_none(webhook: Webhook) -> None:
    assert (await webhook.post("/wechat", b"<xml/>")).status_code == 404
