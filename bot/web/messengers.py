"""The messengers: opened from the settings, run beside the app, reached by their webhooks."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Iterator

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from bot.channels.pictures.reader import PictureReader
from bot.channels.telegram.application import TelegramBot
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.api import WeChatApi
from bot.core.errors import InvalidInputError
from bot.store.updates import UpdateStore
from bot.web.metrics import TURNS
from bot.web.problems import problem
from bot.web.services import Services

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  # the name of it
log = structlog.get_logger()


class Messengers:
    """Every account of every messenger that the settings name."""

    def __init__(self, services: Services, reader: PictureReader) -> None:
        self._reader = reader
        self.telegram = {bot.id: bot for bot in _telegram(services, self._reader)}
        self.wechat = _wechat(services, self._reader)

    async def run(self) -> None:
        """All of them until cancelled; one that fails leaves the others alone."""
        running = [asyncio.create_task(_told(bot)) for bot in self.telegram.values()]
        try:
            await asyncio.gather(*running)
            await asyncio.Event().wait()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            if self.wechat:
                await self.wechat.close()
            await self._reader.close()


async def _told(bot: TelegramBot) -> None:
    try:
        await bot.run()
    except Exception as error:  # what breaks one bot must not end the app
        log.exception("telegram_ended", bot=bot.id, reason=type(error).__name__)


def _telegram(services: Services, reader: PictureReader) -> Iterator[TelegramBot]:
    settings = services.settings
    updates = UpdateStore(services.database)
    for token in settings.telegram_tokens.get_secret_value().replace(",", " ").split():
        yield TelegramBot(
            token,
            turns=services.turns,
            memory=services.memory,
            handover=services.handover,
            updates=updates,
            reader=reader,
            public_url=settings.public_url,
            api=settings.telegram_api,
            answered=lambda outgoing: TURNS.labels(outgoing.engine).inc(),
        )


def _wechat(services: Services, reader: PictureReader) -> WeChatAccount | None:
    settings = services.settings
    if not settings.wechat_app_id:
        return None
    return WeChatAccount(
        settings.wechat_app_id,
        settings.wechat_token.get_secret_value(),
        settings.wechat_aes_key.get_secret_value(),
        api=WeChatApi(settings.wechat_app_id, settings.wechat_app_secret.get_secret_value(), settings.wechat_api),
        turns=services.turns,
        memory=services.memory,
        updates=UpdateStore(services.database),
        reader=reader,
        answered=lambda outgoing: TURNS.labels(outgoing.engine).inc(),
    )


def messengers_router(messengers: Messengers) -> APIRouter:
    """Where messengers deliver what customers send."""
    router = APIRouter(include_in_schema=False)

    @router.post("/telegram/{bot_id}")
    async def telegram(bot_id: str, request: Request) -> Response:
        """An update. It is handled before it is answered, so that what this process loses Telegram sends again."""
        bot = messengers.telegram.get(bot_id)
        given = request.headers.get(SECRET_HEADER, "")
        if bot is None or not secrets.compare_digest(given.encode(), bot.secret.encode()):
            return problem(403, "This is for Telegram alone.")
        if not bot.ready.is_set():
            return problem(503, "Not ready yet. Send it again.")
        body = None
        with contextlib.suppress(ValueError, RecursionError):
            body = json.loads(await request.body())
        if not await bot.take(body):
            return problem(400, "This is no update.")
        return PlainTextResponse("ok")

    @router.get("/wechat")
    async def wechat_echo(request: Request) -> Response:
        """What WeChat asks when the account is set up."""
        if messengers.wechat is None:
            return problem(404, "No WeChat account is set up.")
        try:
            return PlainTextResponse(messengers.wechat.echo(request.query_params))
        except InvalidInputError:
            return problem(403, "This is for WeChat alone.")

    @router.post("/wechat")
    async def wechat(request: Request) -> Response:
        """A message; what is not answered in time follows later."""
        if messengers.wechat is None:
            return problem(404, "No WeChat account is set up.")
        try:
            said = await messengers.wechat.take(request.query_params, await request.body())
        except InvalidInputError:
            return problem(403, "This is for WeChat alone.")
        return Response(said, media_type="application/xml" if said.startswith("<") else "text/plain")

    return router
