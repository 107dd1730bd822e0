"""From the bodies of the kiosk's content to what a release holds of it."""

from collections.abc import Iterable

from bot.content.bodies import Body
from bot.content.kiosk_bodies import DrillBody, PictureBody, TapBody
from bot.content.wording import words
from bot.core import kiosk as made


def kiosk(bodies: Iterable[Body]) -> made.Kiosk:
    """The kiosk's content among the bodies; choices in the order they are shown."""
    taps: list[made.Tap] = []
    drills: list[made.Drill] = []
    pictures: dict[str, made.Picture] = {}
    for body in bodies:
        match body:
            case TapBody():
                taps.append(_tap(body))
            case DrillBody():
                drills.append(_drill(body))
            case PictureBody():
                pictures[body.id] = made.Picture(body.id, body.line, body.fill, body.soft)
    taps.sort(key=lambda t: (t.order, t.id))
    return made.Kiosk(tuple(taps), tuple(sorted(drills, key=lambda d: d.id)), pictures)


def _tap(body: TapBody) -> made.Tap:
    return made.Tap(
        id=body.id,
        under=body.under,
        order=body.order,
        picture=body.picture,
        title=words(body.title),
        plain=words(body.plain or body.title),
        reads=body.reads,
        typology=body.typology,
        urgency=body.urgency,
        pays=body.pays,
        opens=body.opens,
        known=body.known,
    )


def _drill(body: DrillBody) -> made.Drill:
    return made.Drill(
        id=body.id,
        typology=body.typology,
        title=words(body.title),
        lines=tuple(made.DrillLine(words(line), words(line.flag) if line.flag else None) for line in body.lines),
        question=words(body.question),
        options=tuple(words(o) for o in body.options),
        right=body.right,
        why=words(body.why),
    )
