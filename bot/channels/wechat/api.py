"""WeChat's own interface: the access token, customer-service messages, pictures."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import structlog

from bot.channels.pictures.reader import MOST_BYTES
from bot.core.errors import FangzhaError

API = "https://api.weixin.qq.com"
SECONDS = 10.0
EARLY = 300.0  # a token is renewed before it ends
STALE = frozenset({40001, 40014, 42001})
# What an operator has to mend, by the number WeChat gives.
MENDS = {
    40013: "FANGZHA_WECHAT_APP_ID is wrong",
    40125: "FANGZHA_WECHAT_APP_SECRET is wrong",
    40164: "put the address of this machine on the account's list of allowed addresses",
    48001: "the account has no right to customer-service messages: have it verified",
}
log = structlog.get_logger()


class WeChatError(FangzhaError):
    """WeChat did not take it; `code` is its errcode, 0 when it did not answer."""

    def __init__(self, code: int) -> None:
        super().__init__(f"WeChat refused with {code}{': ' + MENDS[code] if code in MENDS else ''}")
        self.code = code


class WeChatApi:
    """Calls of one account.

    Args:
        app_id, secret: of the account.
        base: where WeChat is.
        clock: seconds that only go forward.
    """

    def __init__(self, app_id: str, secret: str, base: str = API, clock: Callable[[], float] = time.monotonic) -> None:
        self._app_id = app_id
        self._secret = secret
        self._client = httpx.AsyncClient(base_url=base, timeout=SECONDS)
        self._clock = clock
        self._token = ""
        self._until = 0.0
        self._renewing = asyncio.Lock()

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def say(self, to: str, content: str) -> None:
        """A customer-service message.

        Raises:
            WeChatError: it was not taken.
        """
        body = {"touser": to, "msgtype": "text", "text": {"content": content}}
        # WeChat shows escapes as they are: the characters themselves go over the line
        await self._call("POST", "/cgi-bin/message/custom/send", content=json.dumps(body, ensure_ascii=False).encode())

    async def picture(self, media_id: str) -> bytes:
        """What a customer sent.

        Raises:
            WeChatError: it cannot be fetched, or is larger than any picture.
        """
        answer = await self._call("GET", "/cgi-bin/media/get", media_id=media_id)
        if not isinstance(answer, bytes):
            raise WeChatError(0)
        return answer

    async def _call(self, method: str, path: str, *, content: bytes | None = None, **query: str) -> Any:
        for last in (False, True):
            token = await self._fresh()
            try:
                return await self._ask(method, path, content, {"access_token": token, **query})
            except WeChatError as error:
                if error.code not in STALE or last:
                    raise
                if self._token == token:
                    self._until = 0.0
        raise WeChatError(0)

    async def _fresh(self) -> str:
        async with self._renewing:
            if self._clock() >= self._until:
                wish = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
                answer = await self._ask("POST", "/cgi-bin/stable_token", json.dumps(wish).encode(), {})
                if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
                    raise WeChatError(0)
                self._token = answer["access_token"]
                self._until = self._clock() + max(0.0, float(answer.get("expires_in", 0)) - EARLY)
            return self._token

    async def _ask(self, method: str, path: str, content: bytes | None, query: dict[str, str]) -> Any:
        """JSON as a dict, anything else as bytes."""
        try:
            async with self._client.stream(method, path, params=query, content=content) as answer:
                body = bytearray()
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise WeChatError(0)
                kind = answer.headers.get("content-type", "")
                if answer.status_code != httpx.codes.OK:
                    raise WeChatError(0)
        except httpx.HTTPError as error:
            raise WeChatError(0) from error
        if not ("json" in kind or "text/plain" in kind):
            return bytes(body)
        try:
            said = json.loads(body)
        except ValueError as error:
            raise WeChatError(0) from error
        if isinstance(said, dict) and said.get("errcode"):
            raise WeChatError(int(said["errcode"]))
        return said
