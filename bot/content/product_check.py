"""Faults of products and templates: lengths, the sign's rules, links to cases, groups and quiz questions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.content.files import Fault, Location, Piece
from bot.content.lengths import too_long
from bot.content.product_bodies import PRODUCT_KINDS
from bot.content.sign import breaches, shown
from bot.content.templates import faults_of
from bot.core.products import EVERYONE

HOME = "zh-Hans"
LINKS = {
    "from_case": ("case", "content/cases"),
    "typology": ("typology", "content/typologies"),
    "quiz": ("quiz", "content/quiz"),
}


def own_faults(piece: Piece, numbers: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with a product or a template by itself; nothing for any other kind.

    Args:
        piece: of any kind.
        numbers: role -> number, to count a sentence as it will be shown.
    """
    if piece.kind == "led":
        text = piece.body.get("text")
        for breach in breaches(shown(text, numbers)) if isinstance(text, str) else ():
            yield _fault(piece, ("text",), f"the sign: {breach}", f"sign_{breach.rule}", not breach.must, breach.fills)
    elif piece.kind in PRODUCT_KINDS:
        for found in too_long(piece.kind, piece.body, numbers):
            values = {"count": str(found.count), "limit": str(found.limit), "place": found.channel}
            yield _fault(piece, found.location, str(found), "too_long", values=values)
    elif piece.kind == "template":
        for location, message in faults_of(piece.body):
            yield _fault(piece, location, message, "template", values={"value": message})


def numbers_of(pieces: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """Role -> the number a customer at home is given, from the table among the bodies; for counting characters."""
    listed = list(pieces)
    bank: Mapping[str, Any] = next((body for kind, body in listed if kind == "bank"), {})
    homes = bank.get("home_places")
    home = tuple(homes.get(HOME, ())) if isinstance(homes, Mapping) else ()
    numbers = {
        str(body.get("role")): str(body.get("number"))
        for kind, body in listed
        if kind == "hotline" and body.get("place") in home
    }
    words = bank.get("number_words")
    in_words = words.get(HOME, "") if isinstance(words, Mapping) else ""
    return {**numbers, "bank": str(bank.get("number") or in_words)}


def link_faults(pieces: Sequence[Piece]) -> Iterator[Fault]:
    """Products and campaigns that name a case, a typology, a question, a group or another piece that is not there."""
    known = {(p.kind, p.key) for p in pieces}
    for piece in pieces:
        if piece.kind not in PRODUCT_KINDS and piece.kind != "campaign":
            continue
        named = piece.body.get("pieces") or ()
        for index, name in enumerate(named if isinstance(named, list | tuple) else ()):
            kind, _, key = str(name).partition("/")
            if (kind, key) not in known:
                values = {"value": str(name), "name": kind}
                yield _fault(piece, ("pieces", index), f"{name}: no such piece", "no_such_piece", values=values)
        for field, (kind, where) in LINKS.items():
            value = piece.body.get(field)
            if isinstance(value, str) and value and (kind, value) not in known:
                message = f"{value}: no such {kind} in {where}"
                yield _fault(piece, (field,), message, "no_such_piece", values={"value": value, "name": kind})
        audiences = piece.body.get("audiences") or ()
        for index, audience in enumerate(audiences if isinstance(audiences, list | tuple) else ()):
            if audience != EVERYONE and ("audience", audience) not in known:
                message = f"{audience}: no such group in content/audiences.yml"
                values = {"value": str(audience), "name": "audience"}
                yield _fault(piece, ("audiences", index), message, "no_such_piece", values=values)


def _fault(
    piece: Piece,
    location: Location,
    message: str,
    code: str,
    warning: bool = False,
    values: Mapping[str, str] | None = None,
) -> Fault:
    said = f"{piece.key}: {message}"
    return Fault(piece.path, piece.line(location), said, warning, code, values or {}, location)
