"""Writing first to chats of our bots, and what Telegram's refusals mean for who is written to."""

from datetime import timedelta
from typing import Self

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels.telegram.sending import Sender
from bot.conversation.messages import Message
from bot.conversation.pushing import GoneError, NotNowError, RefusedError, TooFastError

CONNECTIONS = 32
# The chat is not there any more, though Telegram calls the request a bad one.
NO_CHAT = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was deactivated")
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class TelegramPusher:
    """All our bots, by the number before the colon of their tokens. Use it as an async context.

    The pace is kept where turns are handed out, so these bots have no limiter of their own.
    """

    def __init__(self, tokens: list[str], api: str) -> None:
        # the requests alone are opened and closed: a bot that is, asks Telegram who it is, and fails when that is down
        self._requests = {token: HTTPXRequest(connection_pool_size=CONNECTIONS) for token in tokens}
        self._bots = {
            token.partition(":")[0]: Bot(token, base_url=f"{api}/bot", request=request)
            for token, request in self._requests.items()
        }

    async def __aenter__(self) -> Self:
        for request in self._requests.values():
            await request.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        for request in self._requests.values():
            await request.shutdown()

    async def push(self, address: str, message: Message) -> None:
        """Send a message to `tg:<bot>:<chat>`."""
        _, bot_id, chat = address.split(":")[:3]
        bot = self._bots.get(bot_id)
        if bot is None:
            raise NotNowError(f"bot {bot_id} is not among FANGZHA_TELEGRAM_TOKENS")
        try:
            await Sender(bot).send(int(chat), message)
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            raise TooFastError("Telegram asks for patience", seconds) from error
        except (Forbidden, ChatMigrated) as error:
            raise GoneError(type(error).__name__) from error
        except BadRequest as error:
            told = error.message.casefold()
            if any(reason in told for reason in NO_CHAT):
                raise GoneError("no such chat") from error
            raise RefusedError(error.message) from error
        except InvalidToken as error:
            raise NotNowError("the token is refused") from error
        except TelegramError as error:
            raise NotNowError(type(error).__name__, unsure=not isinstance(error.__cause__, NEVER_LEFT)) from error
