"""Kiosks, screens, signs and controllers: pairing them, how they fare, what they show, and taking their token away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from bot.content.sign import USUAL_PANELS
from bot.core.errors import FlowError
from bot.core.publishing import Right
from bot.core.vocabulary import Language
from bot.desk.led import MOST_PANELS
from bot.store.device_views import DeviceKind, DeviceLine
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

PATH = "/desk/devices"
# A device beats four times a minute; what was silent for so long is told as such.
SILENT_AFTER = timedelta(minutes=2)
SKEW_TOLD = 120
PLAYS_OF_DAYS = 7


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get(PATH, Right.DEVICES)(devices_page)
    pages.post(PATH, Right.DEVICES, again=devices_page)(pair)
    pages.post(f"{PATH}/feeds", Right.DEVICES, again=devices_page)(open_feed)
    pages.get(f"{PATH}/{{id}}", Right.DEVICES)(device_page)
    pages.post(f"{PATH}/{{id}}/look", Right.DEVICES)(look)
    pages.post(f"{PATH}/{{id}}/language", Right.DEVICES)(begin_in)
    pages.post(f"{PATH}/{{id}}/revoke", Right.DEVICES)(revoke)


@dataclass(frozen=True, slots=True)
class Row:
    """A device with what its state is called: `desk_device_state_<state>`, and `notes` likewise."""

    line: DeviceLine
    place: str
    state: str
    notes: tuple[str, ...]


def devices_page(visit: Visit, address: str = "") -> Response:
    """Every device, and the forms that take a new one in; `address` is that of a feed just opened."""
    places = visit.house.catalogue.newest().names("place", visit.language)
    rows = [_row(visit, line, dict(places)) for line in visit.house.services.devices.all()]
    return visit.page(
        "devices.html",
        rows=rows,
        places=places,
        kinds=[kind for kind in DeviceKind if kind is not DeviceKind.FEED],
        tags=list(Language),
        usual_panels=USUAL_PANELS,
        most_panels=MOST_PANELS,
        address=address,
        form=visit.form,
        newest=visit.house.services.snapshot.release.version,
    )


def _row(visit: Visit, line: DeviceLine, places: Mapping[str, str]) -> Row:
    moment = datetime.now(visit.house.zone)
    silent = line.seen_at is None or line.seen_at + SILENT_AFTER < moment
    state = "revoked" if line.revoked_at else "never" if line.seen_at is None else "silent" if silent else "well"
    notes = []
    if state == "well":
        notes += [t for t in line.troubles if t != "clock"]
        notes += ["clock"] if abs(line.skew) > SKEW_TOLD else []
        notes += ["behind"] if line.version < visit.house.services.snapshot.release.version else []
    return Row(line, places.get(line.place, line.place), state, tuple(notes))


def pair(visit: Visit) -> Response:
    """Take a device in."""
    form = visit.form
    kind = form.text("kind")
    if kind not in set(DeviceKind) - {DeviceKind.FEED}:
        raise FlowError("say what kind of device it is", code="device_kind_missing")
    name = form.text("name")
    visit.house.services.devices.pair(
        visit.actor,
        form.text("code"),
        name=name,
        place=form.text("place"),
        kind=DeviceKind(kind),
        language=Language.parse(form.text("language")) or Language.ZH_HANS,
    )
    return visit.go(PATH, "desk_said_device_paired", name=name)


def open_feed(visit: Visit) -> Response:
    """Give a sign's controller an address of its own; the page with it is the only place it ever stands on."""
    form, services = visit.form, visit.house.services
    asked = form.text("panels")
    panels = min(MOST_PANELS, int(asked)) if asked.isdecimal() and int(asked[:9]) else USUAL_PANELS
    token = services.feeds.open(visit.actor, name=form.text("feed_name"), place=form.text("feed_place"))
    home = (services.settings.public_url or str(visit.request.base_url)).rstrip("/")
    return devices_page(visit, f"{home}/screen/led.txt?{urlencode({'token': token, 'panels': panels})}")


def device_page(visit: Visit) -> Response:
    """One device: what it shows, and what it showed this week."""
    line = _find(visit)
    since = visit.house.services.snapshot.today() - timedelta(days=PLAYS_OF_DAYS - 1)
    catalogue = visit.house.catalogue.newest()
    places = dict(catalogue.names("place", visit.language))
    plays = []
    for piece, times, days in visit.house.services.devices.plays(line.id, since):
        kind, _, key = piece.partition("/")
        plays.append((visit.t.kind(kind), catalogue.title(kind, key, visit.language) or key, times, days))
    shown = line.showing or {}
    shape = "tall" if shown.get("height", 0) > shown.get("width", 0) else "wide"
    return visit.page(
        "device.html", row=_row(visit, line, places), plays=plays, days=PLAYS_OF_DAYS, shape=shape, tags=list(Language)
    )


def look(visit: Visit) -> Response:
    """Ask what it shows."""
    line = _find(visit)
    visit.house.services.devices.want_to_see(visit.actor, line.id)
    return visit.go(f"{PATH}/{line.id}", "desk_said_device_asked")


def begin_in(visit: Visit) -> Response:
    """Have a kiosk begin in another language."""
    line = _find(visit)
    language = Language.parse(visit.form.text("language")) or Language.ZH_HANS
    visit.house.services.devices.begin_in(visit.actor, line.id, language)
    return visit.go(f"{PATH}/{line.id}", "desk_said_device_language")


def revoke(visit: Visit) -> Response:
    """Take its token away."""
    line = _find(visit)
    visit.house.services.devices.revoke(visit.actor, line.id)
    return visit.go(PATH, "desk_said_device_revoked", name=line.name)


def _find(visit: Visit) -> DeviceLine:
    asked = visit.path("id")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    found = next((d for d in visit.house.services.devices.all() if d.id == number), None)
    if found is None:
        raise FlowError(f"there is no device {asked}", code="no_device")
    return found
