"""Calling an ASGI app in process, one request at a time; its lifespan is left out."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx


class Caller:
    """What a caller of the app sees. A fault inside shows as its answer, not as an exception."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, as httpx takes it; `pieces` is a body sent in pieces, without a length."""

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False, client=("203.0.113.7", 4711))
            async with httpx.AsyncClient(transport=transport, base_url="http://bank.example") as client:
                if "pieces" in more:
                    more["content"] = _one_by_one(more.pop("pieces"))
                return await client.request(method, path, **more)

        return asyncio.run(call())

    def get(self, path: str, **more: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", path, **more)


async def _one_by_one(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
