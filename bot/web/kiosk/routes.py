"""The kiosk as a whole: what it shows, and the few calls it makes."""

import asyncio
import math

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.conversation.handover import VALID_SECONDS
from bot.core.errors import StoreError
from bot.web.devices import place_of
from bot.web.kiosk import calls
from bot.web.kiosk.asked import Asked
from bot.web.kiosk.codes import drawn
from bot.web.kiosk.page import page_router
from bot.web.kiosk.standing import keep
from bot.web.limits import RateLimit
from bot.web.messengers import Messengers
from bot.web.problems import ProblemError
from bot.web.services import Services


def kiosk_router(services: Services) -> APIRouter:
    """Everything under /kiosk."""
    router = APIRouter()
    router.include_router(page_router(services))
    router.include_router(calls_router(services))
    return router


def calls_router(services: Services) -> APIRouter:
    """What a kiosk sends."""
    router = APIRouter(prefix="/kiosk", include_in_schema=False)
    asked = Asked(services.counts, services.snapshot.today)
    kiosks = RateLimit(services.settings.sender_burst, services.settings.sender_per_second)

    def allow(request: Request) -> None:
        wait = kiosks.wait(request.client.host if request.client else "unknown")
        if wait:
            raise ProblemError(429, "Too many calls. Wait and try again.", {"Retry-After": str(math.ceil(wait))})

    def place(request: Request) -> str:
        return place_of(services, request)[0]

    @router.put("/conversation", status_code=204)
    async def conversation(way: calls.Way, request: Request) -> None:
        allow(request)
        await asyncio.to_thread(keep, way, services.memory, services.turns.responder())

    @router.post("/wipe", status_code=204)
    async def wipe(call: calls.Wipe, request: Request) -> None:
        allow(request)
        asked.forget(call.conversation)
        await services.turns.forget(call.conversation)

    @router.post("/phone")
    async def phone(way: calls.Way, request: Request) -> JSONResponse:
        allow(request)
        await asyncio.to_thread(keep, way, services.memory, services.turns.responder())
        home = (services.settings.public_url or str(request.base_url)).rstrip("/")
        offer = {
            "seconds": VALID_SECONDS,
            "chat": drawn(f"{home}/?continue={services.handover.offer(way.conversation)}"),
        }
        if name := telegram_name(request):
            # a code of its own: each works once
            token = services.handover.offer(way.conversation)
            offer["telegram"] = drawn(f"https://t.me/{name}?start=kiosk-{token}")
        return JSONResponse(offer)

    @router.post("/asked", status_code=204)
    async def count_asked(call: calls.Asked, request: Request) -> None:
        allow(request)
        if call.typology in services.snapshot.release.typologies:
            asked.count(call.conversation, call.typology, await asyncio.to_thread(place, request))

    @router.get("/asked")
    async def asked_here(request: Request) -> JSONResponse:
        allow(request)
        try:
            found = await asyncio.to_thread(lambda: asked.this_week(place(request)))
        except StoreError as error:
            raise ProblemError(503, "The counts cannot be read now. Ask again later.") from error
        return JSONResponse({"typologies": found})

    return router


def telegram_name(request: Request) -> str:
    """What the first Telegram bot that is up is called; empty where there is none."""
    messengers: Messengers = request.app.state.messengers
    return next((bot.application.bot.username for bot in messengers.telegram.values() if bot.ready.is_set()), "")
