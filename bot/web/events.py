"""`POST /api/v1/events`: what happened to a piece on somebody's page. Counted; never by whom."""

import math
from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import AfterValidator, Field

from bot.core.content import Release
from bot.web.limits import RateLimit
from bot.web.problems import ProblemError, documented
from bot.web.schemas import Strict, whole_characters
from bot.web.services import Services


class EventCall(Strict):
    """Something happened to a released piece: it was shown, opened, or its question was answered."""

    kind: Literal["case", "answer", "warning", "screen", "handbook", "quiz", "drill"]
    key: Annotated[str, Field(min_length=1, max_length=128), AfterValidator(whole_characters)]
    event: Literal["shown", "opened", "right", "wrong"]
    channel: Literal["web", "kiosk", "screen"] = "web"


def events_router(services: Services) -> APIRouter:
    """The route over `services`."""
    router = APIRouter(prefix="/api/v1")
    addresses = RateLimit(services.settings.address_burst, services.settings.address_per_second)

    @router.post("/events", status_code=204, responses=documented(400, 404, 422, 429))
    async def events(call: EventCall, request: Request) -> None:
        """Count that something happened to a released piece."""
        wait = addresses.wait(request.client.host if request.client else "unknown")
        if wait:
            raise ProblemError(429, "Too many calls. Wait and try again.", {"Retry-After": str(math.ceil(wait))})
        if not _is_released(services.snapshot.release, call.kind, call.key):
            raise ProblemError(404, "No such piece is released.")
        services.counts.count(call.kind, call.key, call.event, call.channel)

    return router


def _is_released(release: Release, kind: str, key: str) -> bool:
    products = release.products
    pieces: dict[str, Iterable[str]] = {
        "case": (case.id for case in release.cases),
        "answer": (answer.id for answer in release.answers),
        "warning": (warning.head.id for warning in products.warnings),
        "screen": (screen.head.id for screen in products.screens),
        "handbook": (entry.head.id for entry in products.handbook),
        "quiz": (quiz.head.id for quiz in products.quizzes),
        "drill": (drill.id for drill in release.kiosk.drills),
    }
    return key in pieces[kind]
