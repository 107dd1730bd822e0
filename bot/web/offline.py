"""The service workers of kiosks and screens: one script, with the list of what each keeps for when there is no line."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from bot.web.pages import HERE

STATIC = HERE / "static"
WORKER = STATIC / "device" / "worker.js"
SHARED = ("tokens.css", "base.css", "icons.svg")


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the site that goes on without a line: its pages, the lists they fetch, and where its films are."""

    name: str
    pages: tuple[str, ...]
    lists: tuple[str, ...]
    films: str = ""


AREAS: Mapping[str, Area] = {
    "screen": Area(
        "screen", ("/screen", "/screen/led"), ("/screen/playlist.json", "/screen/led.json"), "/screen/films/"
    ),
    "kiosk": Area("kiosk", ("/kiosk",), ("/kiosk/content.json",)),
}


def worker(area: Area) -> str:
    """The script of an area. It differs when any file it keeps does, and browsers then take the new one."""
    folders = (STATIC / area.name, STATIC / "device")
    files = [STATIC / name for name in SHARED] + sorted(p for f in folders for p in f.rglob("*") if p.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(STATIC)).encode() + b"\0" + path.read_bytes())
    told = {
        "area": area.name,
        "build": digest.hexdigest()[:16],
        "files": [f"/static/{path.relative_to(STATIC).as_posix()}" for path in files],
        "pages": list(area.pages),
        "lists": list(area.lists),
        "films": area.films,
    }
    return f"const OFFLINE = {json.dumps(told)};\n{WORKER.read_text(encoding='utf-8')}"


def offline_router() -> APIRouter:
    """The workers, each beside what it looks after."""
    router = APIRouter(include_in_schema=False)
    scripts = {name: worker(area) for name, area in AREAS.items()}

    def answer(name: str) -> Response:
        headers = {"service-worker-allowed": f"/{name}"}
        return Response(scripts[name], media_type="text/javascript", headers=headers)

    @router.get("/screen/sw.js")
    async def screen() -> Response:
        return answer("screen")

    @router.get("/kiosk/sw.js")
    async def kiosk() -> Response:
        return answer("kiosk")

    return router
