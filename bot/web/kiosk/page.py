"""`/kiosk`: the page, all it needs of a release as one JSON, and the paper to take along."""

import asyncio
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.templating import Jinja2Templates

from bot.core.vocabulary import Language
from bot.store.device_views import Known, Pairing
from bot.web.devices import device_of
from bot.web.kiosk.book import Book
from bot.web.kiosk.paper import sheet
from bot.web.problems import ProblemError
from bot.web.services import Services

HERE = Path(__file__).parents[1]
# The page shows its own paper in a frame, and keeps itself by a worker for when the line is down.
FRAME_OWN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FRAMED_BY_OWN = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
# Named, so that the browser need not discover them one after another.
MODULES = tuple(sorted(p.stem for p in (HERE / "static" / "kiosk").glob("*.js") if p.stem != "main"))


def page_router(services: Services) -> APIRouter:
    """What a kiosk shows."""
    router = APIRouter(prefix="/kiosk", include_in_schema=False)
    templates = Jinja2Templates(HERE / "templates")
    book = Book()

    @router.get("", response_class=HTMLResponse)
    async def page(request: Request) -> Response:
        known = await asyncio.to_thread(device_of, services, request)
        language = _language(request, known)
        wording = services.snapshot.wording(language)
        context = {
            "language": language.value,
            "w": wording,
            "numbers": wording.call_list(("police", "bank", "advice")),
            "modules": MODULES,
            "place": known.place if known.state is Pairing.PAIRED else "",
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

    @router.get("/paper/{typology}/{urgency}", response_class=HTMLResponse)
    async def paper(typology: str, urgency: str, request: Request, lang: str = "", paid_by: str = "") -> Response:
        language = Language.parse(lang) or Language.ZH_HANS
        context = sheet(services.snapshot, typology, urgency, language, paid_by)
        if context is None:
            raise ProblemError(404, "There is no such card.")
        headers = {"content-security-policy": FRAMED_BY_OWN}
        return templates.TemplateResponse(request, "kiosk/paper.html", context, headers=headers)

    return router


def _language(request: Request, known: Known) -> Language:
    """As the address says, else as the desk does, else Chinese: the machine's browser knows nothing of the hall."""
    asked = Language.parse(request.query_params.get("lang"))
    told = Language.parse(known.language) if known.state is Pairing.PAIRED else None
    return asked or told or Language.ZH_HANS
