"""Devices in branches: the code they show, the token they keep, the beat by which the desk knows them."""

import asyncio
import math
import time
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from bot.core.errors import FlowError
from bot.store.device_views import Beat, Known, Pairing
from bot.web.limits import RateLimit
from bot.web.problems import ProblemError, documented
from bot.web.schemas import Strict, Text
from bot.web.services import Services

COOKIE = "device"
# Browsers keep no cookie longer; every beat renews it.
YEAR_AND_MORE = 400 * 24 * 3600
CODES, CODES_PER_SECOND = 30, 0.1
MOST_SKEW = 10**9
Moment = Annotated[int, Field(ge=0, le=2**53)]  # milliseconds since 1970
Trouble = Literal["offline", "clock", "storage", "empty"]
Short = Annotated[Text, Field(max_length=300)]


class ShownBody(Strict):
    """What a device shows: the slide itself, drawn again at the desk. A kiosk says only whether it rests."""

    kind: Annotated[str, Field(max_length=16)]
    piece: Annotated[str, Field(max_length=161)] = ""
    title: Short = ""
    lines: Annotated[list[Short], Field(default_factory=list, max_length=6)]
    width: Annotated[int, Field(ge=0, le=20000)] = 0
    height: Annotated[int, Field(ge=0, le=20000)] = 0


class PlayBody(Strict):
    """How often a piece was shown on a day."""

    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    piece: Annotated[str, Field(pattern=r"^[a-z_]{1,32}/[A-Za-z0-9_-]{1,128}$")]
    times: Annotated[int, Field(ge=1, le=100_000)]


class BeatBody(Strict):
    """What a device says of itself; `batch` only rises, and plays of a batch are counted once."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    now: Moment
    troubles: Annotated[list[Trouble], Field(default_factory=list, max_length=4)]
    showing: ShownBody | None = None
    batch: Moment = 0
    plays: Annotated[list[PlayBody], Field(default_factory=list, max_length=500)]


class BeatAnswer(BaseModel):
    """Our time, the release in force, and whether somebody at the desk wants to see what is shown."""

    now: int
    version: int
    show: bool


class DeviceAnswer(BaseModel):
    """How this device stands; a code only while it waits for somebody to type it."""

    state: Literal["unknown", "waiting", "paired", "revoked"]
    kind: str = ""
    name: str = ""
    place: str = ""
    code: str = ""
    until: datetime | None = None


def devices_router(services: Services) -> APIRouter:
    """Pairing and beating."""
    router = APIRouter(prefix="/api/v1/devices")
    askers = RateLimit(CODES, CODES_PER_SECOND)
    addresses = RateLimit(services.settings.address_burst, services.settings.address_per_second)

    def allow(request: Request) -> None:
        wait = addresses.wait(request.client.host if request.client else "unknown")
        if wait:
            raise ProblemError(429, "Too many calls. Wait and try again.", {"Retry-After": str(math.ceil(wait))})

    @router.post("/codes", status_code=201, responses=documented(429, 503))
    async def code(request: Request, response: Response) -> DeviceAnswer:
        """A new code for a device that is not paired, and its token as a cookie."""
        wait = askers.wait(request.client.host if request.client else "unknown")
        if wait:
            raise ProblemError(429, "Too many codes. Wait and try again.", {"Retry-After": str(math.ceil(wait))})
        try:
            token, known = await asyncio.to_thread(services.devices.ask)
        except FlowError as error:
            raise ProblemError(503, "Too many devices wait to be paired.", {"Retry-After": "60"}) from error
        keep_token(request, response, token)
        return _answer(known)

    @router.get("/me", responses=documented(429))
    async def me(request: Request) -> DeviceAnswer:
        """How the device that asks stands."""
        allow(request)
        return _answer(await asyncio.to_thread(device_of, services, request))

    @router.post("/beat", responses=documented(400, 401, 422, 429))
    async def beat(body: BeatBody, request: Request, response: Response) -> BeatAnswer:
        """Say that one lives, what one shows, and what was shown."""
        allow(request)
        now = int(time.time() * 1000)
        token = request.cookies.get(COOKIE, "")
        skew = max(-MOST_SKEW, min(MOST_SKEW, round((body.now - now) / 1000)))
        said = Beat(
            body.version,
            skew,
            tuple(body.troubles),
            body.showing.model_dump() if body.showing else None,
            body.batch,
            _sums(body.plays),
        )
        heard = await asyncio.to_thread(services.devices.beat, token, said)
        if heard is None:
            raise ProblemError(401, "This device is not paired. Open /device on it.")
        known = await asyncio.to_thread(services.devices.known, token)
        for (_, piece), times in heard.counted.items():
            kind, _, key = piece.partition("/")
            services.counts.count(kind, key, "shown", known.kind, known.place, times=times)
        keep_token(request, response, token)
        return BeatAnswer(now=now, version=services.snapshot.release.version, show=heard.wanted)

    return router


def device_of(services: Services, request: Request) -> Known:
    """Which device a request comes from."""
    return services.devices.known(request.cookies.get(COOKIE, ""))


def place_of(services: Services, request: Request) -> tuple[str, str]:
    """Place and name of the paired device a request comes from; empty for anybody else."""
    known = device_of(services, request)
    return (known.place, known.name) if known.state is Pairing.PAIRED else ("", "")


def keep_token(request: Request, response: Response, token: str) -> None:
    """Give the device its token, out of reach of scripts."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, max_age=YEAR_AND_MORE, path="/", httponly=True, samesite="strict", secure=secure)


def _sums(plays: list[PlayBody]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for play in plays:
        sums[play.day, play.piece] = sums.get((play.day, play.piece), 0) + play.times
    return sums


def _answer(known: Known) -> DeviceAnswer:
    return DeviceAnswer(
        state=known.state.value,
        kind=known.kind,
        name=known.name,
        place=known.place,
        code=known.code,
        until=known.until,
    )
