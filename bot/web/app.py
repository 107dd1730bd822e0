"""The ASGI app that faces the world."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.staticfiles import StaticFiles

from bot.channels.pictures.reader import PictureReader
from bot.web import problems
from bot.web.api import api_router
from bot.web.app_headers import SECURITY
from bot.web.branch import branch_router
from bot.web.delivering import deliver
from bot.web.desk.site import desk_pages
from bot.web.devices import devices_router
from bot.web.events import events_router
from bot.web.kiosk.routes import kiosk_router
from bot.web.messengers import Messengers, messengers_router
from bot.web.offline import offline_router
from bot.web.pages import pages_router
from bot.web.pictures import PATH as PICTURE
from bot.web.pictures import pictures_router
from bot.web.problems import problem
from bot.web.screen import screen_router
from bot.web.services import Services

HERE = Path(__file__).parent
# 8,000 characters of four bytes, each escaped in JSON, and room for the rest
MOST_BYTES = 128 * 1024

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


def create_app(services: Services, reader: PictureReader | None = None) -> FastAPI:
    """The app over `services`; while it runs it watches for releases, forgets conversations and sweeps the desk.

    Args:
        services: what it holds.
        reader: reads the pictures of every channel; the usual one when none is given.
    """
    desk = desk_pages(services)
    reader = reader or PictureReader()
    messengers = Messengers(services, reader)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        services.live.start()
        beside = [
            asyncio.create_task(services.memory.keep_forgetting()),
            asyncio.create_task(services.handover.keep_forgetting()),
            asyncio.create_task(services.desk.keep_sweeping()),
            asyncio.create_task(services.counts.keep_flushing()),
            asyncio.create_task(services.listener.keep_writing()),
            asyncio.create_task(messengers.run()),
            asyncio.create_task(deliver(services)),
        ]
        yield
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        desk.close()
        await services.close()

    app = FastAPI(title="Fangzha", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    problems.install(app)
    app.include_router(api_router(services))
    app.include_router(events_router(services))
    app.include_router(pictures_router(reader))
    app.include_router(branch_router(services))
    app.include_router(devices_router(services))
    app.include_router(screen_router(services))
    app.include_router(offline_router())
    app.include_router(pages_router(services))
    app.include_router(messengers_router(messengers))
    app.include_router(kiosk_router(services))
    app.router.routes.extend(desk.routes)
    app.state.desk = desk
    app.state.messengers = messengers
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_middleware(SmallBodies)
    app.add_middleware(SecurityHeaders)  # last, so outermost: refusals of SmallBodies carry them too
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The document, with refusals as problem details and nothing else."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        for path in document["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if status.startswith(("4", "5")):
                        response["content"].pop("application/json", None)
        app.openapi_schema = document
    return app.openapi_schema


class SecurityHeaders:
    """Adds the strict headers to every answer."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((k.encode(), v.encode()) for k, v in SECURITY.items() if k.encode() not in present),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)


def _counts_itself(path: str) -> bool:
    return path in {PICTURE, "/desk"} or path.startswith("/desk/")


class SmallBodies:
    """Refuses a body over the limit with 413 before reading it whole, whatever length it claims.

    The desk counts for itself, after it has asked who sends: its editors send whole spreadsheets. So does what takes
    pictures.
    """

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] not in {"POST", "PUT", "PATCH"} or _counts_itself(scope["path"]):
            await self._app(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > MOST_BYTES:
                await problem(413, "The body is too large. Send at most 8,000 characters of text.")(
                    scope, receive, send
                )
                return
        whole = bytes(body)

        async def replay() -> MutableMapping[str, Any]:
            nonlocal whole
            chunk, whole = whole, b""
            return {"type": "http.request", "body": chunk, "more_body": False}

        await self._app(scope, replay, send)
