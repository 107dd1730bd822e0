"""The pages. Every word on them is a published reply; every number a row of the approved table."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from fastapi.templating import Jinja2Templates
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.channels.pictures.reader import installed
from bot.conversation.cards import reply_buttons
from bot.core.vocabulary import Language
from bot.web.services import Services

HERE = Path(__file__).parent
PAGE_WORDS = ("ui_", "urgency_", "channel_picture_", "channel_looking")


def pages_router(services: Services) -> APIRouter:
    """The pages over `services`."""
    router = APIRouter(include_in_schema=False)
    templates = Jinja2Templates(HERE / "templates")
    pictures = installed()

    def page(request: Request, template: str, **more: Any) -> Response:
        context = page_context(services, language_of(request))
        return templates.TemplateResponse(request, template, {**context, **more})

    @router.get("/", response_class=HTMLResponse)
    async def chat(request: Request) -> Response:
        return page(request, "chat.html", warning=warning_now(services), pictures=pictures)

    @router.get("/design", response_class=HTMLResponse)
    async def design(request: Request) -> Response:
        return page(request, "design.html")

    @router.get("/docs", response_class=HTMLResponse)
    async def docs(request: Request) -> Response:
        return page(request, "api.html", api=request.app.openapi())

    @router.get("/healthz")
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @router.get("/readyz")
    async def readyz() -> dict[str, Any]:
        engine = services.engine is not None and await services.engine.ready()
        return {"ready": True, "release": services.live.version, "engine": "up" if engine else "down"}

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def page_context(services: Services, language: Language) -> dict[str, Any]:
    """What every template may use: words, numbers, the bank's name and the greeting, by language tag."""
    snapshot = services.snapshot
    wordings = {tag: snapshot.wording(tag) for tag in Language}
    ids = [r for r in snapshot.release.replies if r.startswith(PAGE_WORDS)]
    return {
        "language": language.value,
        "version": snapshot.release.version,
        "words": {t.value: {i: w.reply(i) for i in ids} for t, w in wordings.items()},
        "numbers": {t.value: w.call_list(("police", "bank", "advice")) for t, w in wordings.items()},
        "bank": {t.value: snapshot.release.bank.name.in_(t) for t in Language},
        "dial": wordings[language].dial_links(),
        "greeting": {
            t.value: {
                "text": w.reply("greet"),
                "buttons": [{"title": b.title, "payload": b.payload} for b in reply_buttons("greet", w)],
            }
            for t, w in wordings.items()
        },
    }


def warning_now(services: Services) -> dict[str, Any] | None:
    """The most urgent warning in force for the chat, one with a question first, by language tag."""
    snapshot = services.snapshot
    products = snapshot.release.products
    found = [w for w in products.warnings_for(snapshot.today()) if {"chat", "web"} & set(w.channels)]
    quizzes = {quiz.head.id: quiz for quiz in products.quizzes}
    warning = min(found, key=lambda w: w.quiz not in quizzes, default=None)
    if warning is None:
        return None
    quiz = quizzes.get(warning.quiz)
    said = {}
    for tag in Language:
        say = snapshot.wording(tag).say
        check = None
        if quiz is not None:
            check = {
                "id": quiz.head.id,
                "question": say(quiz.question),
                "options": [say(option) for option in quiz.options],
                "right": quiz.right,
                "why": say(quiz.why),
            }
        said[tag.value] = {
            "id": warning.head.id,
            "title": say(warning.title),
            "text": say(warning.text),
            "quiz": check,
        }
    return said


def language_of(request: Request) -> Language:
    """From `?lang=`, else what the browser asks for."""
    wanted = request.query_params.get("lang") or request.headers.get("accept-language", "").split(",")[0].split(";")[0]
    return Language.parse(wanted) or Language.ZH_HANS
