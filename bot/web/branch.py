"""What kiosks and screens in a branch call, beside what every customer may."""

import asyncio
import math
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from bot.core.errors import StoreError
from bot.store.help_calls import HelpKind
from bot.web.devices import place_of
from bot.web.limits import RateLimit
from bot.web.problems import ProblemError, documented
from bot.web.schemas import Strict
from bot.web.services import Services

# A frightened person presses again and again; a machine that does it a thousand times is no person.
PRESSES, PRESSES_PER_SECOND = 30, 0.5


class HelpCallBody(Strict):
    """Somebody at a kiosk wants a person. Where he is follows from the pairing; `place` alone proves nothing."""

    kind: Literal["quiet", "person"]
    place: Annotated[str, Field(max_length=64)] = ""


class HelpCallAnswer(BaseModel):
    """The call that rings now; pressing again while it rings gives the same."""

    id: int


def branch_router(services: Services) -> APIRouter:
    """Calls for help, and the way to those who answer them."""
    router = APIRouter()
    presses = RateLimit(PRESSES, PRESSES_PER_SECOND)

    @router.post("/api/v1/help-calls", status_code=201, responses=documented(400, 422, 429, 503))
    async def help_call(call: HelpCallBody, request: Request) -> HelpCallAnswer:
        """Ring at the lobby page of the branch."""
        wait = presses.wait(request.client.host if request.client else "unknown")
        if wait:
            raise ProblemError(429, "Too many calls. Try again.", {"Retry-After": str(math.ceil(wait))})
        try:
            place, device = await asyncio.to_thread(place_of, services, request)
            id_ = await asyncio.to_thread(services.help_calls.ring, HelpKind(call.kind), place=place, device=device)
        except StoreError as error:
            raise ProblemError(503, "The call was not kept. Try again at once.", {"Retry-After": "1"}) from error
        return HelpCallAnswer(id=id_)

    @router.get("/lobby", include_in_schema=False)
    async def lobby() -> RedirectResponse:
        return RedirectResponse("/desk/lobby", 303)

    return router
