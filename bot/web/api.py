"""`/api/v1`: what outsiders call."""

import asyncio
import math
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from bot.conversation.messages import Incoming, Outgoing
from bot.core.content import Typology
from bot.core.products import EVERYONE, PublicWarning
from bot.core.vocabulary import Language
from bot.web.limits import RateLimit
from bot.web.metrics import TURNS
from bot.web.problems import ProblemError, documented
from bot.web.said import Said
from bot.web.schemas import (
    LONGEST_TEXT,
    AssessCall,
    AssessmentBody,
    ChatAnswer,
    ChatCall,
    ContinueCall,
    Continued,
    TypologyBody,
    WarningBody,
    Warnings,
)
from bot.web.services import Services


def api_router(services: Services) -> APIRouter:
    """The routes of the API over `services`."""
    router = APIRouter(prefix="/api/v1")
    settings = services.settings
    senders = RateLimit(settings.sender_burst, settings.sender_per_second)
    addresses = RateLimit(settings.address_burst, settings.address_per_second)

    def allow(request: Request, sender: str | None = None) -> None:
        address = request.client.host if request.client else "unknown"
        wait = addresses.wait(address)
        if not wait and sender is not None:
            wait = senders.wait(sender)
        if wait:
            raise ProblemError(429, "Too many calls. Wait and try again.", {"Retry-After": str(math.ceil(wait))})

    def short_enough(text: str) -> None:
        if len(text) > LONGEST_TEXT:
            raise ProblemError(413, f"The text is longer than {LONGEST_TEXT} characters. Send the important part.")

    @router.post("/assess", responses=documented(400, 413, 422, 429))
    async def assess(call: AssessCall, request: Request) -> AssessmentBody:
        """Assess one text."""
        allow(request)
        short_enough(call.text)
        recogniser = services.snapshot.recogniser
        found = await asyncio.to_thread(recogniser.assess, call.text, Language.parse(call.language))
        return AssessmentBody.model_validate(found.as_dict())

    @router.post("/chat", responses=documented(400, 413, 422, 429), response_model_exclude_unset=True)
    async def chat(call: ChatCall, request: Request) -> ChatAnswer:
        """One turn of a conversation."""
        if (call.text is None) == (call.payload is None):
            raise ProblemError(422, "body: send either text or payload")
        allow(request, call.conversation)
        short_enough(call.text or "")
        outgoing = await services.turns.handle(
            Incoming(call.conversation, call.text or "", call.payload or "", call.language)
        )
        TURNS.labels(outgoing.engine).inc()
        return ChatAnswer.model_validate(outgoing.as_dict())

    @router.post("/continue", responses=documented(400, 404, 422, 429), response_model_exclude_unset=True)
    async def go_on(call: ContinueCall, request: Request) -> Continued:
        """Go on here with a conversation begun at a kiosk; its code works once and for two minutes."""
        allow(request, call.conversation)
        return _continued(call, services)

    @router.get("/typologies", responses=documented(429))
    async def typologies(request: Request) -> list[TypologyBody]:
        """Every published typology."""
        allow(request)
        release = services.snapshot.release
        return [_typology(t, services) for t in release.typologies.values()]

    @router.get("/typologies/{typology_id}", responses=documented(404, 422, 429))
    async def typology(typology_id: Annotated[str, Path(max_length=64)], request: Request) -> TypologyBody:
        """One published typology."""
        allow(request)
        found = services.snapshot.release.typologies.get(typology_id)
        if found is None:
            raise ProblemError(404, "No such typology is published. GET /api/v1/typologies lists them.")
        return _typology(found, services)

    @router.get("/warnings", responses=documented(422, 429))
    async def warnings(
        request: Request,
        audience: Annotated[str, Query(max_length=64)] = EVERYONE,
        place: Annotated[str, Query(max_length=64)] = EVERYONE,
    ) -> Warnings:
        """Warnings in force for an audience and a place, the most urgent first; without them, those for everyone."""
        allow(request)
        snapshot = services.snapshot
        found = snapshot.release.products.warnings_for(snapshot.today(), audience or EVERYONE, place or EVERYONE)
        said = Said.of(snapshot)
        return Warnings(version=snapshot.release.version, warnings=[_warning(w, said) for w in found])

    return router


def _continued(call: ContinueCall, services: Services) -> Continued:
    talk = services.handover.move(call.token, call.conversation)
    if talk is None:
        raise ProblemError(404, "This code was used or has expired. Ask for a new one, or begin here.")
    said = Outgoing(tuple(services.turns.responder().continued(talk)), talk.assessment)
    return Continued.model_validate({**said.as_dict(), "language": talk.language})


def _typology(typology: Typology, services: Services) -> TypologyBody:
    said = Said.of(services.snapshot)
    return TypologyBody(
        id=typology.id,
        kind=typology.kind,
        names=typology.names.as_dict(),
        summary=said(typology.summary),
        steps=[{"stage": s.stage.value, **said(s.words)} for s in typology.steps],
        victims=said(typology.victims),
        methods=list(typology.methods),
        red_flags=[
            {"id": f.id, "act": f.act, "strength": f.strength, "says": said(f.says)} for f in typology.red_flags
        ],
        never=[said(n) for n in typology.never],
        actions={
            u.value: {"command": said(a.command), "steps": [said(s) for s in a.steps]}
            for u, a in typology.actions.items()
        },
        version=services.snapshot.release.version,
    )


def _warning(warning: PublicWarning, said: Said) -> WarningBody:
    showing = warning.head.showing
    return WarningBody(
        id=warning.head.id,
        title=said(warning.title),
        text=said(warning.text),
        typology=warning.head.typology,
        audiences=list(showing.audiences),
        places=list(showing.places),
        channels=list(warning.channels),
        priority=warning.priority,
        start=showing.start,
        end=showing.end,
    )
