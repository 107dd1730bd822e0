"""Faults of the kiosk's content as a whole: choices that lead nowhere, screens too full, kinds without a way in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.content.files import Fault, Location, Piece
from bot.content.kiosk_bodies import KIOSK_KINDS
from bot.content.lengths import sentences

# What is read from two metres on a tile, a bubble, a button: characters in Chinese and in English.
LONGEST = {
    "tap": {"title": (18, 56), "plain": (12, 40)},
    "drill": {"title": (14, 44), "lines": (40, 130), "question": (40, 120), "options": (22, 70), "why": (60, 170)},
}
MOST_ON_A_SCREEN = 10


def kiosk_faults(pieces: Sequence[Piece]) -> Iterator[Fault]:
    """Everything that is wrong between the kiosk's pieces, and sentences too long for it."""
    own = [p for p in pieces if p.kind in KIOSK_KINDS]
    if not own:
        return
    known = {(p.kind, p.key) for p in pieces}
    taps = {p.key: p for p in own if p.kind == "tap"}
    below: dict[str, list[Piece]] = defaultdict(list)
    for tap in taps.values():
        below[str(tap.body.get("under") or "")].append(tap)
    for piece in own:
        yield from _links(piece, known)
        yield from _too_long(piece)
    for tap in taps.values():
        yield from _way(tap, taps, below)
    for under, crowd in below.items():
        if under != _ways_to_pay(taps) and len(crowd) > MOST_ON_A_SCREEN:
            message = f"{len(crowd)} choices on one screen, and {MOST_ON_A_SCREEN} fit: put some below others"
            yield _fault(crowd[-1], ("under",), message)
    yield from _without_a_way(pieces, taps)


def _ways_to_pay(taps: Mapping[str, Piece]) -> str | None:
    return next((key for key, tap in taps.items() if tap.body.get("opens") == "paid"), None)


def _links(piece: Piece, known: set[tuple[str, str]]) -> Iterator[Fault]:
    typology = piece.body.get("typology")
    if typology and typology != "unknown" and ("typology", typology) not in known:
        yield _fault(piece, ("typology",), f"{typology}: no such typology in content/typologies")
    for index, question in enumerate(piece.body.get("known") or ()):
        if ("question", question) not in known:
            yield _fault(piece, ("known", index), f"{question}: no such question in content/questions")
    picture = piece.body.get("picture")
    if picture and ("picture", picture) not in known:
        yield _fault(piece, ("picture",), f"{picture}: no such picture in content/kiosk")


def _way(tap: Piece, taps: Mapping[str, Piece], below: Mapping[str, list[Piece]]) -> Iterator[Fault]:
    under = tap.body.get("under")
    if under:
        above = taps.get(str(under))
        if above is None:
            yield _fault(tap, ("under",), f"{under}: no such choice in content/kiosk")
        elif above.body.get("under") or above.body.get("typology"):
            yield _fault(tap, ("under",), f"{under} is no choice of the first screen that opens others")
    leads = any(tap.body.get(name) for name in ("typology", "pays", "opens"))
    if not leads and not below.get(tap.key):
        yield _fault(tap, (), "it leads nowhere: give it a typology, or choices with `under: " + tap.key + "`")
    if leads and below.get(tap.key) and tap.body.get("opens") != "paid":
        yield _fault(tap, (), "it has choices below it and leads somewhere itself: one of both")


def _without_a_way(pieces: Sequence[Piece], taps: Mapping[str, Piece]) -> Iterator[Fault]:
    reached = {t.body.get("typology") for t in taps.values()}
    for piece in pieces:
        if taps and piece.kind == "typology" and piece.key not in reached:
            message = f"{piece.key} has no way in at the kiosk: add a choice in content/kiosk"
            yield Fault(piece.path, piece.line(), message, warning=True)


def _too_long(piece: Piece) -> Iterator[Fault]:
    for field, (zh, en) in LONGEST.get(piece.kind, {}).items():
        for location, tag, text in sentences(piece.body.get(field), (field,)):
            most = en if tag == "en" else zh
            if len(text) > most:
                values = {"count": str(len(text)), "limit": str(most), "place": "kiosk"}
                yield _fault(
                    piece, location, f"{len(text)} characters, and {most} fit: say it shorter", values, "too_long"
                )


def _fault(
    piece: Piece, location: Location, message: str, values: dict[str, Any] | None = None, code: str = ""
) -> Fault:
    said = f"{piece.key}: {message}"
    return Fault(piece.path, piece.line(location), said, code=code, values=values or {}, location=location)
