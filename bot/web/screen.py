"""The screens of a branch: the loop, the dot sign, the feed for sign controllers, and the page that pairs a device."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.templating import Jinja2Templates

from bot.channels import sign_feed
from bot.channels.playlist import Playlist
from bot.content.sign import USUAL_PANELS
from bot.core.products import EVERYONE
from bot.core.vocabulary import Language
from bot.desk.led import MOST_PANELS, look
from bot.store.device_views import Known, Pairing
from bot.store.first_releases import first_released
from bot.web.app_headers import SECURITY
from bot.web.devices import device_of
from bot.web.pages import HERE, language_of
from bot.web.problems import ProblemError
from bot.web.services import Services

SCREEN_WORDS = ("screen_", "device_")
MOST_KEPT = 1000
# Films are the bank's own files, and only this page plays them.
WITH_FILMS = SECURITY["content-security-policy"] + "; media-src 'self'"
Panels = Annotated[int, Query(ge=1, le=MOST_PANELS)]
Token = Annotated[str, Query(max_length=100)]
PlaceId = Annotated[str, Query(max_length=64)]


class Playlists:
    """Playlists as they are sent, built once for a release, a day and a place. Any thread may ask."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._guard = threading.Lock()
        self._kept: dict[tuple[Any, ...], tuple[str, bytes]] = {}

    def of(self, place: str) -> Playlist:
        """The playlist of a place by the release in force."""
        snapshot = self._services.snapshot
        return Playlist(snapshot, place, first_released(self._services.database, "warning", snapshot.release.version))

    def loop(self, place: str) -> tuple[str, bytes]:
        """ETag and JSON of the loop."""
        return self._sent(("loop", place), lambda: self.of(place).as_dict())

    def sign(self, place: str, panels: int) -> tuple[str, bytes]:
        """ETag and JSON of the dot sign."""
        return self._sent(("sign", place, panels), lambda: _sign(self.of(place), panels))

    def _sent(self, name: tuple[Any, ...], build: Callable[[], dict[str, Any]]) -> tuple[str, bytes]:
        snapshot = self._services.snapshot
        key = (snapshot.release.version, snapshot.today(), *name)
        found = self._kept.get(key)
        if found is None:
            body = json.dumps(build(), ensure_ascii=False, separators=(",", ":")).encode()
            found = f'"{hashlib.sha256(body).hexdigest()[:32]}"', body
            with self._guard:
                if len(self._kept) >= MOST_KEPT or any(k[:2] != key[:2] for k in self._kept):
                    self._kept.clear()
                self._kept[key] = found
        return found


def _sign(playlist: Playlist, panels: int) -> dict[str, Any]:
    """Lines of a dot sign, each cut into pictures with the seconds they stand."""
    whole = playlist.as_dict()
    sentences = [t for t in whole["ticker"] if t["kind"] == "led"]
    views = [(t, look(t["text"], {}, panels=panels, elders=True)) for t in sentences]
    return {
        "version": whole["version"],
        "day": whole["day"],
        "zone": whole["zone"],
        "lines": [
            {**t, "screens": [{"text": s.text, "seconds": s.seconds, "svg": s.svg} for s in view.screens]}
            for t, view in views
            if view.ok
        ],
    }


def screen_router(services: Services) -> APIRouter:
    """Everything under /screen, and /device."""
    router = APIRouter(include_in_schema=False)
    templates = Jinja2Templates(HERE / "templates")
    playlists = Playlists(services)
    zone = ZoneInfo(services.settings.timezone)

    def page(request: Request, template: str, **more: Any) -> Response:
        snapshot = services.snapshot
        ids = [r for r in snapshot.release.replies if r.startswith(SCREEN_WORDS)]
        context = {
            "language": language_of(request).value,
            "zone": services.settings.timezone,
            "version": snapshot.release.version,
            "words": {t.value: {i: snapshot.wording(t).reply(i) for i in ids} for t in Language},
            "bank": {t.value: snapshot.release.bank.name.in_(t) for t in Language},
        }
        answer = templates.TemplateResponse(request, template, {**context, **more})
        answer.headers["content-security-policy"] = WITH_FILMS
        return answer

    @router.get("/screen", response_class=HTMLResponse)
    async def screen(request: Request) -> Response:
        return page(request, "screen.html")

    @router.get("/screen/led", response_class=HTMLResponse)
    async def led(request: Request, panels: Panels = USUAL_PANELS) -> Response:
        return page(request, "led.html", panels=panels)

    @router.get("/device", response_class=HTMLResponse)
    async def device(request: Request) -> Response:
        return page(request, "device.html")

    @router.get("/screen/playlist.json")
    async def playlist(request: Request) -> Response:
        known = await asyncio.to_thread(device_of, services, request)
        return _changed(request, *await asyncio.to_thread(playlists.loop, _place(known)), known)

    @router.get("/screen/led.json")
    async def sign(request: Request, panels: Panels = USUAL_PANELS) -> Response:
        known = await asyncio.to_thread(device_of, services, request)
        return _changed(request, *await asyncio.to_thread(playlists.sign, _place(known), panels), known)

    @router.get("/screen/films/{name}")
    async def film(name: str) -> Response:
        path = services.films.path(name)
        if path is None or name not in {f.file for f in services.snapshot.release.products.films}:
            raise ProblemError(404, "No such film is released.")
        return FileResponse(path, headers={"cache-control": "private, max-age=31536000, immutable"})

    @router.get("/screen/led.txt")
    async def feed(
        place: PlaceId = EVERYONE, panels: Panels = USUAL_PANELS, elders: bool = True, token: Token = ""
    ) -> Response:
        def build() -> bytes:
            playlist = playlists.of(_feed_place(services, token) if token else place)
            moment = datetime.now(ZoneInfo(playlist.zone) if playlist.zone else zone)
            return sign_feed.encode(sign_feed.lines(playlist, moment, panels, elders=elders))

        return Response(await asyncio.to_thread(build), media_type="text/plain; charset=gb2312")

    return router


def _place(known: Known) -> str:
    """Where the device stands. One that was never paired shows what is for everyone, as a demonstration.

    Raises:
        ProblemError: its token was taken away, or is none of ours.
    """
    if known.state is Pairing.REVOKED:
        raise ProblemError(401, "This device was revoked. Open /device on it and pair it again.")
    return known.place or EVERYONE


def _feed_place(services: Services, token: str) -> str:
    """Where the controller stands that reads with this token.

    Raises:
        ProblemError: the token was taken away, or is none of ours.
    """
    known = services.feeds.read(token, services.snapshot.release.version)
    if known.state is not Pairing.PAIRED:
        raise ProblemError(401, "This address was revoked. Make another at the desk.")
    return known.place or EVERYONE


def _changed(request: Request, etag: str, body: bytes, known: Known) -> Response:
    """The body, unless the device has it already."""
    headers = {"etag": etag, "x-paired": "yes" if known.state is Pairing.PAIRED else "no"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
