"""`/kiosk`: the page, all it needs of a release as one JSON, and the few calls it makes."""

import asyncio
import math
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.templating import Jinja2Templates

from bot.conversation.handover import VALID_SECONDS
from bot.core.errors import StoreError
from bot.core.vocabulary import Language
from bot.web.devices import place_of
from bot.web.kiosk.asked import Asked
from bot.web.kiosk.book import Book
from bot.web.kiosk.calls import Asked as Asking
from bot.web.kiosk.calls import Way, Wipe
from bot.web.kiosk.codes import drawn
from bot.web.kiosk.paper import sheet
from bot.web.kiosk.standing import keep
from bot.web.limits import RateLimit
from bot.web.pages import language_of
from bot.web.problems import ProblemError
from bot.web.services import Services

HERE = Path(__file__).parents[1]
# The page shows its own paper in a frame, and keeps itself by a worker for when the line is down.
FRAME_OWN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


FRAMED_BY_OWN = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
# Named, so that the browser need not discover them one after another.
MODULES = tuple(sorted(p.stem for p in (HERE / "static" / "kiosk").glob("*.js") if p.stem != "main"))


def kiosk_router(services: Services) -> APIRouter:
    """The routes of the kiosk over `services`."""
    router = APIRouter(prefix="/kiosk", include_in_schema=False)
    templates = Jinja2Templates(HERE / "templates")
    book = Book()
    asked = Asked(services.counts, services.snapshot.today)
    settings = services.settings
    visitors = RateLimit(settings.sender_burst, settings.sender_per_second)

    def place(request: Request) -> str:
        return place_of(services, request)[0]

    def allow(request: Request) -> None:
        wait = visitors.wait(request.client.host if request.client else "unknown")
        if wait:
            raise ProblemError(429, "Too many calls. Wait and try again.", {"Retry-After": str(math.ceil(wait))})

    @router.get("", response_class=HTMLResponse)
    async def page(request: Request) -> Response:
        language = language_of(request)
        wording = services.snapshot.wording(language)
        context = {
            "language": language.value,
            "w": wording,
            "numbers": wording.call_list(("police", "bank", "advice")),
            "modules": MODULES,
            "place": await asyncio.to_thread(place, request),
            "version": services.live.version,
        }
        headers = {"content-security-policy": FRAME_OWN}
        return templates.TemplateResponse(request, "kiosk/kiosk.html", context, headers=headers)

    @router.get("/content.json")
    async def content(request: Request) -> Response:
        printed = await asyncio.to_thread(book.of, services.snapshot)
        # kept by the browser, and asked for anew every time
        headers = {"etag": printed.etag, "cache-control": "no-cache"}
        if printed.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(printed.body, media_type="application/json", headers=headers)

    @router.put("/conversation", status_code=204)
    async def conversation(way: Way, request: Request) -> None:
        allow(request)
        await asyncio.to_thread(keep, way, services.memory, services.turns.responder())

    @router.post("/wipe", status_code=204)
    async def wipe(call: Wipe, request: Request) -> None:
        allow(request)
        asked.forget(call.conversation)
        await services.turns.forget(call.conversation)

    @router.post("/phone")
    async def phone(way: Way, request: Request) -> JSONResponse:
        allow(request)
        await asyncio.to_thread(keep, way, services.memory, services.turns.responder())
        token = services.handover.offer(way.conversation)
        home = (settings.public_url or str(request.base_url)).rstrip("/")
        return JSONResponse({"seconds": VALID_SECONDS, "chat": drawn(f"{home}/?continue={token}")})

    @router.post("/asked", status_code=204)
    async def count_asked(call: Asking, request: Request) -> None:
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

    @router.get("/paper/{typology}/{urgency}", response_class=HTMLResponse)
    async def paper(typology: str, urgency: str, request: Request, lang: str = "", paid_by: str = "") -> Response:
        language = Language.parse(lang) or Language.ZH_HANS
        context = sheet(services.snapshot, typology, urgency, language, paid_by)
        if context is None:
            raise ProblemError(404, "There is no such card.")
        headers = {"content-security-policy": FRAMED_BY_OWN}
        return templates.TemplateResponse(request, "kiosk/paper.html", context, headers=headers)

    return router
