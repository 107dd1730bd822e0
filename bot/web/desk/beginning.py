"""What the form of a new piece begins with."""

from datetime import timedelta
from typing import Any

from bot.content.product_bodies import PRODUCT_KINDS
from bot.web.desk.fields import AS_TEXT, Field, Shape, fields_of
from bot.web.desk.visit import Visit

# Asked for in the address, as `?typology=`.
ASKED = ("typology", "topic", "from_case", "place", "file")
DAYS = 90


def beginning(visit: Visit, kind: str) -> dict[str, Any]:
    """A body with one empty item in every list that must have one, today's date, and what the address asks for."""
    if kind == "examples":
        return _examples(visit)
    if kind in AS_TEXT:
        return {}
    body = {f.name: _first(f) for f in fields_of(kind) if f.shape in {Shape.LIST, Shape.GROUP}}
    body |= {name: visit.query(name) for name in ASKED if visit.query(name) and _has(kind, name)}
    if kind in PRODUCT_KINDS:
        today = visit.house.services.snapshot.today()
        body |= {"start": today.isoformat(), "end": (today + timedelta(days=DAYS)).isoformat()}
    return body


def _examples(visit: Visit) -> dict[str, Any]:
    urgencies: dict[str, list[str]] = {"warn": [""], "stop-now": [""], "already-paid": [""]}
    return {
        "typology": visit.query("typology"),
        "zh": {"first": urgencies, "sms": {"warn": [""]}},
        "en": {"first": {"warn": [""]}},
    }


def _first(field: Field) -> Any:
    if field.shape is Shape.LIST:
        return [{}] if field.required else []
    return {f.name: _first(f) for f in field.fields if f.shape in {Shape.LIST, Shape.GROUP}}


def _has(kind: str, name: str) -> bool:
    return any(f.name == name for f in fields_of(kind))
