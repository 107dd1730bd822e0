"""Delivery beside the app: an embedded worker, and an eye on releases."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.channels.telegram.pushing import TelegramPusher
from bot.conversation.pushing import Pusher
from bot.core.errors import FangzhaError
from bot.settings import Settings
from bot.web.services import Services

LOOK_SECONDS = 0.5

log = structlog.get_logger()


@asynccontextmanager
async def open_pushers(settings: Settings) -> AsyncIterator[dict[str, Pusher]]:
    """The messengers the settings name, as far as they let us write first."""
    tokens = settings.telegram_tokens.get_secret_value().replace(",", " ").split()
    if not tokens:
        yield {}
        return
    async with TelegramPusher(tokens, settings.telegram_api) as telegram:
        yield {"telegram": telegram}


async def deliver(services: Services) -> None:
    """Plan what is released, send what is due, correct answers; until cancelled."""
    stop = asyncio.Event()
    async with open_pushers(services.settings) as pushers:
        tasks = [
            asyncio.create_task(services.delivery.work(pushers, stop)),
            asyncio.create_task(_watch(services)),
        ]
        try:
            # not gather: that would cancel the senders, which finish by themselves what they have begun
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            stop.set()
            tasks[1].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _watch(services: Services) -> None:
    """Ask for planning when a release is in force, and look at kept texts again when all of it was learned."""
    planned, looked = services.live.version, 0
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if services.live.version != planned:
            planned = services.live.version
            await asyncio.to_thread(services.delivery.jobs.plan)
        if services.live.whole != looked:
            try:
                looked = await asyncio.to_thread(_look_again, services)
            except FangzhaError as error:
                log.warning("answers_not_corrected", reason=str(error))


def _look_again(services: Services) -> int:
    snapshot = services.live.current
    services.delivery.telling.run(snapshot)
    return snapshot.release.version
