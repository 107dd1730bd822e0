"""Talking to the dialogue engine: one call, a deadline, and its answer read with suspicion."""

import asyncio
import contextlib
from typing import Any

import httpx

from bot.conversation.messages import Choice, Message
from bot.core.errors import EngineError

DEADLINE_SECONDS = 1.5
WARM_UP = "warm-up"
WARM_UP_SECONDS = 20.0
LONGEST_MESSAGE = 4000


class Engine:
    """The REST channel of Rasa on loopback."""

    def __init__(self, url: str, *, deadline: float = DEADLINE_SECONDS) -> None:
        self._webhook = f"{url.rstrip('/')}/webhooks/rest/webhook"
        self._status = f"{url.rstrip('/')}/webhooks/rest/"
        self._deadline = deadline
        self._client = httpx.AsyncClient(timeout=deadline, trust_env=False)

    async def close(self) -> None:
        """Release the connections."""
        await self._client.aclose()

    async def ready(self) -> bool:
        """Whether the engine answers at all."""
        try:
            answer = await self._client.get(self._status)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK

    async def warm_up(self) -> None:
        """Make the engine do once what it does slowly the first time; it may take long and may fail."""
        told = {"urgency": "ask", "language": "zh-Hans", "concerns": []}
        with contextlib.suppress(EngineError):
            for text in ("你好", "有人给我打电话", "/pay_method"):
                await self._post({"sender": WARM_UP, "message": text, "metadata": told}, timeout=WARM_UP_SECONDS)

    async def begin_session(self, sender: str, metadata: dict[str, Any]) -> None:
        """Start a new session of a conversation, so that a turn does not cost more the longer it lasts.

        Raises:
            EngineError: as `send`.
        """
        await self._post({"sender": sender, "message": "/session_start", "metadata": metadata})

    async def forget(self, sender: str) -> None:
        """Keep nothing of a conversation: after `/restart` the engine's tracker store drops it.

        Raises:
            EngineError: it is absent or late; it forgets by itself after two quiet hours.
        """
        await self._post({"sender": sender, "message": "/restart", "metadata": {}})

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> list[Message]:
        """The engine's messages for one turn.

        Raises:
            EngineError: it is absent, over its deadline, or its answer is not a list of messages with words.
        """
        messages = _messages(await self._post({"sender": sender, "message": text, "metadata": metadata}))
        if not messages:
            raise EngineError("the dialogue engine answered nothing")
        return messages

    async def _post(self, body: dict[str, Any], *, timeout: float | None = None) -> Any:
        limit = timeout or self._deadline
        try:
            # of the whole answer: an engine that drips words is as late as one that is silent
            async with asyncio.timeout(limit):
                answer = await self._client.post(self._webhook, json=body, timeout=limit)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError, TimeoutError, RecursionError) as error:
            raise EngineError(f"the dialogue engine did not answer: {type(error).__name__}") from error


def _messages(raw: Any) -> list[Message]:
    if not isinstance(raw, list):
        raise EngineError("the dialogue engine answered something that is not a list of messages")
    messages: list[Message] = []
    for item in raw:
        if not isinstance(item, dict):
            raise EngineError("the dialogue engine answered a message that is not an object")
        card = item.get("custom", {}).get("card") if isinstance(item.get("custom"), dict) else None
        if isinstance(card, dict) and messages and not item.get("text"):
            messages[-1] = Message(messages[-1].text, messages[-1].buttons, card)
            continue
        text = item.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_MESSAGE or _broken(text):
            continue
        messages.append(Message(text, _choices(item.get("buttons"))))
    return messages


def _broken(text: str) -> bool:
    """Half a surrogate pair cannot be sent to anybody."""
    return any("\ud800" <= c <= "\udfff" for c in text)


def _choices(raw: Any) -> tuple[Choice, ...]:
    if not isinstance(raw, list):
        return ()
    return tuple(
        Choice(b["title"], b["payload"])
        for b in raw
        if isinstance(b, dict) and isinstance(b.get("title"), str) and isinstance(b.get("payload"), str)
    )
