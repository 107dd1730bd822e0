"""Asking Telegram for updates so that none is lost, and none that cannot be read stops those behind it."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseRateLimiter, ExtBot
from telegram.request import HTTPXRequest

CONFIRM_SECONDS = 2.0
CONNECTIONS = 64
SECONDS = 10.0
Unreadable = Callable[[int, Exception], None]


class UpdatesRequest(HTTPXRequest):
    """Reads answers of getUpdates. The library throws away a whole answer for one update of a shape it does not know,
    writes it into its log, and asks for the same again for ever.

    Args:
        unreadable: told of such an update, which then counts as an empty one.
    """

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__(connection_pool_size=2)
        self._unreadable = unreadable

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        """As the library's, without a word of the answer in any log."""
        try:
            body = json.loads(payload)
        except (ValueError, RecursionError):
            raise TelegramError("Invalid server response") from None
        if not isinstance(body, dict):
            raise TelegramError("Invalid server response")
        if isinstance(body.get("result"), list):
            body["result"] = [self._readable(u) for u in body["result"] if _number(u) is not None]
        return body

    def _readable(self, update: dict[str, Any]) -> dict[str, Any]:
        try:
            Update.de_json(update, None)
        except Exception as error:  # whatever a shape nobody knows does to the library
            self._unreadable(update["update_id"], error)
            return {"update_id": update["update_id"]}
        return update


class PollingBot(ExtBot[int]):
    """Asks for more when what it got is handled, or after a moment: asking again tells Telegram to forget it.

    Args:
        queue: what is not handled yet.
        token, api: who and where.
        rate_limiter: of what is sent.
        unreadable: told of updates of a shape nobody knows.
    """

    def __init__(
        self,
        queue: asyncio.Queue[object],
        token: str,
        api: str,
        rate_limiter: BaseRateLimiter[int],
        unreadable: Unreadable,
    ) -> None:
        super().__init__(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=HTTPXRequest(connection_pool_size=CONNECTIONS, read_timeout=SECONDS, pool_timeout=SECONDS),
            get_updates_request=UpdatesRequest(unreadable),
            rate_limiter=rate_limiter,
        )
        self._queue = queue

    async def get_updates(self, *given: Any, **more: Any) -> tuple[Update, ...]:
        """As the library's."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self._queue.join()
        return await super().get_updates(*given, **more)


def _number(update: Any) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else None
