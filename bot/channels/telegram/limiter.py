"""Telegram's rates: the library's limiter, but a chat that has to wait makes nobody else wait."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

ATTEMPTS = 3
LONGEST_WAIT = 60.0


class PatientLimiter(AIORateLimiter):
    """Keeps 30 a second overall and 20 a minute in a group, and tries again when Telegram says 429."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """As the library's, with the waiting for 429 inside one call."""

        async def patient(*given: Any, **more: Any) -> Any:
            for _ in range(ATTEMPTS - 1):
                try:
                    return await callback(*given, **more)
                except RetryAfter as error:
                    seconds = _seconds(error)
                    if seconds > LONGEST_WAIT:
                        raise
                    await asyncio.sleep(seconds)
            return await callback(*given, **more)

        return await super().process_request(patient, args, kwargs, endpoint, data, rate_limit_args)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
