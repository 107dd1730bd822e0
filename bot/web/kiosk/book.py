"""Everything the kiosk needs of a release, as one JSON, so that it can go on when the line is down."""

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.conversation.cards import CALLS, card
from bot.conversation.snapshot import Snapshot
from bot.conversation.tappath import tree
from bot.core.assessment import nothing
from bot.core.content import Case
from bot.core.kiosk import Drill, Tap
from bot.core.products import Head
from bot.core.vocabulary import UNKNOWN, Language
from bot.web.said import Said

CHANNEL = "kiosk"
# What the page says by id; everything of its own begins with the first.
OWN_WORDS = ("kiosk_", "urgency_", "first_aid_", "call_")
OTHER_WORDS = ("yes", "no", "unsure", "ask_pay_method", "ask_lead")
WARNING_SECONDS, CASE_SECONDS = 14, 12
# How far ahead a kiosk without a line knows what to show.
DAYS_AHEAD = 60


@dataclass(frozen=True, slots=True)
class Printed:
    """The JSON as it is sent, and what tells it from any other."""

    body: bytes
    etag: str


class Book:
    """The JSON of the release in force, made once for each release and day."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._made: tuple[Snapshot, date, Printed] | None = None

    def of(self, snapshot: Snapshot) -> Printed:
        """As it stands today; takes a second the first time."""
        with self._guard:
            today = snapshot.today()
            if self._made is None or self._made[0] is not snapshot or self._made[1] != today:
                body = json.dumps(contents(snapshot), ensure_ascii=False, separators=(",", ":")).encode()
                printed = Printed(body, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
                self._made = (snapshot, today, printed)
            return self._made[2]


def contents(snapshot: Snapshot) -> dict[str, Any]:
    """What stands in the JSON. Every sentence is a mapping of language tag to words."""
    release, said = snapshot.release, Said.of(snapshot)
    kiosk = release.kiosk
    ids = [r for r in release.replies if r.startswith(OWN_WORDS) or r in OTHER_WORDS]
    return {
        "version": release.version,
        "day": snapshot.today().isoformat(),
        "bank": release.bank.name.as_dict(),
        "words": {i: said.reply(i) for i in ids},
        "numbers": _numbers(snapshot),
        "loop": list(_loop(snapshot, said)),
        "taps": [_tap(t, snapshot, said) for t in kiosk.taps],
        "pictures": {p.id: {"line": p.line, "fill": p.fill, "soft": p.soft} for p in kiosk.pictures.values()},
        "questions": {q.id: said(q.text) for q in release.questions},
        "cards": _cards(snapshot),
        "drills": [_drill(d, said) for d in kiosk.drills],
    }


def _numbers(snapshot: Snapshot) -> dict[str, Any]:
    wordings = {tag: snapshot.wording(tag) for tag in Language}
    return {
        urgency.value: {tag.value: wording.call_list(roles) for tag, wording in wordings.items()}
        for urgency, roles in CALLS.items()
    }


def _cards(snapshot: Snapshot) -> dict[str, Any]:
    said = Said.of(snapshot)
    cases: dict[str, Case] = {}
    for case in snapshot.release.cases:
        cases.setdefault(case.typology, case)
    cards: dict[str, Any] = {UNKNOWN: {"at": _at_each_urgency(snapshot, UNKNOWN)}}
    for typology in snapshot.release.typologies.values():
        cards[typology.id] = {
            "name": said(typology.names),
            "summary": said(typology.summary),
            "never": [said(n) for n in typology.never],
            "at": _at_each_urgency(snapshot, typology.id),
        }
        if typology.id in cases:
            told = cases[typology.id]
            cards[typology.id]["case"] = {"title": said(told.title), "lesson": said(told.lesson)}
    return cards


def _at_each_urgency(snapshot: Snapshot, typology: str) -> dict[str, Any]:
    """The one command and the steps, as the chat says them too."""
    at: dict[str, Any] = {}
    for urgency in CALLS:
        bodies = {}
        for tag in Language:
            known = nothing(tag, content_version=snapshot.release.version)
            body = card(replace(known, typology=typology, urgency=urgency), snapshot.wording(tag)).card or {}
            bodies[tag.value] = {"command": body["command"], "steps": body["steps"]}
        at[urgency.value] = bodies
    return at


def _loop(snapshot: Snapshot, said: Said) -> Iterator[dict[str, Any]]:
    products, last = snapshot.release.products, snapshot.today() + timedelta(days=DAYS_AHEAD)
    for warning in products.warnings:
        if CHANNEL in warning.channels and _soon(warning.head, snapshot.today(), last):
            yield {
                **_shown(warning.head, "warning", WARNING_SECONDS),
                "title": said(warning.title),
                "lines": [said(warning.text)],
                "priority": warning.priority,
            }
    for screen in products.screens:
        if _soon(screen.head, snapshot.today(), last):
            yield {
                **_shown(screen.head, "screen", screen.seconds),
                "title": said(screen.title),
                "lines": [said(line) for line in screen.lines],
            }
    seen: set[str] = set()
    for case in snapshot.release.cases:
        if case.typology not in seen:
            seen.add(case.typology)
            yield {
                "kind": "case",
                "id": case.id,
                "typology": case.typology,
                "seconds": CASE_SECONDS,
                "places": ["all"],
                "title": said(case.title),
                "lines": [said(case.lesson)],
            }


def _soon(head: Head, today: date, last: date) -> bool:
    return head.showing.end >= today and head.showing.start <= last


def _shown(head: Head, kind: str, seconds: int) -> dict[str, Any]:
    showing = head.showing
    return {
        "kind": kind,
        "id": head.id,
        "typology": head.typology,
        "seconds": seconds,
        "places": list(showing.places),
        "start": showing.start.isoformat(),
        "end": showing.end.isoformat(),
        "ai_made": head.ai_made,
    }


def _tap(tap: Tap, snapshot: Snapshot, said: Said) -> dict[str, Any]:
    body = {
        "id": tap.id,
        "under": tap.under,
        "picture": tap.picture,
        "title": said(tap.title),
        "plain": said(tap.plain),
        "pays": tap.pays,
        "opens": tap.opens,
    }
    return {**body, "tree": tree(snapshot.recogniser, tap)} if tap.reads else body


def _drill(drill: Drill, said: Said) -> dict[str, Any]:
    return {
        "id": drill.id,
        "typology": drill.typology,
        "title": said(drill.title),
        "lines": [{"says": said(one.words), "flag": said(one.flag) if one.flag else None} for one in drill.lines],
        "question": said(drill.question),
        "options": [said(o) for o in drill.options],
        "right": drill.right,
        "why": said(drill.why),
    }
